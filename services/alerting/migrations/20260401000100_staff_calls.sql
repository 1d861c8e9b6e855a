-- migrate:up

-- A call-in comes by event and by HTTP, and so does its end: one that has ended before it was heard of calls nobody.
create table ended_source (
    source_event_id text primary key check (source_event_id <> ''),
    ended_at timestamptz not null
);
create index ended_before on ended_source (ended_at);
create index alert_of_source on alert (source_event_id) where state = 'open';

select secure('ended_source');

-- Raising and ending take turns: none of them looks before the other one has said what it did.
create function is_ended(its_source text) returns boolean language plpgsql volatile security definer
    set search_path = public as $$
begin
    perform pg_advisory_xact_lock(20260401, hashtext(its_source));
    return exists (select from ended_source where source_event_id = its_source);
end $$;

create function end_source(its_source text) returns void language plpgsql volatile as $$
begin
    perform pg_advisory_xact_lock(20260401, hashtext(its_source));
    insert into ended_source (source_event_id, ended_at) values (its_source, clock()) on conflict do nothing;
end $$;

-- A path whose policy waits for no answer ends when its people are told.
alter table escalation drop constraint escalation_state_check;
alter table escalation add constraint escalation_state_check
    check (state in ('running', 'answered', 'unreached', 'stopped', 'told'));

-- migrate:down
update escalation set state = 'stopped' where state = 'told';
alter table escalation drop constraint escalation_state_check;
alter table escalation add constraint escalation_state_check
    check (state in ('running', 'answered', 'unreached', 'stopped'));
drop index alert_of_source;
drop function end_source, is_ended;
drop table ended_source;

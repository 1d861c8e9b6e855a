-- migrate:up

-- A warning of another authority, whole as it came. The same message twice is one row.
create table warning (
    warning_id uuid primary key,
    sender text not null,
    identifier text not null,
    sent timestamptz not null,
    msg_type text not null check (msg_type in ('Alert', 'Update', 'Cancel')),
    title text not null check (title <> ''),
    event text not null,
    severity text not null,
    urgency text not null,
    certainty text not null,
    onset timestamptz,
    expires timestamptz,
    areas text[] not null,
    municipalities text[] not null,
    media_type text not null,
    document text not null,
    document_sha256 text not null,
    incident_id uuid references incident,
    state text not null check (state in ('in_force', 'updated', 'cancelled', 'cancellation')),
    ended_by uuid references warning,
    ended_at timestamptz,
    received_by text not null,
    received_at timestamptz not null,
    version bigint not null,
    unique (sender, identifier, sent),
    check ((state in ('updated', 'cancelled')) = (ended_at is not null))
);
create index warning_of_incident on warning (incident_id);
create index warning_in_force on warning (sent) where state = 'in_force';

-- What a warning refers to: that may come after it, or never.
create table warning_reference (
    warning_id uuid not null references warning,
    sender text not null,
    identifier text not null,
    sent timestamptz not null,
    primary key (warning_id, sender, identifier, sent)
);
create index warning_referred_to on warning_reference (sender, identifier, sent);

-- One text more goes to everybody who was called, after what was told of the call-in before: errands have an order of
-- their own, as two ids of one millisecond have none.
alter table errand add column place bigint generated always as identity;
alter table errand drop constraint errand_kind_check;
alter table errand add constraint errand_kind_check check (kind in ('raise', 'answer', 'ad_hoc', 'close', 'notice'));

select secure(closed::regclass) from unnest(array['warning', 'warning_reference']) closed;
select admit('staff', 'warning', 'select', $$is_of_staff()$$);
select admit('police', 'warning', 'all', $$is_police()$$);
select admit('staff', 'warning_reference', 'select', $$is_of_staff()$$);
select admit('police', 'warning_reference', 'all', $$is_police()$$);

do $$ begin
    execute format('revoke delete on warning, warning_reference from %I', current_database() || '_api');
end $$;

-- migrate:down
delete from errand where kind = 'notice';
alter table errand drop constraint errand_kind_check;
alter table errand add constraint errand_kind_check check (kind in ('raise', 'answer', 'ad_hoc', 'close'));
alter table errand drop column place;
drop table warning_reference, warning;

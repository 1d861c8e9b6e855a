-- migrate:up

-- Who asks, as `tx(principal)` said it with the transaction's beginning; nobody, where nothing was said.
create function current_authority() returns text language sql stable parallel safe as
$$ select coalesce(current_setting('samvirke.authority', true), '') $$;

create function current_office() returns text language sql stable parallel safe as
$$ select coalesce(current_setting('samvirke.office', true), '') $$;

-- Closes a table: requests reach the rows that its policies name, and none without one; the service's own work reaches all.
create function secure(target regclass) returns void language plpgsql as $$
begin
    execute format('alter table %s enable row level security', target);
    execute format('create policy own_work on %s to %I using (true) with check (true)', target, current_database() || '_worker');
end $$;

select secure(closed::regclass) from unnest(array['installation', 'event', 'mailbox_sequence', 'outbox', 'outbox_parked_key',
    'inbox', 'parked_key', 'parked_message', 'parked_decision', 'deadline', 'idempotency']) closed;

-- A command's answer is its authority's own. Answers from before this day have no authority; they are gone in 30 days,
-- and their scope is a digest that holds it.
alter table idempotency add column authority text not null default current_authority();
create function keep_answer(of_scope text, said jsonb) returns void language plpgsql as $$
begin
    update idempotency set answer = said where scope = of_scope;
    if not found then
        raise exception 'an answer without its claim' using errcode = 'no_data_found';
    end if;
end $$;

do $$
declare requests text := quote_ident(current_database() || '_api');
begin
    execute 'create policy for_all on installation for select to ' || requests || ' using (true)';
    -- What is told is written and never read back: the history belongs to all the parties of its cases.
    execute 'create policy tell on event for insert to ' || requests || ' with check (true)';
    execute 'create policy tell on outbox for insert to ' || requests || ' with check (true)';
    execute 'create policy claim on idempotency for insert to ' || requests || ' with check (authority = current_authority())';
    execute 'create policy own on idempotency for select to ' || requests || ' using (authority in (current_authority(), ''''))';
    execute 'create policy answer on idempotency for update to ' || requests || ' using (authority = current_authority())';
end $$;

-- What several parties of a case count and wait for together is reached by the case's id alone, and by no look around.
create function reserve_mailbox_numbers(aggregates uuid[], mailboxes text[], wanted bigint[])
returns table (aggregate_id uuid, mailbox text, last bigint) language plpgsql security definer set search_path = public as $$
#variable_conflict use_column
begin
    return query insert into mailbox_sequence as s (aggregate_id, mailbox, last)
        select * from unnest(aggregates, mailboxes, wanted)
        on conflict (aggregate_id, mailbox) do update set last = s.last + excluded.last
        returning s.aggregate_id, s.mailbox, s.last;
end $$;

create function put_deadline(its_kind text, its_subject uuid, due timestamptz, correlation uuid) returns void language plpgsql
security definer set search_path = public as $$
begin
    insert into deadline (kind, subject, due_at, correlation_id) values (its_kind, its_subject, due, correlation)
    on conflict (kind, subject) do update set due_at = excluded.due_at, attempts = 0, try_again_at = null, failure = null,
        correlation_id = excluded.correlation_id;
end $$;

create function drop_deadline(its_kind text, its_subject uuid) returns void language plpgsql
security definer set search_path = public as $$
begin
    delete from deadline where kind = its_kind and subject = its_subject;
end $$;

-- migrate:down
drop function drop_deadline, put_deadline, reserve_mailbox_numbers, keep_answer;
do $$
declare closed regclass;
begin
    for closed in select unnest(array['installation', 'event', 'mailbox_sequence', 'outbox', 'outbox_parked_key', 'inbox',
        'parked_key', 'parked_message', 'parked_decision', 'deadline', 'idempotency'])::regclass
    loop
        execute format('drop policy own_work on %s', closed);
        execute format('alter table %s disable row level security', closed);
    end loop;
end $$;
drop policy for_all on installation;
drop policy tell on event;
drop policy tell on outbox;
drop policy claim on idempotency;
drop policy own on idempotency;
drop policy answer on idempotency;
alter table idempotency drop column authority;
drop function secure, current_office, current_authority;

-- migrate:up

-- One row about the whole installation. The offset is for demonstrations and tests only.
create table installation (
    only_row boolean primary key default true check (only_row),
    demonstration boolean not null default false,
    clock_offset interval not null default interval '0',
    check (demonstration or clock_offset = interval '0')
);
insert into installation default values;

-- The service's one clock: deadlines, events and clocks of law use it, and nothing else tells them the time.
create function clock() returns timestamptz language sql volatile parallel safe as
$$ select clock_timestamp() + (select clock_offset from installation) $$;

create function set_clock_offset(shift interval) returns timestamptz language plpgsql security definer
set search_path = public as $$
begin
    if not (select demonstration from installation) then
        raise exception 'the clock moves in a demonstration only' using errcode = '42501';
    end if;
    update installation set clock_offset = shift;
    perform provide_partitions();
    return clock();
end $$;

-- The history: every event this service has told, kept as long as the case.
-- `place` is the order of commits of one aggregate, also when a clock was put back.
create sequence event_place;
create table event (
    place bigint not null default nextval('event_place'),
    id uuid not null,
    recorded_at timestamptz not null default clock(),
    type text not null,
    topic text not null,
    aggregate_id uuid not null,
    aggregate_version bigint not null,
    correlation_id uuid not null,
    shard smallint not null,
    headers text not null,
    value text not null,
    mailboxes jsonb not null default '{}',
    primary key (id, recorded_at)
) partition by range (recorded_at);
create index event_of_aggregate on event (aggregate_id, aggregate_version);
create index event_of_case on event (correlation_id);

create table mailbox_sequence (
    aggregate_id uuid not null,
    mailbox text not null,
    last bigint not null,
    primary key (aggregate_id, mailbox)
);

-- What is still to be published. CACHE stays 1: the order of ids is the order of commits of one aggregate.
create table outbox (
    id bigint generated always as identity,
    shard smallint not null,
    event_id uuid not null,
    topic text not null,
    key text not null,
    headers text not null,
    value text not null,
    created_at timestamptz not null default clock_timestamp(),
    primary key (shard, id)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- A key whose row the broker refuses for the row's own fault; later rows of the key wait behind it.
create table outbox_parked_key (
    topic text not null,
    key text not null,
    reason text not null,
    parked_at timestamptz not null default clock_timestamp(),
    primary key (topic, key)
);

-- Partitioned by the event's own day, so that a resent event meets its earlier row and old days can be dropped.
create table inbox (
    day date not null,
    consumer text not null,
    event_id uuid not null,
    state text not null check (state in ('handled', 'parked', 'skipped')),
    topic text not null,
    correlation_id uuid,
    handled_at timestamptz not null default clock_timestamp(),
    primary key (day, event_id, consumer)
) partition by range (day);
create index inbox_of_case on inbox (correlation_id);

create table parked_key (
    consumer text not null,
    topic text not null,
    key text not null,
    cause text not null,
    parked_at timestamptz not null default clock_timestamp(),
    primary key (consumer, topic, key)
);

create table parked_message (
    id bigint generated always as identity primary key,
    consumer text not null,
    topic text not null,
    key text,
    partition int not null,
    "offset" bigint not null,
    event_id uuid,
    correlation_id uuid,
    cause text not null,
    reason text not null,
    attempts int not null default 1,
    traceparent text,
    headers jsonb not null,
    raw_key bytea,
    value bytea,
    parked_at timestamptz not null default clock_timestamp(),
    unique (consumer, topic, partition, "offset")
);
create index parked_message_of_key on parked_message (consumer, topic, key, id);
create index parked_message_of_case on parked_message (correlation_id);

create table deadline (
    kind text not null,
    subject uuid not null,
    due_at timestamptz not null,
    correlation_id uuid,
    attempts int not null default 0,
    try_again_at timestamptz,
    failure text,
    primary key (kind, subject)
);
create index deadline_by_time on deadline (due_at);

-- What operators decided about parked messages, and why.
create table parked_decision (
    id bigint generated always as identity primary key,
    consumer text not null,
    topic text not null,
    key text,
    event_id uuid,
    decision text not null check (decision in ('released', 'skipped')),
    reason text not null check (reason <> ''),
    decided_by text not null,
    decided_at timestamptz not null default clock()
);

-- What was answered to a command, so that the same key gives the same answer: status, ids and version only.
create table idempotency (
    scope text primary key,
    body_hash text not null,
    answer jsonb,
    created_at timestamptz not null default clock_timestamp()
);
create index idempotency_by_time on idempotency using brin (created_at);

create function provide_partition(parent text, name text, low text, high text) returns void language plpgsql as $$
begin
    if to_regclass(format('public.%I', name)) is null then
        -- Built apart and attached: writers of the parent never wait for it.
        execute format('create table %I (like %I including defaults including constraints)', name, parent);
        execute format('alter table %I attach partition %I for values from (%L) to (%L)', parent, name, low, high);
        -- Reached through its parent only: what is revoked there holds here.
        execute format('revoke all on %I from %I, %I', name, current_database() || '_api', current_database() || '_worker');
    end if;
end $$;

create function provide_event_month(at timestamptz) returns void language plpgsql security definer
set search_path = public set timezone = 'UTC' as $$
declare month timestamptz := date_trunc('month', at);
begin
    perform pg_advisory_xact_lock(hashtext('partitions'));
    perform provide_partition('event', 'event_' || to_char(month, 'YYYY_MM'), month::text, (month + interval '1 month')::text);
end $$;

create function provide_inbox_day(at date) returns void language plpgsql security definer
set search_path = public as $$
begin
    perform pg_advisory_xact_lock(hashtext('partitions'));
    perform provide_partition('inbox', 'inbox_' || to_char(at, 'YYYY_MM_DD'), at::text, (at + 1)::text);
end $$;

create function provide_partitions() returns void language plpgsql security definer
set search_path = public set timezone = 'UTC' as $$
begin
    perform provide_event_month(clock() + make_interval(months => ahead)) from generate_series(0, 2) ahead;
    perform provide_inbox_day(clock()::date + ahead) from generate_series(-1, 3) ahead;
end $$;

select provide_partitions();

-- The history is written once, and nobody but the owner says what kind of installation this is.
do $$
declare users text := format('%I, %I', current_database() || '_api', current_database() || '_worker');
begin
    execute 'revoke insert, update, delete on installation from ' || users;
    execute 'revoke update, delete on event from ' || users;
    execute format('revoke delete on parked_message, parked_key, outbox from %I', current_database() || '_api');
end $$;

-- migrate:down
drop table idempotency, deadline, parked_decision, parked_message, parked_key, inbox, outbox_parked_key, outbox, mailbox_sequence, event, installation cascade;
drop sequence event_place;
drop function set_clock_offset, provide_partitions, provide_inbox_day, provide_event_month, provide_partition, clock;

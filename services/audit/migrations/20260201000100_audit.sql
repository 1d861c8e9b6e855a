-- migrate:up

-- The log: one row for each record of access, refusal and closing that any service told, in the order in which they
-- were heard. `told` is the record word by word; the other columns repeat what is looked up and follow from it.
create table entry (
    position bigint primary key check (position > 0),
    told text not null,
    leaf_hash bytea not null check (length(leaf_hash) = 32),
    chain_hash bytea not null check (length(chain_hash) = 32),
    event_id uuid not null unique,
    kind text not null check (kind in ('AccessRecorded', 'AccessRefused', 'DayClosed')),
    service text not null,
    told_at timestamptz not null,
    day date not null,
    value_sha256 bytea not null,
    authority text not null,
    subject text not null,
    operation text not null,
    receiver text,
    sender text,
    heard_at timestamptz not null default clock()
);
create index entry_of_day on entry (service, day);
create index entry_of_subject on entry (subject, told_at);
create index entry_of_authority on entry (authority, told_at);
create index entry_of_closing on entry (position) where kind = 'DayClosed';
create index entry_of_receiver on entry (receiver, told_at) where receiver is not null;
create index entry_of_sender on entry (sender, told_at) where sender is not null;

create table entry_person (
    person_id uuid not null,
    position bigint not null references entry,
    primary key (person_id, position)
);
create index entry_person_of_entry on entry_person (position);

-- Where the log ends: the one row that every writer locks, so that there is one order and one chain.
create table log_head (
    only_row boolean primary key default true check (only_row),
    size bigint not null default 0,
    chain_hash bytea not null default sha256(''::bytea),
    peaks bytea not null default ''::bytea
);
insert into log_head default values;

create table checkpoint (
    number bigint primary key check (number > 0),
    size bigint not null,
    note text not null,
    signed_at timestamptz not null
);

-- Days that do not add up, as they were found and, where that happened, settled.
create table closing_finding (
    service text not null,
    day date not null,
    fault text not null check (fault in ('differs', 'missing', 'silent')),
    version int not null,
    found_at timestamptz not null,
    settled_at timestamptz,
    primary key (service, day, version)
);

-- Which id a person has today; the log itself keeps the ids that were told.
create table merged_person (
    merged_person_id uuid primary key,
    person_id uuid not null
);
create index merged_person_of on merged_person (person_id);

create table insight (
    insight_id uuid primary key,
    authority text not null,
    person_id uuid not null,
    state text not null check (state in ('draft', 'released')),
    drafted_by text not null,
    drafted_at timestamptz not null,
    released_by text,
    released_at timestamptz,
    version int not null default 1,
    check (released_by is distinct from drafted_by)
);
create index insight_of_person on insight (person_id);

create table insight_line (
    insight_id uuid not null references insight,
    position bigint not null references entry,
    proposed_rule text,
    withheld boolean,
    paragraph text,
    reason text check (reason in ('rule_applies', 'would_reveal', 'case_closed', 'already_known', 'not_protected')),
    decided_by text,
    decided_at timestamptz,
    primary key (insight_id, position),
    check ((decided_by is null) = (withheld is null))
);

create table breach (
    breach_id uuid primary key,
    authority text not null,
    discovered_at timestamptz not null,
    notify_by timestamptz not null,
    happened_from timestamptz not null,
    happened_to timestamptz not null,
    subject text,
    operation text,
    decision text check (decision in ('notified', 'not_required')),
    journal_number text,
    decided_by text,
    decided_at timestamptz,
    reported_by text not null,
    reported_at timestamptz not null,
    version int not null default 1
);

-- Who may see whose: an authority sees what its own people did, what was passed on to it and what it passed on; cases of insight and of
-- breaches are the authority's own. Closings and checkpoints tell of nobody and are for all.
select secure(closed::regclass) from unnest(array['entry', 'entry_person', 'log_head', 'checkpoint', 'closing_finding',
    'merged_person', 'insight', 'insight_line', 'breach']) closed;

do $$
declare
    api text := current_database() || '_api';
    worker text := current_database() || '_worker';
begin
    execute format('create policy parties on entry for select to %I using'
        ' (current_authority() <> '''' and (current_authority() in (authority, receiver, sender) or kind = ''DayClosed''))', api);
    execute format('create policy parties on entry_person for select to %I using'
        ' (exists (select from entry where entry.position = entry_person.position))', api);
    execute format('create policy everyone on checkpoint for select to %I using (true)', api);
    execute format('create policy everyone on closing_finding for select to %I using (true)', api);
    -- Whose ids became one tells nothing to whoever may not see a record under either.
    execute format('create policy everyone on merged_person for select to %I using (true)', api);
    execute format('create policy own on insight for all to %I using (authority = current_authority())', api);
    execute format('create policy own on insight_line for all to %I using'
        ' (exists (select from insight where insight.insight_id = insight_line.insight_id))', api);
    execute format('create policy own on breach for all to %I using (authority = current_authority())', api);

    -- The log is written once, by the service's own work alone, and by nobody changed.
    execute format('revoke insert, update, delete, truncate on entry, entry_person, checkpoint from %I', api);
    execute format('revoke update, delete, truncate on entry, entry_person, checkpoint from %I', worker);
    execute format('revoke insert, update, delete on log_head from %I', api);
    execute format('revoke insert, delete, truncate on log_head from %I', worker);
    execute format('revoke insert, update, delete on closing_finding, merged_person from %I', api);
    execute format('revoke delete on insight, insight_line, breach from %I', api);
end $$;

create function keep_as_told() returns trigger language plpgsql as $$
begin
    raise exception 'the audit log only grows' using errcode = '42501';
end $$;
create trigger only_grows before update or delete on entry for each row execute function keep_as_told();
create trigger only_grows before update or delete on entry_person for each row execute function keep_as_told();
create trigger only_grows before update or delete on checkpoint for each row execute function keep_as_told();
create trigger never_emptied before truncate on entry for each statement execute function keep_as_told();
create trigger never_emptied before truncate on entry_person for each statement execute function keep_as_told();
create trigger never_emptied before truncate on checkpoint for each statement execute function keep_as_told();

-- migrate:down
drop table breach, insight_line, insight, merged_person, closing_finding, checkpoint, log_head, entry_person, entry;
drop function keep_as_told;

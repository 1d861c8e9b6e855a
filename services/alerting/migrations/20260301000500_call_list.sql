-- migrate:up

-- Every call list as it was signed. `nodudkald` names the one it used, and only such a ledger is merged.
create table call_list (
    number bigint primary key check (number > 0),
    made_at timestamptz not null,
    content text not null,
    sha256 text not null,
    key_id text not null,
    signature text not null
);

-- A ledger of `nodudkald` that was merged, as long as it was then: twice is harmless, and a longer one adds the rest.
create table merged_ledger (
    alert_id uuid primary key,
    list_number bigint not null,
    lines int not null,
    head_hash text not null,
    merged_at timestamptz not null
);

-- What should have been reached and is not confirmed, each once.
create table watch_finding (
    finding_id uuid primary key,
    kind text not null,
    alert_id uuid not null,
    call_id uuid,
    wave smallint,
    channel text,
    expected_by timestamptz not null,
    found_at timestamptz not null,
    raised_at timestamptz,
    settled_at timestamptz
);
create index finding_to_raise on watch_finding (found_at) where raised_at is null;
create index finding_of_alert on watch_finding (alert_id);

-- Since when a route is there: what was added after a step was not missing in it. Null: before this was kept.
alter table contact_route add column added_at timestamptz;
alter table contact_route alter column added_at set default clock();

-- The receipt that proves a message, found by its key.
create index receipt_of_key on callback ((body ->> 'key')) where kind = 'receipt';

select secure(closed::regclass) from unnest(array['call_list', 'merged_ledger', 'watch_finding']) closed;

-- The list holds numbers of every authority's people: the vagtcentral alone reads it.
select admit('vagtcentral', 'call_list', 'select', $$current_authority() = 'politi-mvj-vagtcentral'$$);

-- migrate:down
drop index receipt_of_key;
alter table contact_route drop column added_at;
drop table watch_finding, merged_ledger, call_list;

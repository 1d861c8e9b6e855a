-- migrate:up

-- A citizen, as an opaque id. `version` counts what was told about the id (1 with its first event).
-- An id is never used again: a merged one keeps its row and points straight at its survivor, never at another merged id.
create table person (
    person_id uuid primary key,
    version bigint not null default 0,
    merged_into uuid references person (person_id) check (merged_into <> person_id),
    merge_version bigint check ((merge_version is null) = (merged_into is null)),
    identity bytea,
    created_at timestamptz not null default clock()
);
create index person_merged_into on person (merged_into) where merged_into is not null;
comment on column person.merge_version is 'the version of the survivor''s event that told it; gives the order of a chain';
comment on column person.identity is 'name, birth date and address of a person without a number; sealed under the person''s key';

-- The numbers that a person has or has had. A merge hands a row to the survivor; it stays sealed under the key that it had.
create table number (
    hash bytea primary key check (length(hash) = 32),
    person_id uuid not null references person (person_id),
    key_id uuid not null,
    sealed bytea not null,
    created_at timestamptz not null default clock()
);
create index number_of_person on number (person_id);
comment on column number.hash is 'HMAC-SHA256 of the number; its key is in no database';
comment on column number.key_id is 'the id, perhaps merged since, under whose key the number is sealed';

-- Free text about a person, sealed under that person's key.
create table text (
    text_id uuid primary key,
    person_id uuid not null references person (person_id),
    sealed bytea not null,
    created_at timestamptz not null default clock()
);
create index text_of_person on text (person_id);

-- migrate:down
drop table text;
drop table number;
drop table person;

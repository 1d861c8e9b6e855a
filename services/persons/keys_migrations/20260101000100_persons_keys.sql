-- migrate:up

-- One key a person, wrapped by the key-encryption key, which is in no database. This database is backed up apart from
-- the data, for a shorter time: deleting a row here makes every copy of the person's data unreadable.
create table data_key (
    person_id uuid primary key,
    wrapped bytea not null,
    wrapped_by text not null,
    created_at timestamptz not null default clock_timestamp()
);
comment on column data_key.wrapped_by is 'which key-encryption key: the first eight hex digits of its SHA-256';

-- migrate:down
drop table data_key;

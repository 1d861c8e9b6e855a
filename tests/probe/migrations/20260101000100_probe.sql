-- migrate:up
create table note (id uuid primary key, version bigint not null, number int not null);
create table heard (note_id uuid not null, version bigint not null, number int not null, heard_at timestamptz not null default clock_timestamp());

-- migrate:down
drop table note, heard;

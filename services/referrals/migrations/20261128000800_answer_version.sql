-- migrate:up

-- Counts what an authority has answered, so that nobody of it changes an answer that they have not seen.
alter table sharing_answer add column version bigint not null default 1;

-- migrate:down
alter table sharing_answer drop column version;

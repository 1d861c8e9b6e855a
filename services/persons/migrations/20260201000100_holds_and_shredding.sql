-- migrate:up

-- Who still needs a person: the service that asked for the id, since when at the latest, and until when it let go.
-- Both times only grow, so that it does not matter in which order a question and a release arrive.
create table person_hold (
    person_id uuid not null references person (person_id),
    service text not null,
    renewed_at timestamptz not null,
    released_at timestamptz,
    held boolean not null generated always as (
        renewed_at > '-infinity' and renewed_at >= coalesce(released_at, '-infinity')
    ) stored,
    primary key (person_id, service)
) with (fillfactor = 80);
comment on column person_hold.renewed_at is 'when the service last asked for the person; -infinity: only its release is known';

select secure('person_hold');
create policy services on person_hold to persons_api using (current_authority() = 'samvirke');

-- Until now concerns alone asked for persons.
insert into person_hold (person_id, service, renewed_at)
select person_id, 'concerns', clock() from person where merged_into is null;

-- A shredded person keeps its row, so that the id is never used again and everybody is told since when it is unreadable.
alter table person add column shred_due_at timestamptz;
alter table person add column shredded_at timestamptz;
alter table person add column unreadable_by timestamptz;
comment on column person.shred_due_at is 'content deleted here; from now on the key will be destroyed, whatever happens';
comment on column person.shredded_at is 'key destroyed, and told in the same transaction';
comment on column person.unreadable_by is 'when the last backup of the key has gone';

alter table text alter column sealed drop not null;
comment on column text.sealed is 'null when its person is shredded: the id stays, to tell whoever asks';

alter table number add column hashed_by text;
comment on column number.hashed_by is 'which hash key made the hash: the first eight hex digits of its SHA-256; null: one of before 2026-02';

-- migrate:down
alter table number drop column hashed_by;
delete from text where sealed is null;
alter table text alter column sealed set not null;
alter table person drop column unreadable_by;
alter table person drop column shredded_at;
alter table person drop column shred_due_at;
drop table person_hold;

-- migrate:up

-- Which revision of each registration a receiver knows; what the source has changed since is told as a correction.
create table told_revision (
    underretning_id uuid not null references underretning on delete cascade,
    registration text not null,
    revision int not null,
    judged int not null,
    primary key (underretning_id, registration),
    check (judged >= revision)
);
create index told_revision_of_registration on told_revision (registration);

-- What was sent before this table came: the newest revision that had come by then.
insert into told_revision (underretning_id, registration, revision, judged)
select u.underretning_id, r.registration, max(r.revision), max(r.revision)
from underretning u join registration r on r.registration = any(u.registrations) and r.received_at <= u.approved_at
where u.candidate_id is not null group by 1, 2;

-- A correction or retraction that waits for a person, or what became of it. One waits for each underretning.
create table correction (
    correction_id uuid primary key,
    underretning_id uuid not null references underretning,
    case_id uuid not null,
    kind text not null check (kind in ('correction', 'retraction')),
    because text[] not null check (cardinality(because) > 0),
    changes jsonb not null,
    state text not null check (state in ('found', 'sent', 'dropped')),
    family text,
    approved_by text,
    sent_as uuid references underretning,
    found_at timestamptz not null,
    decided_at timestamptz,
    version bigint not null,
    check ((state = 'sent') = (sent_as is not null)),
    check ((state = 'found') = (decided_at is null)),
    check (kind = 'correction' or state <> 'sent' or family is not null)
);
create unique index correction_waiting on correction (underretning_id) where state = 'found';
create index correction_of_underretning on correction (underretning_id);

-- What was retracted may be told again, and the same registrations may be corrected more than once.
alter table underretning add column retracted_at timestamptz;
alter table underretning drop constraint underretning_child_registrations_key;
create unique index underretning_told_once on underretning (child, registrations)
    where kind in ('new', 'supplement') and retracted_at is null;

-- The police that sent an underretning corrects it; the receiver reads the correction as an underretning.
select secure(closed::regclass) from unnest(array['told_revision', 'correction']) closed;
create policy police on told_revision to concerns_api using (exists (select from underretning u
    where u.underretning_id = told_revision.underretning_id and u.authority = current_police()));
create policy police on correction to concerns_api using (exists (select from underretning u
    where u.underretning_id = correction.underretning_id and u.authority = current_police()));

-- migrate:down
drop index underretning_told_once;
alter table underretning add constraint underretning_child_registrations_key unique (child, registrations);
alter table underretning drop column retracted_at;
drop table correction, told_revision;

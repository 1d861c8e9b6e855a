-- migrate:up

-- When a run's papers went: from then on it can no longer be run again.
alter table search add column papers_erased_at timestamptz;

-- Persons of whom something was erased; when no row names them any more, persons is told that concerns lets go.
create table let_go (
    person_id uuid primary key,
    since timestamptz not null default clock()
);

-- An order to erase a case: one orders, another confirms.
create table erasure_order (
    case_id uuid primary key,
    authority text not null default current_authority(),
    reason text not null,
    ordered_by text not null,
    ordered_at timestamptz not null default clock(),
    confirmed_by text,
    confirmed_at timestamptz,
    check ((confirmed_by is null) = (confirmed_at is null)),
    check (confirmed_by <> ordered_by)
);
select secure(closed::regclass) from unnest(array['let_go', 'erasure_order']) closed;
create policy police on erasure_order to concerns_api using (authority = current_police());

create index candidate_with_current on candidate using gin (current);
create index candidate_with_history on candidate using gin (history);
create index candidate_of_case on candidate (case_id);
create index underretning_with on underretning using gin (registrations);
create index underretning_of_case on underretning (case_id);
create index registration_by_date on registration (occurred_on);

-- What was there before: its periods run from today's rules. Births are not known here; 18 years from sending is later.
insert into deadline (kind, subject, due_at, correlation_id)
select 'run_papers', search_id, completed_at + interval '30 days', search_id from search where state = 'complete'
union all select 'candidate_retention', candidate_id, decided_at + interval '30 days', case_id from candidate
where state in ('rejected', 'ground_fell') and decided_at is not null
union all select 'underretning_retention', underretning_id, approved_at + interval '19 years', case_id from underretning
where kind in ('new', 'supplement')
on conflict do nothing;

-- migrate:down
drop index registration_by_date, underretning_of_case, underretning_with, candidate_of_case, candidate_with_history,
    candidate_with_current;
drop table erasure_order, let_go;
alter table search drop column papers_erased_at;

-- migrate:up

-- Mediators and advisers, to whom courses are assigned: staff and volunteers, by the subject of their sign-in. Who they are
-- as citizens stands here so that nobody is assigned a case of their own family.
create table practitioner (
    practitioner_id uuid primary key,
    role text not null check (role in ('mediator', 'adviser')),
    subject text not null,
    person_id uuid,
    authority text not null default current_authority(),
    office text not null default current_office(),
    passed text[] not null default '{}',
    certified_from timestamptz,
    registered_at timestamptz not null default clock(),
    version bigint not null default 1,
    unique (role, subject, authority, office)
);
create index practitioner_of_person on practitioner (person_id) where person_id is not null;

select secure('practitioner');
select admit('own', 'practitioner', 'all', $$ authority || '.' || office = current_seat() $$,
    $$ authority || '.' || office = current_seat() $$);

-- migrate:down
drop table practitioner;

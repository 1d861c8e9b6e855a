-- migrate:up

-- Samvirke's own services ask, and nobody else; they have one authority.
select secure(closed::regclass) from unnest(array['person', 'number', 'text']) closed;
create policy services on person to persons_api using (current_authority() = 'samvirke');
create policy services on number to persons_api using (current_authority() = 'samvirke');
create policy services on text to persons_api using (current_authority() = 'samvirke');

-- migrate:down
drop policy services on person;
drop policy services on number;
drop policy services on text;
drop policy own_work on person;
drop policy own_work on number;
drop policy own_work on text;
alter table person disable row level security;
alter table number disable row level security;
alter table text disable row level security;

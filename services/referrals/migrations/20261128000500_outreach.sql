-- migrate:up

-- What units of the police did to reach victims; who was reached stands nowhere.
create table outreach (
    outreach_id uuid primary key,
    unit text not null,
    held_on date not null,
    recorded_by text not null,
    recorded_at timestamptz not null default clock(),
    authority text not null default current_authority() check (authority <> ''),
    unique (unit, held_on)
);
select secure('outreach');
select admit('note', 'outreach', 'insert', null, $$ authority = current_authority() $$);
select admit('count', 'outreach', 'select', $$ authority = current_authority() and current_office() = 'offer' $$);

-- migrate:down
drop table outreach;

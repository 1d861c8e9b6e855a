-- migrate:up

-- Pages that those who are signed in see more of.
select provide_web_sessions();

-- How each receiving office stands, as it says itself; the newest statement is the one that holds. Of a confidential
-- programme there is none.
create table capacity (
    programme text not null,
    authority text not null default current_authority() check (authority <> ''),
    office text not null,
    state text not null check (state in ('open', 'waiting', 'closed')),
    wait_days int check (wait_days between 1 and 730),
    until date,
    stated_by text not null,
    stated_at timestamptz not null default clock(),
    version bigint not null check (version > 0),
    primary key (programme, authority, office),
    check ((state = 'waiting') = (wait_days is not null)),
    check ((state = 'closed') = (until is not null))
);

-- Who sits in a team now; what the plan names is data of the service.
create table team_staffing (
    team text primary key,
    authority text not null default current_authority() check (authority <> ''),
    filled jsonb not null,
    stated_by text not null,
    stated_at timestamptz not null default clock(),
    version bigint not null check (version > 0)
);

select secure(closed::regclass) from unnest(array['capacity', 'team_staffing']) closed;

select admit('anybody', 'capacity', 'select', 'true');
select admit('state', 'capacity', 'insert', null,
    $$ authority = current_authority() and office in ('', current_office()) $$);
select admit('restate', 'capacity', 'update', $$ authority = current_authority() and office in ('', current_office()) $$,
    $$ authority = current_authority() and office in ('', current_office()) $$);

-- A vacancy is for colleagues, not for the public.
select admit('colleagues', 'team_staffing', 'select', $$ current_authority() not in ('', 'public') $$);
select admit('state', 'team_staffing', 'insert', null, $$ authority = current_authority() $$);
select admit('restate', 'team_staffing', 'update', $$ authority = current_authority() $$, $$ authority = current_authority() $$);

-- migrate:down
drop table team_staffing, capacity;
drop table web_session, emergency_code, emergency_try;

-- migrate:up

-- What somebody has been on duty as, and when; `staff.role` is the one that counts first.
create table staff_role (
    staff_id uuid not null references staff,
    role text not null,
    since timestamptz not null,
    until timestamptz,
    primary key (staff_id, role, since),
    check (until is null or until >= since)
);
create unique index role_in_force on staff_role (staff_id, role) where until is null;

-- The test of one route: an alert that calls one person by that route alone. Answered, it verifies the route.
create table route_test (
    alert_id uuid primary key references alert on delete cascade,
    route_id uuid not null references contact_route,
    staff_id uuid not null references staff,
    asked_by text not null,
    raised_at timestamptz not null,
    answered_at timestamptz
);
create index test_of_route on route_test (route_id, raised_at);
create index test_of_staff on route_test (staff_id);

-- The lines that had nobody on duty when they were to be called.
alter table escalation add column holes smallint[] not null default '{}';

-- As it was when they were called: added at a desk, and by no verified route.
alter table call add column ad_hoc boolean not null default false;
alter table call add column unverified boolean not null default false;

alter table roster add column changed_at timestamptz;

-- When a hole comes, as the daily look or the one after the last change found it. A table of its own: whoever looks locks
-- no roster, so that no command waits for a look that waits for it.
create table roster_gap (
    roster_id uuid primary key references roster,
    first_gap_at timestamptz
);


select secure('staff_role');
select secure('route_test');
select secure('roster_gap');

select admit('own_office', 'staff_role', 'all',
    $$staff_id in (select staff_id from staff where is_own(authority, office))$$);
select admit('own_office', 'route_test', 'all',
    $$staff_id in (select staff_id from staff where is_own(authority, office))$$);

select admit('own_office', 'roster_gap', 'select', $$roster_id in (select roster_id from roster)$$);

-- A calendar reads one roster by its secret key, and the names of the office's people; never how they are reached.
select admit('feeding', 'roster', 'select',
    $$current_authority() = 'feed' and feed_key_sha256 <> '' and current_subject() = 'feed:' || feed_key_sha256$$);
select admit('feeding', 'staff', 'select', $$current_authority() = 'feed' and exists (
    select from roster where roster.authority = staff.authority and roster.office = staff.office)$$);
drop policy own_office on contact_route;
select admit('own_office', 'contact_route', 'all',
    $$staff_id in (select staff_id from staff where is_own(authority, office))$$);

do $$ begin
    execute format('revoke delete on staff_role, route_test, roster_gap from %I', current_database() || '_api');
end $$;

-- migrate:down
drop policy feeding on staff;
drop policy feeding on roster;
drop policy own_office on contact_route;
select admit('own_office', 'contact_route', 'all', $$staff_id in (select staff_id from staff)$$);
alter table roster drop column changed_at;
alter table call drop column ad_hoc, drop column unverified;
alter table escalation drop column holes;
drop table roster_gap, route_test, staff_role;

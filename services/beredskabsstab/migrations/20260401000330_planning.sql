-- migrate:up

-- The staff as a forum that plans (plan §5.3, line 425): it meets and holds exercises, and nobody is called in.
create table planning_event (
    planning_id uuid primary key,
    kind text not null check (kind in ('meeting', 'exercise')),
    title text not null check (title <> ''),
    held_at timestamptz not null,
    authorities text[] not null,
    agenda text not null default '',
    minutes text not null default '',
    framework_plan_id uuid references framework_plan,
    recorded_by text not null,
    recorded_at timestamptz not null,
    version bigint not null
);

create table lesson (
    planning_id uuid primary key,
    learned_at uuid not null references planning_event,
    words text not null check (words <> ''),
    owner text not null,
    due_at timestamptz not null,
    state text not null check (state in ('open', 'done')),
    recorded_by text not null,
    recorded_at timestamptz not null,
    overdue_at timestamptz,
    resolution text,
    resolved_by text,
    resolved_at timestamptz,
    version bigint not null,
    check ((state = 'done') = (resolved_at is not null))
);
create index lesson_of_event on lesson (learned_at);

-- Rosters of the roles in the staff, as alerting tells of them: which places have a deputy.
create table roster_line (
    roster_id uuid primary key,
    authority text not null,
    office text not null,
    role text not null,
    line int not null,
    ends_on date,
    heard_at timestamptz not null
);

select secure(closed::regclass) from unnest(array['planning_event', 'lesson', 'roster_line']) closed;
select admit('staff', 'planning_event', 'select', $$is_of_staff()$$);
select admit('police', 'planning_event', 'all', $$is_police()$$);
select admit('staff', 'lesson', 'select', $$is_of_staff()$$);
select admit('own', 'lesson', 'update', $$owner = current_authority()$$);
select admit('police', 'lesson', 'all', $$is_police()$$);
select admit('staff', 'roster_line', 'select', $$is_of_staff()$$);

do $$ begin
    execute format('revoke delete on planning_event, lesson, roster_line from %I', current_database() || '_api');
end $$;

-- migrate:down
drop table roster_line, lesson, planning_event;

-- migrate:up

-- Whom each step of the beredskabsstab calls, by the framework plan that was signed last: the call list carries it.
create table staff_plan (
    the_only boolean primary key default true check (the_only),
    framework_plan_id uuid not null,
    edition int not null check (edition > 0),
    signed_at timestamptz not null,
    valid_until timestamptz not null,
    steps jsonb not null
);

select secure('staff_plan');

-- migrate:down
drop table staff_plan;

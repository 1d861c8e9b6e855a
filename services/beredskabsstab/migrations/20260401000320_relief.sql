-- migrate:up

-- Who holds a role of the staff from when to when: each authority plans its own people (sektoransvar).
create table relief_shift (
    shift_id uuid primary key,
    activation_id uuid not null references activation,
    authority text not null,
    role text not null,
    starts_at timestamptz not null,
    ends_at timestamptz not null check (ends_at > starts_at),
    who text,
    planned_by text not null,
    planned_at timestamptz not null,
    gap_told_at timestamptz,
    removed_at timestamptz
);
create index relief_of_activation on relief_shift (activation_id);

select secure('relief_shift');
select admit('own', 'relief_shift', 'all', $$authority = current_authority() and is_party(activation_id)$$);
select admit('police', 'relief_shift', 'all', $$is_police()$$);

do $$ begin
    execute format('revoke delete on relief_shift from %I', current_database() || '_api');
end $$;

-- migrate:down
drop table relief_shift;

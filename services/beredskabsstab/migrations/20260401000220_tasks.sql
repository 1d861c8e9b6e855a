-- migrate:up

-- What the staff asks an authority to do within its own sector; only that authority says yes, no or done.
create table task (
    task_id uuid primary key,
    activation_id uuid not null references activation,
    title text not null check (title <> ''),
    description text not null default '',
    sector text not null,
    authority text not null,
    state text not null check (state in ('proposed', 'accepted', 'declined', 'done', 'withdrawn', 'handed_over')),
    due_at timestamptz,
    proposed_by text not null,
    proposed_by_authority text not null,
    proposed_at timestamptz not null,
    changed_by text not null,
    changed_at timestamptz not null,
    reason text not null default '',
    handed_over_to text,
    version bigint not null,
    check ((state = 'handed_over') = (handed_over_to is not null))
);
create index task_of_activation on task (activation_id);
create index task_running on task (due_at) where state in ('proposed', 'accepted');

select secure('task');
select admit('staff', 'task', 'select', $$is_party(activation_id) or is_police()$$);
select admit('asking', 'task', 'insert', null,
    $$proposed_by_authority = current_authority() and (is_party(activation_id) or is_police())$$);
select admit('asked', 'task', 'update', $$is_own(authority)$$);
select admit('police', 'task', 'update', $$is_police()$$);
do $$ begin execute format('revoke delete, truncate on task from %I', current_database() || '_api'); end $$;

-- migrate:down
drop table task;

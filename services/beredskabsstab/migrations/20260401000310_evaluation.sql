-- migrate:up

-- Every answer in its turn: a member has the last one, and an evaluation asks for the first.
create table member_answer (
    call_id uuid not null references member on delete cascade,
    activation_id uuid not null references activation,
    number int not null,
    answer text not null,
    eta_minutes int,
    answered_at timestamptz not null,
    primary key (call_id, number)
);
create index answer_of_activation on member_answer (activation_id);

-- However an answer comes (heard, read or entered), it is kept; what the desk entered and alerting then tells is one.
create function keep_each_answer() returns trigger language plpgsql security definer set search_path = public as $$
begin
    insert into member_answer (call_id, activation_id, number, answer, eta_minutes, answered_at)
    select new.call_id, new.activation_id, coalesce(max(number), 0) + 1, new.answer, new.eta_minutes, new.answered_at
    from member_answer where call_id = new.call_id;
    return null;
end $$;
create trigger first_answer_kept after insert on member for each row when (new.answer is not null)
    execute function keep_each_answer();
create trigger other_answer_kept after update on member for each row
    when (new.answer is not null and (old.answer, old.eta_minutes) is distinct from (new.answer, new.eta_minutes))
    execute function keep_each_answer();

-- One for each activation that has ended, with who answers for it.
create table evaluation (
    activation_id uuid primary key references activation,
    owner text not null,
    due_at timestamptz not null,
    state text not null check (state in ('open', 'concluded')),
    conclusion text not null default '',
    opened_at timestamptz not null,
    concluded_by text,
    concluded_at timestamptz,
    check ((state = 'concluded') = (concluded_at is not null))
);

create table finding (
    finding_id uuid primary key,
    activation_id uuid not null references activation,
    words text not null check (words <> ''),
    owner text,
    due_at timestamptz,
    state text not null check (state in ('open', 'done')),
    recorded_by text not null,
    recorded_by_authority text not null,
    recorded_at timestamptz not null,
    overdue_at timestamptz,
    resolution text,
    resolved_by text,
    resolved_at timestamptz,
    check ((owner is null) = (due_at is null)),
    check ((state = 'done') = (resolved_at is not null))
);
create index finding_of_activation on finding (activation_id);

select secure(closed::regclass) from unnest(array['member_answer', 'evaluation', 'finding']) closed;
select admit('party', 'member_answer', 'select', $$is_party(activation_id)$$);
select admit('police', 'member_answer', 'select', $$is_police()$$);
select admit('party', 'evaluation', 'select', $$is_party(activation_id)$$);
select admit('police', 'evaluation', 'all', $$is_police()$$);
select admit('party', 'finding', 'select', $$is_party(activation_id)$$);
select admit('saying', 'finding', 'insert', null, $$is_party(activation_id) and recorded_by_authority = current_authority()$$);
select admit('own', 'finding', 'update', $$owner = current_authority()$$);
select admit('police', 'finding', 'all', $$is_police()$$);

do $$ begin
    execute format('revoke delete on member_answer, evaluation, finding from %I', current_database() || '_api');
end $$;

-- migrate:down
drop table finding, evaluation;
drop trigger first_answer_kept on member;
drop trigger other_answer_kept on member;
drop table member_answer;
drop function keep_each_answer;

-- migrate:up

-- What was taken out for Center for Rusmiddelforskning, as it left.
create table evaluation (
    evaluation_id uuid primary key,
    programme text not null,
    first_day date not null,
    last_day date not null,
    cells jsonb not null,
    authority text not null default current_authority(),
    exported_by text not null,
    exported_at timestamptz not null default clock()
);

select secure('evaluation');
select admit('own', 'evaluation', 'select', $$ authority = current_authority() $$);
select admit('export', 'evaluation', 'insert', null, $$ authority = current_authority() $$);

do $$
declare users text := format('%I, %I', current_database() || '_api', current_database() || '_worker');
begin
    execute 'revoke update, delete on evaluation from ' || users;
end $$;

-- migrate:down
drop table evaluation;

-- migrate:up

-- Lets requests reach rows of a closed table, as the role of this database: an exercise has the tables and not the roles
-- of the live service. A command that only writes has no rows that it sees.
create function admit(its_name text, target regclass, command text, seen text, written text default null) returns void
language plpgsql as $$
begin
    execute format('create policy %I on %s for %s to %I', its_name, target, command, current_database() || '_api')
        || coalesce(' using (' || seen || ')', '') || coalesce(' with check (' || written || ')', '');
end $$;

-- migrate:down
drop function admit;

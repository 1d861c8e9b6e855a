-- migrate:up

-- As whom somebody is a party here: their authority, when it is their office that deals with children. None is null,
-- which is equal to nothing.
create function current_party() returns text language sql stable parallel safe as
$$ select case when current_office() in ('', 'boern') then nullif(current_authority(), '') end $$;

create function current_police() returns text language sql stable parallel safe as
$$ select case when current_party() like 'politi-%' then current_party() end $$;

create function current_kommune() returns text language sql stable parallel safe as
$$ select case when current_party() like 'kommune-____' then right(current_party(), 4) end $$;

-- Whose the search is: the police that put it in service. What was there before is that of the only police so far.
alter table service_start add column authority text not null default 'politi-mvj';
alter table service_start alter column authority set default current_authority();
create function search_owner() returns text language sql stable as $$ select authority from service_start $$;

alter table code_list add column authority text not null default 'politi-mvj';
alter table code_list alter column authority set default current_authority();
alter table registration add column authority text not null default 'politi-mvj';
alter table registration alter column authority set default current_authority();
alter table dropped_count add column authority text not null default 'politi-mvj';
alter table dropped_count alter column authority set default current_authority();
alter table search add column authority text not null default 'politi-mvj';
alter table search alter column authority set default search_owner();
alter table underretning add column authority text not null default 'politi-mvj';
alter table underretning alter column authority set default search_owner();

select secure(closed::regclass) from unnest(array['code_list', 'service_start', 'import', 'import_refused_line', 'registration',
    'dropped_count', 'search', 'search_fact', 'search_asked', 'search_scope', 'search_excluded', 'search_child', 'candidate',
    'underretning', 'underretning_served']) closed;

-- A released list is public among the authorities: what is searched for is no secret.
create policy released on code_list for select to concerns_api using (released_at is not null and current_authority() <> '');
create policy police on code_list to concerns_api using (authority = current_police());

create policy police on service_start to concerns_api using (authority = current_police());
create policy police on import to concerns_api using (authority = current_police());
create policy police on import_refused_line to concerns_api
    using (exists (select from import where import.import_id = import_refused_line.import_id));
create policy police on registration to concerns_api using (authority = current_police());
create policy police on dropped_count to concerns_api using (authority = current_police());

-- A run and what it noted: the police reads them and asks for a run; the run itself is the service's own work.
create policy read on search for select to concerns_api using (authority = current_police());
create policy ask on search for insert to concerns_api with check (authority = current_police());
create policy read on search_fact for select to concerns_api using (search_id in (select search_id from search));
create policy read on search_scope for select to concerns_api using (search_id in (select search_id from search));
create policy read on search_excluded for select to concerns_api using (search_id in (select search_id from search));
create policy read on search_child for select to concerns_api using (search_id in (select search_id from search));
create policy read on candidate for select to concerns_api using (search_id in (select search_id from search));
create policy decide on candidate for update to concerns_api using (search_id in (select search_id from search));

create policy send on underretning for insert to concerns_api with check (authority = current_police());
create policy read on underretning for select to concerns_api
    using (authority = current_police() or receiver = current_kommune());
create policy decide on underretning for update to concerns_api
    using (authority = current_police() or receiver = current_kommune());
create policy parties on underretning_served to concerns_api
    using (exists (select from underretning u where u.underretning_id = underretning_served.underretning_id));

-- migrate:down
do $$
declare closed record;
begin
    for closed in select polname, polrelid::regclass as target from pg_policy
        where polrelid::regclass::text in ('code_list', 'service_start', 'import', 'import_refused_line', 'registration',
            'dropped_count', 'search', 'search_fact', 'search_asked', 'search_scope', 'search_excluded', 'search_child',
            'candidate', 'underretning', 'underretning_served')
    loop
        execute format('drop policy %I on %s', closed.polname, closed.target);
        execute format('alter table %s disable row level security', closed.target);
    end loop;
end $$;
alter table underretning drop column authority;
alter table search drop column authority;
alter table dropped_count drop column authority;
alter table registration drop column authority;
alter table code_list drop column authority;
alter table service_start drop column authority cascade;
drop function search_owner, current_kommune, current_police, current_party;

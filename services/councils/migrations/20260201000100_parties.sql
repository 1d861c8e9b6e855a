-- migrate:up

-- Whose secretariat somebody is: their authority, when it is their office that deals with councils.
create function current_secretariat() returns text language sql stable parallel safe as
$$ select case when current_office() in ('', 'raad') then nullif(current_authority(), '') end $$;

-- The authority whose secretariat keeps a council's papers; what was there before is that of the only police so far.
alter table kredsraad add column secretariat text not null default 'politi-mvj';
alter table kredsraad alter column secretariat set default current_authority();

select secure(closed::regclass) from unnest(array['kredsraad', 'kredsraad_seat', 'office_term', 'lokalraad', 'lokalraad_seat',
    'samarbejdsplan', 'samarbejdsplan_signature', 'samarbejdsplan_edition']) closed;

create function own_kredsraad() returns setof uuid language sql stable as
$$ select kredsraad_id from kredsraad where secretariat = current_secretariat() $$;

-- Who sits on the councils, and what they have published, everyone may read.
create policy public on kredsraad for select to councils_api using (true);
create policy public on kredsraad_seat for select to councils_api using (true);
create policy public on office_term for select to councils_api using (true);
create policy public on lokalraad for select to councils_api using (true);
create policy public on lokalraad_seat for select to councils_api using (true);
create policy public on samarbejdsplan_edition for select to councils_api using (true);

create policy secretariat on kredsraad to councils_api using (secretariat = current_secretariat());
create policy secretariat on kredsraad_seat for insert to councils_api
    with check (kredsraad_id in (select own_kredsraad()));
create policy secretariat on office_term for insert to councils_api with check (kredsraad_id in (select own_kredsraad()));
create policy secretariat on lokalraad for insert to councils_api with check (kredsraad_id in (select own_kredsraad()));
create policy secretariat on lokalraad_seat for insert to councils_api
    with check (lokalraad_id in (select lokalraad_id from lokalraad where kredsraad_id in (select own_kredsraad())));

create policy secretariat on samarbejdsplan to councils_api using (kredsraad_id in (select own_kredsraad()));
create policy secretariat on samarbejdsplan_signature to councils_api
    using (samarbejdsplan_id in (select samarbejdsplan_id from samarbejdsplan));
create policy secretariat on samarbejdsplan_edition for insert to councils_api
    with check (samarbejdsplan_id in (select samarbejdsplan_id from samarbejdsplan));

-- migrate:down
do $$
declare closed record;
begin
    for closed in select polname, polrelid::regclass as target from pg_policy
        where polrelid::regclass::text in ('kredsraad', 'kredsraad_seat', 'office_term', 'lokalraad', 'lokalraad_seat',
            'samarbejdsplan', 'samarbejdsplan_signature', 'samarbejdsplan_edition')
    loop
        execute format('drop policy %I on %s', closed.polname, closed.target);
        execute format('alter table %s disable row level security', closed.target);
    end loop;
end $$;
drop function own_kredsraad, current_secretariat;
alter table kredsraad drop column secretariat;

-- migrate:up

-- The draft of the situation picture: one section for each authority, under the headings of the framework plan.
create table picture_section (
    activation_id uuid not null references activation,
    authority text not null,
    texts jsonb not null,
    written_by text not null,
    written_at timestamptz not null,
    version int not null check (version > 0),
    primary key (activation_id, authority)
);

-- What the chair approved, as it stood: it reads the same for ever.
create table picture_version (
    activation_id uuid not null references activation,
    number int not null check (number > 0),
    content jsonb not null,
    approved_by text not null,
    approved_at timestamptz not null,
    primary key (activation_id, number)
);

create function approved_stays() returns trigger language plpgsql as
$$ begin raise exception 'an approved picture never changes' using errcode = '42501'; end $$;
create trigger approved_stays before update or delete or truncate on picture_version execute function approved_stays();

select secure(closed::regclass) from unnest(array['picture_section', 'picture_version']) closed;
select admit('staff', 'picture_section', 'select', $$is_party(activation_id) or is_police()$$);
select admit('own', 'picture_section', 'insert', null,
    $$is_own(authority) and (is_party(activation_id) or is_police())$$);
select admit('own_words', 'picture_section', 'update', $$is_own(authority)$$);
select admit('staff', 'picture_version', 'select', $$is_party(activation_id) or is_police()$$);
select admit('police', 'picture_version', 'insert', null, $$is_police()$$);
do $$ begin
    execute format('revoke delete, truncate on picture_section from %I', current_database() || '_api');
    execute format('revoke update, delete, truncate on picture_version from %I', current_database() || '_api');
end $$;

-- migrate:down
drop table picture_version, picture_section;
drop function approved_stays;

-- migrate:up

-- Whoever may say something of an activation may not change it: its row is locked by its id alone, and nothing is counted.
create function lock_activation(its_id uuid) returns void language plpgsql security definer set search_path = public as $$
begin
    perform from activation where activation_id = its_id for update;
end $$;

-- An authority's own people; the two authorities of the police in the staff are one.
create function is_own(its_authority text) returns boolean language sql stable as
$$ select its_authority = current_authority()
    or is_police() and its_authority in ('politi-mvj', 'politi-mvj-vagtcentral') $$;

-- What the staff did, decided, learnt and left undone; each entry's hash covers the one before.
create table log_entry (
    activation_id uuid not null references activation,
    number int not null check (number > 0),
    kind text not null check (kind in ('action', 'decision', 'information', 'omission')),
    text text not null check (text <> ''),
    written_at timestamptz not null,
    written_by text not null,
    authority text not null,
    automatic boolean not null,
    previous text not null check (previous ~ '^[0-9a-f]{64}$'),
    hash text not null check (hash ~ '^[0-9a-f]{64}$'),
    primary key (activation_id, number)
);

create function log_follows() returns trigger language plpgsql security definer set search_path = public as $$
declare last log_entry;
begin
    select * into last from log_entry where activation_id = new.activation_id and number = new.number - 1;
    if new.number <> coalesce(last.number, 0) + 1 or new.previous <> coalesce(last.hash, repeat('0', 64)) then
        raise exception 'an entry follows the one before' using errcode = '23514';
    end if;
    return new;
end $$;
create trigger log_follows after insert on log_entry for each row execute function log_follows();

create function written_stays() returns trigger language plpgsql as
$$ begin raise exception 'what stands in the log stays' using errcode = '42501'; end $$;
create trigger written_stays before update or delete or truncate on log_entry execute function written_stays();

select secure('log_entry');
select admit('staff', 'log_entry', 'select', $$is_party(activation_id) or is_police()$$);
select admit('own', 'log_entry', 'insert', null,
    $$authority = current_authority() and (is_party(activation_id) or is_police())$$);
do $$ begin execute format('revoke update, delete, truncate on log_entry from %I', current_database() || '_api'); end $$;

-- migrate:down
drop table log_entry;
drop function written_stays, log_follows, is_own, lock_activation;

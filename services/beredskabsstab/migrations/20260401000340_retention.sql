-- migrate:up

-- What must not change goes with its whole activation when its time has come, and never alone: under a tombstone of the
-- same transaction, which no request can write.
create function is_being_erased() returns boolean language sql stable security definer set search_path = public as
$$ select exists (select from tombstone t where t.kind = 'activation' and t.xmin = pg_current_xact_id()::xid) $$;

create or replace function written_stays() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and is_being_erased() then
        return null;
    end if;
    raise exception 'what stands in the log stays' using errcode = '42501';
end $$;

create or replace function approved_stays() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and is_being_erased() then
        return null;
    end if;
    raise exception 'an approved picture never changes' using errcode = '42501';
end $$;

-- migrate:down
create or replace function written_stays() returns trigger language plpgsql as
$$ begin raise exception 'what stands in the log stays' using errcode = '42501'; end $$;
create or replace function approved_stays() returns trigger language plpgsql as
$$ begin raise exception 'an approved picture never changes' using errcode = '42501'; end $$;
drop function is_being_erased;

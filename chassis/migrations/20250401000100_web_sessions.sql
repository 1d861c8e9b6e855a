-- migrate:up

-- Makes what pages of signed-in people need, in the database of a service that has such pages: its own migration calls this.
create function provide_web_sessions() returns void language plpgsql as $make$
declare requests text := quote_ident(current_database() || '_api');
begin
    -- A browser holds a random value, and only its digest lies here: who reads the table is nobody's browser.
    create table web_session (
        token_sha256 text primary key check (token_sha256 ~ '^[0-9a-f]{64}$'),
        subject text not null,
        authority text not null check (authority <> ''),
        office text not null,
        roles text[] not null,
        person_id uuid,
        emergency boolean not null default false,
        began_at timestamptz not null default clock_timestamp(),
        last_used_at timestamptz not null default clock_timestamp(),
        ends_at timestamptz not null,
        ended_at timestamptz
    );

    -- Made in peacetime and sealed at the desk. `selector` says which of them was typed, and is no secret.
    create table emergency_code (
        selector text primary key,
        salt bytea not null,
        hash bytea not null,
        authority text not null check (authority <> ''),
        office text not null,
        roles text[] not null,
        made_at timestamptz not null default clock(),
        used_at timestamptz,
        used_by text check ((used_at is null) = (used_by is null))
    );
    create table emergency_try (tried_at timestamptz not null default clock_timestamp());

    perform secure(closed::regclass) from unnest(array['web_session', 'emergency_code', 'emergency_try']) closed;

    -- A request sees the one session whose digest it holds, and the one code that was typed; nobody looks around.
    perform admit('holder', 'web_session', 'select', $$current_authority() = 'session'
        and token_sha256 = current_setting('samvirke.subject', true)$$);
    perform admit('using', 'web_session', 'update', $$current_authority() = 'session'
        and token_sha256 = current_setting('samvirke.subject', true)$$);
    perform admit('beginning', 'web_session', 'insert', null, $$current_authority() = 'session' and not emergency
        and token_sha256 = current_setting('samvirke.subject', true)$$);
    perform admit('beginning_in_emergency', 'web_session', 'insert', null, $$current_authority() = 'emergency'
        and emergency and subject = 'noedlogin-' || current_setting('samvirke.subject', true)$$);
    perform admit('typed', 'emergency_code', 'select', $$current_authority() = 'emergency'
        and selector = current_setting('samvirke.subject', true)$$);
    perform admit('using_up', 'emergency_code', 'update', $$current_authority() = 'emergency' and used_at is null
        and selector = current_setting('samvirke.subject', true)$$,
        $$current_authority() = 'emergency' and selector = current_setting('samvirke.subject', true)$$);
    perform admit('trying', 'emergency_try', 'insert', null, $$current_authority() = 'emergency'$$);
    perform admit('counting', 'emergency_try', 'select', $$current_authority() = 'emergency'$$);
    execute format('revoke update, delete on web_session, emergency_code, emergency_try from %s', requests);
    execute format('revoke insert on emergency_code from %s', requests);
    execute format('grant update (last_used_at, ends_at, ended_at) on web_session to %s', requests);
    execute format('grant update (used_at, used_by) on emergency_code to %s', requests);
end $make$;

-- Every service's housekeeping calls this; where there are no pages there is nothing to forget.
create function forget_web_sessions() returns void language plpgsql as $$
begin
    if to_regclass('public.web_session') is not null then
        delete from web_session where ended_at is not null or ends_at < clock_timestamp();
        delete from emergency_try where tried_at < clock_timestamp() - interval '1 hour';
        delete from emergency_code where used_at < clock() - interval '1 year';
    end if;
end $$;

-- migrate:down
drop function forget_web_sessions, provide_web_sessions;

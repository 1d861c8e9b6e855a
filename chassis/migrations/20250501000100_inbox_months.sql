-- migrate:up

-- A table a day for ever would fill the server's lock table in the third year. Days long past are put together by month:
-- what was heard stays known, however late it comes again (decision 45).
create or replace function provide_inbox_day(at date) returns void language plpgsql security definer
set search_path = public as $$
declare
    month text := 'inbox_' || to_char(at, 'YYYY_MM'); day text := 'inbox_' || to_char(at, 'YYYY_MM_DD');
begin
    perform pg_advisory_xact_lock(hashtext('partitions'));
    -- Whoever waited for another that made a table sees it here; `to_regclass` may answer from before the wait.
    if not exists (select from pg_class where relnamespace = 'public'::regnamespace and relname in (month, day)) then
        perform provide_partition('inbox', day, at::text, (at + 1)::text);
    end if;
end $$;

-- Returns the first of the oldest month that still lies in days and is more than two months past: topics keep 35 days.
-- Where a demonstration's clock is ahead, what is written today is not past.
create function inbox_month_to_gather() returns date language sql stable set search_path = public as $$
    select min(date_trunc('month', to_date(substr(relname, 7), 'YYYY_MM_DD')))::date
    from pg_inherits join pg_class on pg_class.oid = inhrelid
    where inhparent = 'inbox'::regclass and relname ~ '^inbox_\d{4}_\d\d_\d\d$'
        and to_date(substr(relname, 7), 'YYYY_MM_DD') < date_trunc('month', least(clock(), clock_timestamp())) - interval '2 months'
$$;

-- Puts the days of one month together; returns whether it did. Who hears something meanwhile waits, and who is busy with
-- the inbox is not waited for: this gives way and is tried again.
create function gather_inbox_month() returns boolean language plpgsql security definer
set search_path = public set lock_timeout = '1s' as $$
declare
    month date; gathered text; days text[]; day text;
begin
    -- What others wrote while this waited must be seen by the copy.
    assert current_setting('transaction_isolation') = 'read committed';
    perform pg_advisory_xact_lock(hashtext('partitions'));
    month := inbox_month_to_gather();
    if month is null then
        return false;
    end if;
    lock table inbox in access exclusive mode;
    gathered := 'inbox_' || to_char(month, 'YYYY_MM');
    days := array(select inhrelid::regclass::text from pg_inherits
        where inhparent = 'inbox'::regclass and inhrelid::regclass::text like gathered || '\_%');
    foreach day in array days loop
        execute format('alter table inbox detach partition %I', day);
    end loop;
    perform provide_partition('inbox', gathered, month::text, (month + interval '1 month')::date::text);
    foreach day in array days loop
        execute format('insert into %I select * from %I', gathered, day);
        execute format('drop table %I', day);
    end loop;
    return true;
exception when lock_not_available then
    return false;
end $$;

-- migrate:down
drop function gather_inbox_month, inbox_month_to_gather;
create or replace function provide_inbox_day(at date) returns void language plpgsql security definer
set search_path = public as $$
begin
    perform pg_advisory_xact_lock(hashtext('partitions'));
    perform provide_partition('inbox', 'inbox_' || to_char(at, 'YYYY_MM_DD'), at::text, (at + 1)::text);
end $$;

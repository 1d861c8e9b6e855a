-- migrate:up

-- What is counted of a referral. It names nobody and no referral, so that it stays when a person withdraws, is forgotten,
-- or when the referral is deleted. `mark` is random: it says which courses are the same somebody's.
create table counted (
    counted_id uuid primary key default gen_random_uuid(),
    place bigint generated always as identity,
    mark uuid not null,
    programme text not null,
    kommune text not null,
    source text not null default '',
    circle text[] not null,
    yes_on date not null
);
create index counted_of_period on counted (programme, yes_on);

create table counted_fact (
    counted_id uuid not null references counted,
    kind text not null,
    after interval not null,
    reason text not null default '',
    primary key (counted_id, kind)
);

-- The one way from a referral to its course, gone with the referral.
create table counted_link (
    referral_id uuid primary key references referral on delete cascade,
    counted_id uuid not null references counted,
    began timestamptz not null
);
create index counted_link_of_counted on counted_link (counted_id);

-- How many said no: a number a day.
create table declined (
    programme text not null,
    kommune text not null,
    declined_on date not null,
    persons bigint not null,
    primary key (programme, declined_on, kommune)
);

create table report (
    report_id uuid primary key,
    programme text not null,
    first_day date not null,
    last_day date not null,
    figures jsonb not null,
    authority text not null default current_authority(),
    published_by text not null,
    published_at timestamptz not null default clock(),
    unique (programme, first_day, last_day)
);

-- They are counted over all parties, whoever acts: reached by the referral's id alone, and by no look around.
create function begin_counted(its_referral uuid, is_confidential boolean) returns void language sql volatile
security definer set search_path = public as $$
    with new as (select * from referral where referral_id = its_referral),
    earlier as (
        select c.mark, c.yes_on, l.began, c.place,
            -- What rests on the same consent, or was passed on, is the same yes.
            r.state = 'rerouted' or exists (select from referral_consent a join referral_consent b using (consent_id)
                where a.referral_id = r.referral_id and b.referral_id = its_referral) as is_same_yes
        from new join referral r on r.person_id = new.person_id and r.programme = new.programme
            join counted_link l on l.referral_id = r.referral_id join counted c on c.counted_id = l.counted_id
    ),
    same as (select * from earlier where is_same_yes order by place limit 1),
    counted_added as (
        insert into counted (mark, programme, kommune, circle, yes_on)
        select coalesce((select mark from earlier order by place limit 1), gen_random_uuid()), new.programme, new.kommune,
            case when is_confidential then array[new.sender || '.' || new.sender_office,
                new.receiver || '.' || new.receiver_office] else '{}' end,
            coalesce((select yes_on from same), (new.requested_at at time zone 'Europe/Copenhagen')::date)
        from new where not exists (select from counted_link where referral_id = its_referral)
        returning counted_id
    )
    insert into counted_link select its_referral, counted_id, coalesce((select began from same), new.requested_at)
    from counted_added, new
$$;

create function count_fact(its_referral uuid, its_kind text, its_reason text) returns void language sql volatile
security definer set search_path = public as $$
    insert into counted_fact select counted_id, its_kind, clock() - began, its_reason from counted_link
    where referral_id = its_referral on conflict do nothing
$$;

create function count_declined(its_programme text, its_case uuid, its_consent uuid) returns void language sql volatile
security definer set search_path = public as $$
    insert into declined as d
    select its_programme, kommune, (clock() at time zone 'Europe/Copenhagen')::date, 1 from (
        select kommune from charge where charge_id = its_case
        union all select kommune from referral join referral_consent using (referral_id) where consent_id = its_consent
        limit 1) known
    on conflict (programme, declined_on, kommune) do update set persons = d.persons + 1
$$;

select secure(closed::regclass) from unnest(array['counted', 'counted_fact', 'counted_link', 'declined', 'report']) closed;

-- Figures are everybody's who asks through a route; those of a confidential programme are its parties' own.
select admit('count', 'counted', 'select', $$ current_authority() <> ''
    and (circle = '{}' or current_seat() = any(circle)) $$);
select admit('count', 'counted_fact', 'select', $$ exists (select from counted c where c.counted_id = counted_fact.counted_id) $$);
select admit('count', 'declined', 'select', $$ current_authority() <> '' $$);
select admit('read', 'report', 'select', $$ current_authority() <> '' $$);
select admit('publish', 'report', 'insert', null, $$ authority = current_authority() $$);

-- What is counted, or published, is never changed.
do $$
declare users text := format('%I, %I', current_database() || '_api', current_database() || '_worker');
begin
    execute 'revoke insert, update, delete on counted, counted_fact, declined from ' || users;
    execute 'revoke update, delete on report from ' || users;
end $$;

-- migrate:down
drop function begin_counted, count_fact, count_declined;
drop table report, declined, counted_link, counted_fact, counted;

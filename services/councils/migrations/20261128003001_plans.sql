-- migrate:up

-- Of each plan: whether it comes from paper, and how many events were told of its making.
alter table samarbejdsplan add column history boolean not null default false;
alter table samarbejdsplan add column told bigint not null default 0;
-- When lokalraad may propose, and when their chairs are asked; none for a plan from paper (O-2-11, O-2-12).
alter table samarbejdsplan add column proposals_from date;
alter table samarbejdsplan add column proposals_until date;
alter table samarbejdsplan add column chairs_asked_from date;
alter table samarbejdsplan add column chairs_answer_by date;
update samarbejdsplan set history = year < extract(year from clock() at time zone 'Europe/Copenhagen');
update samarbejdsplan set proposals_from = make_date(year - 1, 9, 1), proposals_until = make_date(year - 1, 12, 15),
    chairs_asked_from = make_date(year - 1, 10, 1), chairs_answer_by = make_date(year - 1, 12, 15) where not history;

-- Those who sit on the kredsraad read its draft. A discussed plan takes signatures from them, and nothing else.
select admit('seated', 'samarbejdsplan', 'select', 'kredsraad_id in (select seated_bodies())');
select admit('sign', 'samarbejdsplan', 'update', 'kredsraad_id in (select seated_bodies()) and state = ''discussed''',
    'state in (''discussed'', ''signed'')');
create function own_plans() returns setof uuid language sql stable as
$$ select samarbejdsplan_id from samarbejdsplan where kredsraad_id in (select own_kredsraad()) $$;
drop policy secretariat on samarbejdsplan_signature;
drop policy secretariat on samarbejdsplan_edition;
select admit('secretariat', 'samarbejdsplan_signature', 'all', 'samarbejdsplan_id in (select own_plans())');
select admit('seated', 'samarbejdsplan_signature', 'select', 'samarbejdsplan_id in (select samarbejdsplan_id from samarbejdsplan)');
select admit('sign', 'samarbejdsplan_signature', 'insert', null, 'authority = current_secretariat()
    and samarbejdsplan_id in (select samarbejdsplan_id from samarbejdsplan where state = ''discussed'')');
select admit('secretariat', 'samarbejdsplan_edition', 'insert', null, 'samarbejdsplan_id in (select own_plans())');

-- Every saved text of a plan, the kredsraad's or a lokalraad's, with who saved it and when.
create table plan_version (
    plan_id uuid not null,
    number integer not null check (number > 0),
    body_id uuid not null references body,
    document jsonb not null,
    saved_by text not null,
    saved_at timestamptz not null default clock(),
    primary key (plan_id, number)
);
insert into plan_version (plan_id, number, body_id, document, saved_by, saved_at)
select samarbejdsplan_id, 1, kredsraad_id, document, '', drafted_at from samarbejdsplan;

create table plan_comment (
    comment_id uuid primary key,
    plan_id uuid not null,
    body_id uuid not null references body,
    section text not null,
    version integer not null,
    text text not null check (length(text) between 1 and 10000),
    authority text not null default current_authority(),
    made_by text not null,
    made_at timestamptz not null default clock(),
    resolved_by text,
    resolved_at timestamptz check ((resolved_at is null) = (resolved_by is null))
);
create index comment_of_plan on plan_comment (plan_id, made_at);

-- A signed sheet that somebody recorded and a second person has yet to confirm.
create table signed_sheet (
    sheet_id uuid primary key,
    samarbejdsplan_id uuid not null references samarbejdsplan,
    sheet jsonb not null,
    paper_id uuid not null,
    file_sha256 text not null check (file_sha256 ~ '^[0-9a-f]{64}$'),
    recorded_by text not null,
    recorded_at timestamptz not null default clock(),
    confirmed_by text check (confirmed_by <> recorded_by),
    confirmed_at timestamptz
);

create table plan_proposal (
    plan_proposal_id uuid primary key,
    samarbejdsplan_id uuid not null references samarbejdsplan,
    body_id uuid not null references body,
    title text not null,
    text text not null,
    submitted_by text not null,
    submitted_at timestamptz not null default clock(),
    answer text check (answer in ('accepted', 'partly', 'rejected')),
    reason text,
    section text,
    answered_by text,
    answered_at timestamptz check ((answered_at is null) = (answer is null))
);
create index proposal_of_plan on plan_proposal (samarbejdsplan_id, submitted_at);
create index proposal_of_body on plan_proposal (body_id);

create table chair_involvement (
    chair_involvement_id uuid primary key,
    samarbejdsplan_id uuid not null references samarbejdsplan,
    body_id uuid not null references body,
    asked_at timestamptz not null default clock(),
    answer_by date not null,
    response text,
    responded_by text,
    responded_at timestamptz,
    -- When it was noted that the day had passed without an answer.
    silent_since timestamptz,
    unique (samarbejdsplan_id, body_id)
);

-- Where an edition stands on the police district's website, and when somebody last saw it there.
create table plan_website (
    samarbejdsplan_id uuid primary key references samarbejdsplan,
    edition integer not null,
    document_sha256 text not null,
    address text not null default '',
    found text not null default 'unchecked' check (found in ('unchecked', 'ok', 'missing', 'changed')),
    checked_by text,
    checked_at timestamptz,
    -- Since when a check is due; none while it is not.
    due_since timestamptz
);

create table local_plan (
    local_plan_id uuid primary key,
    body_id uuid not null references body,
    samarbejdsplan_id uuid not null references samarbejdsplan,
    year integer not null,
    state text not null check (state in ('draft', 'submitted', 'approved', 'published')),
    document jsonb not null,
    version bigint not null default 1,
    told bigint not null default 0,
    drafted_at timestamptz not null default clock(),
    unique (body_id, year)
);

create table local_plan_approval (
    local_plan_id uuid not null references local_plan,
    subject text not null,
    side text not null check (side in ('politi', 'kommune')),
    holder text not null,
    document_sha256 text not null,
    approved_at timestamptz not null default clock(),
    primary key (local_plan_id, subject)
);

create table local_plan_edition (
    local_plan_id uuid not null references local_plan,
    kommunekode text not null,
    year integer not null,
    edition integer not null check (edition > 0),
    document_sha256 text not null,
    published_at timestamptz not null default clock(),
    content jsonb not null,
    primary key (kommunekode, year, edition)
);
create trigger published_stays before update or delete or truncate on local_plan_edition
    for each statement execute function published_stays();

select secure(closed::regclass) from unnest(array['plan_version', 'plan_comment', 'signed_sheet', 'plan_proposal',
    'chair_involvement', 'plan_website', 'local_plan', 'local_plan_approval', 'local_plan_edition']) closed;

create function reached_bodies() returns setof uuid language sql stable as
$$ select seated_bodies() union select kept_bodies() $$;

select admit('seated', 'plan_version', 'select', 'body_id in (select reached_bodies())');
select admit('save', 'plan_version', 'insert', null, 'body_id in (select kept_bodies())');
select admit('seated', 'plan_comment', 'select', 'body_id in (select reached_bodies())');
select admit('make', 'plan_comment', 'insert', null, 'body_id in (select reached_bodies())
    and authority = current_authority()');
select admit('resolve', 'plan_comment', 'update', 'body_id in (select kept_bodies()) or (authority = current_authority()
    and body_id in (select reached_bodies()))');
select admit('secretariat', 'signed_sheet', 'all', 'samarbejdsplan_id in (select own_plans())');
select admit('parties', 'plan_proposal', 'select', 'body_id in (select reached_bodies())
    or samarbejdsplan_id in (select samarbejdsplan_id from samarbejdsplan)');
select admit('submit', 'plan_proposal', 'insert', null, 'body_id in (select kept_bodies())');
select admit('answer', 'plan_proposal', 'update', 'samarbejdsplan_id in (select own_plans())');
select admit('parties', 'chair_involvement', 'select', 'body_id in (select reached_bodies())
    or samarbejdsplan_id in (select samarbejdsplan_id from samarbejdsplan)');
select admit('ask', 'chair_involvement', 'insert', null, 'samarbejdsplan_id in (select own_plans())');
select admit('respond', 'chair_involvement', 'update', 'body_id in (select seated_bodies())');
select admit('secretariat', 'plan_website', 'all', 'samarbejdsplan_id in (select own_plans())');
select admit('seated', 'local_plan', 'select', 'body_id in (select reached_bodies())');
select admit('draft', 'local_plan', 'insert', null, 'body_id in (select kept_bodies())');
select admit('change', 'local_plan', 'update', 'body_id in (select reached_bodies())');
select admit('seated', 'local_plan_approval', 'select', 'local_plan_id in (select local_plan_id from local_plan)');
select admit('approve', 'local_plan_approval', 'insert', null, 'local_plan_id in (select local_plan_id from local_plan)
    and side = case when current_authority() like ''kommune-%'' then ''kommune'' else ''politi'' end');
select admit('reset', 'local_plan_approval', 'delete', 'local_plan_id in (select local_plan_id from local_plan
    where body_id in (select kept_bodies()))');
select admit('public', 'local_plan_edition', 'select', 'true');
select admit('publish', 'local_plan_edition', 'insert', null, 'local_plan_id in (select local_plan_id from local_plan)');

-- The first of January of each year somebody looks which lokalraad have no plan (O-2-08).
select put_deadline('local_plans_due', kredsraad_id,
    make_date(extract(year from clock() at time zone 'Europe/Copenhagen')::int + 1, 1, 1)::timestamp
        at time zone 'Europe/Copenhagen', kredsraad_id) from kredsraad;

-- migrate:down
drop table local_plan_edition, local_plan_approval, local_plan, plan_website, chair_involvement, plan_proposal, signed_sheet,
    plan_comment, plan_version;
drop function reached_bodies;
drop policy secretariat on samarbejdsplan_edition;
drop policy sign on samarbejdsplan_signature;
drop policy seated on samarbejdsplan_signature;
drop policy secretariat on samarbejdsplan_signature;
drop policy sign on samarbejdsplan;
drop policy seated on samarbejdsplan;
drop function own_plans;
select admit('secretariat', 'samarbejdsplan_signature', 'all', 'samarbejdsplan_id in (select samarbejdsplan_id from samarbejdsplan)');
select admit('secretariat', 'samarbejdsplan_edition', 'insert', null, 'samarbejdsplan_id in (select samarbejdsplan_id from samarbejdsplan)');
alter table samarbejdsplan drop column history, drop column told, drop column proposals_from,
    drop column proposals_until, drop column chairs_asked_from, drop column chairs_answer_by;
delete from deadline where kind in ('local_plans_due', 'chairs_asked', 'chairs_silent', 'website_check');

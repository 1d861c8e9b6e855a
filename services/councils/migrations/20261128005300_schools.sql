-- migrate:up

-- Whether the asker keeps the papers of a municipality's lokalraad.
create function keeps_municipality(code text) returns boolean language sql stable as
$$ select exists (select from body where kommunekode = code and body_id in (select kept_bodies())) $$;

create table school (
    school_id uuid primary key,
    kommunekode text not null,
    title text not null,
    school_type text not null check (school_type in ('grundskole', 'ungdomsuddannelse')),
    version bigint not null default 0,
    unique (kommunekode, title)
);
-- Contact points are roles with an office's address; no person stands here.
create table school_contact (
    contact_id uuid primary key,
    school_id uuid not null references school,
    side text not null check (side in ('police', 'school')),
    role_title text not null,
    mail text,
    phone text,
    valid_from timestamptz not null default clock(),
    valid_to timestamptz,
    check (mail is not null or phone is not null)
);
create index school_contact_current on school_contact (school_id) where valid_to is null;

create table school_concern (
    school_concern_id uuid primary key,
    school_id uuid not null references school,
    kommunekode text not null,
    authority text not null default current_authority(),
    concern_kind text not null,
    text text not null,
    state text not null default 'open' check (state in ('open', 'assigned')),
    raised_at timestamptz not null default clock(),
    raised_by text not null,
    assign_by timestamptz not null,
    assigned_at timestamptz,
    contact_id uuid references school_contact,
    escalated_at timestamptz,
    version bigint not null default 0
);
create index school_concern_open on school_concern (kommunekode) where state = 'open';

select secure(closed::regclass) from unnest(array['school', 'school_contact', 'school_concern']) closed;
select admit('public', open::regclass, 'select', 'true') from unnest(array['school', 'school_contact']) open;
select admit('list', 'school', 'insert', null, 'keeps_municipality(kommunekode)');
select admit('change', 'school', 'update', 'keeps_municipality(kommunekode)');
select admit('contact', 'school_contact', 'insert', null,
    'school_id in (select school_id from school where keeps_municipality(kommunekode))');
select admit('end', 'school_contact', 'update',
    'school_id in (select school_id from school where keeps_municipality(kommunekode))');
select admit('raise', 'school_concern', 'insert', null, 'authority = current_authority()');
select admit('own', 'school_concern', 'select',
    'authority = current_authority() and current_authority() <> '''' or keeps_municipality(kommunekode)');
select admit('assign', 'school_concern', 'update', 'keeps_municipality(kommunekode)');

-- migrate:down
drop table school_concern, school_contact, school;
drop function keeps_municipality;

-- migrate:up

-- An office-holder's term has an id, as every other member's time on a council has.
alter table office_term add column member_id uuid not null default gen_random_uuid();
create unique index office_term_member on office_term (member_id);
select admit('end', 'office_term', 'update', 'kredsraad_id in (select own_kredsraad())');

-- Whether a lokalraad works: each municipality has one that does (O-2-06).
alter table body add column active boolean not null default true;

-- Who sits on a council otherwise than by public office: a mayor's deputy, and the members of a lokalraad.
create table council_member (
    member_id uuid primary key,
    body_id uuid not null references body,
    kind text not null check (kind in ('deputy', 'member')),
    side text not null check (side in ('politi', 'kommune', 'civil')),
    authority text not null check ((authority = '') = (side = 'civil')),
    function text not null check (length(function) between 1 and 200),
    holder text not null check (length(holder) between 1 and 200),
    -- Everyone may read the name of who holds a public office, and of nobody else.
    public_office boolean not null default false check (not (public_office and kind = 'deputy')),
    valid_from date not null,
    valid_to date check (valid_to >= valid_from),
    entered_by text not null
);
create index council_member_of_body on council_member (body_id, valid_from);

select secure('council_member');
select admit('public', 'council_member', 'select', 'public_office');
select admit('seated', 'council_member', 'select',
    'body_id in (select seated_bodies()) or body_id in (select kept_bodies())');
select admit('enter', 'council_member', 'insert', null, 'body_id in (select kept_bodies())');
select admit('end', 'council_member', 'update', 'body_id in (select kept_bodies())');
-- A mayor's deputy is chosen by the municipality's own council, whose secretary may enter it.
select admit('own_deputy', 'council_member', 'insert', null,
    $$kind = 'deputy' and authority = current_secretariat() and body_id in (select seated_bodies())$$);
select admit('own_deputy_ends', 'council_member', 'update', $$kind = 'deputy' and authority = current_secretariat()$$);

-- Who chairs a lokalraad, from when to when; which side it is, is public.
create table chairing (
    body_id uuid not null references body,
    member_id uuid not null references council_member,
    side text not null check (side in ('politi', 'kommune')),
    valid_from date not null,
    valid_to date check (valid_to >= valid_from),
    primary key (body_id, valid_from)
);
select secure('chairing');
select admit('public', 'chairing', 'select', 'true');
select admit('enter', 'chairing', 'insert', null, 'body_id in (select kept_bodies())');
select admit('end', 'chairing', 'update', 'body_id in (select kept_bodies())');

-- How a member is reached, and the account of who has one: the secretariats alone.
create table member_contact (
    member_id uuid primary key,
    body_id uuid not null references body,
    authority text not null,
    email text,
    subject text,
    check (email is not null or subject is not null)
);
select secure('member_contact');
select admit('secretariat', 'member_contact', 'all',
    'body_id in (select kept_bodies()) or authority = current_secretariat()',
    'body_id in (select kept_bodies()) or authority = current_secretariat()');

create table vice_chair (
    vice_chair_id uuid primary key,
    body_id uuid not null references body,
    authority text not null,
    member_id uuid not null,
    decision_id uuid not null unique references decision,
    votes jsonb not null,
    by_lot boolean not null,
    elected_on date not null,
    vacated_on date,
    vacated_because text check ((vacated_because is null) = (vacated_on is null)),
    recorded_by text not null
);
create unique index one_vice_chair on vice_chair (body_id) where vacated_on is null;
select secure('vice_chair');
select admit('public', 'vice_chair', 'select', 'true');
select admit('elect', 'vice_chair', 'insert', null, 'body_id in (select kept_bodies())');
select admit('replace', 'vice_chair', 'update', 'body_id in (select kept_bodies())');

-- A personal link: who holds it acts for one member, on one thing, until a time. Only the checksum of its token is kept.
create table member_link (
    link_id uuid primary key,
    token_sha256 text not null unique,
    member_id uuid not null,
    body_id uuid not null references body,
    authority text not null,
    purpose text not null check (purpose ~ '^[a-z]+(_[a-z]+)*$'),
    subject uuid not null,
    until timestamptz not null,
    issued_by text not null,
    issued_at timestamptz not null default clock(),
    revoked_at timestamptz
);
create index member_link_open on member_link (member_id) where revoked_at is null;

create function linked_token() returns text language sql stable as
$$ select case when current_authority() = 'link' then substr(current_setting('samvirke.subject', true), 6) end $$;

-- What the link that is used just now is about, for one purpose, and whose it is; nothing once it has ended.
create function linked_subject(of_purpose text) returns uuid language sql stable security definer set search_path = public as
$$ select subject from member_link where token_sha256 = linked_token() and purpose = of_purpose
    and until > clock() and revoked_at is null $$;
create function linked_member() returns uuid language sql stable security definer set search_path = public as
$$ select member_id from member_link where token_sha256 = linked_token() and until > clock() and revoked_at is null $$;
create function linked_authority() returns text language sql stable security definer set search_path = public as
$$ select authority from member_link where token_sha256 = linked_token() and until > clock() and revoked_at is null $$;

select secure('member_link');
select admit('holder', 'member_link', 'select', 'token_sha256 = linked_token()');
select admit('kept', 'member_link', 'select', 'body_id in (select kept_bodies())');
select admit('issue', 'member_link', 'insert', null, 'body_id in (select kept_bodies())');
select admit('revoke', 'member_link', 'update', 'body_id in (select kept_bodies())');
select admit('linked', 'council_member', 'select', 'member_id = linked_member()');

-- Whoever holds a link is no authority: of decisions they see none but by a policy of its own.
drop policy "open" on decision;
select admit('open', 'decision', 'select', $$not confidential and current_authority() not in ('', 'link')$$);

-- An extraordinary meeting, for which a municipal member of the kredsraad has asked (BEK 1426/2006).
create table meeting_request (
    request_id uuid primary key,
    body_id uuid not null references body,
    authority text not null,
    reason text not null check (length(reason) between 1 and 10000),
    asked_by text not null,
    asked_at timestamptz not null default clock(),
    meeting_id uuid,
    met_at timestamptz
);
create index meeting_request_of_body on meeting_request (body_id, asked_at);
select secure('meeting_request');
select admit('seen', 'meeting_request', 'select', 'body_id in (select kept_bodies()) or authority = current_secretariat()');
select admit('ask', 'meeting_request', 'insert', null,
    'authority = current_secretariat() and body_id in (select seated_bodies())');
select admit('met', 'meeting_request', 'update', 'body_id in (select kept_bodies())');
select admit('linked_ask', 'meeting_request', 'insert', null,
    $$body_id = linked_subject('ask_meeting') and authority = linked_authority()$$);
select admit('linked_seen', 'meeting_request', 'select',
    $$body_id = linked_subject('ask_meeting') and authority = linked_authority()$$);

-- migrate:down
drop table meeting_request;
drop policy "open" on decision;
select admit('open', 'decision', 'select', $$not confidential and current_authority() <> ''$$);
drop policy linked on council_member;
drop table member_link;
drop function linked_authority, linked_member, linked_subject, linked_token;
drop table vice_chair, member_contact, chairing, council_member;
alter table body drop column active;
drop policy "end" on office_term;
alter table office_term drop column member_id;

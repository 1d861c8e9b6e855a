-- migrate:up

-- When and where a council meets is public; what is said there is not.
create table meeting (
    meeting_id uuid primary key,
    body_id uuid not null references body,
    ordinary boolean not null,
    starts_at timestamptz not null,
    ends_at timestamptz not null check (ends_at > starts_at),
    place text not null,
    reason text not null default '' check (ordinary or reason <> ''),
    state text not null default 'planned' check (state in
        ('planned', 'convened', 'held', 'minutes_drafted', 'minutes_approved', 'closed', 'cancelled')),
    version bigint not null default 1,
    told bigint not null default 0,
    noticed_at timestamptz,
    agenda_sent_at timestamptz,
    sequence integer not null default 0,
    number integer,
    quorate boolean,
    lacking text not null default '',
    open_to_public boolean not null default false,
    called_off text not null default '',
    check (state in ('planned', 'cancelled') or (noticed_at is not null and agenda_sent_at is not null)),
    check ((number is not null) = (state in ('held', 'minutes_drafted', 'minutes_approved', 'closed')))
);
create index meeting_of_body on meeting (body_id, starts_at);

select secure('meeting');
select admit('public', 'meeting', 'select', 'true');
select admit('secretariat', 'meeting', 'insert', null, 'body_id in (select kept_bodies())');
select admit('change', 'meeting', 'update', 'body_id in (select kept_bodies())');

create table agenda_item (
    item_id uuid primary key,
    meeting_id uuid not null references meeting,
    body_id uuid not null references body,
    place integer not null,
    came_by text not null check (came_by in ('formal', 'standing', 'matter', 'proposal', 'carried')),
    code text not null default '',
    title text not null,
    kind text not null check (kind in ('orientering', 'droeftelse', 'beslutning')),
    responsible text not null default '',
    police_task text,
    municipal_task text check ((municipal_task is null) = (police_task is null)),
    confidential boolean not null default false,
    readers text[] not null default '{}',
    matter_id uuid references matter,
    mandatory boolean not null default false,
    paragraph text not null default '',
    carried_from uuid references agenda_item,
    state text not null default 'placed' check (state in ('placed', 'withdrawn', 'treated')),
    reason text not null default '',
    check (not (mandatory and state = 'withdrawn')),
    check ((state = 'withdrawn') = (reason <> '')),
    -- What became of it, once it is treated.
    outcome text check ((outcome is not null) = (state = 'treated')),
    said text not null default '',
    decision_id uuid references decision,
    decided text not null default '',
    put_off_to date,
    withheld text not null default '',
    proposed_by text not null
);
create index agenda_item_of_meeting on agenda_item (meeting_id, place);
create index agenda_item_of_body on agenda_item (body_id) where outcome = 'carried';
create unique index agenda_item_carried_once on agenda_item (carried_from);
create unique index agenda_item_formal on agenda_item (meeting_id, code) where came_by in ('formal', 'standing');
create index agenda_item_of_matter on agenda_item (matter_id);

create table meeting_action (
    action_id uuid primary key,
    body_id uuid not null references body,
    meeting_id uuid not null references meeting,
    item_id uuid not null references agenda_item,
    task text not null,
    owner text not null,
    due date not null,
    done_at timestamptz,
    done_by text
);
create index meeting_action_of_meeting on meeting_action (meeting_id);
create index meeting_action_open on meeting_action (body_id, due) where done_at is null;

create table meeting_seat (
    meeting_id uuid not null references meeting,
    seat text not null,
    body_id uuid not null references body,
    status text not null check (status in ('present', 'deputy', 'apology', 'absent')),
    deputy text not null default '',
    leads boolean not null,
    primary key (meeting_id, seat)
);

-- Outsiders who were there for their insight (L-29).
create table meeting_guest (
    guest_id uuid primary key,
    meeting_id uuid not null references meeting,
    body_id uuid not null references body,
    guest text not null,
    insight text not null
);
create index meeting_guest_of_meeting on meeting_guest (meeting_id);

create table minutes (
    meeting_id uuid not null references meeting,
    edition integer not null check (edition > 0),
    body_id uuid not null references body,
    document jsonb not null,
    document_sha256 text not null,
    note text not null default '',
    round_ends_at timestamptz,
    round_ended_at timestamptz,
    approved_at timestamptz,
    approved_how text check (approved_how in ('meeting', 'round')),
    drafted_by text not null,
    drafted_at timestamptz not null default clock(),
    primary key (meeting_id, edition)
);

create table minutes_answer (
    meeting_id uuid not null,
    edition integer not null,
    subject text not null,
    body_id uuid not null references body,
    authority text not null,
    approves boolean not null,
    note text not null default '' check (approves = (note = '')),
    answered_at timestamptz not null default clock(),
    primary key (meeting_id, edition, subject),
    foreign key (meeting_id, edition) references minutes
);

create table minutes_edition (
    meeting_id uuid primary key references meeting,
    body_id uuid not null references body,
    document jsonb not null,
    document_sha256 text not null,
    published_at timestamptz not null default clock()
);
create index minutes_edition_of_body on minutes_edition (body_id, published_at);
create trigger published_stays before update or delete or truncate on minutes_edition
    for each statement execute function published_stays();

-- Who is invited by calendar, and who sends it.
create table council_calendar (
    body_id uuid primary key references body,
    organizer text not null,
    version bigint not null default 1
);
create table council_invitee (
    invitee_id uuid primary key,
    body_id uuid not null references body,
    seat text not null default '',
    address text not null,
    removed_at timestamptz
);
create unique index council_invitee_address on council_invitee (body_id, address) where removed_at is null;
create table meeting_reply (
    meeting_id uuid not null references meeting,
    invitee_id uuid not null references council_invitee,
    body_id uuid not null references body,
    answer text not null check (answer in ('ACCEPTED', 'DECLINED', 'TENTATIVE')),
    sequence integer not null,
    stamped_at timestamptz not null,
    primary key (meeting_id, invitee_id)
);

-- What was told of a council's year: each warning once, until it no longer holds.
create table year_wheel (
    year_wheel_id uuid primary key,
    body_id uuid not null references body,
    year integer not null,
    told bigint not null default 0,
    warned text[] not null default '{}',
    unique (body_id, year)
);

select secure(closed::regclass) from unnest(array['agenda_item', 'meeting_action', 'meeting_seat', 'meeting_guest',
    'minutes', 'minutes_answer', 'minutes_edition', 'council_calendar', 'council_invitee', 'meeting_reply',
    'year_wheel']) closed;
select admit('seated', closed::regclass, 'select', 'body_id in (select seated_bodies()) or body_id in (select kept_bodies())')
from unnest(array['agenda_item', 'meeting_action', 'meeting_seat', 'meeting_guest', 'minutes', 'minutes_answer',
    'year_wheel']) closed;
select admit('record', closed::regclass, 'insert', null, 'body_id in (select kept_bodies())')
from unnest(array['meeting_action', 'meeting_seat', 'meeting_guest', 'minutes', 'minutes_edition']) closed;
select admit('change', closed::regclass, 'update', 'body_id in (select kept_bodies())')
from unnest(array['agenda_item', 'meeting_action', 'minutes']) closed;
-- A member puts forward what the secretary places.
select admit('propose', 'agenda_item', 'insert', null,
    'body_id in (select kept_bodies()) or (came_by = ''proposal'' and body_id in (select seated_bodies()))');
select admit('answer', 'minutes_answer', 'insert', null,
    'authority = current_authority() and (body_id in (select seated_bodies()) or body_id in (select kept_bodies()))');
select admit('public', 'minutes_edition', 'select', 'true');
select admit('secretariat', closed::regclass, 'all', 'body_id in (select kept_bodies())')
from unnest(array['council_calendar', 'council_invitee', 'meeting_reply']) closed;

-- The words of a decision are put right until its minutes are approved; afterwards they stand.
select admit('correct', 'decision', 'update', 'body_id in (select kept_bodies()) and exists (select from meeting m
    where m.meeting_id = decision.meeting_id and m.state in (''held'', ''minutes_drafted''))');

-- A matter that was put off waits for a meeting on or after that day.
alter table matter add column not_before date;

-- A council that is there already looks at its year from now on; a new one from its beginning.
select put_deadline('year_wheel', body_id, clock() + interval '1 day', body_id) from body;

-- migrate:down
alter table matter drop column not_before;
drop policy correct on decision;
drop table year_wheel, meeting_reply, council_invitee, council_calendar, minutes_edition, minutes_answer, minutes,
    meeting_guest, meeting_seat, meeting_action, agenda_item, meeting;
delete from deadline where kind in ('year_wheel', 'minutes_round');

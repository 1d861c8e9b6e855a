-- migrate:up

-- Each new day that something agreed at a meeting got, and why; the day before the first move is the promised one.
create table meeting_action_move (
    move_id uuid primary key,
    action_id uuid not null references meeting_action,
    body_id uuid not null references body,
    number integer not null check (number > 0),
    due_before date not null,
    due_after date not null check (due_after <> due_before),
    reason text not null check (reason <> ''),
    authority text not null default current_authority(),
    moved_by text not null,
    moved_at timestamptz not null default clock(),
    unique (action_id, number)
);

-- Other words that a member wants in the minutes of a point, and what the secretary answered.
create table minutes_correction (
    correction_id uuid primary key,
    meeting_id uuid not null,
    edition integer not null,
    item_id uuid not null references agenda_item,
    body_id uuid not null references body,
    text text not null,
    decision text not null default '',
    reason text not null check (reason <> ''),
    authority text not null,
    proposed_by text not null,
    proposed_at timestamptz not null default clock(),
    accepted boolean check ((accepted is null) = (answered_at is null)),
    answer text not null default '' check (accepted is not false or answer <> ''),
    answered_by text,
    answered_at timestamptz,
    foreign key (meeting_id, edition) references minutes
);
create index minutes_correction_of_meeting on minutes_correction (meeting_id, proposed_at);
create unique index minutes_correction_open on minutes_correction (item_id, proposed_by) where accepted is null;

-- Information on a point that the chief withholds, and how it was released: agenda_item.withheld says what holds now.
create table withholding (
    withholding_id uuid primary key,
    item_id uuid not null references agenda_item,
    body_id uuid not null references body,
    reason text not null check (reason <> ''),
    withheld_by text not null,
    withheld_at timestamptz not null default clock(),
    released_why text check ((released_why is null) = (released_at is null)),
    released_by text,
    released_at timestamptz
);
create unique index withholding_open on withholding (item_id) where released_at is null;
insert into withholding (withholding_id, item_id, body_id, reason, withheld_by)
select gen_random_uuid(), item_id, body_id, withheld, 'sekretariatet' from agenda_item where withheld <> '';

select secure(closed::regclass) from unnest(array['meeting_action_move', 'minutes_correction', 'withholding']) closed;
select admit('seated', closed::regclass, 'select', 'body_id in (select seated_bodies()) or body_id in (select kept_bodies())')
from unnest(array['meeting_action_move', 'minutes_correction', 'withholding']) closed;

-- Who agreed to do something may say that it takes longer, and so may the secretary.
select admit('owner', 'meeting_action', 'update', 'owner = current_secretariat() and body_id in (select seated_bodies())');
select admit('move', 'meeting_action_move', 'insert', null, 'authority = current_authority() and exists (select from meeting_action a
    where a.action_id = meeting_action_move.action_id and a.body_id = meeting_action_move.body_id
    and (a.owner = current_secretariat() or a.body_id in (select kept_bodies())))');

select admit('propose', 'minutes_correction', 'insert', null,
    'authority = current_secretariat() and accepted is null and body_id in (select seated_bodies())');
select admit('answer', 'minutes_correction', 'update', 'body_id in (select kept_bodies())');

select admit('record', 'withholding', 'insert', null, 'body_id in (select kept_bodies())');
select admit('release', 'withholding', 'update', 'body_id in (select kept_bodies())');

-- migrate:down
drop table withholding, minutes_correction, meeting_action_move;
drop policy owner on meeting_action;

-- migrate:up

-- Each council as all its work sees it: whose secretaries keep its papers, and which authorities sit on it.
create table body (
    body_id uuid primary key,
    kind text not null check (kind in ('kredsraad', 'lokalraad')),
    kommunekode text unique check ((kommunekode is null) = (kind = 'kredsraad')),
    secretariats text[] not null,
    parties text[] not null,
    in_service date not null,
    version bigint not null default 0
);
create unique index one_kredsraad on body (kind) where kind = 'kredsraad';

insert into body (body_id, kind, secretariats, parties, in_service)
select kredsraad_id, 'kredsraad', array[secretariat], array(select distinct authority from kredsraad_seat s
    where s.kredsraad_id = k.kredsraad_id order by authority), in_service from kredsraad k;
insert into body (body_id, kind, kommunekode, secretariats, parties, in_service)
select lokalraad_id, 'lokalraad', kommunekode, its.authorities, its.authorities, in_service
from lokalraad l, lateral (select array(select distinct authority from lokalraad_seat s
    where s.lokalraad_id = l.lokalraad_id order by authority) as authorities) its;

select secure('body');
select admit('public', 'body', 'select', 'true');
select admit('establish', 'body', 'insert', null, 'secretariats @> array[current_secretariat()]');
select admit('secretariat', 'body', 'update', 'secretariats @> array[current_secretariat()]');

-- The councils whose papers the asker keeps, and those on which the asker's authority sits.
create function kept_bodies() returns setof uuid language sql stable as
$$ select body_id from body where secretariats @> array[current_secretariat()] $$;
create function seated_bodies() returns setof uuid language sql stable as
$$ select body_id from body where parties @> array[current_secretariat()] $$;

-- What must come on an agenda by itself. The same kind about the same subject is one matter.
create table matter (
    matter_id uuid primary key,
    body_id uuid not null references body,
    kind text not null check (kind ~ '^[a-z]+(_[a-z]+)*$'),
    subject uuid not null,
    title text not null check (length(title) between 1 and 300),
    paragraph text not null default '',
    mandatory boolean not null default false,
    must_decide boolean not null default false,
    state text not null default 'waiting' check (state in ('waiting', 'placed', 'treated', 'withdrawn')),
    raised_at timestamptz not null default clock(),
    treated_at timestamptz,
    meeting_id uuid,
    unique (body_id, kind, subject)
);
create index matter_waiting on matter (body_id) where state = 'waiting';

select secure('matter');
select admit('seated', 'matter', 'select', 'body_id in (select seated_bodies()) or body_id in (select kept_bodies())');
select admit('raise', 'matter', 'insert', null, 'body_id in (select kept_bodies())');
select admit('treat', 'matter', 'update', 'body_id in (select kept_bodies())');

-- What a council has decided, under the minutes' own number; other facts rest on it.
create table decision (
    decision_id uuid primary key,
    body_id uuid not null references body,
    meeting_id uuid not null,
    item_id uuid not null,
    text text not null,
    outcome text not null check (outcome in ('decided', 'start', 'not_start', 'put_off')),
    put_off_to date check ((put_off_to is not null) = (outcome = 'put_off')),
    -- A decision of the kredsraad that each lokalraad must carry out (O-2-09).
    to_carry_out boolean not null default false,
    confidential boolean not null default false,
    decided_at timestamptz not null default clock(),
    recorded_by text not null
);
create index decision_of_body on decision (body_id, decided_at);

select secure('decision');
select admit('open', 'decision', 'select', 'not confidential and current_authority() <> ''''');
select admit('seated', 'decision', 'select', 'body_id in (select seated_bodies()) or body_id in (select kept_bodies())');
select admit('record', 'decision', 'insert', null, 'body_id in (select kept_bodies())');

-- migrate:down
drop table decision, matter;
drop function seated_bodies, kept_bodies;
drop table body;

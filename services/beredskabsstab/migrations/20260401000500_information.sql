-- migrate:up

-- The approver of a warning is called as others are.
alter table call_in drop constraint call_in_kind_check;
alter table call_in add constraint call_in_kind_check
    check (kind in ('step', 'readiness', 'correction', 'stand_down', 'approval')) not valid;

-- How far the line of messages of an activation is counted: its row is the lock under which all of the line changes.
create table information_line (
    activation_id uuid primary key references activation,
    last int not null check (last > 0)
);

-- One number of the line.
create table information (
    information_id uuid primary key,
    activation_id uuid not null references activation,
    number int not null check (number > 0),
    form text not null check (form in ('information', 'warning')),
    audiences text[] not null
        check (audiences <> '{}' and audiences <@ array['internal', 'authorities', 'press', 'population']),
    life_threatening boolean,
    danish jsonb not null,
    english jsonb,
    info jsonb,
    authority text not null,
    written_by text[] not null check (written_by <> '{}'),
    sectors text[] not null,
    standard text not null default '',
    cleared_beforehand text[] not null default '{}',
    state text not null check (state in ('draft', 'clearing', 'cleared', 'returned', 'refused', 'withdrawn', 'approved',
        'sent', 'updated', 'cancelled', 'expired')),
    round int not null default 0,
    submitted_at timestamptz,
    overridden jsonb,
    approval_asked_at timestamptz,
    approval_call_in uuid references call_in,
    approved jsonb,
    is_alone boolean not null default false,
    reviewed jsonb,
    decided jsonb,
    corrects int,
    correction text check (correction in ('update', 'cancel')),
    sent_at timestamptz,
    drafted_at timestamptz not null,
    changed_at timestamptz not null,
    version bigint not null,
    unique (activation_id, number),
    foreign key (activation_id, corrects) references information (activation_id, number),
    check ((corrects is null) = (correction is null)),
    check (corrects < number),
    check ((state in ('sent', 'updated', 'cancelled', 'expired')) = (sent_at is not null)),
    check (sent_at is null or approved is not null),
    -- Whoever wrote any of it approves it only as a chair to whom nobody answered.
    check (is_alone or approved is null or not (written_by @> array[approved ->> 'person']))
);

-- What each affected authority says for its own sector, each time that it is asked.
create table information_clearance (
    information_id uuid not null references information,
    round int not null,
    authority text not null,
    cleared boolean not null,
    person text not null,
    said_at timestamptz not null,
    reason text not null default '',
    primary key (information_id, round, authority),
    check (cleared or reason <> '')
);

-- The population was warned by a channel that is not ours, as an officer records it, and whether it arrived there.
create table information_warned (
    warned_id uuid primary key,
    information_id uuid not null references information,
    channel text not null check (channel <> ''),
    warned_at timestamptz not null,
    receipt text not null check (receipt <> ''),
    recorded_by text not null,
    recorded_at timestamptz not null,
    asked_at timestamptz,
    received boolean,
    checked_by text,
    checked_at timestamptz,
    check ((received is null) = (checked_at is null))
);
create unique index warned_once on information_warned (information_id, lower(channel));

-- What anybody may read, and nothing else: the words, the facts, and the CAP document byte for byte as it was sent.
create table publication (
    information_id uuid primary key references information,
    identifier text not null unique,
    number int not null,
    form text not null,
    danish jsonb not null,
    english jsonb,
    info jsonb,
    sent_at timestamptz not null,
    state text not null,
    changed_at timestamptz not null,
    corrects uuid,
    warned jsonb not null default '[]',
    cap bytea,
    check ((form = 'warning') = (cap is not null))
);
create index publication_by_time on publication (sent_at);

-- Texts for foreseeable events, approved in peacetime; only place, time and grade are open.
create table standard_text (
    standard_id uuid primary key,
    title text not null check (title <> ''),
    danish jsonb not null,
    english jsonb,
    state text not null check (state in ('draft', 'approved')),
    drafted_by text not null,
    authority text not null,
    drafted_at timestamptz not null,
    approved_by text check (approved_by <> drafted_by),
    approved_at timestamptz,
    holds_until timestamptz,
    version bigint not null,
    check ((state = 'approved') = (approved_by is not null and approved_at is not null and holds_until is not null))
);

create table standard_clearance (
    standard_id uuid not null references standard_text,
    authority text not null,
    person text not null,
    said_at timestamptz not null,
    primary key (standard_id, authority)
);

create function next_on_line(its_activation uuid) returns int language sql security definer set search_path = public as
$$ insert into information_line (activation_id, last) values (its_activation, 1)
    on conflict (activation_id) do update set last = information_line.last + 1 returning last $$;

create function hold_line(its_activation uuid) returns void language plpgsql security definer set search_path = public as $$
begin
    perform from information_line where activation_id = its_activation for update;
end $$;

select secure(closed::regclass) from unnest(array['information_line', 'information', 'information_clearance',
    'information_warned', 'publication', 'standard_text', 'standard_clearance']) closed;

select admit('party', 'information_line', 'select', $$is_party(activation_id) or is_police()$$);
select admit('party', 'information', 'select', $$is_party(activation_id)$$);
select admit('police', 'information', 'select', $$is_police()$$);
select admit('writing', 'information', 'insert', null,
    $$authority = current_authority() and (is_party(activation_id) or is_police())$$);
select admit('own', 'information', 'update',
    $$is_party(activation_id) and (authority = current_authority() or current_authority() = any(sectors))$$);
select admit('deciding', 'information', 'update', $$is_police()$$);
select admit('party', 'information_clearance', 'select',
    $$exists (select from information i where i.information_id = information_clearance.information_id)$$);
select admit('sector', 'information_clearance', 'insert', null, $$authority = current_authority()
    and exists (select from information i where i.information_id = information_clearance.information_id)$$);
select admit('changing', 'information_clearance', 'update', $$authority = current_authority()$$);
select admit('party', 'information_warned', 'select',
    $$exists (select from information i where i.information_id = information_warned.information_id)$$);
select admit('recording', 'information_warned', 'insert', null, $$is_police()$$);
select admit('checking', 'information_warned', 'update', $$is_police()$$);
select admit('public', 'publication', 'select', $$true$$);
select admit('police', 'publication', 'insert', null, $$is_police()$$);
select admit('ending', 'publication', 'update', $$is_police()$$);
select admit('staff', 'standard_text', 'select', $$is_of_staff()$$);
select admit('writing', 'standard_text', 'insert', null, $$authority = current_authority() and is_of_staff()$$);
select admit('approving', 'standard_text', 'update', $$is_police()$$);
select admit('staff', 'standard_clearance', 'select', $$is_of_staff()$$);
select admit('own', 'standard_clearance', 'insert', null, $$authority = current_authority() and is_of_staff()$$);

-- What was said and sent stays; of what was published only its end and how it was warned of are written later.
do $$ declare requests text := quote_ident(current_database() || '_api'); begin
    execute 'revoke delete, truncate on information_line, information, information_clearance, information_warned,'
        ' publication, standard_text, standard_clearance from ' || requests;
    execute 'revoke update on publication, information_line from ' || requests;
    execute 'grant update (state, changed_at, warned) on publication to ' || requests;
end $$;

-- migrate:down
drop table standard_clearance, standard_text, publication, information_warned, information_clearance, information,
    information_line cascade;
drop function hold_line, next_on_line;

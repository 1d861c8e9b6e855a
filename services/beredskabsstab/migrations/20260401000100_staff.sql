-- migrate:up

-- Editions of the framework plan (rammeplan); one is in force, and an activation keeps a copy of the one it began with.
create table framework_plan (
    framework_plan_id uuid primary key,
    edition int not null unique check (edition > 0),
    document jsonb not null,
    state text not null check (state in ('draft', 'in_force', 'superseded')),
    drafted_by text not null,
    drafted_at timestamptz not null,
    signed_by text,
    signed_at timestamptz,
    valid_until timestamptz,
    version bigint not null,
    check ((state = 'draft') = (signed_at is null)),
    check (state = 'draft' or valid_until is not null)
);
create unique index one_plan_in_force on framework_plan (state) where state = 'in_force';

-- A room of the police, ready or not as somebody there has said; unknown is ready, or nobody would ever be called to it.
create table facility_status (
    facility text primary key,
    ready boolean not null,
    note text not null default '',
    said_by text not null,
    said_at timestamptz not null,
    version bigint not null
);

create table incident (
    incident_id uuid primary key,
    cause text not null,
    title text not null check (title <> ''),
    place text not null default '',
    municipalities text[] not null,
    expected_from timestamptz,
    expected_to timestamptz,
    state text not null check (state in ('open', 'closed')),
    recorded_by text not null,
    recorded_by_authority text not null,
    recorded_at timestamptz not null,
    version bigint not null,
    check (expected_to is null or expected_from is not null and expected_to > expected_from)
);

create table activation_request (
    request_id uuid primary key,
    incident_id uuid not null references incident,
    authority text not null,
    step text not null,
    reason text not null,
    by_telephone boolean not null,
    entered_by text not null,
    requested_at timestamptz not null,
    state text not null check (state in ('open', 'granted', 'declined')),
    decided_by text,
    decided_at timestamptz,
    decision text,
    check ((state = 'open') = (decided_at is null))
);

create table activation (
    activation_id uuid primary key,
    incident_id uuid not null references incident,
    framework_plan_id uuid references framework_plan,
    plan jsonb not null,
    override_reason text,
    cause text not null,
    municipalities text[] not null,
    title text not null,
    step text not null,
    step_since timestamptz not null,
    state text not null check (state in ('planned', 'active', 'stood_down', 'cancelled', 'handed_over', 'evaluated')),
    starts_at timestamptz not null,
    activated_by text not null,
    activated_at timestamptz not null,
    facility text,
    meets text not null default '',
    ended_at timestamptz,
    ended_by text,
    ended_reason text,
    handed_over_to text,
    version bigint not null,
    check ((state in ('planned', 'active')) = (ended_at is null))
);
-- Two officers who activate in one moment call the staff once.
create unique index one_activation on activation (incident_id) where state in ('planned', 'active');
create index activation_of_incident on activation (incident_id);

create table activation_party (
    activation_id uuid not null references activation,
    authority text not null,
    office text not null,
    sector text not null,
    primary key (activation_id, authority)
);
create index party_by_authority on activation_party (authority);

create table facility_reservation (
    activation_id uuid not null references activation,
    facility text not null,
    alternative boolean not null,
    reserved_at timestamptz not null,
    released_at timestamptz,
    primary key (activation_id, facility)
);
create unique index one_reservation on facility_reservation (facility) where released_at is null;

-- One call to roles of the staff: one alert at alerting, whichever of the two ways told it first.
create table call_in (
    call_in_id uuid primary key,
    activation_id uuid not null references activation,
    number int not null,
    kind text not null check (kind in ('step', 'readiness', 'correction', 'stand_down')),
    step text not null,
    template text not null,
    policy text not null,
    fields jsonb not null,
    places jsonb not null,
    alert_id uuid not null,
    requested_at timestamptz not null,
    raised_at timestamptz,
    handed_over_at timestamptz,
    ended_at timestamptz,
    unique (activation_id, number)
);

-- What is told to alerting over HTTP, in order, until it has taken it: the broker may be away.
create table errand (
    errand_id uuid primary key,
    activation_id uuid not null references activation,
    call_in_id uuid not null references call_in,
    kind text not null check (kind in ('raise', 'answer', 'ad_hoc', 'close')),
    path text not null,
    body jsonb not null,
    made_at timestamptz not null,
    next_try_at timestamptz not null default clock_timestamp(),
    attempts int not null default 0,
    failure text,
    done_at timestamptz
);
create index errand_to_run on errand (next_try_at) where done_at is null;

-- Who was called, with their last answer. `person` is alerting's id of whoever it is: the same in each call-in.
create table member (
    call_id uuid primary key,
    activation_id uuid not null references activation,
    call_in_id uuid not null references call_in,
    person uuid,
    authority text not null,
    office text not null,
    role text not null,
    name text,
    called_at timestamptz,
    reached_at timestamptz,
    ad_hoc boolean not null default false,
    unverified boolean not null default false,
    answer text,
    eta_minutes int,
    answered_at timestamptz,
    answer_number int not null default 0,
    answer_source text,
    arrived_at timestamptz,
    check ((answer is null) = (answered_at is null))
);
create index member_of_activation on member (activation_id);

-- Telephone numbers apart: the desk and the person's own authority see them, the others in the staff do not.
create table member_contact (
    call_id uuid primary key references member on delete cascade,
    authority text not null,
    telephone text not null
);

-- How the rule of a step stands; each reaching and losing is an event.
create table quorum (
    activation_id uuid not null references activation,
    step text not null,
    reached boolean not null,
    changed_at timestamptz not null,
    lacks jsonb not null,
    primary key (activation_id, step)
);

-- How often what the board of an activation shows has changed: its watchers compare.
create table board (
    activation_id uuid primary key references activation,
    version bigint not null
);

create function touch_board(its_id uuid) returns void language sql security definer set search_path = public as
$$ insert into board (activation_id, version) values (its_id, 1)
    on conflict (activation_id) do update set version = board.version + 1 $$;

create function is_police() returns boolean language sql stable as
$$ select current_authority() in ('politi-mvj', 'politi-mvj-vagtcentral') and current_office() in ('', 'beredskab') $$;

create function is_party(its_activation uuid) returns boolean language sql stable security definer set search_path = public as
$$ select exists (select from activation_party where activation_id = its_activation and authority = current_authority()
    and current_office() in ('', office)) $$;

-- The authorities of the staff, by the plan in force or by an activation that they are in.
create function is_of_staff() returns boolean language sql stable security definer set search_path = public as
$$ select is_police()
    or exists (select from framework_plan where state = 'in_force'
        and document -> 'parties' @> jsonb_build_array(jsonb_build_object('authority', current_authority())))
        and current_office() in ('', 'beredskab')
    or exists (select from activation_party where authority = current_authority() and current_office() in ('', office)) $$;

-- Whoever may say something of it may not change it: its version is counted up, and its row locked, by its id alone.
create function bump_activation(its_id uuid) returns bigint language plpgsql security definer set search_path = public as $$
declare counted bigint;
begin
    update activation set version = version + 1 where activation_id = its_id returning version into counted;
    return counted;
end $$;

create function bump_incident(its_id uuid) returns bigint language plpgsql security definer set search_path = public as $$
declare counted bigint;
begin
    update incident set version = version + 1 where incident_id = its_id returning version into counted;
    return counted;
end $$;

select secure(closed::regclass) from unnest(array['framework_plan', 'facility_status', 'incident', 'activation_request',
    'activation', 'activation_party', 'facility_reservation', 'call_in', 'errand', 'member', 'member_contact', 'quorum', 'board']) closed;

select admit('staff', 'framework_plan', 'select', $$is_of_staff()$$);
select admit('police', 'framework_plan', 'all', $$is_police()$$);
select admit('staff', 'facility_status', 'select', $$is_of_staff()$$);
select admit('police', 'facility_status', 'all', $$is_police()$$);
select admit('staff', 'incident', 'select', $$is_of_staff()$$);
select admit('police', 'incident', 'all', $$is_police()$$);
select admit('asking', 'incident', 'insert', null, $$recorded_by_authority = current_authority()$$);
select admit('own', 'incident', 'select', $$recorded_by_authority = current_authority()$$);
select admit('own', 'activation_request', 'select', $$authority = current_authority()$$);
select admit('asking', 'activation_request', 'insert', null, $$authority = current_authority()$$);
select admit('police', 'activation_request', 'all', $$is_police()$$);
select admit('party', 'activation', 'select', $$is_party(activation_id)$$);
select admit('police', 'activation', 'all', $$is_police()$$);
select admit('party', 'activation_party', 'select', $$is_party(activation_id)$$);
select admit('police', 'activation_party', 'all', $$is_police()$$);
select admit('party', 'facility_reservation', 'select', $$is_party(activation_id)$$);
select admit('police', 'facility_reservation', 'all', $$is_police()$$);
select admit('party', 'call_in', 'select', $$is_party(activation_id)$$);
select admit('police', 'call_in', 'all', $$is_police()$$);
select admit('police', 'errand', 'all', $$is_police()$$);
select admit('party', 'member', 'select', $$is_party(activation_id)$$);
select admit('police', 'member', 'all', $$is_police()$$);
select admit('own', 'member_contact', 'select',
    $$authority = current_authority() and call_id in (select call_id from member)$$);
select admit('police', 'member_contact', 'all', $$is_police()$$);
select admit('party', 'board', 'select', $$is_party(activation_id)$$);
select admit('police', 'board', 'select', $$is_police()$$);
select admit('party', 'quorum', 'select', $$is_party(activation_id)$$);
select admit('police', 'quorum', 'all', $$is_police()$$);

-- What the staff did is not undone: no request deletes any of it.
do $$ begin
    execute format('revoke delete on framework_plan, facility_status, incident, activation_request, activation,'
        ' activation_party, facility_reservation, call_in, errand, member, member_contact, quorum from %I',
        current_database() || '_api');
end $$;

-- migrate:down
drop table board, quorum, member_contact, member, errand, call_in, facility_reservation, activation_party, activation,
    activation_request, incident, facility_status, framework_plan cascade;
drop function touch_board, bump_incident, bump_activation, is_of_staff, is_party, is_police;

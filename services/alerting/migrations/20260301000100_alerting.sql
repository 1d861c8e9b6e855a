-- migrate:up

-- People on call, with what an office's planner knows of them. An ad hoc person was added at a desk, with name and number.
create table staff (
    staff_id uuid primary key,
    authority text not null,
    office text not null,
    role text not null,
    name text not null check (name <> ''),
    subject text,
    ad_hoc boolean not null default false,
    added_by text not null,
    added_at timestamptz not null,
    ended_at timestamptz,
    version bigint not null
);
create index staff_of_office on staff (authority, office) where ended_at is null;
create unique index staff_by_subject on staff (authority, office, subject) where ended_at is null and subject is not null;

-- A way to reach somebody. Verified by a test that was answered; dead when the channel says that nobody is there.
create table contact_route (
    route_id uuid primary key,
    staff_id uuid not null references staff,
    channel text not null check (channel in ('sms', 'voice', 'email', 'push', 'webhook')),
    address text not null check (address <> ''),
    secret text,
    rank smallint not null check (rank > 0),
    state text not null check (state in ('unverified', 'verified', 'dead')),
    verified_at timestamptz,
    tested_at timestamptz,
    dead_since timestamptz,
    removed_at timestamptz,
    version bigint not null,
    check (state <> 'verified' or verified_at is not null),
    check ((state = 'dead') = (dead_since is not null))
);
create unique index one_route on contact_route (staff_id, channel, address) where removed_at is null;

-- Who is on duty for an office and role. `line` 1 is called first, 2 is the deputy with equal mandate (stedfortræder).
create table roster (
    roster_id uuid primary key,
    authority text not null,
    office text not null,
    role text not null,
    name text not null check (name <> ''),
    hours text not null check (hours in ('office_hours', 'outside', 'always')),
    line smallint not null check (line > 0),
    feed_key_sha256 text not null,
    in_service date not null,
    ended_on date,
    version bigint not null
);
create index roster_of_office on roster (authority, office) where ended_on is null;

-- A rotation holds from its first day until the next one's: what was on duty stays as it was.
create table rotation (
    roster_id uuid not null references roster,
    starts_on date not null,
    kind text not null check (kind in ('fixed', 'daily', 'weekly')),
    turn_at time not null,
    members uuid[] not null check (cardinality(members) > 0),
    made_by text not null,
    made_at timestamptz not null,
    primary key (roster_id, starts_on)
);

create table swap (
    swap_id uuid primary key,
    roster_id uuid not null references roster,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    offered_by uuid not null references staff,
    taken_by uuid references staff,
    state text not null check (state in ('offered', 'taken', 'withdrawn', 'expired')),
    version bigint not null,
    check (ends_at > starts_at),
    check ((state = 'taken') = (taken_by is not null))
);

-- Somebody else has the duty for a while; nobody, where that is said on purpose.
create table roster_override (
    override_id uuid primary key,
    roster_id uuid not null references roster,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    staff_id uuid references staff,
    swap_id uuid references swap,
    reason text not null,
    made_by text not null,
    made_at timestamptz not null,
    withdrawn_at timestamptz,
    check (ends_at > starts_at)
);
create index override_of_roster on roster_override (roster_id, starts_at) where withdrawn_at is null;

-- One alert a raiser, source event and text: a call-in that comes by event and by HTTP is one.
create table alert (
    alert_id uuid primary key,
    raised_by text not null,
    raised_by_office text not null default '',
    raised_by_subject text not null,
    source_event_id text not null,
    template text not null,
    urgency text not null check (urgency in ('immediate', 'prompt', 'routine')),
    fields jsonb not null,
    case_id uuid not null,
    wanted text not null check (wanted in ('first', 'each')),
    policy jsonb not null,
    state text not null check (state in ('open', 'closed')),
    raised_at timestamptz not null,
    closed_at timestamptz,
    closed_reason text,
    version bigint not null,
    unique (raised_by, source_event_id, template),
    check ((state = 'closed') = (closed_at is not null and closed_reason is not null))
);
create index alert_of_case on alert (case_id);

-- One path an office and role, all in parallel; `policy` of the alert is a copy, so that a later edit changes nothing.
create table escalation (
    escalation_id uuid primary key,
    alert_id uuid not null references alert,
    raised_by text not null,
    raised_by_office text not null default '',
    authority text not null,
    office text not null,
    role text not null,
    steps_taken smallint not null default 0,
    state text not null check (state in ('running', 'answered', 'unreached', 'stopped')),
    ended_at timestamptz,
    unique (alert_id, authority, office, role),
    check ((state = 'running') = (ended_at is null))
);

-- One person within one alert. Name and telephone are copies: the board shows them to who called, and history stays.
create table call (
    call_id uuid primary key,
    alert_id uuid not null references alert,
    escalation_id uuid not null references escalation,
    staff_id uuid not null references staff,
    raised_by text not null,
    raised_by_office text not null default '',
    authority text not null,
    office text not null,
    role text not null,
    name text not null,
    telephone text,
    letter text not null check (letter ~ '^[A-Z]$'),
    state text not null check (state in ('called', 'reached', 'answered', 'stopped')),
    answer text check (answer in ('seen', 'coming', 'virtual', 'cannot', 'arrived')),
    eta_minutes int check (eta_minutes between 0 and 1440),
    answered_at timestamptz,
    answer_source text,
    answers int not null default 0,
    called_at timestamptz not null,
    reached_at timestamptz,
    unique (alert_id, staff_id),
    check ((answer is null) = (answered_at is null)),
    check (state <> 'answered' or answer is not null)
);
create index call_of_staff on call (staff_id, called_at);

-- Every answer as it came; the one with the highest number counts.
create table answer (
    call_id uuid not null references call,
    number int not null check (number > 0),
    answer text not null,
    eta_minutes int,
    source text not null,
    recorded_by text,
    said text,
    answered_at timestamptz not null,
    primary key (call_id, number)
);

-- One message to one person by one channel in one wave. `key` is the same on every try and at every provider.
create table delivery (
    delivery_id uuid primary key,
    alert_id uuid not null references alert,
    call_id uuid not null references call,
    route_id uuid not null references contact_route,
    raised_by text not null,
    raised_by_office text not null default '',
    authority text not null,
    office text not null,
    channel text not null,
    wave smallint not null,
    key text not null unique,
    urgency smallint not null,
    state text not null
        check (state in ('queued', 'sending', 'accepted', 'delivered', 'failed', 'expired', 'superseded')),
    provider text,
    providers_tried text[] not null default '{}',
    attempts int not null default 0,
    next_try_at timestamptz not null default clock_timestamp(),
    attempt_ends timestamptz,
    possible_duplicate boolean not null default false,
    provider_reference text,
    provider_sequence bigint not null default 0,
    failure text,
    created_at timestamptz not null default clock_timestamp(),
    handed_over_at timestamptz,
    receipt_due_at timestamptz,
    delivered_at timestamptz,
    ended_at timestamptz,
    check ((state = 'sending') = (attempt_ends is not null)),
    check (state not in ('accepted', 'delivered') or handed_over_at is not null)
);
create index delivery_to_send on delivery (urgency, next_try_at) where state = 'queued';
create index delivery_under_way on delivery (attempt_ends) where state = 'sending';
create index delivery_without_receipt on delivery (receipt_due_at) where state = 'accepted' and receipt_due_at is not null;
create index delivery_of_call on delivery (call_id);
create index delivery_by_reference on delivery (provider, provider_reference);

-- What providers told us, each once; handled afterwards, so that a crash in between loses nothing.
create table callback (
    provider text not null,
    message_id text not null,
    kind text not null check (kind in ('receipt', 'reply', 'keypad')),
    body jsonb not null,
    received_at timestamptz not null default clock_timestamp(),
    handled_at timestamptz,
    outcome text,
    call_id uuid,
    primary key (provider, message_id)
);
create index callback_to_handle on callback (received_at) where handled_at is null;

-- What a provider did of late, so that the next message takes the other one at once.
create table provider_state (
    provider text primary key,
    failing_since timestamptz,
    last_ok_at timestamptz,
    last_failure text
);

-- Read: who asks, where it is a link or a provider and no token.
create function current_subject() returns text language sql stable parallel safe as
$$ select coalesce(current_setting('samvirke.subject', true), '') $$;

create function linked_call() returns uuid language sql stable as
$$ select case when current_authority() = 'link' then substring(current_subject() from '^call:(.*)$')::uuid end $$;

create function linked_alert() returns uuid language sql stable security definer set search_path = public as
$$ select alert_id from call where call_id = linked_call() $$;

create function is_own(its_authority text, its_office text) returns boolean language sql stable as
$$ select its_authority = current_authority() and current_office() in ('', its_office) $$;

-- Who may answer may not change the alert: its version is counted up, and its row locked, by its id alone.
create function bump_alert(its_id uuid) returns bigint language plpgsql security definer set search_path = public as $$
declare counted bigint;
begin
    update alert set version = version + 1 where alert_id = its_id returning version into counted;
    return counted;
end $$;

select secure(closed::regclass) from unnest(array['staff', 'contact_route', 'roster', 'rotation', 'swap', 'roster_override',
    'alert', 'escalation', 'call', 'answer', 'delivery', 'callback', 'provider_state']) closed;

select admit('own_office', 'staff', 'all', $$is_own(authority, office)$$);
select admit('own_office', 'contact_route', 'all', $$staff_id in (select staff_id from staff)$$);
select admit('own_office', 'roster', 'all', $$is_own(authority, office)$$);
select admit('own_office', 'rotation', 'all', $$roster_id in (select roster_id from roster)$$);
select admit('own_office', 'swap', 'all', $$roster_id in (select roster_id from roster)$$);
select admit('own_office', 'roster_override', 'all', $$roster_id in (select roster_id from roster)$$);

-- Who raised an alert sees all of it; whose people are called sees the alert and its own people; a link its own alert.
select admit('raiser', 'alert', 'all', $$is_own(raised_by, raised_by_office)$$);
select admit('raiser', 'escalation', 'all', $$is_own(raised_by, raised_by_office)$$);
select admit('raiser', 'call', 'all', $$is_own(raised_by, raised_by_office)$$);
select admit('raiser', 'delivery', 'all', $$is_own(raised_by, raised_by_office)$$);
select admit('called', 'escalation', 'select', $$is_own(authority, office)$$);
select admit('called', 'alert', 'select', $$alert_id in (select alert_id from escalation)$$);
select admit('called', 'call', 'select', $$is_own(authority, office)$$);
select admit('called_answers', 'call', 'update', $$is_own(authority, office)$$);
select admit('called', 'delivery', 'select', $$is_own(authority, office)$$);
select admit('called_answers', 'delivery', 'update', $$is_own(authority, office)$$);
select admit('linked', 'alert', 'select', $$alert_id = linked_alert()$$);
select admit('linked', 'call', 'select', $$alert_id = linked_alert()$$);
select admit('answering', 'call', 'update', $$call_id = linked_call()$$);
select admit('linked', 'delivery', 'select', $$call_id = linked_call()$$);
select admit('answering', 'delivery', 'update', $$call_id = linked_call()$$);
select admit('parties', 'answer', 'select', $$call_id in (select call_id from call)$$);
select admit('saying', 'answer', 'insert', null,
    $$call_id = linked_call() or current_authority() <> 'link' and call_id in (select call_id from call)$$);

select admit('told', 'callback', 'insert', null,
    $$current_authority() = 'provider' and current_subject() = provider$$);
select admit('seen', 'callback', 'select', $$current_authority() = 'provider' and current_subject() = provider$$);

-- People end, duties are withdrawn, alerts close: no request deletes any of it.
do $$ begin
    execute format('revoke delete on staff, contact_route, roster, rotation, swap, roster_override, alert, escalation, call,'
        ' answer, delivery, callback, provider_state from %I', current_database() || '_api');
end $$;

-- migrate:down
drop table provider_state, callback, delivery, answer, call, escalation, alert, roster_override, swap, rotation, roster,
    contact_route, staff cascade;
drop function bump_alert, is_own, linked_alert, linked_call, current_subject;

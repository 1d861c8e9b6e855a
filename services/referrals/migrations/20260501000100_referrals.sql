-- migrate:up

-- A charge that calls for an offer. Outside the district nobody is named: that there was one is all that is kept.
create table charge (
    charge_id uuid primary key,
    person_id uuid,
    kind text not null,
    charged_at timestamptz not null,
    kommune text not null check (kommune ~ '^\d{4}$'),
    programme text not null,
    state text not null check (state in ('offered', 'informed', 'accepted', 'declined', 'outside_scope')),
    inform_by timestamptz,
    informed_at timestamptz,
    informed_by text,
    answered_at timestamptz,
    authority text not null default current_authority(),
    office text not null default current_office(),
    recorded_at timestamptz not null default clock(),
    version bigint not null default 1,
    check (state <> 'outside_scope' or person_id is null),
    check ((state = 'outside_scope') = (inform_by is null)),
    check ((informed_at is null) = (informed_by is null))
);
create index charge_waiting on charge (authority, office, inform_by) where state in ('offered', 'informed');
create index charge_of_person on charge (person_id) where person_id is not null;

-- One answer of one person; several referrals may rest on it.
create table consent (
    consent_id uuid primary key,
    person_id uuid,
    programme text not null,
    consenter text not null,
    state text not null check (state in ('not_asked', 'asked', 'given', 'declined', 'withdrawn')),
    answered_at timestamptz,
    ended_at timestamptz,
    authority text not null default current_authority(),
    office text not null default current_office(),
    version bigint not null default 1
);
create index consent_of_person on consent (person_id) where person_id is not null;

create table referral (
    referral_id uuid primary key,
    case_id uuid not null,
    programme text not null,
    person_id uuid,
    sender text not null default current_authority(),
    sender_office text not null default current_office(),
    receiver text not null,
    receiver_office text not null,
    kommune text not null check (kommune ~ '^\d{4}$'),
    age_band text not null,
    state text not null check (state in ('draft', 'awaiting_consent', 'requested', 'received', 'accepted', 'rejected',
        'rerouted', 'in_progress', 'on_hold', 'completed', 'failed', 'cancelled', 'withdrawn', 'expired',
        'entered_in_error')),
    due_at timestamptz,
    code text not null default '',
    cancel_proposed boolean not null default false,
    was_taken boolean not null default false,
    minimisation_due boolean not null default false,
    settled boolean not null default false,
    contact_text_id uuid,
    reason_text_id uuid,
    told_facts jsonb not null default '{}',
    verdict jsonb not null,
    requested_at timestamptz not null default clock(),
    first_contact_at timestamptz,
    ended_at timestamptz,
    version bigint not null
);
-- Nobody is handed over twice to the same at the same time.
create unique index referral_open_once on referral (person_id, programme, receiver, receiver_office)
    where state in ('draft', 'awaiting_consent', 'requested', 'received', 'accepted', 'rerouted', 'in_progress', 'on_hold');
create index referral_of_receiver on referral (receiver, receiver_office, state, due_at);
create index referral_of_sender on referral (sender, sender_office, state, due_at);
create index referral_of_person on referral (person_id) where person_id is not null;

create table referral_consent (
    referral_id uuid not null references referral on delete cascade,
    consent_id uuid not null references consent,
    primary key (referral_id, consent_id)
);
create index referral_resting on referral_consent (consent_id);

-- Who asks, as authority and office together; no one's is null, which is equal to nothing.
create function current_seat() returns text language sql stable parallel safe as
$$ select nullif(current_authority(), '') || '.' || current_office() $$;

select secure(closed::regclass) from unnest(array['charge', 'consent', 'referral', 'referral_consent']) closed;

select admit('own', 'charge', 'all', $$ authority || '.' || office = current_seat() $$,
    $$ authority || '.' || office = current_seat() $$);

-- A draft is the sender's alone; the receiver sees it from the request on.
select admit('send', 'referral', 'insert', null, $$ sender || '.' || sender_office = current_seat() $$);
select admit('parties', 'referral', 'select', $$ sender || '.' || sender_office = current_seat()
    or (receiver || '.' || receiver_office = current_seat() and state not in ('draft', 'awaiting_consent')) $$);
select admit('decide', 'referral', 'update', $$ sender || '.' || sender_office = current_seat()
    or (receiver || '.' || receiver_office = current_seat() and state not in ('draft', 'awaiting_consent')) $$);

select admit('rest', 'referral_consent', 'insert', null, $$ exists (select from referral r
    where r.referral_id = referral_consent.referral_id and r.sender || '.' || r.sender_office = current_seat()) $$);
select admit('parties', 'referral_consent', 'select', $$ exists (select from referral r
    where r.referral_id = referral_consent.referral_id) $$);

-- Who asked for it keeps it; who has a referral that rests on it sees how it stands.
select admit('ask', 'consent', 'insert', null, $$ authority || '.' || office = current_seat() $$);
select admit('parties', 'consent', 'select', $$ authority || '.' || office = current_seat() or exists (
    select from referral_consent c where c.consent_id = consent.consent_id) $$);
select admit('decide', 'consent', 'update', $$ authority || '.' || office = current_seat() $$);

-- migrate:down
drop table referral_consent, referral, consent, charge;
drop function current_seat;

-- migrate:up

alter table referral
    add column parent_id uuid,
    add column passed_by text,
    add column continues_id uuid references referral,
    add column depth integer not null default 0 check (depth between 0 and 2),
    add column counterpart_id uuid,
    -- Whoever takes part besides sender and receiver, as authority and office: they see how far it is, and no more.
    add column parties text[] not null default '{}',
    add column forget_at timestamptz,
    add column receiver_seat text generated always as (receiver || '.' || receiver_office) stored,
    add check ((parent_id is null) = (passed_by is null)),
    add unique (referral_id, sender, sender_office, programme, receiver_seat),
    -- Only who received one passes it on, and for nobody but its own sender.
    add foreign key (parent_id, sender, sender_office, programme, passed_by)
        references referral (referral_id, sender, sender_office, programme, receiver_seat);
create index referral_parent on referral (parent_id) where parent_id is not null;
create index referral_continues on referral (continues_id) where continues_id is not null;
create index referral_of_counterpart on referral (counterpart_id) where counterpart_id is not null;

-- A draft that names the same person is no hand-over yet.
drop index referral_open_once;
create unique index referral_open_once on referral (person_id, programme, receiver, receiver_office)
    where state in ('awaiting_consent', 'requested', 'received', 'accepted', 'rerouted', 'in_progress', 'on_hold');

select admit('pass_on', 'referral', 'insert', null, $$ passed_by = current_seat() $$);
select admit('passed', 'referral', 'select', $$ passed_by = current_seat() $$);
select admit('takes_part', 'referral', 'select',
    $$ current_seat() = any(parties) and state not in ('draft', 'awaiting_consent') $$);
select admit('pass_on', 'referral_consent', 'insert', null, $$ exists (select from referral r
    where r.referral_id = referral_consent.referral_id and r.passed_by = current_seat()) $$);

-- migrate:down
drop index referral_open_once;
create unique index referral_open_once on referral (person_id, programme, receiver, receiver_office)
    where state in ('draft', 'awaiting_consent', 'requested', 'received', 'accepted', 'rerouted', 'in_progress', 'on_hold');
drop policy pass_on on referral_consent;
drop policy takes_part on referral;
drop policy passed on referral;
drop policy pass_on on referral;
alter table referral drop column parent_id, drop column passed_by, drop column continues_id, drop column depth,
    drop column counterpart_id, drop column parties, drop column forget_at, drop column receiver_seat;

-- migrate:up

-- Who refused a message for good is not asked again. A notice is a message of our own to somebody who was called: how to
-- answer, which call, a dead route; its text is not the alert's.
alter table delivery
    add column refused_by text[] not null default '{}',
    add column notice text,
    add column notice_fields jsonb not null default '{}';

-- Each channel has room of its own: one whose providers hang holds up no other.
drop index delivery_to_send;
create index delivery_to_send on delivery (channel, urgency, next_try_at) where state = 'queued';

-- The calls that a reply may have been to, where it was not understood or did not say which: their boards show it.
alter table callback add column about uuid[] not null default '{}';
create index callback_about on callback using gin (about);
select admit('shown', 'callback', 'select', $$current_authority() not in ('link', 'provider')
    and exists (select from call where call_id = any(about))$$);

-- A provider that has told of nothing since a message is silent, and not the message's phone switched off.
alter table provider_state add column last_receipt_at timestamptz;

create index route_by_address on contact_route (address) where removed_at is null;

-- migrate:down
drop index route_by_address;
alter table provider_state drop column last_receipt_at;
drop policy shown on callback;
drop index callback_about;
alter table callback drop column about;
drop index delivery_to_send;
create index delivery_to_send on delivery (urgency, next_try_at) where state = 'queued';
alter table delivery drop column notice_fields, drop column notice, drop column refused_by;

-- migrate:up

-- A board looks for what was said about its calls. Under row-level security only a condition that leaks nothing may go
-- before the policy: a kind and a time, not the list of calls.
create index callback_said on callback (received_at) where kind <> 'receipt';

-- migrate:down
drop index callback_said;

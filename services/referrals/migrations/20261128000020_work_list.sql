-- migrate:up

-- A work list is as quick out of a million as out of a thousand: what is open is found by the office alone.
alter table referral add column sender_seat text generated always as (sender || '.' || sender_office) stored;
drop index referral_of_receiver;
drop index referral_of_sender;
create index referral_to_do_received on referral (receiver_seat, due_at)
    where ended_at is null or minimisation_due or (state = 'expired' and not settled);
create index referral_to_do_sent on referral (sender_seat, due_at)
    where ended_at is null or minimisation_due or (state = 'expired' and not settled);
create index referral_ended_received on referral (receiver_seat, ended_at) where ended_at is not null;
create index referral_ended_sent on referral (sender_seat, ended_at) where ended_at is not null;

-- migrate:down
drop index referral_ended_sent, referral_ended_received, referral_to_do_sent, referral_to_do_received;
create index referral_of_receiver on referral (receiver, receiver_office, state, due_at);
create index referral_of_sender on referral (sender, sender_office, state, due_at);
alter table referral drop column sender_seat;

-- migrate:up

-- Whoever is moved out of a meeting is told so, once for each invitation.
alter table mailing drop constraint mailing_kind_check;
alter table mailing add constraint mailing_kind_check
    check (kind in ('invitation', 'cancellation', 'withdrawal', 'agenda', 'round', 'link'));

-- Answers count from the edition that last said another time or place; later ones only say who is invited.
alter table meeting add column answers_from integer not null default 0;
update meeting set answers_from = sequence where sequence > 0;

-- Two members may be reached at one address, and each is invited; the list holds an address once.
drop index council_invitee_address;
create unique index council_invitee_address on council_invitee (body_id, address)
    where removed_at is null and member_id is null;

-- migrate:down
drop index council_invitee_address;
create unique index council_invitee_address on council_invitee (body_id, address) where removed_at is null;
alter table meeting drop column answers_from;
delete from mailing where kind = 'withdrawal';
alter table mailing drop constraint mailing_kind_check;
alter table mailing add constraint mailing_kind_check
    check (kind in ('invitation', 'cancellation', 'agenda', 'round', 'link'));

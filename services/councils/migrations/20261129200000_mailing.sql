-- migrate:up

-- An invitation of a member goes to the address under which the member is reached, and ends with the member's time.
alter table council_invitee add column member_id uuid;
create unique index council_invitee_member on council_invitee (body_id, member_id)
    where removed_at is null and member_id is not null;

-- Mail that goes out, or went: who and what by id alone. Neither address, words nor link stand here.
create table mailing (
    mailing_id uuid primary key,
    body_id uuid not null references body,
    kind text not null check (kind in ('invitation', 'cancellation', 'agenda', 'round', 'link')),
    subject uuid not null,
    edition integer not null default 0,
    invitee_id uuid references council_invitee,
    member_id uuid,
    purpose text not null default '',
    until timestamptz not null,
    state text not null default 'waiting' check (state in ('waiting', 'sent', 'failed', 'dropped')),
    sent_at timestamptz check ((sent_at is not null) = (state = 'sent')),
    failure text not null default '',
    tries integer not null default 0,
    next_try_at timestamptz not null default clock_timestamp(),
    claimed_until timestamptz,
    queued_by text not null,
    queued_at timestamptz not null default clock(),
    check (invitee_id is not null or member_id is not null),
    check ((kind = 'link') = (invitee_id is null)),
    check (purpose <> '' or kind <> 'link'),
    check (purpose = '' or member_id is not null)
);
-- One mail of a kind and edition to a recipient: pressing twice sends once.
create unique index mailing_once on mailing (subject, kind, edition, invitee_id)
    where invitee_id is not null and state <> 'dropped';
create index mailing_of_body on mailing (body_id, queued_at);
create index mailing_waiting on mailing (next_try_at) where state = 'waiting';

select secure('mailing');
select admit('secretariat', 'mailing', 'select', 'body_id in (select kept_bodies())');
select admit('queue', 'mailing', 'insert', null, 'body_id in (select kept_bodies()) and state = ''waiting''');
select admit('again', 'mailing', 'update', 'body_id in (select kept_bodies())');

-- migrate:down
drop table mailing;
drop index council_invitee_member;
alter table council_invitee drop column member_id;

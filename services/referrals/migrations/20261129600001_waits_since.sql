-- migrate:up

-- Since when it waits where it is now: a list says that, and not only since when it is there. Of what is older than this
-- column nobody has written it down, so the last moment that is known stands for it.
alter table referral add column waits_since timestamptz not null default clock();
update referral set waits_since = coalesce(ended_at, first_contact_at, requested_at);
alter table course add column waits_since timestamptz not null default clock();
update course set waits_since = coalesce(ended_at, opened_at);

-- What a group's member has been asked, and asks, is found by the office alone.
create index question_of_asked on question (asked_authority, asked_office) where answered_at is null;
create index question_of_asker on question (authority, office) where answered_at is null;

-- migrate:down
drop index question_of_asker, question_of_asked;
alter table course drop column waits_since;
alter table referral drop column waits_since;

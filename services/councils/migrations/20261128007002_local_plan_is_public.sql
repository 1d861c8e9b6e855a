-- migrate:up

-- Whether everybody may read what a council's plan of a year holds: from its first edition, the kredsraad's and a lokalraad's.
create or replace function plan_is_public(council uuid, its_year integer) returns boolean language sql stable as
$$ select exists (select from body where body_id = council and kind = 'kredsraad')
    and exists (select from samarbejdsplan_edition where year = its_year)
    or exists (select from local_plan_edition e join body using (kommunekode)
        where body_id = council and e.year = its_year) $$;

-- What was agreed at meetings before this day is brought up too when its day has passed.
select put_deadline('agreed_due', action_id, (due + 1)::timestamp at time zone 'Europe/Copenhagen', meeting_id)
from meeting_action where done_at is null;

-- migrate:down
create or replace function plan_is_public(council uuid, its_year integer) returns boolean language sql stable as
$$ select exists (select from body where body_id = council and kind = 'kredsraad')
    and exists (select from samarbejdsplan_edition where year = its_year) $$;

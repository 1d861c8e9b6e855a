-- migrate:up

-- Which point of published minutes dealt with which published plan. Both are public, and of what lies between them, the
-- agenda and the matter, nobody gets more than that they belong together. A plan that was corrected afterwards was dealt
-- with as its first edition after the meeting.
create function public_consultations()
    returns table (meeting_id uuid, item_id uuid, body_id uuid, paper text, decided boolean, at timestamptz)
    language sql stable security definer set search_path = public as
$$
select e.meeting_id, a.item_id, e.body_id, its.paper, a.outcome in ('decided', 'start', 'not_start'),
    greatest(e.published_at, its.published_at)
from matter m
join agenda_item a using (matter_id)
join minutes_edition e on e.meeting_id = a.meeting_id
join meeting on meeting.meeting_id = a.meeting_id
cross join lateral (
    (select 'plan-' || p.year || '-' || p.edition as paper, p.published_at from samarbejdsplan_edition p
        where m.kind = 'plan_to_discuss' and p.samarbejdsplan_id = m.subject and p.published_at > meeting.starts_at
        order by p.published_at, p.year limit 1)
    union all
    (select 'lokalplan-' || l.kommunekode || '-' || l.year || '-' || l.edition, l.published_at from local_plan_edition l
        where m.kind = 'local_plan_to_approve' and l.local_plan_id = m.subject and l.published_at > meeting.starts_at
        order by l.published_at limit 1)
) its
where m.kind in ('plan_to_discuss', 'local_plan_to_approve') and a.state = 'treated' and not a.confidential
    and exists (select from jsonb_array_elements(e.document -> 'items') point
        where (point ->> 'item_id')::uuid = a.item_id)
$$;

-- migrate:down
drop function public_consultations;

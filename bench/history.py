"""The history of the councils, made by SQL: meetings with minutes, plans, lists and terms of some years."""

from tests.system.playing import World

_MEETINGS = """
insert into meeting (meeting_id, body_id, ordinary, starts_at, ends_at, place, state, noticed_at, agenda_sent_at,
    number, quorate)
select gen_random_uuid(), body_id, true, at, at + interval '2 h', 'Rådhuset', 'closed', at - interval '30 d',
    at - interval '10 d', n, true
from body, generate_series($1::int, $2::int) year, generate_series(1, 4) n,
    lateral (select make_timestamptz(year, 3 * n - 1, 10, 13, 0, 0, 'Europe/Copenhagen') as at) its
"""
_MINUTES = """
insert into minutes_edition (meeting_id, body_id, document, document_sha256, published_at)
select meeting_id, body_id, jsonb_build_object('body_id', body_id, 'council', case kind
    when 'kredsraad' then 'Kredsrådet' else 'Lokalrådet ' || kommunekode end,
    'number', 'møde nr. ' || number || '/' || extract(year from starts_at),
    'ordinary', true, 'starts_at', starts_at, 'ends_at', ends_at, 'place', place, 'open_to_public', false,
    'quorate', true, 'lacking', '', 'guests', '[]'::jsonb, 'left_out',
    '[{"title": "PSP", "reason": "Behandles på næste møde.", "confidential": false}]'::jsonb,
    'attendance', (select jsonb_agg(jsonb_build_object('seat', party || '.raad', 'status', 'present'))
        from unnest(parties) party),
    'items', (select jsonb_agg(jsonb_build_object('no', n, 'item_id', gen_random_uuid(), 'code', '', 'title',
        'Punkt ' || n, 'responsible', '', 'kind', 'droeftelse', 'paragraph', '', 'sammenhaeng', null, 'text',
        repeat('Rådet drøftede natteliv og tryghed. ', 10), 'outcome', 'decided', 'decision_id', gen_random_uuid(),
        'decision', 'Rådet besluttede en fælles indsats.', 'put_off_to', null, 'withheld', '', 'actions',
        jsonb_build_array(jsonb_build_object('task', 'Kontakt skolerne.', 'owner', 'politi-mvj', 'due', '2026-05-01'))))
        from generate_series(1, 12) n)), md5(meeting_id::text), ends_at + interval '20 d'
from meeting join body using (body_id) where state = 'closed'
    and not exists (select from minutes_edition e where e.meeting_id = meeting.meeting_id)
"""
_PLANS = """
insert into samarbejdsplan_edition (samarbejdsplan_id, year, edition, document_sha256, published_at, content)
select samarbejdsplan_id, its, 1, document_sha256, make_timestamptz(its, 2, 1, 12, 0, 0, 'Europe/Copenhagen'),
    jsonb_set(content, '{document,year}', to_jsonb(its))
from samarbejdsplan_edition, generate_series($1::int, $2::int) its
where year = 2023 and edition = 1 on conflict do nothing
"""
_LOCAL_PLANS = """
insert into local_plan (local_plan_id, body_id, samarbejdsplan_id, year, state, document)
select gen_random_uuid(), body_id, samarbejdsplan_id, its, 'published', jsonb_build_object('title',
    'Lokal plan ' || its, 'year', its, 'work_areas', '[{"number": "1", "title": "Natteliv", "description": [{"kind":
    "paragraph", "text": "Færre slagsmål i weekenden."}, {"kind": "list", "items": ["Vagt", "Lys"]}], "initiatives":
    []}]'::jsonb, 'focus_areas', '[{"number": "1", "title": "Tryg aften", "initiatives": []}]'::jsonb,
    'decisions', '[]'::jsonb, 'sections',
    '[{"number": "2", "heading": "Baggrund", "blocks": [], "sections": []}]'::jsonb)
from body, samarbejdsplan s, generate_series($1::int, $2::int) its where kind = 'lokalraad' and s.year = 2023
on conflict do nothing
"""
_LOCAL_EDITIONS = """
insert into local_plan_edition (local_plan_id, kommunekode, year, edition, document_sha256, published_at, content)
select local_plan_id, kommunekode, year, 1, md5(local_plan_id::text),
    make_timestamptz(year, 1, 10, 12, 0, 0, 'Europe/Copenhagen'),
    jsonb_build_object('document', document, 'approvals', '[{"side": "politi", "holder": "Rikke Dam", "approved_at":
    "2026-01-05T09:00:00+00:00"}, {"side": "kommune", "holder": "Jens Birk", "approved_at":
    "2026-01-06T09:00:00+00:00"}]'::jsonb)
from local_plan join body using (body_id) where state = 'published' on conflict do nothing
"""
_LISTS = """
insert into area_list (area_list_id, kind, year, version)
select gen_random_uuid(), kind, its, 1 from unnest(array['udsat', 'omdannelse', 'forebyggelse']) kind,
    generate_series($1::int, $2::int) its on conflict do nothing
"""
_LIST_EDITIONS = """
insert into area_list_edition (area_list_id, edition, issuer, source, imported_by)
select area_list_id, 1, 'Ministeriet', 'Listen af 1. december ' || year, 'bench' from area_list on conflict do nothing
"""
_LISTED = """
insert into listed_area (area_list_id, edition, area_id, crime_criterion)
select l.area_list_id, 1, area_id, true from area_list l join area_list_edition e using (area_list_id), area
where l.kind = 'forebyggelse' and e.imported_by = 'bench' on conflict do nothing
"""
_TERMS = """
insert into office_term (kredsraad_id, authority, office, holder, valid_from, valid_to)
select kredsraad_id, authority, office, 'Valgt ' || its, make_date(its, 1, 1), make_date(its + 1, 12, 31)
from kredsraad_seat, generate_series($1::int, $2::int, 2) its where its + 1 < 2018 on conflict do nothing
"""


def fill(world: World, first: int, last: int) -> None:
    """Give every council a history of some years, both counted in; the plan of 2023 must be loaded."""
    for statement in (_MEETINGS, _PLANS, _LOCAL_PLANS, _LISTS, _TERMS):
        world.sql_in("councils", statement, first, last)
    for statement in (_MINUTES, _LOCAL_EDITIONS, _LIST_EDITIONS, _LISTED, "analyze"):
        world.sql_in("councils", statement)

"""A year of history for the public pages and the open data, of which some is closed to everyone."""

from uuid import UUID, uuid4

from bench.history import fill
from tests.component.councils.seating import Councils

YEAR = 2025
CLOSED = "Hemmelig"
"""Stands in everything that nobody but the council may read."""


def begin(made: Councils) -> None:
    """Fill the year, and plan a meeting ahead."""
    fill(made.world, YEAR, YEAR)
    herning = made.body("0657")
    _something_closed(made, UUID(herning))
    _plans_dealt_with(made)
    _a_school(made)
    made.sql(
        "insert into meeting (meeting_id, body_id, ordinary, starts_at, ends_at, place) values ($1, $2, true,"
        " clock() + interval '40 d', clock() + interval '40 d 2 h', 'Rådhuset i Herning')",
        *(uuid4(), UUID(herning)),
    )


def _something_closed(made: Councils, body_id: UUID) -> None:
    """Enter a deputy, a member without public office, and a confidential point: nobody but the council reads them."""
    for kind, side, authority in (("deputy", "kommune", "kommune-0657"), ("member", "civil", "")):
        made.sql(
            "insert into council_member (member_id, body_id, kind, side, authority, function, holder, valid_from,"
            " entered_by) values ($1, $2, $3, $4, $5, $6, $7, '2025-01-01', 'test')",
            *(uuid4(), body_id, kind, side, authority, f"{CLOSED} funktion", f"{CLOSED} person"),
        )
    made.sql(
        "insert into agenda_item (item_id, meeting_id, body_id, place, came_by, title, kind, confidential, proposed_by)"
        " select gen_random_uuid(), meeting_id, body_id, 99, 'proposal', $2, 'orientering', true, 'test'"
        " from meeting where body_id = $1",
        *(body_id, f"{CLOSED} punkt"),
    )


def _a_school(made: Councils) -> None:
    school = uuid4()
    made.sql(
        "insert into school (school_id, kommunekode, title, school_type) values ($1, '0657', $2, 'grundskole')",
        *(school, "Prøveskolen"),
    )
    made.sql(
        "insert into school_contact (contact_id, school_id, side, role_title, mail, phone) values"
        " ($1, $2, 'police', 'Lokalpolitiet i Herning', 'lokalpoliti@politi.example', '96141448')",
        *(uuid4(), school),
    )


def _plans_dealt_with(made: Councils) -> None:
    """Let a point of the kredsraad's first meeting have dealt with the plan of 2023."""
    plan_id, body_id = made.sql("select samarbejdsplan_id from samarbejdsplan where year = 2023"), UUID(made.body())
    matter_id, point = uuid4(), "(document #>> '{items,3,item_id}')::uuid"
    made.sql(
        "insert into matter (matter_id, body_id, kind, subject, title) values ($1, $2, 'plan_to_discuss', $3, 'Plan')",
        *(matter_id, body_id, plan_id),
    )
    made.sql(
        "insert into agenda_item (item_id, meeting_id, body_id, place, came_by, code, title, kind, matter_id, state,"
        f" outcome, proposed_by) select {point}, meeting_id, body_id, 4, 'matter', 'plan_to_discuss', 'Plan',"
        " 'beslutning', $2, 'treated', 'decided', 'test' from minutes_edition where body_id = $1"
        " order by published_at limit 1",
        *(body_id, matter_id),
    )

"""One of each thing that everyone may read of what councils follow up, of figures and of areas, for their schemas."""

from uuid import UUID, uuid4

from tests.component.councils.history import YEAR
from tests.component.councils.seating import Councils

AGREEMENT = uuid4()


def tell(made: Councils) -> None:
    """Enter everything, beside the history of a year."""
    body_id = UUID(made.body())
    decision_id = UUID(made.decision(made.body()))
    _followed_up(made, body_id, decision_id)
    _agreed(made, body_id)
    _counted(made)
    _known_of_an_area(made)
    made.sql(
        "insert into vice_chair (vice_chair_id, body_id, authority, member_id, decision_id, votes, by_lot, elected_on,"
        " recorded_by) values ($1, $2, 'kommune-0657', $3, $4, '{}', false, '2025-03-01', 'test')",
        *(uuid4(), body_id, uuid4(), decision_id),
    )


def _followed_up(made: Councils, body_id: UUID, decision_id: UUID) -> None:
    made.sql(
        "insert into goal (goal_id, body_id, title, horizon_year, indicator, decision_id) values"
        " ($1, $2, 'Trygt natteliv', 2030, 'Anmeldt vold', $3)",
        *(uuid4(), body_id, decision_id),
    )
    made.sql(
        "insert into priority (priority_id, body_id, year, kind, title, owner_party, coordinated_with, rank) values"
        " ($1, $2, $3, 'aktivitet', 'Natteravne', 'politi-mvj', '{kommune-0657}', 1)",
        *(uuid4(), body_id, YEAR),
    )
    made.sql(
        "insert into initiative (initiative_id, body_id, year, title, purpose, parties, scope, local_focus, owner,"
        " indicator, target, lower_is_better, target_on, legal_basis, tags) values ($1, $2, $3, 'Natteravne',"
        " 'forebyggelse', '{politi-mvj,kommune-0657}', 'konkret', false, 'politi-mvj', 'Anmeldt vold', 12.5, true,"
        " '2025-12-31', 'retsplejeloven-111-113', '{natteliv}')",
        *(uuid4(), body_id, YEAR),
    )


def _agreed(made: Councils, body_id: UUID) -> None:
    made.sql(
        "insert into agreement (agreement_id, body_id, title, agreed_on, first_year, last_year, purposes, marks,"
        " plan_years) values ($1, $2, 'Flerårsaftalen', '2020-12-15', 2021, 2023, '{Tryghed}', '{Nærhed}', '{2023}')",
        *(AGREEMENT, body_id),
    )
    made.sql(
        "insert into agreement_area (agreement_id, place, body_id, title, chosen) values ($1, 1, $2, 'Natteliv', true)",
        *(AGREEMENT, body_id),
    )
    for title, status in (("Flere i nattelivet", "under_way"), ("Ingen har sagt det", None)):
        initiative_id = uuid4()
        made.sql(
            "insert into agreement_initiative (agreement_initiative_id, agreement_id, body_id, mark, area, title,"
            " with_municipalities, is_national) values ($1, $2, $3, 1, 1, $4, true, false)",
            *(initiative_id, AGREEMENT, body_id, title),
        )
        if status:
            made.sql(
                "insert into agreement_status (agreement_initiative_id, year, body_id, status, note)"
                " values ($1, 2023, $2, $3, 'I gang.')",
                *(initiative_id, body_id, status),
            )


def _counted(made: Councils) -> None:
    import_id, code = uuid4(), made.everyone("GET", "/indicators").json()["indicators"][0]
    made.sql(
        "insert into figure_import (figure_import_id, code, source, sha256, figures, imported_by)"
        " values ($1, $2, 'Prøve', '', 3, 'test')",
        *(import_id, code["code"]),
    )
    for kommunekode, year, count in (("0657", code["baseline"], 10), ("0657", YEAR, 14), ("0101", YEAR, 90)):
        made.sql(
            "insert into indicator_figure (code, kommunekode, year, quarter, count, figure_import_id)"
            " values ($1, $2, $3, 1, $4, $5)",
            *(code["code"], kommunekode, year, count, import_id),
        )


def _known_of_an_area(made: Councils) -> None:
    made.sql(
        "insert into area_criteria (criteria_id, area_id, area_list_id, edition, year, source, law, law_source, met,"
        " lines, evaluated_by) select gen_random_uuid(), area_id, area_list_id, edition, 2025, 'Prøve', 'Loven',"
        " 'retsinformation.dk', true, jsonb_build_array(jsonb_build_object('code', 'residents', 'title', 'Beboere',"
        " 'value', '1200', 'threshold', '1000', 'met', true, 'year', 2025, 'source', 'Prøve')), 'test'"
        " from listed_area join area using (area_id) where title = 'Holtbjerg' limit 1"
    )
    made.sql(
        "insert into area_monitoring (monitoring_id, area_id, scope, every_days, review_on, end_condition)"
        " select gen_random_uuid(), area_id, 'Kvartalsvis', 90, '2026-01-01', 'Når det er roligt.' from area"
        " where title = 'Holtbjerg'"
    )
    made.sql(
        "insert into area_assessment (assessment_id, area_id, verdict, reason, assessed_by)"
        " select gen_random_uuid(), area_id, 'egnet', 'Flere vil være med.', 'test' from area where title = 'Holtbjerg'"
    )

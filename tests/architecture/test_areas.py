"""Nobody is found, counted or ranked by area: no route, column or event joins a person, case or candidate to one."""

import re
import tomllib
from collections.abc import Iterator

import pytest

from contracts.catalogue import catalogue
from tests.architecture.source import ROOT, sources
from tests.architecture.test_no_search import questions

pytestmark = [pytest.mark.ledger("O-4.1-02"), pytest.mark.ledger("O-4.1-06")]

OF_AREAS = {
    *("area_list", "area_list_edition", "area", "listed_area", "area_criteria", "area_monitoring", "area_assessment"),
    "mandatory_item",
}
"""The tables of councils that hold an area, and what a lokalraad must take up about one."""
OF_THE_EFFORT = {"joint_effort", "initiative", "action", "target", "goal"}
"""What a lokalraad does in an area."""
OF_TOPICS = {"agreement_initiative"}
"""The eleven areas of the political agreement are topics and no places."""
COUNTED_FOR_THE_SCREENING = {"screening_count", "crime_screening"}

OF_PEOPLE = {"person", "case", "candidate", "referral", "charge", "household", "registration", "underretning", "cpr"}
ORIGIN = {"origin", "herkomst", "oprindelse", "ethnicity", "etnicitet", "nationality", "religion"}
SCORES = {"rank", "ranking", "score", "risk"}


def columns() -> Iterator[tuple[str, str, str]]:
    """Return database, table and column of all that is kept, as the register of columns names it."""
    for file in sorted((ROOT / "docs" / "data-protection" / "columns").glob("*.toml")):
        for table, said in tomllib.loads(file.read_text(encoding="utf-8")).items():
            for names in said.values():
                if isinstance(names, list):
                    yield from ((file.stem, table, name) for name in names)


def words(name: str) -> set[str]:
    return set(re.split(r"[_\-/{}.]+", name.lower()))


def test_no_table_joins_an_area_to_a_person_a_case_or_a_candidate() -> None:
    of_areas = {(base, table) for base, table, name in columns() if words(name) & {"area", "omraade", "boligomraade"}}
    mine = {("councils", table) for table in OF_AREAS | OF_THE_EFFORT | OF_TOPICS}
    assert of_areas, "the register of columns names no area any more: this test sees nothing"
    assert of_areas <= mine
    of_people = {(base, table) for base, table, name in columns() if words(name) & OF_PEOPLE}
    assert of_areas & of_people == set()
    assert {(base, table) for base, table in of_people if table in COUNTED_FOR_THE_SCREENING} == set()


def test_no_column_tells_where_anybody_comes_from() -> None:
    assert [found for found in columns() if words(found[2]) & ORIGIN] == []


def test_no_area_has_a_rank_or_a_score() -> None:
    tables = OF_AREAS | OF_THE_EFFORT | COUNTED_FOR_THE_SCREENING
    assert [found for found in columns() if found[1] in tables and words(found[2]) & SCORES] == []


def test_no_event_about_a_person_names_an_area_and_none_about_an_area_a_person() -> None:
    seen = 0
    for event in catalogue():
        fields = set().union(*(words(name) for name in event.model_fields))
        if "area" in fields:
            seen += 1
            assert event.context() == "councils", event.__name__
            assert not event.about_a_person, event.__name__
            assert not fields & OF_PEOPLE, event.__name__
    assert seen > 3


def test_no_route_filters_by_area_or_puts_areas_in_an_order_of_figures() -> None:
    asked = list(questions())
    by_area = {path for _, path, given in asked if {"area", "omraade"} & set().union(*map(words, given), set())}
    assert by_area <= {"/areas/{area_id}"}
    order = re.compile(r"order by[^;\"]*\b(crime_criterion|count|met|share|residents)\b", re.IGNORECASE)
    ranked = [
        (source.name, line)
        for source in sources("services/councils")
        for line, text in source.texts
        if order.search(text)
    ]
    assert ranked == []

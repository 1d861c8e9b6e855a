"""Who is kin: by dwelling today, by custody of any time; a building or an institution links nobody."""

from datetime import date

import pytest

from services.persons.domain.households import Custody, Dwelling, Households
from services.persons.domain.kinship import are_kin

TODAY = date(2026, 11, 23)
ME, YOU, CHILD, OTHER = "6101901234", "6201901234", "6305151234", "6401901234"
SINCE = "2020-01-01"


def home(person: str, dwelling: str | None = "x/1", kind: str = "dwelling", **period: str | None) -> Dwelling:
    row = {"person": person, "kind": kind, "dwelling": dwelling, "building": "x", "kommune": "0657", "protected": False}
    return row | {"from": SINCE, "to": None} | period  # type: ignore[return-value]  # the keys are those of the type


def custody(child: str, holder: str, to: str | None = None) -> Custody:
    return {"child": child, "holder": holder, "from": SINCE, "to": to}


def facts(*, dwellings: list[Dwelling] | None = None, custody: list[Custody] | None = None) -> Households:
    return Households(births=[], custody=custody or [], dwellings=dwellings or [], placements=[])


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (facts(), False),
        (facts(dwellings=[home(ME), home(YOU)]), True),
        (facts(dwellings=[home(ME), home(YOU, "x/2")]), False),
        (facts(dwellings=[home(ME), home(YOU, to="2026-11-23")]), False),
        (facts(dwellings=[home(ME), home(YOU, to="2026-11-24")]), True),
        (facts(dwellings=[home(ME), home(YOU, **{"from": "2026-11-24"})]), False),
        (facts(dwellings=[home(ME, None), home(YOU, None)]), False),
        (facts(custody=[custody(YOU, ME)]), True),
        (facts(custody=[custody(ME, YOU)]), True),
        (facts(custody=[custody(CHILD, ME), custody(CHILD, YOU)]), True),
        (facts(custody=[custody(CHILD, ME, to="2024-01-01"), custody(CHILD, YOU)]), True),
        (facts(custody=[custody(CHILD, ME), custody(OTHER, YOU)]), False),
    ],
)
def test_kin_are_those_who_live_together_or_have_custody_in_common(known: Households, expected: bool) -> None:
    assert are_kin(known, {ME}, {YOU}, TODAY) is expected
    assert are_kin(known, {YOU}, {ME}, TODAY) is expected


@pytest.mark.parametrize(
    "kind", ["shelter", "asylum_centre", "hospital", "prison", "hostel", "student_hall", "residential_institution"]
)
def test_an_institution_links_nobody(kind: str) -> None:
    assert not are_kin(facts(dwellings=[home(ME, kind=kind), home(YOU, kind=kind)]), {ME}, {YOU}, TODAY)


def test_one_of_several_numbers_is_enough() -> None:
    assert are_kin(facts(), {ME, OTHER}, {YOU, OTHER}, TODAY)
    assert are_kin(facts(custody=[custody(YOU, OTHER)]), {ME, OTHER}, {YOU}, TODAY)

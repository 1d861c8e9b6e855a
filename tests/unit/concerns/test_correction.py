"""What becomes of a registration that was told: corrected, disputed, settled, withdrawn, off the list."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from contracts.concerns.v1 import UnderretningKind
from services.concerns.domain.codes import District, Role
from services.concerns.domain.correction import (
    Change,
    Correction,
    FamilyNoticeMissing,
    changes_of,
    correct,
    read_family,
)
from services.concerns.domain.family import Child, Custody, Facts
from services.concerns.domain.registration import Registration, Status
from services.concerns.domain.sending import Found
from tests.unit.concerns.worked_cases import code_list, person

MOTHER, CHILD = person("M"), Child(person("C"))
FACTS = Facts(
    {MOTHER: date(1988, 1, 1), CHILD.person: date(2016, 6, 2)},
    [Custody(CHILD.person, MOTHER, date(2016, 6, 2))],
    [],
    [],
)
SOLO = Registration("r1", 1, MOTHER, "G02", Role.OFFENDER, date(2026, 3, 24), District.MIDT_OG_VESTJYLLAND)
FOUND = Found(date(2026, 3, 29), frozenset({"r1"}), frozenset({"r1"}))


def corrected(**now: Any) -> Correction | None:  # noqa: ANN401  any field of a registration
    return correct(CHILD, [FOUND], {"r1": SOLO}, {"r1": replace(SOLO, revision=2, **now)}, FACTS, code_list())


@pytest.mark.parametrize(
    ("now", "kind", "change"),
    [
        ({"status": Status.WITHDRAWN}, UnderretningKind.RETRACTION, Change.WITHDRAWN),
        ({"status": Status.DISPUTED}, UnderretningKind.CORRECTION, Change.DISPUTED),
        ({"status": Status.HOLD}, UnderretningKind.CORRECTION, Change.ON_HOLD),
        ({"code": "G03"}, UnderretningKind.RETRACTION, Change.CODE),
        ({"code": "G04"}, UnderretningKind.CORRECTION, Change.CODE),
        ({"person": person("X")}, UnderretningKind.RETRACTION, Change.PERSON),
        ({"district": District.FYN}, UnderretningKind.CORRECTION, Change.DISTRICT),
        ({"occurred_on": date(2026, 3, 23)}, UnderretningKind.CORRECTION, Change.DATE),
    ],
    ids=["withdrawn", "disputed", "held", "no-rule-holds", "a-rule-holds", "another-person", "district", "date"],
)
def test_what_changed_decides_between_a_correction_and_a_retraction(
    now: dict[str, Any], kind: UnderretningKind, change: Change
) -> None:
    found = corrected(**now)
    assert found is not None
    assert (found.kind, found.changes) == (kind, {"r1": (change,)})


def test_the_same_again_is_nothing_to_tell() -> None:
    assert corrected() is None
    assert corrected(incident="another reference") is None


def test_what_left_the_list_is_retracted_and_what_is_settled_is_told() -> None:
    gone = correct(CHILD, [FOUND], {"r1": SOLO}, {}, FACTS, code_list())
    assert gone is not None
    assert (gone.kind, gone.changes["r1"]) == (UnderretningKind.RETRACTION, (Change.OFF_THE_LIST,))
    assert changes_of(replace(SOLO, status=Status.DISPUTED), SOLO) == (Change.SETTLED,)
    assert changes_of(replace(SOLO, status=Status.DISPUTED), replace(SOLO, status=Status.DISPUTED)) == ()


def test_a_retraction_says_whether_the_family_is_told() -> None:
    with pytest.raises(FamilyNoticeMissing):
        read_family(UnderretningKind.RETRACTION, None)
    assert read_family(UnderretningKind.CORRECTION, None) is None

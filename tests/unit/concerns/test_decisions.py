"""The decisions D1 to D24 that no worked case depends on."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from contracts.concerns.v1 import UnderretningKind
from services.concerns.domain.calendar import Week
from services.concerns.domain.codes import District, Role
from services.concerns.domain.family import Child, Custody, Dwelling, Facts, Kind, Placement
from services.concerns.domain.receiver import Receiver, Undecided, receiver
from services.concerns.domain.registration import Registration, Status
from services.concerns.domain.rules import Rule
from services.concerns.domain.search import Background, Reason, Result, Seen, search
from services.concerns.domain.sending import Found, Previous, RegistrationUnsettled, kind_of, standing_ground
from tests.unit.concerns.worked_cases import code_list

WEEK, CODES = Week(2026, 13), code_list()
MOTHER, PARTNER, CHILD = UUID(int=1), UUID(int=2), UUID(int=3)
SON = Child(CHILD)
BORN = {MOTHER: date(1990, 1, 1), PARTNER: date(1988, 1, 1), CHILD: date(2018, 1, 1)}
CUSTODY = Custody(CHILD, MOTHER, date(2018, 1, 1))
HOME = [Dwelling(one, Kind.DWELLING, "d1", "0657", date(2018, 1, 1)) for one in BORN]
TUESDAY = date(2026, 3, 24)


def reg(name: str, code: str, person: UUID = MOTHER, role: str = "G", **more: object) -> Registration:
    base = Registration(name, 1, person, code, Role(role), TUESDAY, District.FYN)
    return replace(base, **more)  # type: ignore[arg-type]


def found(*rows: Registration, facts: Facts | None = None, known: Background | None = None, old: str = "") -> Result:
    seen = [Seen(row, row.id not in old.split()) for row in rows]
    return search(WEEK, CODES, seen, facts or Facts(BORN, [CUSTODY], HOME), {SON: known or Background()})


def test_d1_history_counts_from_before_the_adult_was_linked_to_the_child() -> None:
    old = reg("r1", "G06", occurred_on=date(2017, 6, 1) + timedelta(365 * 6))
    moved_in = [HOME[0], HOME[2], replace(HOME[1], starts=date(2026, 1, 1))]
    new = reg("r2", "G15", PARTNER)
    result = found(replace(old, person=PARTNER), new, facts=Facts(BORN, [CUSTODY], moved_in), old="r1")
    assert result.candidates[0].rules == (Rule.REPEAT,)


def test_d2_one_incident_counts_once() -> None:
    both = [reg("r1", "H01", role="I", incident="i1"), reg("r2", "H01", PARTNER, "I", incident="i1")]
    assert not found(*both).candidates
    apart = [both[0], replace(both[1], incident="i2")]
    assert found(*apart).candidates[0].rules == (Rule.HOUSEHOLD,)
    drive = [reg("r1", "G11", incident="i1"), reg("r2", "G12", incident="i1")]
    assert not found(*drive).candidates


def test_d3_the_older_of_two_charges_may_be_the_one_that_comes_late() -> None:
    late, searched = reg("r1", "G11", occurred_on=date(2024, 4, 24)), reg("r2", "G12", occurred_on=date(2026, 2, 1))
    assert Rule.DRIVING in found(late, searched, old="r2").candidates[0].rules


def test_d4_a_registration_whose_window_is_over_when_it_comes_is_not_current() -> None:
    result = found(reg("r1", "G02", occurred_on=date(2021, 3, 1)))
    assert not result.candidates
    assert result.excluded == {"r1": Reason.EXPIRED_ON_ARRIVAL}


def test_d5_and_d6_an_unborn_child_is_found_by_r5_alone_and_goes_to_the_mothers_municipality() -> None:
    result = found(reg("r1", "G02", pregnant=True), facts=Facts(BORN, [], HOME[:1]))
    assert [(row.child, row.rules) for row in result.candidates] == [(Child(MOTHER, unborn=True), (Rule.UNBORN,))]
    assert receiver(result.candidates[0].child, Facts(BORN, [], HOME), TUESDAY) == Receiver("0657")
    assert receiver(Child(MOTHER, unborn=True), Facts(BORN), TUESDAY).undecided is Undecided.ADDRESS_UNKNOWN


@pytest.mark.parametrize("kind", [Kind.SHELTER, Kind.ASYLUM_CENTRE, Kind.STUDENT_HALL])
def test_d7_a_person_decides_where_child_and_mother_live_at_one_institution(kind: Kind) -> None:
    homes = [replace(home, kind=kind) for home in HOME]
    assert receiver(SON, Facts(BORN, [CUSTODY], homes), TUESDAY).undecided is Undecided.SHARED_INSTITUTION


def test_d7_uden_fast_bopael_and_a_custody_holder_in_a_home_is_for_a_person() -> None:
    homes = [HOME[0], replace(HOME[2], kind=Kind.NO_FIXED_ADDRESS, dwelling=None)]
    assert receiver(SON, Facts(BORN, [CUSTODY], homes), TUESDAY).undecided is Undecided.NO_CUSTODY_HOLDER


def test_d8_a_person_decides_when_the_child_is_18_on_the_day_of_sending() -> None:
    facts = Facts(BORN, [CUSTODY], HOME, [Placement(CHILD, "0657", date(2020, 1, 1))])
    assert receiver(SON, facts, date(2035, 12, 31)) == Receiver("0657")
    assert receiver(SON, facts, date(2036, 1, 1)).undecided is Undecided.EIGHTEEN


def test_d9_another_municipality_gets_a_full_new_one() -> None:
    open_elsewhere = [Previous(UUID(int=9), "0791", is_open=True)]
    assert kind_of(open_elsewhere, Receiver("0657")) is UnderretningKind.NEW
    assert kind_of(open_elsewhere, Receiver("0791")) is UnderretningKind.SUPPLEMENT
    assert kind_of([Previous(UUID(int=9), "0791", is_open=False)], Receiver("0791")) is UnderretningKind.NEW


def test_d11_a_disputed_registration_stops_the_sending_and_a_withdrawn_one_leaves_the_text() -> None:
    solo, other = reg("r1", "G02"), reg("r2", "G15")
    week = [Found(WEEK.sunday, frozenset({"r1", "r2"}), frozenset({"r1", "r2"}))]
    facts = Facts(BORN, [CUSTODY], HOME)
    disputed = {"r1": solo, "r2": replace(other, status=Status.DISPUTED)}
    with pytest.raises(RegistrationUnsettled):
        standing_ground(SON, week, disputed, facts, CODES)
    withdrawn = {"r1": solo, "r2": replace(other, status=Status.WITHDRAWN)}
    left = standing_ground(SON, week, withdrawn, facts, CODES)
    assert left is not None
    assert left.used == (solo,)


def test_d16_a_registration_that_no_rule_used_is_not_told() -> None:
    father = Custody(CHILD, PARTNER, date(2018, 1, 1))
    elsewhere = [HOME[0], HOME[2], replace(HOME[1], dwelling="d2")]
    result = found(reg("r1", "G02"), reg("r2", "G15", PARTNER), facts=Facts(BORN, [CUSTODY, father], elsewhere))
    assert result.candidates[0].current == ("r1",)


def test_d17_codes_that_name_a_group_are_never_alone_enough() -> None:
    modest = [reg("r1", "G20"), reg("r2", "H10", role="I"), reg("r3", "G20", children_present=frozenset({CHILD}))]
    assert not found(*modest).candidates
    assert not found(reg("r1", "H10", role="I", pregnant=True)).candidates
    assert found(*modest, reg("r4", "G15")).candidates


def test_d18_the_household_is_that_of_the_current_ones_day() -> None:
    moved_in_later = [HOME[0], HOME[2], replace(HOME[1], starts=TUESDAY + timedelta(1))]
    rows = [reg("r1", "G15"), reg("r2", "G15", PARTNER, occurred_on=date(2026, 1, 1))]
    assert not found(*rows, facts=Facts(BORN, [CUSTODY], moved_in_later), old="r2").candidates
    assert found(*rows, old="r2").candidates[0].rules == (Rule.HOUSEHOLD,)


def test_d21_a_minor_is_in_scope_as_custody_holder_only() -> None:
    young = BORN | {MOTHER: date(2009, 1, 1)}
    assert found(reg("r1", "G02"), facts=Facts(young, [CUSTODY], HOME)).candidates
    present = reg("r1", "G02", children_present=frozenset({CHILD}))
    assert found(present, facts=Facts(young, [], HOME)).excluded == {"r1": Reason.ADULT_NOT_IN_SCOPE}


def test_d23_an_unknown_child_goes_to_the_manual_queue_beside_the_known_ones() -> None:
    result = found(reg("r1", "G02", child_unknown=True))
    assert result.unresolved == ("r1",)
    assert [row.child for row in result.candidates] == [SON]
    assert not result.excluded


def test_a_child_whom_no_register_knows_is_for_the_manual_queue() -> None:
    stranger = reg("r1", "G02", PARTNER, children_present=frozenset({UUID(int=99)}))
    result = found(stranger, facts=Facts(BORN))
    assert (result.excluded, result.unresolved) == ({"r1": Reason.CHILD_NOT_RESOLVABLE}, ("r1",))


def test_d24_a_dismissed_candidate_does_not_come_back_unchanged() -> None:
    dismissed = Background(dismissed=frozenset({reg("r1", "G02").fact}))
    result = found(reg("r1", "G02", revision=2), known=dismissed)
    assert not result.candidates
    assert [row.reason for row in result.suppressed] == ["dismissed_unchanged"]
    assert found(reg("r1", "G05"), known=dismissed).candidates

"""Who has a seat at a lokalraad's meeting, and under which name."""

from datetime import date
from uuid import uuid4

import pytest

from contracts.councils.v1.seats import SeatKind
from services.councils.domain.aarshjul import Wheel
from services.councils.domain.attendance import Attendance, SeatAt, Status, missing_for_quorum
from services.councils.domain.bodies import BodyKind
from services.councils.domain.places import office_of, seats_of_members
from services.councils.domain.seating import CIVIL, Member

POLICE, HERNING = "politi-mvj", "kommune-0657"
FOUNDED = [SeatAt(POLICE, "lokalpoliti", "politi"), SeatAt(HERNING, "kommune", "kommune")]
DAY = date(2027, 3, 1)


def member(side: str, authority: str, function: str, *, until: date | None = None) -> Member:
    begins = date(2027, 1, 1)
    return Member(uuid4(), uuid4(), SeatKind.MEMBER, side, authority, function, "Nogen", begins, until)


def test_a_lokalraad_of_which_nobody_is_entered_has_the_seats_it_was_founded_with() -> None:
    assert {one.key for one in seats_of_members([], FOUNDED, DAY, None)} == {one.key for one in FOUNDED}


def test_members_of_the_day_take_their_sides_seats_and_civil_society_has_none() -> None:
    leader, left = member("politi", POLICE, "Leder"), member("kommune", HERNING, "Chef", until=date(2027, 2, 28))
    found = seats_of_members([leader, left, member(CIVIL, "", "Forening")], FOUNDED, DAY, leader)
    assert {(one.key, one.chairs) for one in found} == {(f"{POLICE}.leder", True), (f"{HERNING}.kommune", False)}


def test_two_with_the_same_function_have_two_seats() -> None:
    both = [member("kommune", HERNING, "SSP-konsulent, Øst"), member("kommune", HERNING, "SSP-konsulent, Øst")]
    keys = [one.key for one in seats_of_members(both, [], DAY, None)]
    assert keys == [f"{HERNING}.ssp-konsulent-oest", f"{HERNING}.ssp-konsulent-oest-2"]
    assert (office_of("!!!"), len(office_of("x" * 200))) == ("medlem", 50)


@pytest.mark.ledger("O-1-05")
def test_without_whoever_chairs_a_lokalraad_leading_it_there_is_no_quorum() -> None:
    leader, mayor = member("politi", POLICE, "Leder"), member("kommune", HERNING, "Borgmester")
    seats = seats_of_members([leader, mayor], FOUNDED, DAY, leader)
    there = [Attendance(one.key, Status.PRESENT) for one in seats]
    assert missing_for_quorum(BodyKind.LOKALRAAD, seats, there, f"{POLICE}.leder") == ""
    lacking = missing_for_quorum(BodyKind.LOKALRAAD, seats, there, f"{HERNING}.borgmester")
    assert lacking == "formand eller næstformand"


@pytest.mark.ledger("O-2-06")
def test_a_lokalraad_that_does_not_work_is_not_asked_for_meetings() -> None:
    facts = (BodyKind.LOKALRAAD, 2027, date(2023, 1, 1), date(2027, 12, 31), (), frozenset[str]())
    assert Wheel(*facts).breaches
    resting = Wheel(*facts, active=False)
    assert (resting.required, resting.missing, resting.breaches) == (0, 0, [])

"""Seats follow office, history is never written over, and a lokalraad has both sides."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.councils.v1.seats import SeatKind
from contracts.refusal import Refusal
from services.councils.domain.bodies import Body, of_kredsraad, of_lokalraad
from services.councils.domain.kredsraad import ChairIsNotThePolitidirektoer
from services.councils.domain.lokalraad import SeatOfAnotherAuthority, SideMissing
from services.councils.domain.seating import (
    Chairing,
    ChairIsTaken,
    ChairOfNoSide,
    Entry,
    Member,
    SitsAlready,
    TermBackwards,
    TermIsOver,
    TermTaken,
    ThirteenthSeat,
    end,
    require_both_sides,
    seat,
    take_chair,
)
from tests.unit.councils.builders import kredsraad, lokalraad

KREDSRAAD, LOKALRAAD = of_kredsraad(kredsraad()), of_lokalraad(lokalraad())
HERNING, POLICE = "kommune-0657", "politi-mvj"
NEW_YEAR = date(2026, 1, 1)
ID = UUID(int=7)


def mayor(**different: object) -> Entry:
    """Return a new mayor of Herning from new year, or somebody else."""
    return replace(Entry(HERNING, "borgmester", "Ny Borgmester", NEW_YEAR), **different)  # type: ignore[arg-type]


def sitting(entry: Entry, body: Body = KREDSRAAD) -> Member:
    """Return somebody who was seated on a council that nobody else sits on."""
    return seat(body, entry, UUID(int=1), []).member


OLD = sitting(mayor(holder="Gammel Borgmester", valid_from=date(2022, 1, 1)))
LEADER = Entry(POLICE, "Leder af lokalpolitiet", "Leder", NEW_YEAR, chair=True)


@pytest.mark.ledger("O-1-04")
def test_a_new_mayor_takes_the_seat_and_the_old_ones_term_ends_the_day_before() -> None:
    decided = seat(KREDSRAAD, mayor(), ID, [OLD])
    assert decided.member.kind is SeatKind.BORGMESTER
    assert decided.ends == OLD


def test_a_term_that_is_over_is_left_as_it_is() -> None:
    over = replace(OLD, valid_to=date(2023, 12, 31))
    assert seat(KREDSRAAD, mayor(), ID, [over]).ends is None


@pytest.mark.ledger("O-1-04")
@pytest.mark.parametrize(
    ("entry", "refusal"),
    [
        (mayor(function="Rådmand"), ThirteenthSeat),
        (mayor(authority="kommune-0751"), ThirteenthSeat),
        (mayor(function="politidirektoer"), ThirteenthSeat),
        (mayor(authority=""), ThirteenthSeat),
        (mayor(authority=POLICE), ThirteenthSeat),
        (mayor(chair=True), ChairIsNotThePolitidirektoer),
        (mayor(valid_to=date(2025, 12, 31)), TermBackwards),
    ],
)
def test_nobody_gets_a_seat_who_has_no_office(entry: Entry, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        seat(KREDSRAAD, entry, ID, [OLD])


@pytest.mark.parametrize("begins", [NEW_YEAR, date(2026, 2, 1)])
def test_history_is_not_written_over(begins: date) -> None:
    with pytest.raises(TermTaken):
        seat(KREDSRAAD, mayor(), ID, [OLD, replace(OLD, valid_from=begins)])


def test_a_deputy_stands_beside_the_mayor_and_is_never_public() -> None:
    decided = seat(KREDSRAAD, mayor(function="stedfortraeder", public_office=True), ID, [OLD])
    assert (decided.ends, decided.member.kind, decided.member.public_office) == (None, SeatKind.DEPUTY, False)


def test_each_side_of_a_lokalraad_is_known_by_who_sends_the_member() -> None:
    found = [sitting(replace(LEADER, authority=one, chair=False), LOKALRAAD).side for one in (POLICE, HERNING, "")]
    assert found == ["politi", "kommune", "civil"]


@pytest.mark.parametrize(
    ("entry", "refusal"),
    [
        (replace(LEADER, authority="kommune-0791"), SeatOfAnotherAuthority),
        (replace(LEADER, authority=""), ChairOfNoSide),
        (LEADER, SitsAlready),
    ],
)
def test_a_lokalraad_refuses_strangers_and_who_sits_there_already(entry: Entry, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        seat(LOKALRAAD, entry, ID, [sitting(LEADER, LOKALRAAD)])


def test_two_may_have_the_same_function_on_a_lokalraad() -> None:
    assert seat(LOKALRAAD, replace(LEADER, holder="En anden"), ID, [sitting(LEADER, LOKALRAAD)]).ends is None


def test_a_new_chair_takes_over_from_the_one_of_before() -> None:
    member = sitting(LEADER, LOKALRAAD)
    before = Chairing(UUID(int=9), "politi", date(2024, 1, 1))
    assert take_chair(member, NEW_YEAR, [before]) == before
    assert take_chair(member, NEW_YEAR, [replace(before, valid_to=date(2024, 12, 31))]) is None
    with pytest.raises(ChairIsTaken):
        take_chair(member, NEW_YEAR, [replace(before, valid_from=NEW_YEAR)])


def test_nobody_chairs_before_sitting_there() -> None:
    with pytest.raises(ChairOfNoSide):
        take_chair(sitting(LEADER, LOKALRAAD), date(2025, 12, 31), [])


def test_a_term_ends_once_and_not_before_it_began() -> None:
    end(OLD, NEW_YEAR, NEW_YEAR)
    end(replace(OLD, valid_to=NEW_YEAR), NEW_YEAR, NEW_YEAR)
    with pytest.raises(TermIsOver):
        end(replace(OLD, valid_to=date(2025, 12, 31)), NEW_YEAR, NEW_YEAR)
    with pytest.raises(TermBackwards):
        end(OLD, date(2021, 12, 31), NEW_YEAR)


@pytest.mark.ledger("O-2-01")
def test_a_lokalraad_works_only_while_both_sides_sit_on_it() -> None:
    police, municipal = (sitting(replace(LEADER, authority=one), LOKALRAAD) for one in (POLICE, HERNING))
    require_both_sides([police, municipal], NEW_YEAR)
    with pytest.raises(SideMissing) as refused:
        require_both_sides([replace(police, valid_to=NEW_YEAR), municipal], date(2026, 1, 2))
    assert refused.value.facts == {"missing": "politi"}


DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@given(st.lists(st.tuples(DAYS, st.none() | st.integers(0, 2000)), max_size=12))
def test_whatever_is_entered_one_holder_has_the_office_on_a_day(entered: list[tuple[date, int | None]]) -> None:
    held: list[Member] = []
    for number, (begins, days) in enumerate(entered):
        until = None if days is None else begins + timedelta(days)
        try:
            decided = seat(KREDSRAAD, mayor(valid_from=begins, valid_to=until), UUID(int=number), held)
        except TermTaken:
            continue
        ended = [replace(one, valid_to=begins - timedelta(1)) if one == decided.ends else one for one in held]
        held = [*ended, decided.member]
    assert not [(one, other) for one in held for other in held if one is not other and one.meets(other)]

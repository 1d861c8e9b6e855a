"""What holds for every week, whatever happened in it (ledger 4.3.6, users.md "Socialsøg tells on itself")."""

from dataclasses import fields, replace
from datetime import date, timedelta
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.concerns.domain.calendar import Week
from services.concerns.domain.codes import District, Role
from services.concerns.domain.family import Child, Custody, Dwelling, Facts, Kind
from services.concerns.domain.registration import Registration, Status
from services.concerns.domain.search import Result, Seen, search
from tests.unit.concerns.worked_cases import code_list

CODES = code_list()
WEEK = Week(2026, 13)
ADULTS = [UUID(int=number) for number in range(1, 4)]
CHILDREN = [UUID(int=number) for number in range(11, 14)]
BIRTHS = {one: date(1985, 5, 5) for one in ADULTS} | {one: date(2015, 5, 5) for one in CHILDREN}

days = st.integers(0, 400).map(lambda back: WEEK.sunday - timedelta(back))
custody = st.builds(Custody, st.sampled_from(CHILDREN), st.sampled_from(ADULTS), st.just(date(2015, 5, 5)))
dwellings = st.builds(
    Dwelling,
    st.sampled_from(ADULTS + CHILDREN),
    st.sampled_from([Kind.DWELLING, Kind.DWELLING, Kind.SHELTER, Kind.NO_FIXED_ADDRESS]),
    st.sampled_from(["d1", "d2"]),
    st.just("0657"),
    days,
)
registrations = st.builds(
    Registration,
    id=st.uuids().map(str),
    revision=st.just(1),
    person=st.sampled_from(ADULTS),
    code=st.sampled_from(["G02", "G03", "G09", "G11", "G12", "G15", "G20", "H10", "H01"]),
    role=st.sampled_from(Role),
    occurred_on=days,
    district=st.sampled_from(District),
    status=st.sampled_from([Status.VALID, Status.VALID, Status.VALID, Status.WITHDRAWN]),
    children_present=st.frozensets(st.sampled_from(CHILDREN), max_size=1),
    child_unknown=st.booleans(),
    pregnant=st.sampled_from([False, False, True]),
)
seen = st.lists(st.builds(Seen, registrations, st.booleans()), max_size=8, unique_by=lambda row: row.registration.id)
families = st.tuples(st.lists(custody, max_size=4), st.lists(dwellings, max_size=6))
World = tuple[list[Custody], list[Dwelling]]


def run(rows: list[Seen], world: World) -> Result:
    return search(WEEK, CODES, rows, Facts(BIRTHS, *world), {})


@given(seen, families, st.randoms())
def test_the_order_of_the_input_does_not_matter(rows: list[Seen], world: World, random: Random) -> None:
    shuffled = (random.sample(world[0], len(world[0])), random.sample(world[1], len(world[1])))
    assert run(random.sample(rows, len(rows)), shuffled) == run(rows, world)


@given(seen, families, registrations, st.sampled_from(["X01", "X99"]))
def test_an_unlisted_registration_changes_nothing(
    rows: list[Seen], world: World, extra: Registration, code: str
) -> None:
    more, fewer = run([*rows, Seen(replace(extra, code=code), current=False)], world), run(rows, world)
    assert more == fewer


@given(seen, families)
def test_without_its_current_registrations_a_child_is_no_candidate(rows: list[Seen], world: World) -> None:
    for candidate in run(rows, world).candidates:
        left = [row for row in rows if row.registration.id not in candidate.current]
        again = {row.child: row for row in run(left, world).candidates}.get(candidate.child)
        assert again is None or not set(again.current) & set(candidate.current)


@given(seen, families)
def test_a_child_without_a_current_registration_is_never_a_candidate(rows: list[Seen], world: World) -> None:
    assert not run([replace(row, current=False) for row in rows], world).candidates
    assert all(candidate.current for candidate in run(rows, world).candidates)


@given(seen, families)
def test_each_current_registration_counts_or_is_left_out_for_a_reason(rows: list[Seen], world: World) -> None:
    result = run(rows, world)
    used = {name for row in result.candidates for name in row.current}
    assert not used & set(result.excluded)
    assert set(result.excluded) <= {row.registration.id for row in rows if row.current}


@given(seen, families, st.permutations(list(District)), st.sampled_from(["0101", "0851"]))
def test_district_and_municipality_decide_nothing(
    rows: list[Seen], world: World, districts: list[District], kommune: str
) -> None:
    other = dict(zip(District, districts, strict=True))
    moved = [
        replace(row, registration=replace(row.registration, district=other[row.registration.district])) for row in rows
    ]
    elsewhere = (world[0], [replace(home, kommune=kommune) for home in world[1]])
    assert without_words(run(moved, elsewhere)) == without_words(run(rows, world))


@given(seen, families, st.permutations(ADULTS), st.permutations(CHILDREN))
def test_who_somebody_is_decides_nothing(
    rows: list[Seen], world: World, adults: list[UUID], children: list[UUID]
) -> None:
    """Exchange all persons for one another, everywhere: the same children are found under their new ids."""
    other = dict(zip(ADULTS + CHILDREN, [*adults, *children], strict=True))
    renamed = [replace(row, registration=_renamed(row.registration, other)) for row in rows]
    elsewhere = (
        [Custody(other[row.child], other[row.holder], row.starts, row.ends) for row in world[0]],
        [replace(home, person=other[home.person]) for home in world[1]],
    )
    found = {(other[row.child.person], row.child.unborn, row.rules) for row in run(rows, world).candidates}
    assert found == {(row.child.person, row.child.unborn, row.rules) for row in run(renamed, elsewhere).candidates}


def _renamed(one: Registration, other: dict[UUID, UUID]) -> Registration:
    present = frozenset(other[child] for child in one.children_present)
    return replace(one, person=other[one.person], children_present=present)


def without_words(result: Result) -> tuple[object, ...]:
    return tuple(replace(row, explanation=()) for row in result.candidates), result.suppressed, result.excluded


@pytest.mark.ledger("O-6.1-22")
def test_the_rules_can_read_nothing_else() -> None:
    """Codes, roles, dates, presence, custody and dwelling: no name, area, nationality, birthplace or language."""
    read = {field.name for kind in (Registration, Custody, Dwelling, Child) for field in fields(kind)}
    assert read == {
        *("id", "revision", "person", "code", "role", "occurred_on", "district", "status", "incident"),
        *("children_present", "child_unknown", "pregnant", "child", "holder", "starts", "ends", "unborn"),
        *("kind", "dwelling", "kommune", "protected"),
    }

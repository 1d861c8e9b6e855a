from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.persons.v1 import PersonMerged
from contracts.refusal import StaleVersion
from services.persons.domain.person import AlreadyMerged, Person, SamePerson, merge

ANNA, BO, CARL, DORA = (UUID(int=number) for number in range(1, 5))


def test_merging_tells_which_id_lives_on() -> None:
    assert merge(Person(ANNA), Person(BO), version=0) == [PersonMerged(person_id=ANNA, merged_person_id=BO)]


def test_ids_that_the_other_had_absorbed_are_told_first_and_in_their_own_order() -> None:
    told = merge(Person(DORA), Person(CARL, 2, absorbed=(BO, ANNA)), version=0)
    assert [(event.person_id, event.merged_person_id) for event in told] == [(DORA, BO), (DORA, ANNA), (DORA, CARL)]


def test_merging_the_same_two_again_tells_nothing() -> None:
    assert merge(Person(ANNA, 1, absorbed=(BO,)), Person(BO, merged_into=ANNA), version=0) == []


def test_a_merged_id_is_never_used_again() -> None:
    gone = Person(BO, merged_into=ANNA)
    with pytest.raises(AlreadyMerged):
        merge(gone, Person(CARL), version=0)
    with pytest.raises(AlreadyMerged):
        merge(Person(CARL), gone, version=0)


def test_nobody_is_merged_into_himself() -> None:
    with pytest.raises(SamePerson):
        merge(Person(ANNA), Person(ANNA), version=0)


def test_a_version_that_is_not_the_current_one_is_refused() -> None:
    with pytest.raises(StaleVersion) as refused:
        merge(Person(ANNA, 3), Person(BO), version=2)
    assert refused.value.facts == {"current": 3}


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=20), st.randoms(use_true_random=False))
def test_a_listener_ends_right_in_whatever_order_it_hears_of_a_chain(
    merges: list[tuple[int, int]], random: Random
) -> None:
    people = {UUID(int=n): Person(UUID(int=n)) for n in range(8)}
    told = [event for survivor, other in merges for event in _play(people, UUID(int=survivor), UUID(int=other))]
    told = _as_heard(told, random)
    held = {person_id: person_id for person_id in people}
    for event in told:
        held = {case: event.person_id if now == event.merged_person_id else now for case, now in held.items()}
    assert held == {person.person_id: person.current_id for person in people.values()}


def _as_heard(told: list[PersonMerged], random: Random) -> list[PersonMerged]:
    """Return the events of each survivor in order, and those of several survivors in any."""
    keys = [event.person_id for event in told]
    random.shuffle(keys)
    waiting = {key: [event for event in told if event.person_id == key] for key in keys}
    return [waiting[key].pop(0) for key in keys]


def _play(people: dict[UUID, Person], survivor: UUID, other: UUID) -> list[PersonMerged]:
    """Do what the store does with a decision, and return what was told."""
    try:
        told = merge(people[survivor], people[other], version=people[survivor].version)
    except (AlreadyMerged, SamePerson):
        return []
    now = people[survivor]
    for event in told:
        people[event.merged_person_id] = Person(event.merged_person_id, merged_into=survivor)
    absorbed = (*now.absorbed, *(event.merged_person_id for event in told))
    people[survivor] = Person(survivor, now.version + len(told), None, absorbed)
    assert all(person.current_id in people and not people[person.current_id].merged_into for person in people.values())
    return told

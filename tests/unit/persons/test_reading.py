from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.persons.domain.reading import Field, Identity, TooManyPersons, combined, require_few, shown

HERE = Identity(("6101901234",), "Runa Skovlyst", "1990-01-01", "Ravnsøgade 7, 1. tv, Herning")
HIDDEN = Identity((), None, None, "Månestrålen 3, 1. th, Skive", protected_address=True)


def test_only_the_fields_that_were_asked_for_are_shown() -> None:
    assert shown(HERE, frozenset({Field.NAME})) == {"protected_address": False, "name": "Runa Skovlyst"}


@given(st.frozensets(st.sampled_from(Field)))
def test_a_protected_address_is_never_shown_whatever_is_asked(fields: frozenset[Field]) -> None:
    answer = shown(HIDDEN, fields)
    assert "Månestrålen" not in repr(answer)
    assert answer["protected_address"] is True


def test_one_source_that_says_protected_is_enough() -> None:
    both = combined(["6101901234"], [HERE, None, HIDDEN])
    assert both.name == "Runa Skovlyst"
    assert shown(both, frozenset({Field.ADDRESS})) == {"protected_address": True, "address": None}


def test_what_is_known_of_somebody_is_not_in_its_representation() -> None:
    assert "Runa" not in repr(HERE)
    assert "6101901234" not in repr(HERE)


def test_a_person_named_twice_is_asked_about_once_and_too_many_are_refused() -> None:
    assert require_few([UUID(int=1), UUID(int=2), UUID(int=1)]) == [UUID(int=1), UUID(int=2)]
    with pytest.raises(TooManyPersons):
        require_few([UUID(int=n) for n in range(4)], most=3)

"""A signed personal link: its own call, and nothing for whoever guesses or changes it."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.alerting.domain.links import TOKEN_LENGTH, call_of, token_of

OLD, NEW, FOREIGN = (bytes([one]) * 32 for one in (1, 2, 3))


@given(st.uuids())
def test_a_link_leads_to_its_own_call(call_id: UUID) -> None:
    token = token_of(call_id, NEW)
    assert len(token) == TOKEN_LENGTH
    assert call_of(token, NEW) == call_id


@given(st.uuids(), st.integers(0, TOKEN_LENGTH - 1), st.characters())
def test_a_link_with_one_letter_changed_leads_nowhere(call_id: UUID, place: int, letter: str) -> None:
    token = token_of(call_id, NEW)
    changed = token[:place] + letter + token[place + 1 :]
    assert (call_of(changed, NEW) == call_id) == (changed == token)


@given(st.text())
def test_whatever_else_somebody_writes_leads_nowhere(text: str) -> None:
    assert call_of(text, NEW) is None


@pytest.mark.parametrize(
    "change", [lambda t: t + "=", lambda t: t[:-1], lambda t: t + "A", lambda t: f" {t}", str.swapcase]
)
def test_a_link_has_one_form(change) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001  any function of text
    assert call_of(change(token_of(uuid4(), NEW)), NEW) is None


def test_while_keys_change_both_are_accepted_and_the_first_signs() -> None:
    call_id = uuid4()
    assert call_of(token_of(call_id, OLD), [NEW, OLD]) == call_id
    assert token_of(call_id, [NEW, OLD]) == token_of(call_id, NEW)
    assert call_of(token_of(call_id, OLD), [NEW]) is None


def test_another_installations_key_opens_nothing() -> None:
    assert call_of(token_of(uuid4(), FOREIGN), [NEW, OLD]) is None

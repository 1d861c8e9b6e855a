"""What is on whose list, role by role and state by state."""

import pytest
from pydantic import ValidationError

from contracts.codes import Role
from services.concerns.api.words import Words
from services.concerns.domain import candidate, underretning, worklist


@pytest.mark.parametrize(
    ("role", "mine"),
    [
        (Role.KEY_OFFICER, {"found", "in_review"}),
        (Role.APPROVER, {"reviewed"}),
        (Role.CASEWORKER, set()),
        (Role.LEADER, set()),
        (Role.OPERATOR, set()),
    ],
)
def test_a_candidate_is_on_the_list_of_whoever_must_act_next(role: Role, mine: set[str]) -> None:
    assert {state for state in candidate.State if worklist.has_candidate(frozenset({role}), state)} == mine


@pytest.mark.parametrize(
    ("role", "mine"),
    [
        (Role.CASEWORKER, {"sent", "delivered", "acknowledged", "feedback"}),
        (Role.SYSTEM, set(underretning.State)),
        (Role.KEY_OFFICER, set()),
        (Role.APPROVER, set()),
    ],
)
def test_an_underretning_is_on_its_receivers_list_until_it_is_closed(role: Role, mine: set[str]) -> None:
    assert {state for state in underretning.State if worklist.has_underretning(frozenset({role}), state)} == mine


def test_two_roles_have_both_lists() -> None:
    both = frozenset({Role.KEY_OFFICER, Role.APPROVER})
    assert worklist.has_candidate(both, candidate.State.FOUND)
    assert worklist.has_candidate(both, candidate.State.REVIEWED)


@pytest.mark.parametrize("words", ["for kort", " " * 40, "x" * 501])
def test_words_are_ten_to_five_hundred_characters_and_never_shown_in_an_error(words: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Words(words=words)
    assert words not in str(refused.value)

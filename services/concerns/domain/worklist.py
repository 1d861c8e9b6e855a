"""What is on whose list: that opens with its purpose; anything else asks for words, which a leader sees weekly."""

from collections.abc import Mapping

from contracts.codes import Purpose, Role
from contracts.refusal import Refusal
from services.concerns.domain import candidate, underretning

CANDIDATE_PURPOSE, UNDERRETNING_PURPOSE = Purpose.SOCIALSOEG, Purpose.UNDERRETNING
"""What is done with each: shown on the list, and the purpose of opening what stands on it."""

_CANDIDATES: Mapping[str, frozenset[candidate.State]] = {
    Role.KEY_OFFICER: frozenset({candidate.State.FOUND, candidate.State.IN_REVIEW}),
    Role.APPROVER: frozenset({candidate.State.REVIEWED}),
}

_WITH_THE_RECEIVER = frozenset(underretning.State) - {underretning.State.NEEDS_RECEIVER, underretning.State.CLOSED}

_UNDERRETNINGER: Mapping[str, frozenset[underretning.State]] = {
    Role.CASEWORKER: _WITH_THE_RECEIVER,
    # A system says its purpose each time, and has no list.
    Role.SYSTEM: frozenset(underretning.State),
}


class NotOnWorkList(Refusal):
    """It is not on the caller's list: words are asked."""

    slug = "not-on-work-list"
    status = 403
    title = "Sagen står ikke på din arbejdsliste."
    todo = "Skriv med 10 til 500 tegn, hvorfor du åbner den, og send det til adressen under `open`."


def has_candidate(roles: frozenset[str], state: candidate.State) -> bool:
    """Tell whether a candidate in this state waits for somebody with these roles."""
    return _any(_CANDIDATES, roles, state)


def has_underretning(roles: frozenset[str], state: underretning.State) -> bool:
    """Tell whether an underretning in this state waits for somebody with these roles; it never does for the police."""
    return _any(_UNDERRETNINGER, roles, state)


def _any(
    lists: Mapping[str, frozenset[candidate.State] | frozenset[underretning.State]], roles: frozenset[str], state: str
) -> bool:
    return any(state in lists[role] for role in roles if role in lists)

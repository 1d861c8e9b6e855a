"""Which provider takes a message, and what becomes of the message when one has answered, refused or kept silent."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from services.alerting.domain.deliveries import State

LONGEST_PAUSE_S = 60.0
"""Between two rounds through all providers."""


class Verdict(StrEnum):
    """How a hand-over to a provider ended."""

    ACCEPTED = "accepted"
    """The provider has it."""
    DELIVERED = "delivered"
    """The receiver itself has it: a webhook has no provider in between."""
    REFUSED = "refused"
    """Refused for good; this provider is not asked again for this message."""
    LATER = "later"
    """Did not go out: the provider is away, full or broken for now."""
    UNKNOWN = "unknown"
    """It may have gone out: no answer in time, or the connection was cut after the request."""
    GONE = "gone"
    """The route is dead: nobody is there any more."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a provider answered, with the code of a failure and never its words: they may hold a number."""

    verdict: Verdict
    reference: str | None = None
    failure: str | None = None
    retry_after_s: float | None = None


@dataclass(frozen=True, slots=True)
class Tries:
    """What a message has behind it."""

    attempts: int = 0
    tried: frozenset[str] = frozenset()
    """Providers that failed or kept silent in this round; when all have, the next round begins after a pause."""
    refused: frozenset[str] = frozenset()
    """Providers that refused it for good."""


@dataclass(frozen=True, slots=True)
class Next:
    """What a message becomes."""

    state: State
    tries: Tries
    wait_s: float = 0.0
    possible_duplicate: bool = False


def choose(
    order: Sequence[str], tries: Tries, *, resumed: str | None, failing: Collection[str], full: Collection[str]
) -> str | None:
    """Return the provider that takes a message now; None when whoever could has no room.

    One that failed of late is not asked first; `resumed` is whom a process asked that then died, and is asked again
    with the same key, so that one that honours it sends nothing twice.
    """
    left = [one for one in order if one not in tries.refused]
    fresh = [one for one in left if one not in tries.tried] or left
    free = [one for one in fresh if one not in full]
    return min(free, key=lambda one: (one in failing, one != resumed, order.index(one)), default=None)


def settle(outcome: Outcome, provider: str, order: Sequence[str], tries: Tries) -> Next:
    """Return what a message becomes when a hand-over has ended: the next provider takes it at once."""
    if outcome.verdict in (Verdict.ACCEPTED, Verdict.DELIVERED):
        return Next(State(outcome.verdict.value), tries)
    if outcome.verdict is Verdict.GONE:
        return Next(State.FAILED, tries)
    field = "refused" if outcome.verdict is Verdict.REFUSED else "tried"
    behind: Tries = replace(tries, **{field: getattr(tries, field) | {provider}})
    return _again(behind, order, outcome)


def _again(tries: Tries, order: Sequence[str], outcome: Outcome) -> Next:
    left = {*order} - tries.refused
    if not left:
        return Next(State.FAILED, tries)
    unknown = outcome.verdict is Verdict.UNKNOWN
    if left - tries.tried:
        return Next(State.QUEUED, tries, possible_duplicate=unknown)
    pause = max(pause_s(tries.attempts, len(order)), min(outcome.retry_after_s or 0, LONGEST_PAUSE_S))
    return Next(State.QUEUED, replace(tries, tried=frozenset()), pause, possible_duplicate=unknown)


def pause_s(attempts: int, providers: int) -> float:
    """Return the seconds until the next round, twice as many after each one."""
    return float(min(LONGEST_PAUSE_S, 2 ** min(attempts // max(providers, 1), 10)))


def silent(provider: str, order: Sequence[str], tries: Tries) -> Next:
    """Return what becomes of a message that a provider took and gave no receipt for: another one takes it, if any."""
    behind = replace(tries, tried=tries.tried | {provider})
    if {*order} - behind.refused - behind.tried:
        return Next(State.QUEUED, behind, possible_duplicate=True)
    return Next(State.ACCEPTED, behind)

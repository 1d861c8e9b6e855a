"""Long-term goals, what each lokalråd makes of them, and priorities (O-1-02, O-1-03, O-2-03)."""

from collections.abc import Collection
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.form import WHOLE
from contracts.refusal import Refusal
from services.councils.domain.following import Change, Party, Said, Year
from services.councils.domain.wording import Line, Text

IMPLEMENTATION = "implementation_task"
"""The kind of matter under which a lokalråd discusses a long-term goal."""


class NotDiscussed(Refusal):
    """A lokalråd discusses a long-term goal at a meeting before its task is done (O-2-03)."""

    slug = "not-discussed"
    status = 422
    title = "Lokalrådet har ikke drøftet målet på et møde endnu."
    todo = "Behandl punktet på et møde; det kommer selv på den næste dagsorden."


class NothingCameOfIt(Refusal):
    """A long-term goal leads to an initiative, or to a reason why there is no local need (O-2-03)."""

    slug = "nothing-came-of-it"
    status = 422
    title = "Der er hverken en lokal indsats for målet eller en begrundelse for, at der ikke er et lokalt behov."
    todo = "Opret en indsats, der peger på målet, eller skriv grunden i `no_local_need`."


class RankTwice(Refusal):
    """Each priority of a plan has a rank of its own (O-1-03)."""

    slug = "rank-twice"
    status = 422
    title = "To prioriteter har samme plads."
    todo = "Giv hver prioritet sin egen plads: 1, 2, 3 … uden huller."


class PriorityUnknown(Refusal):
    """An id in the order belongs to no priority of this plan, or stands there twice."""

    slug = "priority-unknown"
    status = 422
    title = "En prioritet findes ikke i planen eller står der to gange."
    todo = "Hent listen igen; udelad `priority_id` for en ny prioritet."


class GoalWords(Said):
    """What a long-term goal says."""

    title: Line
    horizon_year: Year
    indicator: Line


class GoalSaid(GoalWords):
    """A goal that the kredsråd has set."""

    decision_id: UUID | None = None


class GoalChange(GoalSaid, Change):
    """A goal as the kredsråd has changed it."""


class GoalClosing(Change):
    """The decision of the kredsråd to close a goal."""

    decision_id: UUID | None = None


class TaskClosing(Change):
    """That a lokalråd is done with a goal; without a reason an initiative must serve it."""

    no_local_need: Text | None = None


class PriorityKind(StrEnum):
    """What is given priority (plan §1)."""

    AKTIVITET = "aktivitet"
    METODE = "metode"
    RESSOURCE = "ressource"


class PrioritySaid(Said):
    """One priority in its place; one without an id is new."""

    priority_id: UUID | None = None
    kind: PriorityKind
    title: Line
    owner_party: Party
    coordinated_with: Annotated[tuple[Party, ...], Field(max_length=40)] = ()
    rank: Annotated[int, Field(ge=1, le=100), WHOLE]


class Order(Change):
    """All priorities of a council's plan of a year, in their order."""

    priorities: Annotated[tuple[PrioritySaid, ...], Field(max_length=100)]


def check_order(order: Order, known: Collection[UUID]) -> tuple[PrioritySaid, ...]:
    """Return the priorities by rank.

    Raises:
        RankTwice: two have one place, or a place is empty.
        PriorityUnknown: one is none of this plan's, or stands there twice.
    """
    ranked = tuple(sorted(order.priorities, key=lambda one: one.rank))
    if [one.rank for one in ranked] != list(range(1, len(ranked) + 1)):
        raise RankTwice
    ids = [one.priority_id for one in ranked if one.priority_id]
    if len(set(ids)) < len(ids) or not set(ids) <= set(known):
        raise PriorityUnknown
    return ranked


def outcome_of(*, discussed: bool, initiatives: int, no_local_need: str | None) -> str:
    """Return how a lokalråd's task closes.

    Raises:
        NotDiscussed: no meeting has treated it.
        NothingCameOfIt: there is neither an initiative nor a reason.
    """
    if not discussed:
        raise NotDiscussed
    if no_local_need is not None:
        return "no_local_need"
    if not initiatives:
        raise NothingCameOfIt
    return "initiatives"

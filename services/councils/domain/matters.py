"""Matters: what must come on a council's agenda by itself, and what it takes to close it (plan §4)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.refusal import Refusal


class MatterNotReady(Refusal):
    """A mandatory point closes when what the plan asks of it has been done."""

    slug = "matter-not-ready"
    status = 422
    title = "Punktet kan ikke afsluttes endnu: det mangler noget, som planen kræver."
    todo = "Gør det, der er nævnt i `missing`, eller udsæt punktet til en dag."


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that waits for the next agenda of a council.

    The same kind about the same subject is one matter, however often it is raised.
    """

    id: UUID
    body_id: UUID
    kind: str
    """What raised it, a code: `designated_area`, `overdue_action`, `trend`."""
    subject: UUID
    """What it is about: an area, an action, a signal."""
    title: str
    """As it stands on the agenda, in Danish; about no citizen."""
    paragraph: str = ""
    """The section of the plan that asks for it: `4.1`; empty when none does."""
    mandatory: bool = False
    """It cannot be left out (plan §4); others are left out with a reason."""
    must_decide: bool = False
    """It ends with a decision: start, not start, or put off to a day (O-4.1-10)."""


@dataclass(frozen=True, slots=True)
class Treated:
    """How a council treated a matter at a meeting."""

    meeting_id: UUID
    item_id: UUID
    decision_id: UUID | None = None
    outcome: str = ""
    """`start`, `not_start`, `put_off`, `decided` or `discussed`."""
    put_off_to: date | None = None
    """The day from which it waits again, where it was put off."""

"""Actions from decisions, targets of police and municipality, and joint efforts (O-4.2-02, O-4.1-09, O-4.4-04)."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.form import Day, Truth
from contracts.refusal import Refusal
from services.councils.domain.following import (
    Amount,
    Change,
    InThePast,
    Parties,
    Party,
    Said,
    Year,
    has_municipality,
    has_police,
)
from services.councils.domain.wording import Line, Text

OVERDUE = "overdue_action"
"""The kind of matter under which an action that is late comes to the next agenda."""

UNREVIEWED = "target_review_missing"
"""The kind of matter under which a target that nobody looked at comes to the next agenda."""


class SideMissingHere(Refusal):
    """Police and a municipality are both in it; others may be (O-4.1-09, O-4.2-02)."""

    slug = "police-and-municipality"
    status = 422
    title = "Både politiet og en kommune skal være med."
    todo = "Tilføj den part, der mangler."


class NotAssessed(Refusal):
    """A joint effort begins where somebody has assessed the area as suited (O-4.1-09)."""

    slug = "not-assessed-as-suited"
    status = 422
    title = "Området er ikke vurderet som egnet til en særlig fællesindsats."
    todo = "Vurdér området først; det gør lokalrådet med en begrundelse."


class EffortIsRunning(Refusal):
    """A lokalråd has one joint effort in an area at a time."""

    slug = "effort-is-running"
    title = "Der er allerede en fællesindsats i området."
    todo = "Fortsæt i den, der er i gang, eller afslut den først."


class ReviewedAlready(Refusal):
    """A target is reviewed once for each year."""

    slug = "reviewed-already"
    title = "Måltallet er allerede gennemgået for det år."
    todo = "Se gennemgangen; den bliver stående."


class ActionSaid(Said):
    """What an authority is to do by a day."""

    title: Line
    owner: Party
    due_on: Day
    decision_id: UUID | None = None


class Moving(Change):
    """A new due day."""

    due_on: Day


class TargetSaid(Said):
    """A target that police and municipality own together."""

    indicator: Line
    value: Amount
    lower_is_better: Truth = False
    owners: Parties
    first_year: Year


class Review(Change):
    """What the indicator was in a year."""

    year: Year
    measured: Amount
    note: Text


class EffortSaid(Said):
    """A joint effort in an area."""

    area_id: UUID
    title: Line
    parties: Parties
    others: Annotated[tuple[Line, ...], Field(max_length=40)] = ()
    decision_id: UUID | None = None


class Ending(Change):
    """What came of a joint effort."""

    note: Text


def check_ahead(day: date, today: date) -> None:
    """Refuse a due day that is over."""
    if day < today:
        raise InThePast


def check_sides(parties: tuple[str, ...]) -> None:
    """Refuse what police and a municipality do not do together."""
    if not (has_police(parties) and has_municipality(parties)):
        raise SideMissingHere

"""Whether an office takes somebody now: open, with a wait, or closed until a day, as the office itself has said."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from contracts.hverdage import DANISH_TIME
from contracts.refusal import Refusal

OLD_AFTER = timedelta(days=30)
"""What was said longer ago is shown as old: it may hold still, and nobody has said so."""
LONGEST = timedelta(days=730)
"""No office says what holds two years from now."""

NOT_STATED = "Ikke oplyst. Spørg kontoret."

_MONTHS = (
    *("januar", "februar", "marts", "april", "maj", "juni"),
    *("juli", "august", "september", "oktober", "november", "december"),
)


class CapacityUnclear(Refusal):
    """What was said of an office's capacity does not fit together."""

    slug = "capacity-unclear"
    status = 422
    title = "Det hænger ikke sammen."
    todo = (
        "open står alene. waiting skal have wait_days fra 1 til 730. closed skal have until: "
        "i dag eller en senere dag, højst to år frem."
    )


class Intake(StrEnum):
    """How an office stands."""

    OPEN = "open"
    WAITING = "waiting"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Statement:
    """What an office says of itself."""

    state: Intake
    wait_days: int | None = None
    until: date | None = None
    """The last day on which it is closed."""

    def check(self, today: date) -> None:
        """Refuse what does not fit together.

        Raises:
            CapacityUnclear: a number or a day is missing, is one too many, or lies out of bounds.
        """
        fits = {
            Intake.OPEN: self.wait_days is None and self.until is None,
            Intake.WAITING: self.until is None and 1 <= (self.wait_days or 0) <= LONGEST.days,
            Intake.CLOSED: self.wait_days is None and self.until is not None and self._lies_ahead(self.until, today),
        }
        if not fits[self.state]:
            raise CapacityUnclear

    def _lies_ahead(self, until: date, today: date) -> bool:
        return today <= until <= today + LONGEST


@dataclass(frozen=True, slots=True)
class Capacity:
    """A statement, and when it was made."""

    statement: Statement
    stated_at: datetime
    version: int

    def is_old(self, now: datetime) -> bool:
        """Say whether it was made so long ago that the reader must know."""
        return now - self.stated_at > OLD_AFTER

    def words(self, now: datetime) -> str:
        """Say it in Danish: how it stands, and since when."""
        said, when = self._state(now), in_danish(self.stated_at.astimezone(DANISH_TIME).date())
        if self.is_old(now):
            return f"{said} Oplyst {when}. Oplysningen er over {OLD_AFTER.days} dage gammel: spørg kontoret."
        return f"{said} Oplyst {when}."

    def _state(self, now: datetime) -> str:
        stated = self.statement
        if stated.state is Intake.OPEN:
            return "Åbent for nye."
        if stated.until is None:
            return f"Ventetid: {stated.wait_days} {'dag' if stated.wait_days == 1 else 'dage'}."
        if stated.until < now.astimezone(DANISH_TIME).date():
            return f"Var lukket til og med {in_danish(stated.until)}."
        return f"Lukket til og med {in_danish(stated.until)}."


def in_danish(day: date) -> str:
    """Return a day as a sentence says it: `28. november 2026`."""
    return f"{day.day}. {_MONTHS[day.month - 1]} {day.year}"

"""What is common to everything that councils follow up: who takes part, what is measured, and by when."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from contracts.codes import AuthorityKind, authorities
from contracts.form import WHOLE, Day, Truth
from contracts.hverdage import DANISH_TIME
from contracts.refusal import Refusal
from services.councils.domain.wording import Line

FIRST_YEAR, LAST_YEAR = 2000, 2999
MOST = 1_000_000_000


class UnknownAuthority(Refusal):
    """Only authorities of the cooperation own something or take part in it as such."""

    slug = "unknown-authority"
    status = 422
    title = "Myndigheden findes ikke i samarbejdet."
    todo = "Vælg en af de myndigheder, der er med."


class WrongStep(Refusal):
    """It has come to another point by now."""

    slug = "wrong-step"
    title = "Det kan ikke lade sig gøre på dette trin."
    todo = "Hent det igen, og se i `state`, hvor langt det er."


class NeedsDecision(Refusal):
    """It rests on a decision of its own council, and there is none."""

    slug = "needs-a-decision"
    status = 422
    title = "Det kræver en beslutning i rådet."
    todo = "Skriv `decision_id` fra det møde, hvor rådet besluttede det."


class DecisionOfAnotherCouncil(Refusal):
    """The decision is another council's (O-1-02)."""

    slug = "decision-of-another-council"
    status = 403
    title = "Beslutningen er truffet i et andet råd, som ikke kan bestemme dette."
    todo = "Tag det op i det råd, der skal beslutte det."


class InThePast(Refusal):
    """A day by which something is to be done lies ahead."""

    slug = "in-the-past"
    status = 422
    title = "Dagen ligger i fortiden."
    todo = "Vælg en dag, der ikke er gået."


class NotYet(Refusal):
    """What is to come cannot have been held or found."""

    slug = "not-yet"
    status = 422
    title = "Dagen er ikke kommet endnu."
    todo = "Vent, til det er sket, eller ret dagen."


class Said(BaseModel):
    """What somebody sends: nothing else than its own fields, and nothing of it in an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Change(Said):
    """A change of what was read in this version."""

    version: Annotated[int, Field(ge=0, le=MOST), WHOLE]


def _known(authority: str) -> str:
    if authority not in authorities():
        raise UnknownAuthority
    return authority


Party = Annotated[str, StringConstraints(max_length=60, pattern=r"^[a-z]+(-[a-z0-9]+)*$"), AfterValidator(_known)]
"""An authority of the cooperation."""

Parties = Annotated[tuple[Party, ...], Field(min_length=1, max_length=40)]
"""Authorities that do something together."""

Year = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR), WHOLE]
"""A calendar year."""

Amount = Annotated[float, Field(ge=-MOST, le=MOST, allow_inf_nan=False)]
"""What is measured: a number, a share or an amount."""

Count = Annotated[int, Field(ge=0, le=1_000_000), WHOLE]
"""How many came: a number, and never who."""

Theme = Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z](_?[a-z])*$")]
"""A topic of the plan by its code: `drug_sale_at_schools`."""


class Tag(StrEnum):
    """What an activity shows of the police (O-6-01); for reports, and nothing else depends on it."""

    NAER = "naer"
    SYNLIG = "synlig"
    TRYGHED = "tryghed"


Tags = Annotated[tuple[Tag, ...], Field(max_length=3)]
"""What an activity is counted under."""


class Measure(Said):
    """What tells whether something has worked: an indicator, the value to reach, and by when."""

    indicator: Line
    target: Amount
    lower_is_better: Truth = False
    on: Day


def missed(value: float, target: float, *, lower_is_better: bool) -> bool:
    """Say whether a measured value is on the wrong side of its target; the target itself is reached."""
    return value > target if lower_is_better else value < target


def has_police(parties: Iterable[str]) -> bool:
    """Say whether the police takes part."""
    return bool(kinds_of(parties) & {AuthorityKind.POLICE, AuthorityKind.POLICE_UNIT})


def has_municipality(parties: Iterable[str]) -> bool:
    """Say whether a municipality takes part."""
    return AuthorityKind.MUNICIPALITY in kinds_of(parties)


def kinds_of(parties: Iterable[str]) -> set[AuthorityKind]:
    """Return of which kinds authorities are."""
    return {authorities()[party].kind for party in parties}


def check_decision(of_body: UUID | None, outcome: str, council: UUID) -> None:
    """Refuse what rests on no decision of its council, or on one not to do it.

    Raises:
        NeedsDecision: there is none, or it says no or not yet.
        DecisionOfAnotherCouncil: another council took it.
    """
    if of_body is None:
        raise NeedsDecision
    if of_body != council:
        raise DecisionOfAnotherCouncil
    if outcome not in {"decided", "start"}:
        raise NeedsDecision


def day_of(at: datetime) -> date:
    """Return the Danish day of a moment."""
    return at.astimezone(DANISH_TIME).date()


def day_is_over(day: date) -> datetime:
    """Return the moment at which a Danish day has ended."""
    return datetime.combine(day + timedelta(days=1), time(), DANISH_TIME)


def year_is_over(year: int) -> datetime:
    """Return the moment at which a Danish year has ended."""
    return day_is_over(date(year, 12, 31))

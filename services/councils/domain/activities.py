"""What §4.2 to §4.4 ask for besides decisions: training, prevention meetings, verdicts, investigations, the account."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from contracts.codes import Kommunekode
from contracts.form import Day
from contracts.refusal import Refusal
from services.councils.domain.following import Change, Count, NotYet, Party, Said, Tags, Theme, Year, has_police
from services.councils.domain.mandatory import DRUG_SALE
from services.councils.domain.wording import Line, Text

ACCOUNT_MISSING = "yearly_account_missing"
"""The kind of matter under which a missing account of the chief comes to the kredsråd's next agenda."""


class SchoolsMissing(Refusal):
    """An investigation says which schools it covers (O-4.4-03)."""

    slug = "schools-missing"
    status = 422
    title = "Undersøgelsen siger ikke, hvilke skoler den dækker."
    todo = "Skriv skolerne i `schools`."


class NoProblemFound(Refusal):
    """Police and school act against a problem that was found (O-4.4-04)."""

    slug = "no-problem-found"
    title = "Undersøgelsen har ikke fundet et problem, der skal sættes ind over for."
    todo = "Afslut undersøgelsen med det, den viste, før I sætter ind."


class NotCovered(Refusal):
    """The school is one of those that the investigation covers (O-4.4-04)."""

    slug = "school-not-covered"
    status = 422
    title = "Skolen er ikke en af dem, undersøgelsen dækker."
    todo = "Vælg en af undersøgelsens skoler."


class PolicePartyNeeded(Refusal):
    """A school acts together with the police (O-4.4-04)."""

    slug = "police-party-needed"
    status = 422
    title = "Den anden part er ikke politiet."
    todo = "Vælg politiet som part ved siden af skolen."


class GivenAlready(Refusal):
    """The account of a year is given once (rpl § 112, stk. 2)."""

    slug = "given-already"
    title = "Årets redegørelse er allerede givet."
    todo = "Se den, der er registreret."


class ConceptSaid(Said):
    """A training concept and whom it is for."""

    title: Line
    audience: Line


class SessionSaid(Change):
    """A training that was held, with how many came and never who."""

    held_on: Day
    attendance: Count


class MeetingSaid(Said):
    """A prevention meeting with an organisation (O-4.3-04)."""

    organisation: Line
    topic: Line
    kommunekode: Kommunekode
    planned_on: Day
    tags: Tags = ()


class MeetingReport(Change):
    """How a prevention meeting went: how many came, and what it was about."""

    attendance: Count
    report: Text


class VerdictSaid(Said):
    """How a council judges a topic of the plan (O-4.4-02)."""

    topic: Theme
    verdict: Literal["not_extensive", "extensive", "problem", "no_problem"]
    words: Text
    assessed_by: Party
    assessed_on: Day


class OpeningSaid(Said):
    """That every lokalråd is to look into something in a year."""

    year: Year
    topic: Theme = DRUG_SALE


class Conclusion(Change):
    """What a lokalråd found: by which method, at which schools."""

    method: Line
    schools: Annotated[tuple[Line, ...], Field(max_length=300)] = ()
    found: Literal["problem", "no_problem"]
    words: Text


class SchoolActionSaid(Change):
    """What police and a school do together, by a day."""

    title: Line
    school: Line
    police: Party
    due_on: Day


class AccountSaid(Said):
    """The chief's account of a year to the kredsråd (rpl § 112, stk. 2)."""

    year: Year
    account: Text


def check_over(day: date, today: date) -> None:
    """Refuse to report what is still to come."""
    if day > today:
        raise NotYet


def check_conclusion(said: Conclusion) -> None:
    """Refuse an investigation that covers no school."""
    if not said.schools:
        raise SchoolsMissing


def missing_of(investigation: Mapping[str, Any] | None, actions: int) -> list[str]:
    """Return, in Danish, what the point about schools still lacks (O-4.4-03, O-4.4-04)."""
    if investigation is None or investigation["state"] != "concluded":
        return ["undersøgelsen af forholdene ved skolerne er ikke afsluttet"]
    if investigation["found"] == "problem" and not actions:
        return ["der er fundet et problem, og politi og skole har ikke aftalt, hvordan de sætter ind"]
    return []


def check_school(said: SchoolActionSaid, investigation: Mapping[str, Any]) -> UUID:
    """Return the investigation's id where the action answers what it found.

    Raises:
        NoProblemFound: it found none, or goes on.
        NotCovered: the school is none of its own.
        PolicePartyNeeded: the other party is not the police.
    """
    if not has_police([said.police]):
        raise PolicePartyNeeded
    if investigation["found"] != "problem":
        raise NoProblemFound
    if said.school not in investigation["schools"]:
        raise NotCovered
    its_id: UUID = investigation["investigation_id"]
    return its_id

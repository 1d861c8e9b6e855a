"""What the page behind a personal link shows, and what its buttons say: pure, so that it can be told without a page."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from contracts.alerting.v1 import AnswerKind
from contracts.codes import authorities
from contracts.refusal import Refusal
from services.alerting.domain.calling import Reply
from services.alerting.domain.tables import rows
from services.alerting.domain.texts import answers, template_of

MINUTES = (5, 15, 30, 60)
"""What the buttons of somebody who comes say."""

LONGEST_MINUTES = 1440

SAID: Mapping[str, str] = {
    AnswerKind.SEEN: "set",
    AnswerKind.COMING: "kommer",
    AnswerKind.VIRTUAL: "deltager virtuelt",
    AnswerKind.CANNOT: "kan ikke",
    AnswerKind.ARRIVED: "er fremme",
}
"""An answer as it stands after a name."""

POLLED: Mapping[str, str] = {**SAID, AnswerKind.COMING: "kan møde", AnswerKind.VIRTUAL: "kan deltage virtuelt"}
"""The same where people were asked whether they could come: nobody is on the way because of a poll."""

COPENHAGEN = ZoneInfo("Europe/Copenhagen")


class NoSuchAnswer(Refusal):
    """A form said something that this call does not ask."""

    slug = "no-such-answer"
    status = 422
    title = "Det svar kan kaldet ikke tage imod."
    todo = "Åbn linket igen, og brug en af knapperne. Dit svar er ikke gemt."


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who was called, as far as the holder of a link may know: a name only within the own office."""

    authority: str
    office: str
    name: str | None
    answer: str | None
    eta_minutes: int | None
    answered_at: datetime | None
    own: bool


@dataclass(frozen=True, slots=True)
class Colleague:
    """A line about somebody of the own office."""

    name: str
    says: str


@dataclass(frozen=True, slots=True)
class Party:
    """What one office answers: names where it is one's own, and counts elsewhere."""

    name: str
    own: bool
    colleagues: tuple[Colleague, ...]
    counts: str


@cache
def cards() -> dict[str, tuple[str, ...]]:
    """Return the action card of each template: what to do, line by line."""
    found: dict[str, tuple[str, ...]] = {}
    for row in rows("cards.csv"):
        found[row["template"]] = (*found.get(row["template"], ()), row["line"])
    return found


def kinds(template: str) -> tuple[str, ...]:
    """Return the answers that a template asks for."""
    return tuple(answers()[template_of(template).answers].kinds.split())


def read_choice(text: str, template: str) -> Reply:
    """Return what a button said: `coming 15`, `virtual`; NoSuchAnswer where the template does not ask for it."""
    found = re.fullmatch(r"([a-z]{1,20})(?: (\d{1,4}))?", text, re.ASCII)
    if found is None or found[1] not in kinds(template):
        raise NoSuchAnswer
    minutes = int(found[2]) if found[2] else None
    if minutes is not None and (found[1] != AnswerKind.COMING or minutes > LONGEST_MINUTES):
        raise NoSuchAnswer
    return Reply(AnswerKind(found[1]), minutes)


def words_of(template: str) -> Mapping[str, str]:
    """Return how answers to a template are said."""
    asked = kinds(template)
    return POLLED if AnswerKind.COMING in asked and AnswerKind.ARRIVED not in asked else SAID


def says(
    answer: str | None, eta_minutes: int | None, answered_at: datetime | None, words: Mapping[str, str] = SAID
) -> str:
    """Return an answer in words, with the time of arrival where it has one."""
    if answer is None or answered_at is None:
        return "har ikke svaret"
    if words is SAID and answer == AnswerKind.COMING and eta_minutes:
        return f"{SAID[answer]} ca. {clock(answered_at + timedelta(minutes=eta_minutes))}"
    return words[answer]


def clock(at: datetime) -> str:
    """Return a time as it is said in Denmark."""
    return f"kl. {at.astimezone(COPENHAGEN):%H.%M}"


def parties(called: Iterable[Person], words: Mapping[str, str] = SAID) -> list[Party]:
    """Return who answers what, one's own office first."""
    by_office: dict[tuple[str, str], list[Person]] = {}
    for one in called:
        by_office.setdefault((one.authority, one.office), []).append(one)
    own = {key for key, people in by_office.items() if any(one.own for one in people)}
    return [
        _party(key, people, key in own, words)
        for key, people in sorted(by_office.items(), key=lambda at: at[0] not in own)
    ]


def _party(key: tuple[str, str], people: list[Person], own: bool, words: Mapping[str, str]) -> Party:
    colleagues = tuple(
        Colleague("Dig" if one.own else one.name, says(one.answer, one.eta_minutes, one.answered_at, words))
        for one in people
        if own and one.name
    )
    return Party(authorities()[key[0]].name, own, colleagues, "" if own else _counts(people, words))


def _counts(people: list[Person], words: Mapping[str, str]) -> str:
    numbers = {kind: sum(1 for one in people if one.answer == kind) for kind in (*words, None)}
    told = [f"{number} {words[kind] if kind else 'har ikke svaret'}" for kind, number in numbers.items() if number]
    return ", ".join(told)

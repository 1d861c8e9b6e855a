"""What the pages say of those who were called, in Danish: pure, so that it can be told without a page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from contracts.alerting.v1 import AnswerKind, AnswerSource
from contracts.beredskabsstab.v1 import Cause, Step
from services.beredskabsstab.domain.quorum import Lack

COPENHAGEN = ZoneInfo("Europe/Copenhagen")

STEPS: Mapping[Step, str] = {
    Step.DAILY: "Dagligt beredskab",
    Step.INFORMATIONSBEREDSKAB: "Informationsberedskab",
    Step.STABSBEREDSKAB: "Stabsberedskab",
    Step.OPERATIONSBEREDSKAB: "Operationsberedskab",
}
MEANS: Mapping[Step, str] = {
    Step.INFORMATIONSBEREDSKAB: "Vagterne får besked og følger med. Ingen møder.",
    Step.STABSBEREDSKAB: "Stabens faste medlemmer møder.",
    Step.OPERATIONSBEREDSKAB: "Hele staben møder og afløses døgnet rundt.",
}
CAUSES: Mapping[Cause, str] = {
    Cause.HAENDELSE_UVARSLET: "Hændelse, uvarslet",
    Cause.HAENDELSE_VARSLET: "Hændelse, varslet",
    Cause.BEGIVENHED_VARSLET: "Begivenhed, varslet",
    Cause.BEGIVENHED_UVARSLET: "Begivenhed, uvarslet",
    Cause.STOR_ULYKKE: "Stor ulykke",
    Cause.KATASTROFE: "Katastrofe",
}
STATES: Mapping[str, str] = {
    "planned": "planlagt",
    "active": "i gang",
    "stood_down": "afsluttet",
    "cancelled": "annulleret som fejlaktivering",
    "handed_over": "overdraget",
    "evaluated": "evalueret",
}
SOURCES: Mapping[str, str] = {
    AnswerSource.TELEPHONE: "telefon",
    AnswerSource.SINE: "SINE",
    AnswerSource.IN_PERSON: "fremmøde",
}
"""How somebody tells the desk; what comes by itself needs no word."""
ROLES: Mapping[str, tuple[str, str]] = {
    "logfoerer": ("logfører", "logførere"),
    "stabsmedlem": ("stabsmedlem", "stabsmedlemmer"),
    "stabsleder": ("stabsleder", "stabsledere"),
    "vagt": ("vagt", "vagter"),
    "kommunikation": ("kommunikationsmedarbejder", "kommunikationsmedarbejdere"),
}
COMES = frozenset({AnswerKind.COMING, AnswerKind.VIRTUAL, AnswerKind.ARRIVED, AnswerKind.SEEN})


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who was called, as far as words need it."""

    role: str
    called_at: datetime | None
    reached_at: datetime | None
    answer: str | None
    eta_minutes: int | None
    answered_at: datetime | None
    arrived_at: datetime | None


def role(code: str, count: int = 1) -> str:
    """Return a role of the framework plan as it is read; a code that is not known is read as it stands."""
    one, many = ROLES.get(code, (code.replace("_", " "),) * 2)
    return one if count == 1 else many


def clock(at: datetime | None, now: datetime | None = None) -> str:
    """Return a time of day in Denmark, with the date where it is not that of `now`."""
    if at is None:
        return ""
    there = at.astimezone(COPENHAGEN)
    if now is not None and there.date() != now.astimezone(COPENHAGEN).date():
        return f"{there.day}.{there.month}. kl. {there:%H.%M}"
    return f"kl. {there:%H.%M}"


def day(at: datetime) -> str:
    """Return a day in Denmark, with its year."""
    there = at.astimezone(COPENHAGEN)
    return f"{there.day}.{there.month}.{there.year}"


def owed(owner: str, due_at: datetime, now: datetime) -> str:
    """Return by when an evaluation that is open is to be concluded, and by whom."""
    if due_at < now:
        return f"Evalueringen er forsinket: {owner} skulle have afsluttet den senest {day(due_at)}."
    return f"Evalueringen er åben: {owner} skal afslutte den senest {day(due_at)}."


def lasted(span: timedelta) -> str:
    """Return a length of time in the largest words that matter: seconds at first, then minutes, then hours."""
    seconds = max(0, int(span.total_seconds()))
    if seconds < 60:  # noqa: PLR2004  a minute
        return f"{seconds} sek."
    minutes = seconds // 60
    hours, rest = divmod(minutes, 60)
    return f"{minutes} min." if minutes < 120 else f"{hours} t. {rest} min."  # noqa: PLR2004  two hours


def says(one: Person, now: datetime) -> str:
    """Return what somebody has said, as it stands after a name."""
    match one.answer:
        case AnswerKind.ARRIVED:
            return f"fremme {clock(one.arrived_at or one.answered_at, now)}"
        case AnswerKind.COMING | AnswerKind.VIRTUAL:
            return _promised(one, now)
        case AnswerKind.CANNOT:
            return f"kan ikke ({clock(one.answered_at, now)})"
        case AnswerKind.SEEN:
            return f"set {clock(one.answered_at, now)}"
        case _:
            return f"har fået besked {clock(one.reached_at, now)}, intet svar" if one.reached_at else "ikke nået endnu"


def _promised(one: Person, now: datetime) -> str:
    word = "deltager virtuelt" if one.answer == AnswerKind.VIRTUAL else "kommer"
    if one.eta_minutes is None or one.answered_at is None:
        return word
    at = one.answered_at + timedelta(minutes=one.eta_minutes)
    return f"{word} ca. {clock(at, now)}" if at >= now else f"{word}: ventet {clock(at, now)}, ikke meldt fremme"


def counts(people: Iterable[Person]) -> str:
    """Return how many were called, answered and come."""
    called = list(people)
    answered = sum(one.answer is not None for one in called)
    coming = sum(one.answer in COMES for one in called)
    return f"{len(called)} kaldt, {answered} svaret, {coming} kommer eller er med" if called else "ingen kaldt endnu"


def missing(people: Iterable[Person], lacks: Iterable[Lack], now: datetime) -> str:
    """Return what an authority lacks; empty where it lacks nothing."""
    gone = [f"{one.needed - one.have} {role(one.role, one.needed - one.have)}" for one in lacks]
    if not gone:
        return ""
    called = list(people)
    silent = sum(one.answer is None for one in called)
    parts = ["mangler " + " og ".join(gone)]
    parts += [f"{silent} ubesvaret" if silent == 1 else f"{silent} ubesvarede"] if silent else []
    deputy = deputy_called(called)
    parts += [f"stedfortræder kaldt {clock(deputy, now)}"] if deputy else []
    return "; ".join(parts)


def deputy_called(people: Iterable[Person]) -> datetime | None:
    """Return when a deputy was called last: whoever is called for a role after the first of it."""
    first: dict[str, datetime] = {}
    later: list[datetime] = []
    for at, code in sorted((one.called_at, one.role) for one in people if one.called_at is not None):
        if at > first.setdefault(code, at) + timedelta(seconds=5):
            later.append(at)
    return max(later, default=None)


def quorum(*, is_reached: bool, demands: int, authorities: int, since: datetime | None, asked: datetime) -> str:
    """Return how the rule of the step stands; `authorities` is how many of them lack somebody."""
    if not demands:
        return "Rammeplanen kræver ingen bestemte svar på dette trin."
    if is_reached:
        took = f" {clock(since)}, {lasted(since - asked)} efter kaldet" if since else ""
        return f"Tilstrækkeligt fremmøde nået{took}."
    many = "1 myndighed" if authorities == 1 else f"{authorities} myndigheder"
    return f"Tilstrækkeligt fremmøde ikke nået: {many} mangler nogen."

"""The report of a programme: its period, its figures with their denominators, and the words that stand beside them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from contracts.codes import AuthorityKind, Office
from contracts.refusal import Refusal
from services.referrals.domain.coursebook import source_words
from services.referrals.domain.outcomes import (
    TIMED,
    Course,
    Figure,
    Tally,
    half_up,
    median_minutes,
    tally,
)
from services.referrals.domain.programmes import Programme
from services.referrals.domain.states import REJECTIONS
from services.referrals.domain.suppression import TOTAL, Shown, is_small, suppressed

NO_DATA = "ingen data"
HIDDEN = "under 5, eller kan regnes ud af de andre tal"


class PeriodUnusable(Refusal):
    """A period begins on the first day of a month and ends on the last of one: others could be held against it."""

    slug = "period-unusable"
    status = 422
    title = "Perioden kan ikke bruges."
    todo = "Vælg hele måneder: fra den 1. i en måned til den sidste dag i samme eller en senere måned, højst ti år."


class PeriodNotOver(Refusal):
    """What stands fast is over."""

    slug = "period-not-over"
    title = "Perioden er ikke slut."
    todo = "Vent til dagen efter periodens sidste dag, og offentliggør så."


class AlreadyPublished(Refusal):
    """The figures of a period stand fast once."""

    slug = "already-published"
    title = "Rapporten for perioden er offentliggjort."
    todo = "Hent den offentliggjorte rapport. Tallene ændres ikke."


class NeverPublished(Refusal):
    """A confidential programme's figures stay in its circle."""

    slug = "never-published"
    title = "Ordningens tal offentliggøres ikke."
    todo = "Hent rapporten, når den skal bruges, og del den ikke uden for kredsen."


@dataclass(frozen=True, slots=True)
class Period:
    """Days in Danish time, the last one included."""

    first: date
    last: date

    def check(self) -> None:
        """Refuse what is no row of whole months.

        Raises:
            PeriodUnusable: it is none, or too long.
        """
        after = self.last + timedelta(days=1) if self.last < date.max else self.last
        if (self.first.day, after.day) != (1, 1) or not self.first < after or self.last.year - self.first.year > MOST:
            raise PeriodUnusable

    def check_over(self, today: date) -> None:
        """Refuse to let figures stand fast that may change by another yes.

        Raises:
            PeriodNotOver: its last day is not past.
        """
        if today <= self.last:
            raise PeriodNotOver


MOST = 10

CONSENTING, SENDING = "sagt ja", "henvist"

RATES: Mapping[str, tuple[Figure, Figure, str]] = {
    "yes_of_asked": (Figure.YES, Figure.ASKED, "sagde ja, af dem, der er spurgt"),
    "tried_of_yes": (Figure.TRIED, Figure.YES, "er forsøgt kontaktet"),
    "contacted_of_yes": (Figure.CONTACTED, Figure.YES, "er kontaktet"),
    "conversation_of_yes": (Figure.CONVERSATION, Figure.YES, "har haft en samtale"),
    "further_of_yes": (Figure.FURTHER, Figure.YES, "har haft mere end den første samtale"),
    "treatment_of_yes": (Figure.TREATMENT, Figure.YES, "er begyndt i behandling"),
    "closed_of_yes": (Figure.CLOSED, Figure.YES, "er afsluttet, så begge sider ved det"),
    "rejected_of_yes": (Figure.REJECTED, Figure.YES, "er afvist af modtageren"),
    "expired_of_sent": (Figure.EXPIRED, Figure.SENT, "udløb uden svar, af alt, der er sendt"),
}
"""Each share: its numerator, its denominator, and what it says."""

PREVENTION, SAFETY = "crime-prevention", "safety"
CALMING = frozenset({"konfliktraad", "offerraadgivning", "traumeteam"})
"""Those that victims meet: the plan says of konfliktråd that it prevents crime and makes safe (O-6.6-03)."""


def effects(of: Programme) -> tuple[str, ...]:
    """Return the purposes under which a programme's figures are read."""
    return (PREVENTION, SAFETY) if of.code in CALMING else (of.purpose,)


def tallies(courses: Sequence[Course], declined: Mapping[str, int], kommuner: Iterable[str]) -> dict[str, Tally]:
    """Return what each municipality, and the district, comes to."""
    each = {
        code: tally([one for one in courses if one.kommune == code], declined.get(code, 0)) for code in sorted(kommuner)
    }
    return each | {TOTAL: tally(courses, sum(declined.values()))}


def report(of: Programme, period: Period, counted: Mapping[str, Tally], where: str = TOTAL) -> dict[str, Any]:
    """Return the report of a municipality, or of the district; what is hidden is None."""
    shown = suppressed({name: one.numbers for name, one in counted.items()})[where]
    head = {
        "programme": of.code,
        "name": of.name,
        "purposes": effects(of),
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "where": where,
    }
    if not counted[where].numbers[Figure.ASKED]:
        return head | {"sentence": NO_DATA}
    return head | {
        "sentence": sentence(shown, SENDING if not of.consent else CONSENTING),
        "yes": shown[Figure.YES],
        "shares": {name: _share(shown, *asked) for name, asked in RATES.items()},
        "times": {figure.value: _time(shown, figure, counted[where]) for figure in TIMED},
        "rejections": _rejections(shown),
        "sources": _sources(of, counted[where], shown[Figure.YES]) if where == TOTAL else [],
        "hidden": HIDDEN,
    }


def _share(shown: Shown, part: Figure, whole: Figure, says: str) -> dict[str, Any]:
    numerator, denominator = shown[part], shown[whole]
    known = numerator is not None and denominator
    percent = half_up(numerator, denominator) if known and numerator is not None and denominator else None
    return {"numerator": numerator, "denominator": denominator, "percent": percent, "says": says}


def _time(shown: Shown, figure: Figure, counted: Tally) -> dict[str, Any]:
    count = shown[figure]
    return {"count": count, "median_minutes": median_minutes(counted.times[figure]) if count else None}


def _rejections(shown: Shown) -> list[dict[str, Any]]:
    codes = [name.partition(":")[2] for name in sorted(shown) if ":" in name]
    return [
        {"code": one, "says": REJECTIONS.get(one, one), "count": shown[f"{Figure.REJECTED}:{one}"]} for one in codes
    ]


def _sources(of: Programme, counted: Tally, yes: int | None) -> list[dict[str, Any]]:
    """Return how it began, each beside everybody (O-6.3-03); one hidden number hides all, for they make a sum."""
    unsaid = counted.numbers[Figure.YES] - sum(counted.sources.values())
    hide = yes is None or any(map(is_small, (*counted.sources.values(), unsaid)))
    numbers = {name: None if hide else number for name, number in sorted(counted.sources.items())}
    return [
        {"code": name, "says": source_words(of.code, name), "count": number, "denominator": yes}
        for name, number in numbers.items()
    ]


def sentence(shown: Shown, said: str) -> str:
    """Return the report in one sentence, as the plan writes it (O-6.8.1-06)."""
    yes = shown[Figure.YES]
    if yes is None:
        return f"Færre end 5 har {said}, eller tallet kan ikke vises."
    parts = [f"{yes} har {said}"]
    for name in ("conversation_of_yes", "further_of_yes"):
        share = _share(shown, *RATES[name])
        if share["percent"] is not None:
            parts.append(f"{share['percent']} % ({share['numerator']} af {share['denominator']}) {share['says']}")
    return "; ".join(parts) + "."


def is_in_circle(of: Programme, kind: AuthorityKind, office: str) -> bool:
    """Say whether somebody sits in a programme's circle: who sends, receives, convenes or must take part."""
    seats = (*of.parties, *of.sends, *of.receives, of.convener)
    return any(seat.kind is kind and seat.office in {None, _office(office)} for seat in seats)


def _office(name: str) -> Office | None:
    return Office(name) if name in set(Office) else None

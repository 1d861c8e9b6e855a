"""The year wheel of a council: fixed points, the meetings of a calendar year, what is missing, and by when."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from contracts.hverdage import DANISH_TIME
from services.councils.domain.agendas import STANDING
from services.councils.domain.bodies import BodyKind
from services.councils.domain.meeting_refusals import OutsideTheYear, TooFewMeetings
from services.councils.domain.meetings import BEEN, Meeting, State
from services.councils.domain.practice import PARAGRAPH, RULE, TOPICS_PARAGRAPH, TOPICS_RULE, setting

QUARTERS = ((1, 1), (4, 1), (7, 1), (10, 1))
FEW, SOON, NO_ROOM, BREACHED = "fewer_than_four_planned", "act_soon", "cannot_fit", "breached"


@dataclass(frozen=True, slots=True)
class FixedPoint:
    """Something that happens in every year between two days."""

    first: date
    last: date
    title: str


@dataclass(frozen=True, slots=True)
class Wheel:
    """The year of a council as it stands on a day."""

    of: BodyKind
    year: int
    in_service: date
    today: date
    meetings: tuple[Meeting, ...]
    treated: frozenset[str]
    """The codes of the standing topics that were treated in the year."""
    active: bool = True
    """Whether the council works: nothing is asked of one that does not (O-2-06)."""

    @property
    def required(self) -> int:
        """Return how many meetings the year needs: one for each quarter that lies wholly in service."""
        if not self.active:
            return 0
        inside = [one for one in QUARTERS if date(self.year, *one) >= self.in_service]
        return setting("ordinary_meetings") * len(inside) // len(QUARTERS)

    @property
    def planned(self) -> int:
        """Return how many ordinary meetings stand, held or not; one that was never held and is past does not."""
        return self.held + len(self._ahead)

    @property
    def held(self) -> int:
        """Return how many ordinary meetings have been held."""
        return sum(one.state in BEEN for one in self._counting)

    @property
    def missing(self) -> int:
        """Return how many ordinary meetings are neither held nor ahead."""
        return max(0, self.required - self.planned)

    @property
    def act_by(self) -> date | None:
        """Return the last day on which all that is missing can still be called with due notice, one after another."""
        return date(self.year, 12, 31) - timedelta(setting("notice_days") * self.missing) if self.missing else None

    @property
    def untreated(self) -> list[str]:
        """Return the standing topics that were not treated in the year; none where it was not wholly in service."""
        whole = self.active and self.in_service <= date(self.year, 1, 1)
        return [code for code, _ in STANDING[self.of] if code not in self.treated] if whole else []

    @property
    def is_over(self) -> bool:
        """Say whether nothing more can come: the year's last day, with no meeting ahead on it."""
        return self.today > date(self.year, 12, 31) or (self.today == date(self.year, 12, 31) and not self._ahead)

    @property
    def warnings(self) -> list[str]:
        """Return the codes of what is wrong while it can be put right, or is known to come too late (O-2-07)."""
        if not self.missing or self.act_by is None or self.is_over or self.today.year < self.year:
            return []
        soon = self.today >= self.act_by - timedelta(setting("warn_days"))
        late = self.today > self.act_by
        return [FEW, *([SOON] if soon and not late else []), *([NO_ROOM] if late else [])]

    @property
    def breaches(self) -> list[dict[str, str | int]]:
        """Return what the year broke, each by its rule and paragraph; nothing before it is over."""
        if not self.is_over:
            return []
        topics: list[dict[str, str | int]] = [
            {"rule": TOPICS_RULE[self.of], "paragraph": TOPICS_PARAGRAPH[self.of], "topic": code, "title": title}
            for code, title in STANDING[self.of]
            if code in self.untreated
        ]
        few = self.held < self.required
        return [self._few(), *topics] if few else topics

    @property
    def _counting(self) -> list[Meeting]:
        return [one for one in self.meetings if one.counts and one.year == self.year]

    @property
    def _ahead(self) -> list[Meeting]:
        waiting = {State.PLANNED, State.CONVENED}
        return [one for one in self._counting if one.state in waiting and one.day >= self.today]

    def _few(self) -> dict[str, str | int]:
        title = f"Der er holdt {self.held} ordinære møder af {self.required}."
        return {"rule": RULE[self.of], "paragraph": PARAGRAPH[self.of], "held": self.held, "title": title}


def fixed_points(of: BodyKind, year: int) -> list[FixedPoint]:
    """Return what every year holds for a kind of council (ledger 5), in order."""
    council = of is BodyKind.KREDSRAAD
    who, last = ("Kredsrådets", "næste års plan drøftes") if council else ("Lokalrådets", "den lokale plan godkendes")
    first = "den nye plans obligatoriske punkter"
    subjects = (first, "halvårets tal", "forslag til næste års plan", last)
    quarters = [
        FixedPoint(date(year, month, day), _end(year, month), f"{who} {number}. møde: {subjects[number - 1]}")
        for number, (month, day) in enumerate(QUARTERS, 1)
    ]
    ends = "Lokalrådenes formænd inddrages, og de lokale planer skrives"
    others = [
        FixedPoint(date(year, 1, 1), date(year, 1, 31), "Planen underskrives og offentliggøres"),
        FixedPoint(date(year, 9, 1), date(year, 9, 1), "Vinduet for forslag åbner"),
        FixedPoint(date(year, 10, 1), date(year, 12, 15), ends),
        FixedPoint(date(year, 12, 1), date(year, 12, 1), "Ministeriets boligområdelister offentliggøres og indlæses"),
    ]
    account = [FixedPoint(date(year, 10, 1), date(year, 12, 31), "Politidirektørens årlige redegørelse")]
    return sorted([*others, *quarters, *(account if council else [])], key=lambda one: (one.first, one.last))


def require_enough(wheel: Wheel, new: Collection[Meeting]) -> None:
    """Refuse to plan a whole year with fewer ordinary meetings than its rule asks for.

    Raises:
        OutsideTheYear: a meeting lies in another year.
        TooFewMeetings: with these there are still too few.
    """
    if any(one.year != wheel.year for one in new):
        raise OutsideTheYear(year=wheel.year)
    missing = wheel.required - wheel.planned - sum(one.counts for one in new)
    if missing > 0:
        raise TooFewMeetings(rule=RULE[wheel.of], paragraph=PARAGRAPH[wheel.of], missing=missing)


def next_look(today: date) -> datetime:
    """Return when a council's year is looked at again: the next day on which a warning or a breach can begin."""
    days = {one for year in (today.year, today.year + 1) for one in _days_of(year)}
    return datetime.combine(min(day for day in days if day > today), time(), DANISH_TIME)


def _days_of(year: int) -> Iterable[date]:
    end = date(year, 12, 31)
    yield from (date(year, 1, 1), date(year, 2, 1), end)
    for missing in range(1, setting("ordinary_meetings") + 1):
        act_by = end - timedelta(setting("notice_days") * missing)
        yield from (act_by - timedelta(setting("warn_days")), act_by + timedelta(1))


def _end(year: int, month: int) -> date:
    """Return the last day of the quarter that begins with a month."""
    following = month + len(QUARTERS) - 1
    return (date(year, following, 1) if following <= QUARTERS[-1][0] else date(year + 1, 1, 1)) - timedelta(1)

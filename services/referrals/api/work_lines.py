"""The lines of »Det venter på dig« in words: what waits, since when, until when and for whom; nobody is named."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chassis.identity import Principal
from services.referrals.api.grouping import seat_of
from services.referrals.api.meeting_view import place_of, seat_words, title_of
from services.referrals.api.work_view import name_of
from services.referrals.domain.coursebook import coursebook
from services.referrals.domain.group_words import TaskKind
from services.referrals.domain.moments import when
from services.referrals.domain.programmes import Programme, programme
from services.referrals.domain.referral_words import PURPOSES, STATES
from services.referrals.domain.states import Side, State
from services.referrals.domain.worklist import turn


@dataclass(frozen=True, slots=True)
class Line:
    """One line."""

    path: str
    title: str
    state: str
    since: datetime
    due_at: datetime | None
    of: Programme
    now: datetime
    late: bool = False
    waits_for: tuple[str, ...] = ()
    """In words; nobody where it has ended, or where the page says that it is the reader's own turn."""
    place: str = ""
    with_whom: str = ""
    sentence: str = ""
    purpose: str = field(init=False, default="")
    due: str = field(init=False, default="")

    def __post_init__(self) -> None:
        """Say the programme's purpose and the deadline in words."""
        object.__setattr__(self, "purpose", PURPOSES[self.of.purpose])
        object.__setattr__(self, "due", when(self.due_at, self.now) if self.due_at else "")


def of_referral(row: dict[str, Any], who: Principal, now: datetime) -> Line:
    """Return a referral of the own office."""
    of, state = programme(row["programme"]), State(row["state"])
    mine = row["sender"] == who.authority
    sides = {Side.SENDER: row["sender"], Side.MANAGER: row["sender"], Side.RECEIVER: row["receiver"]}
    side = turn(state, minimisation_due=row["minimisation_due"])
    return Line(
        path=f"/henvisninger/{row['referral_id']}",
        title=of.name,
        state=row["words"],
        since=row["waits_since"],
        due_at=row["due_at"],
        of=of,
        now=now,
        late=row["late"],
        waits_for=(name_of(sides[side], ""),) if side else (),
        place=place_of(row["kommune"]),
        with_whom=f"til {name_of(row['receiver'], '')}" if mine else f"fra {name_of(row['sender'], '')}",
        sentence=STATES[state][1],
    )


def of_course(row: dict[str, Any], now: datetime) -> Line:
    """Return a course of the own seat."""
    return Line(
        path=f"/forloeb/{row['course_id']}",
        title=row["name"],
        state=row["words"],
        since=row["waits_since"],
        due_at=row["due_at"],
        of=coursebook()[row["kind"]].programme,
        now=now,
        late=row["late"],
        waits_for=tuple(seat_words(seat.replace(".*", ".")) for seat in row["waits_for"]),
        place=place_of(row["kommune"]),
    )


OFFERS = {
    "offered": ("personen skal orienteres om tilbuddet", "Fortæl personen om det, og registrér det."),
    "informed": ("personens svar mangler", "Personen er orienteret. Registrér svaret, når det er der."),
}


def of_offer(row: dict[str, Any], now: datetime) -> Line:
    """Return an offer of the police that nobody has answered."""
    of = programme(row["programme"])
    state, sentence = OFFERS[row["state"]]
    return Line(
        path=f"/tilbud/{row['charge_id']}",
        title=of.name,
        state=state,
        since=row["waits_since"],
        due_at=row["inform_by"] if row["informed_at"] is None else None,
        of=of,
        now=now,
        late=row["late"],
        place=place_of(row["kommune"]),
        sentence=sentence,
    )


GROUPS = {
    "task": ("opgave fra et møde", ""),
    "question": ("spørgsmål om en sag", "Et svar er ønsket, og ingen har krav på det."),
    "preparation": ("sag på dagsordenen", "Skriv før mødet, hvad I deler, eller svar »deler ikke«."),
    "not_held": ("gruppen skulle have holdt møde", "Indkald den."),
}


def of_group(row: dict[str, Any], who: Principal, now: datetime) -> Line:
    """Return what waits in a group."""
    state, sentence = GROUPS[row["kind"]]
    meeting = f"/moeder/{row['meeting_id']}" if row["meeting_id"] else "/moeder"
    own = row["seat"] == seat_of(who)
    return Line(
        path=f"{meeting}/sager/{row['group_case_id']}#sag" if row["meeting_id"] else meeting,
        title=title_of(row["programme"], row["kommune"]),
        state=f"{state}: {TaskKind(row['code']).words}" if row["code"] else state,
        since=row["waits_since"],
        due_at=row["due_at"],
        of=programme(row["programme"]),
        now=now,
        late=row["due_at"] < now,
        waits_for=() if own else (seat_words(row["seat"]),),
        sentence=sentence if own else "",
    )

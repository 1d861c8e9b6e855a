"""The programmes of the plan: each is a definition, read from `data/programmes.toml`, and none is a code path."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from contracts.codes import AuthorityKind, Office, Role
from contracts.refusal import NotFound, Refusal
from services.referrals.domain.ages import Span

MAJORITY = Span.parse("18y")


class NotYetFounded(Refusal):
    """The programme did not exist on that day."""

    slug = "programme-not-founded"
    status = 422
    title = "Ordningen fandtes ikke på den dag."
    todo = "Kontrollér datoen. Ordningen tager imod fra den dag, der står i valid_from."


class PartyMissing(Refusal):
    """A party that must take part is not there."""

    slug = "party-missing"
    status = 422
    title = "En part, som skal deltage, mangler."
    todo = "Tilføj de parter, der står i missing, og send igen."


class Consenter(StrEnum):
    """Who may be asked for a consent."""

    PERSON = "person"
    CUSTODY = "custody"
    """Whoever has custody of the person, who is under 18."""
    COUNTERPART = "counterpart"
    """The other party of a konfliktråd: the victim."""
    COUNTERPART_CUSTODY = "counterpart_custody"


class Passes(StrEnum):
    """What of a person a hand-over carries to the receiver."""

    CASE = "case"
    CONTACT_DETAILS = "contact-details"
    NOTHING = "nothing"


class Unit(StrEnum):
    """How a clock counts."""

    HVERDAGE = "hverdage"
    DAYS = "dage"


@dataclass(frozen=True, slots=True)
class Clock:
    """How long something may take."""

    days: int
    unit: Unit
    source: str
    """Where it is stated; `indstilling`: nowhere, it is a setting."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A place in a programme: which kind of authority, which of its offices, in which role."""

    kind: AuthorityKind
    office: Office | None = None
    role: Role | None = None

    def __str__(self) -> str:
        """Write it as in `municipality.ssp`."""
        return f"{self.kind}.{self.office}" if self.office else str(self.kind)


@dataclass(frozen=True, slots=True)
class Entry:
    """What the public directory says, in Danish."""

    what: str
    whom: str
    contact: str


@dataclass(frozen=True, slots=True)
class Programme:
    """One programme, with all that the engine asks of it."""

    code: str
    name: str
    hjemmel: str
    section_115: bool
    """Whether it rests on retsplejeloven § 115: it may be declined to share, and no investigation reads it."""
    purpose: str
    confidential: bool
    """Whether it is invisible outside its own circle."""
    names_somebody: bool
    passes: Passes
    table: str
    """The decision table of its admission."""
    valid_from: date
    consent: tuple[Consenter, ...]
    """On whose consent it rests; on nobody's where another basis allows it."""
    parties: tuple[Seat, ...]
    """Those without whom it is not sent."""
    convener: Seat
    sends: tuple[Seat, ...]
    receives: tuple[Seat, ...]
    answer: Clock
    first_contact: Clock
    directory: Entry
    invites: tuple[Seat, ...] = ()
    """Those who may be drawn in besides."""
    written: bool = False
    """Whether a consent must be written."""
    assumed: Mapping[str, str | bool] = field(default_factory=dict)
    """What its table asks and a later step establishes, such as a consent: the rule is asked as if it were so."""
    only_from: str = ""
    """The programme from whose cases alone it is referred to."""

    def may_send(self, kind: AuthorityKind, office: Office | None, role: str) -> bool:
        """Say whether somebody may refer to it."""
        return _sits(self.sends, kind, office, role)

    def may_receive(self, kind: AuthorityKind, office: Office | None, role: str) -> bool:
        """Say whether somebody may answer for the receiver."""
        return _sits(self.receives, kind, office, role)

    def may_convene(self, kind: AuthorityKind, office: Office | None, role: str) -> bool:
        """Say whether somebody may call its meeting."""
        return _sits((self.convener,), kind, office, role)

    def needs_consent_of(self, age: Span | None, counterpart_age: Span | None = None) -> frozenset[Consenter]:
        """Return whose consent it rests on, by the ages; who may be under 18 counts as under 18."""
        grown = {Consenter.CUSTODY: _is_grown(age), Consenter.COUNTERPART_CUSTODY: _is_grown(counterpart_age)}
        return frozenset(one for one in self.consent if not grown.get(one, False))

    def check_founded(self, day: date) -> None:
        """Refuse a day on which it did not exist (O-5.1-01).

        Raises:
            NotYetFounded: it lies before the first.
        """
        if day < self.valid_from:
            raise NotYetFounded(valid_from=self.valid_from.isoformat())

    def check_parties(self, present: frozenset[tuple[AuthorityKind, Office | None]]) -> None:
        """Refuse to send without a party that must take part.

        Raises:
            PartyMissing: one is not there.
        """
        missing = [str(seat) for seat in self.parties if (seat.kind, seat.office) not in present]
        if missing:
            raise PartyMissing(missing=", ".join(missing))


def _is_grown(age: Span | None) -> bool:
    return age is not None and age >= MAJORITY


def _sits(seats: tuple[Seat, ...], kind: AuthorityKind, office: Office | None, role: str) -> bool:
    # A seat without an office is of the authority as such, whichever office its people sit in.
    return any(seat.kind is kind and seat.office in {None, office} and seat.role == role for seat in seats)


def programme(code: str) -> Programme:
    """Return one programme.

    Raises:
        NotFound: there is none by that code.
    """
    if code not in programmes():
        raise NotFound
    return programmes()[code]


@cache
def programmes() -> Mapping[str, Programme]:
    """Return every programme by its code."""
    text = (files("services.referrals.domain") / "data" / "programmes.toml").read_text(encoding="utf-8")
    return {raw["code"]: _programme(raw) for raw in tomllib.loads(text)["programmes"]}


def _programme(raw: Mapping[str, Any]) -> Programme:
    seats = {name: tuple(map(_seat, raw.get(name, ()))) for name in ("parties", "sends", "receives", "invites")}
    clocks = {name: _clock(raw[name]) for name in ("answer", "first_contact")}
    read = {
        "convener": _seat(raw["convener"]),
        "consent": tuple(map(Consenter, raw["consent"])),
        "passes": Passes(raw["passes"]),
        "directory": Entry(**raw["directory"]),
    }
    return Programme(**{**raw, **seats, **clocks, **read})


def _seat(raw: Mapping[str, str]) -> Seat:
    office = raw.get("office")
    role = raw.get("role")
    return Seat(AuthorityKind(raw["kind"]), Office(office) if office else None, Role(role) if role else None)


def _clock(raw: Mapping[str, Any]) -> Clock:
    return Clock(raw["days"], Unit(raw["unit"]), raw["source"])

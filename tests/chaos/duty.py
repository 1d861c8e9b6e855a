"""Offices with people on duty, the alerts that a desk raises about them, and the telephones in their hands."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from itertools import count
from typing import Any, Final
from uuid import UUID, uuid4

import asyncpg

from deploy.local.gateways import GATEWAYS
from services.alerting.domain.calling import call_id_of, delivery_key
from tests.chaos.alerting_checker import Line
from tests.chaos.desk import Desk
from tests.component.alerting.gateways import Gateways
from tests.probe.world import database_of
from tests.stack import Stack

AUTHORITY, OFFICE = "kommune-0657", "beredskab"
DESK: Final = ("duty_officer", "politi-mvj-vagtcentral", "beredskab")
FIELDS = {"what": "Stormflod", "place": "Holstebro politistation", "at": "14.30"}
IN_SERVICE = date(2020, 1, 6)
POLICY: Final = "chaos"
"""The escalation that `seams_of_alerting.py` adds: SMS to line 1 at once, then voice to everyone."""

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with one telephone, which takes SMS and calls."""

    staff: UUID
    number: str
    routes: dict[str, UUID]


@dataclass(frozen=True, slots=True)
class Raised:
    """An alert that the desk was promised, with whom it is to reach."""

    alert: UUID
    first: Sequence[Person]
    """On duty on line 1: called by SMS at once."""
    later: Sequence[Person] = ()
    """Called by the second step only."""

    @property
    def everyone(self) -> list[Person]:
        """Return everybody whom it is to reach."""
        return [*self.first, *self.later]

    def call(self, person: Person) -> UUID:
        """Return somebody's call within it."""
        return call_id_of(self.alert, person.staff)

    def keys(self, wave: int, *, without: Iterable[Person] = ()) -> set[str]:
        """Return the keys under which a step's messages go out, whoever sends them."""
        channel, people = ("sms", self.first) if wave == 1 else ("voice", self.everyone)
        left = [one for one in people if one not in list(without)]
        return {delivery_key("live", self.call(one), one.routes[channel], wave) for one in left}


@dataclass(slots=True)
class Duty:
    """The desk and the duty: what was raised and said, and what the providers' ledgers hold of it."""

    stack: Stack
    desk: Desk
    gateways: Gateways
    raised: list[Raised] = field(default_factory=list)
    said: dict[UUID, str] = field(default_factory=dict)
    """What each call's person was made to answer."""
    _ledger: list[dict[str, Any]] = field(default_factory=list)
    _read: dict[str, int] = field(default_factory=dict)

    def skip(self) -> None:
        """Leave what the ledgers hold already to whoever was there before."""
        for name in GATEWAYS:
            self._read[name] = len(self.gateways.lines(name))

    def people(self, first: int, later: int = 0) -> tuple[str, list[Person]]:
        """Let so many people have the duty, and so many more belong to the office; returns their role."""
        role = "vagt_" + "".join(chr(ord("a") + int(digit)) for digit in str(next(_numbers)))
        people = [person() for _ in range(first + later)]
        asyncio.run(employ(self.stack, role, people, first))
        return role, people

    def call_in(self, first: int, later: int = 0) -> Raised:
        """Raise an alert about new people, through any fault."""
        return self.raise_for(*self.people(first, later), first)

    def raise_for(self, role: str, people: Sequence[Person], first: int) -> Raised:
        """Raise an alert about people who are there; it is promised when this returns."""
        event = str(uuid4())
        office = {"authority": AUTHORITY, "office": OFFICE, "role": role}
        body = {
            "source_event_id": event,
            "template": "call_in",
            "policy": POLICY,
            "fields": FIELDS,
            "offices": [office],
        }
        answer = self.desk.command("raise", event, "/alerts", DESK, body)
        made = Raised(UUID(answer["alert_id"]), people[:first], people[first:])
        self.raised.append(made)
        return made

    # -- telephones ------------------------------------------------------------------------------------------------

    def reply(self, raised: Raised, person: Person) -> None:
        """Let somebody answer by SMS."""
        self.said[raised.call(person)] = "coming"
        self.gateways.reply(person.number, "1")

    def press(self, raised: Raised, person: Person) -> None:
        """Let somebody answer on the keypad, at the provider that rang."""
        [key] = {delivery_key("live", raised.call(person), person.routes["voice"], 2)}
        name = next(line.provider for line in self.ledger() if line.key == key)
        self.said[raised.call(person)] = "coming"
        self.gateways.press(person.number, "1", name)

    def answer_for(self, raised: Raised, person: Person) -> None:
        """Let the desk enter an answer for somebody who rang."""
        call = raised.call(person)
        body = {"answer": "coming", "source": "telephone"}
        self.desk.command("answer", str(call), f"/alerts/{raised.alert}/calls/{call}/answer", DESK, body)
        self.said[call] = "coming"

    # -- ledgers ---------------------------------------------------------------------------------------------------

    def ledger(self) -> list[Line]:
        """Return what both providers took since the beginning, and what came to them again."""
        for name in GATEWAYS:
            fresh = self.gateways.lines(name, since=str(self._read.get(name, 0)))
            self._read[name] = self._read.get(name, 0) + len(fresh)
            self._ledger += [line | {"provider": name} for line in fresh]
        return [_line(one) for one in self._ledger if one["kind"] in {"message", "repeat"}]

    def first_at(self, keys: set[str], provider: str = "") -> dict[str, float]:
        """Return when each of some keys came first, to one provider or to any."""
        lines = [one for one in self.ledger() if one.key in keys and provider in {"", one.provider}]
        return {one.key: one.at for one in sorted(lines, key=lambda line: -line.at)}


def _line(row: dict[str, Any]) -> Line:
    kept = ("provider", "kind", "key", "at")
    more = {name: row[name] for name in ("channel", "to", "text", "lost") if name in row}
    return Line(**{name: row[name] for name in kept}, **more)


def person() -> Person:
    """Return somebody new."""
    # Numbers that nobody can dial: no Danish number begins with 0.
    return Person(uuid4(), f"+450{next(_numbers):07}", {"sms": uuid4(), "voice": uuid4()})


async def employ(stack: Stack, role: str, people: Sequence[Person], on_duty: int, authority: str = AUTHORITY) -> None:
    """Put people, their routes and their roster into the tables, as a planner would."""
    con, roster = await asyncpg.connect(database_of(stack, "alerting")), uuid4()
    place = (authority, OFFICE, role)
    try:
        await con.executemany(
            "insert into staff (staff_id, authority, office, role, name, added_by, added_at, version)"
            " values ($1, $2, $3, $4, 'Vagt', 'chaos', clock(), 1)",
            [(one.staff, *place) for one in people],
        )
        await con.executemany(
            "insert into contact_route (route_id, staff_id, channel, address, rank, state, verified_at, version)"
            " values ($1, $2, $3, $4, 1, 'verified', clock(), 1)",
            list(_routes(people)),
        )
        await con.execute(
            "insert into roster (roster_id, authority, office, role, name, hours, line, feed_key_sha256, in_service,"
            " version) values ($1, $2, $3, $4, 'Vagt', 'always', 1, '', $5, 1)",
            *(roster, *place, IN_SERVICE),
        )
        await con.execute(
            "insert into rotation (roster_id, starts_on, kind, turn_at, members, made_by, made_at)"
            " values ($1, $2, 'fixed', $3, $4, 'chaos', clock())",
            *(roster, IN_SERVICE, time(8), [one.staff for one in people[:on_duty]]),
        )
    finally:
        await con.close()


def _routes(people: Iterable[Person]) -> Iterator[tuple[UUID, UUID, str, str]]:
    for one in people:
        for channel, route in one.routes.items():
            yield route, one.staff, channel, one.number

"""Put invented people on duty for every office that is called, as its planner would: through the public commands.

    python -m deploy.local.load_duty

Twice is harmless: what is there already is left alone. Exercises have people of their own at a few authorities, where
their installation runs. Their routes lead to numbers that nobody can dial and to mail
under .example; they are callable and unverified, until a test by day is answered.
"""

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice, product
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx

from contracts.codes import AuthorityKind, DutyRoute, Office, Role, authorities
from deploy.local.errors import StackError
from deploy.local.identity.directory import directory
from deploy.local.planners import Bearer, planners_of
from deploy.local.ports import Ports

EXERCISE = "alerting-exercise"
CALLED = (Office.BOERN, Office.BEREDSKAB)
VAGT, MEMBER, LEADER, LOG, PRESS = "vagt", "stabsmedlem", "stabsleder", "logfoerer", "kommunikation"
DESK = "politi-mvj-vagtcentral"
STAFF = {
    MEMBER: "Beredskabsstab",
    LEADER: "Beredskabsstabens leder",
    LOG: "Beredskabsstabens logfører",
    PRESS: "Beredskabsstabens kommunikation",
}
"""The rosters of the staff, by the roles of the framework plan."""

PRACTISING = (DESK, "kommune-0665", "kommune-0787", "region-midtjylland", "hjemmevaernet")
"""Whose preparedness has people in exercises: enough to be called in, and no more."""

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
AT_ONCE = 8

FIRST = (
    *("Aja", "Bue", "Cilje", "Dines", "Eskild", "Fenja", "Gorm", "Hjalte", "Ingerlise", "Jeppe", "Kamma", "Lauge"),
    *("Mynte", "Niller", "Oda", "Palle", "Regitze", "Svend", "Tilde", "Ulrik", "Vibe", "Ylva", "Aske", "Bodil"),
)
LAST = ("Aagren", "Birkmose", "Dalvig", "Engkrog", "Fjordby", "Hedelund", "Klitgren", "Mosbjerg", "Skovsted", "Vestrup")


class DutyNotLoaded(StackError):
    """A command was refused; the message is the service's own."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody invented, with the ending of the number that nobody can dial."""

    name: str
    number: int
    subject: str | None = None
    role: str = VAGT

    def routes(self) -> dict[str, str]:
        """Return how they are reached, channel by channel."""
        telephone = f"+450{self.number:07}"
        return {"sms": telephone, "voice": telephone, "email": f"vagt-{self.number}@samvirke.example"}


@dataclass(frozen=True, slots=True)
class Line:
    """A roster with those who have its duty, week by week."""

    name: str
    hours: str
    line: int
    members: tuple[Person, ...]
    role: str = VAGT


@dataclass(frozen=True, slots=True)
class Plan:
    """Who is on duty for an office."""

    authority: str
    office: Office
    lines: tuple[Line, ...]

    def people(self) -> tuple[Person, ...]:
        """Return everybody of it, each once."""
        return tuple(dict.fromkeys(who for line in self.lines for who in line.members))


def plans() -> tuple[Plan, ...]:
    """Return the plan of every office that is called and keeps its rosters in Samvirke."""
    places = [
        (one.id, office)
        for one in authorities().values()
        if one.duty is DutyRoute.ROSTER
        for office in one.offices
        if office in CALLED
    ]
    names = (f"{first} {last}" for last, first in product(LAST, FIRST))
    made = [_plan(*place, 100 * number, names) for number, place in enumerate(places, 1)]
    return tuple(_with_staff(plan, 100 * number, names) for number, plan in enumerate(made, 1))


def practising() -> tuple[Plan, ...]:
    """Return the plans of exercises: duty and staff of a few authorities."""
    roles = (VAGT, MEMBER, LEADER, LOG)
    return tuple(
        replace(plan, lines=tuple(line for line in plan.lines if line.role in roles))
        for plan in plans()
        if plan.office is Office.BEREDSKAB and plan.authority in PRACTISING
    )


def _with_staff(plan: Plan, number: int, names: Iterator[str]) -> Plan:
    """Return a plan with the rosters of the beredskabsstab, each with a deputy."""
    if plan.office is not Office.BEREDSKAB:
        return plan
    lines = list(plan.lines)
    for place, role in enumerate(_roles(plan.authority)):
        first, deputy = (
            Person(name, number + 10 + 2 * place + line, role=role) for line, name in enumerate(islice(names, 2))
        )
        lines.append(Line(STAFF[role], "always", 1, (first,), role))
        lines.append(Line(f"{STAFF[role]}, stedfortræder", "always", 2, (deputy,), role))
    return replace(plan, lines=tuple(lines))


def _roles(authority: str) -> tuple[str, ...]:
    """Return the roles that an authority has in the staff; the police lead it (plan §5.3, line 428)."""
    if authority == DESK:
        return (MEMBER, LEADER, LOG, PRESS)
    return (MEMBER, PRESS) if authorities()[authority].kind is AuthorityKind.MUNICIPALITY else (MEMBER,)


def _plan(authority: str, office: Office, number: int, names: Iterator[str]) -> Plan:
    people = [Person(name, number + place) for place, name in enumerate(islice(names, 3), 1)]
    return Plan(authority, office, _by_hours(authority, people) if office is Office.BOERN else _always(people))


def _by_hours(authority: str, people: list[Person]) -> tuple[Line, ...]:
    """Return a child-welfare duty: a route for office hours and one for outside, each with a deputy."""
    leader, outside = tuple(people[2:]), _signing_in(authority) or tuple(people[1:2])
    return (
        Line("Børnevagt i kontortid", "office_hours", 1, tuple(people[:1])),
        Line("Børnevagt i kontortid, stedfortræder", "office_hours", 2, leader),
        Line("Døgnvagt for børn", "outside", 1, outside),
        Line("Døgnvagt for børn, stedfortræder", "outside", 2, leader),
    )


def _signing_in(authority: str) -> tuple[Person, ...]:
    """Return who of an authority's child-welfare duty is one of the test people, and can sign in and answer."""
    found = directory().find(Role.ON_CALL, authority)
    return (Person(found.name, 1, found.id),) if found and found.office == Office.BOERN else ()


def _always(people: list[Person]) -> tuple[Line, ...]:
    return (
        Line("Beredskabsvagt", "always", 1, tuple(people[:2])),
        Line("Beredskabsvagt, stedfortræder", "always", 2, tuple(people[2:])),
    )


class Planner:
    """The planner of one office, speaking to alerting; what is there already is found and left alone."""

    def __init__(self, client: httpx.Client, plan: Plan, access_token: str) -> None:
        self.plan, self.client = plan, client
        self.headers = {"Authorization": f"Bearer {access_token}"}

    def load(self) -> int:
        """Bring the office's people and rosters into service; returns how many commands that took."""
        people, people_made = self._people()
        return people_made + self._rosters(people)

    def _people(self) -> tuple[dict[str, str], int]:
        there, made = {one["name"]: one for one in self._get("/staff")["staff"]}, 0
        ids: dict[str, str] = {}
        for who in self.plan.people():
            found = there.get(who.name)
            ids[who.name] = found["staff_id"] if found else self._add(who)
            known = {one["channel"] for one in found["routes"]} if found else set(who.routes())
            missing = {channel: to for channel, to in who.routes().items() if channel not in known}
            for channel, address in missing.items():
                self._post(f"/staff/{ids[who.name]}/routes", {"channel": channel, "address": address})
            made += (not found) + len(missing)
        return ids, made

    def _add(self, who: Person) -> str:
        routes = [{"channel": channel, "address": to} for channel, to in who.routes().items()]
        body = {"name": who.name, "roles": [who.role], "subject": who.subject, "routes": routes}
        staff_id: str = self._post("/staff", body)["staff_id"]
        return staff_id

    def _rosters(self, people: dict[str, str]) -> int:
        there = {(one["role"], one["hours"], one["line"]): one for one in self._get("/rosters")["rosters"]}
        missing = [one for one in self.plan.lines if not _turns(there.get((one.role, one.hours, one.line)))]
        today = self._today() if missing else date.min
        for line in missing:
            found, goes_round = there.get((line.role, line.hours, line.line)), _rotation(line, people, today)
            if found:
                self._post(f"/rosters/{found['roster_id']}/rotations", goes_round | {"version": found["version"]})
            else:
                body = {"name": line.name, "role": line.role, "hours": line.hours, "line": line.line}
                self._post("/rosters", body | {"in_service": f"{today}", "rotation": goes_round})
        return len(missing)

    def _today(self) -> date:
        """Return the Danish day by the service's own clock: the story may have moved it."""
        return datetime.fromisoformat(self._get("/duty")["at"]).astimezone(COPENHAGEN).date()

    def _get(self, path: str) -> dict[str, Any]:
        return self._said(path, self.client.get(path, headers=self.headers))

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        headers = self.headers | {"Idempotency-Key": str(uuid4())}
        return self._said(path, self.client.post(path, json=body, headers=headers))

    def _said(self, path: str, answer: httpx.Response) -> dict[str, Any]:
        if not answer.is_success:
            message = f"alerting refused {path}: {answer.status_code} {answer.text[:500]}"
            raise DutyNotLoaded(message)
        found: dict[str, Any] = answer.json()
        return found


def _turns(roster: dict[str, Any] | None) -> bool:
    return bool(roster and roster["rotations"])


def _rotation(line: Line, people: dict[str, str], today: date) -> dict[str, Any]:
    """Let the duty go round from midnight of today: whoever is called now is somebody."""
    members = [people[who.name] for who in line.members]
    return {"starts_on": f"{today}", "kind": "weekly", "turn_at": "00:00", "members": members}


def load(alerting: str, bearer: Bearer, wanted: tuple[Plan, ...]) -> int:
    """Bring plans into service, several at a time; returns how many commands that took."""
    with httpx.Client(base_url=alerting, timeout=60) as client, ThreadPoolExecutor(AT_ONCE) as pool:
        done = pool.map(lambda plan: Planner(client, plan, bearer(plan.authority, plan.office)).load(), wanted)
        return sum(done)


def runs(alerting: str) -> bool:
    """Say whether an installation is there: exercises are beside the live one, or not."""
    try:
        return httpx.get(f"{alerting}/health/live", timeout=5).is_success
    except httpx.TransportError:
        return False


def main() -> int:
    """Load the local stack, and nothing that is no demonstration."""
    if os.environ.get("DEMONSTRATION") != "true":
        raise DutyNotLoaded("invented people are put on duty in a demonstration only")
    ports = Ports.from_environment()
    wanted = plans()
    bearer = planners_of(ports)
    load(ports.http("alerting"), bearer, wanted)
    people = sum(len(plan.people()) for plan in wanted)
    print(f"{people} invented people are on duty for {len(wanted)} offices.")
    if runs(ports.http(EXERCISE)):
        load(ports.http(EXERCISE), bearer, practising())
        print(f"{sum(len(plan.people()) for plan in practising())} of them in exercises too.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Put invented people on duty for every office that is called, as its planner would: through the public commands.

    python -m deploy.local.load_duty

Twice is harmless: what is there already is left alone. Their routes lead to numbers that nobody can dial and to mail
under .example; they are callable and unverified, until a test by day is answered.
"""

import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice, product
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx

from contracts.codes import DutyRoute, Office, Role, authorities
from deploy.local.errors import StackError
from deploy.local.identity.directory import directory
from deploy.local.identity.tokens import Signer
from deploy.local.ports import Ports
from deploy.local.servers import run_dir

LOADER = "vagtplan-indlaeser"
CALLED = (Office.BOERN, Office.BEREDSKAB)
VAGT = "vagt"
COPENHAGEN = ZoneInfo("Europe/Copenhagen")
AT_ONCE = 4

FIRST = (
    *("Aja", "Bue", "Cilje", "Dines", "Eskild", "Fenja", "Gorm", "Hjalte", "Ingerlise", "Jeppe", "Kamma", "Lauge"),
    *("Mynte", "Niller", "Oda", "Palle", "Regitze", "Svend", "Tilde", "Ulrik", "Vibe", "Ylva", "Aske", "Bodil"),
)
LAST = ("Aagren", "Birkmose", "Dalvig", "Engkrog", "Fjordby", "Hedelund", "Klitgren", "Mosbjerg", "Skovsted", "Vestrup")

Bearer = Callable[[str, str], str]
"""Returns the token of the planner of an authority's office."""


class DutyNotLoaded(StackError):
    """A command was refused; the message is the service's own."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody invented, with the ending of the number that nobody can dial."""

    name: str
    number: int
    subject: str | None = None

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
    return tuple(_plan(*place, 100 * number, names) for number, place in enumerate(places, 1))


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

    def __init__(self, alerting: str, plan: Plan, access_token: str) -> None:
        self.plan = plan
        self.client = httpx.Client(base_url=alerting, headers={"Authorization": f"Bearer {access_token}"}, timeout=30)

    def load(self) -> int:
        """Bring the office's people and rosters into service; returns how many commands that took."""
        with self.client:
            people, people_made = self._people()
            return people_made + self._rosters(people)

    def _people(self) -> tuple[dict[str, str], int]:
        there, made = {one["name"]: one for one in self._get("/staff")["staff"]}, 0
        ids: dict[str, str] = {}
        for who in self.plan.people():
            found = there.get(who.name)
            body = {"name": who.name, "roles": [VAGT], "subject": who.subject}
            ids[who.name] = found["staff_id"] if found else self._post("/staff", body)["staff_id"]
            known = {one["channel"] for one in found["routes"]} if found else set()
            missing = {channel: to for channel, to in who.routes().items() if channel not in known}
            for channel, address in missing.items():
                self._post(f"/staff/{ids[who.name]}/routes", {"channel": channel, "address": address})
            made += (not found) + len(missing)
        return ids, made

    def _rosters(self, people: dict[str, str]) -> int:
        there = {(one["role"], one["hours"], one["line"]): one for one in self._get("/rosters")["rosters"]}
        made, today = 0, self._today()
        for line in self.plan.lines:
            found = there.get((VAGT, line.hours, line.line))
            if found is None:
                body = {"name": line.name, "hours": line.hours, "line": line.line, "in_service": f"{today}"}
                found = self._post("/rosters", body | {"role": VAGT}) | {"rotations": []}
                made += 1
            if not found["rotations"]:
                self._turn(found, line, people, today)
                made += 1
        return made

    def _turn(self, roster: dict[str, Any], line: Line, people: dict[str, str], today: date) -> None:
        """Let the duty go round from midnight of today: whoever is called now is somebody."""
        members = [people[who.name] for who in line.members]
        body = {"starts_on": f"{today}", "kind": "weekly", "turn_at": "00:00", "members": members}
        self._post(f"/rosters/{roster['roster_id']}/rotations", body | {"version": roster["version"]})

    def _today(self) -> date:
        """Return the Danish day by the service's own clock: the story may have moved it."""
        return datetime.fromisoformat(self._get("/duty")["at"]).astimezone(COPENHAGEN).date()

    def _get(self, path: str) -> dict[str, Any]:
        return self._said(path, self.client.get(path))

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return self._said(path, self.client.post(path, json=body, headers={"Idempotency-Key": str(uuid4())}))

    def _said(self, path: str, answer: httpx.Response) -> dict[str, Any]:
        if not answer.is_success:
            message = f"alerting refused {path}: {answer.status_code} {answer.text[:500]}"
            raise DutyNotLoaded(message)
        found: dict[str, Any] = answer.json()
        return found


def load(alerting: str, bearer: Bearer, wanted: tuple[Plan, ...]) -> int:
    """Bring plans into service, several at a time; returns how many commands that took."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        done = pool.map(lambda plan: Planner(alerting, plan, bearer(plan.authority, plan.office)).load(), wanted)
        return sum(done)


def planner_of(signer: Signer) -> Bearer:
    """Return what signs a planner's token for one office at a time.

    No client that plans for every office stands in the directory, so that no secret opens them all: only who may read
    the demonstration's signing key can do this, and it signs for the local issuer alone.
    """

    def token(authority: str, office: str) -> str:
        said = {"sub": LOADER, "client_id": LOADER, "authority": authority, "office": office}
        return signer.access_token(said | {"roles": [Role.DUTY_PLANNER]}, lifetime_s=300)

    return token


def main() -> int:
    """Load the local stack, and nothing that is no demonstration."""
    if os.environ.get("DEMONSTRATION") != "true":
        raise DutyNotLoaded("invented people are put on duty in a demonstration only")
    ports = Ports.from_environment()
    signer = Signer(ports.http("identity"), run_dir() / "keys" / "identity.json")
    wanted = plans()
    load(ports.http("alerting"), planner_of(signer), wanted)
    people = sum(len(plan.people()) for plan in wanted)
    print(f"{people} invented people are on duty for {len(wanted)} offices.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The hands of an office's planner and of those on call there, over HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import httpx

from contracts.hverdage import DANISH_TIME
from tests.component.alerting.conftest import Duty

_numbers = count(1)


def number() -> str:
    """Return a number that nobody can dial, and nobody else has."""
    return f"+450{next(_numbers):07}"


class Desk:
    """A planner, and everybody on call whom they add, in a role of its own."""

    def __init__(self, duty: Duty, authority: str = "kommune-0657", office: str = "boern") -> None:
        self.duty, self.place = duty, (authority, office)
        self.planner = ("duty_planner", authority, office)
        self.role = duty.office(authority, office).role
        self.office = duty.office(authority, office)
        self.office.role = self.role

    def send(self, method: str, path: str, body: Any = None, who: tuple[str, ...] = ()) -> httpx.Response:  # noqa: ANN401  any JSON
        """Ask as the planner, or as somebody else."""
        more = {} if body is None else {"json": body}
        return self.duty.send(method, path, who or self.planner, **more)

    def do(self, method: str, path: str, body: Any = None, who: tuple[str, ...] = ()) -> Any:  # noqa: ANN401  any JSON
        """Ask, and return what was answered; a refusal is a failure of the test."""
        answer = self.send(method, path, body, who)
        assert answer.is_success, answer.text
        return answer.json()

    def refused(self, method: str, path: str, body: Any = None, who: tuple[str, ...] = ()) -> str:  # noqa: ANN401  any JSON
        """Ask, and return the slug and status of the refusal."""
        answer = self.send(method, path, body, who)
        assert answer.is_error, answer.text
        return f"{answer.status_code} {answer.json()['type'].rpartition('/')[2]}"

    def person(self, name: str = "Anna", **more: Any) -> UUID:  # noqa: ANN401  fields of the body
        """Let somebody be on call; their account has their id's name."""
        body = {"name": name, "roles": [self.role], "subject": f"konto-{uuid4()}"} | more
        return UUID(self.do("POST", "/staff", body)["staff_id"])

    def me(self, staff_id: UUID) -> tuple[str, str, str, str]:
        """Return somebody on call as who they sign in as."""
        subject = self.duty.sql("select subject from staff where staff_id = $1", staff_id)
        return ("on_call", *self.place, subject)

    def route(self, staff_id: UUID, channel: str = "sms", address: str = "") -> UUID:
        """Give somebody a route, and return its id."""
        body = {"channel": channel, "address": address or number()}
        return UUID(self.do("POST", f"/staff/{staff_id}/routes", body)["route_id"])

    def seen(self, staff_id: UUID, who: tuple[str, ...] = ()) -> Any:  # noqa: ANN401  any JSON
        """Return somebody as the planner, or somebody else, sees them."""
        found = self.do("GET", "/staff", who=who)["staff"]
        return next(one for one in found if one["staff_id"] == str(staff_id))

    def roster(self, *members: UUID, kind: str = "daily", **more: Any) -> UUID:  # noqa: ANN401  fields of the body
        """Make a roster from today on, and let people have its duty, handed over at midnight."""
        body = {"name": "Vagt", "role": self.role, "hours": "always", "in_service": f"{self.today()}"} | more
        roster_id = UUID(self.do("POST", "/rosters", body)["roster_id"])
        if members:
            self.do("POST", f"/rosters/{roster_id}/rotations", self.turning(*members, kind=kind))
        return roster_id

    def turning(self, *members: UUID, **more: Any) -> dict[str, Any]:  # noqa: ANN401  fields of the body
        """Return a rotation from today on."""
        return {
            "starts_on": f"{self.today()}",
            "kind": "daily",
            "turn_at": "00:00",
            "members": [str(one) for one in members],
            "version": 1,
        } | more

    def version(self, roster_id: UUID) -> int:
        """Return where a roster stands."""
        return int(self.duty.sql("select version from roster where roster_id = $1", roster_id))

    def now(self) -> datetime:
        """Return the service's own time, in Danish time."""
        found: datetime = self.duty.sql("select clock()")
        return found.astimezone(DANISH_TIME)

    def today(self) -> date:
        """Return the Danish day of the service's own time."""
        return self.now().date()

    def at(self, days: int, hour: int = 0, minute: int = 0) -> datetime:
        """Return a moment so many days after today, in Danish time."""
        day = self.today() + timedelta(days=days)
        return datetime(day.year, day.month, day.day, hour, minute, tzinfo=DANISH_TIME)

    def span(self, start: datetime, end: datetime) -> str:
        """Return a span as an address carries it."""
        return str(httpx.QueryParams({"from": start.isoformat(), "to": end.isoformat()}))

    def shifts(self, roster_id: UUID, start: datetime, end: datetime) -> list[list[str]]:
        """Return the ids of who has the duty, shift by shift."""
        found = self.do("GET", f"/rosters/{roster_id}/shifts?{self.span(start, end)}")["shifts"]
        return [[who["staff_id"] for who in one["staff"]] for one in found]


@contextmanager
def clock_at(duty: Duty, hour: int, minute: int = 0) -> Iterator[None]:
    """Let it be a time of the next Danish day, and real time again afterwards."""
    real: datetime = duty.sql("select clock_timestamp()")
    local = real.astimezone(DANISH_TIME) + timedelta(days=1)
    then = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
    duty.sql("select set_clock_offset($1::timestamptz - clock_timestamp())", then)
    try:
        yield
    finally:
        duty.sql("select set_clock_offset('0')")

"""A council and the people around it: its meetings planned, held and answered, through the real process."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from icalendar import Calendar, Event, vCalAddress

from deploy.local.databases import in_database
from deploy.local.provision import admin_url
from tests.component.councils.conftest import POLICE
from tests.stack import Stack

HERNING, STRUER = "0657", "0671"
MUNICIPALITY = f"kommune-{HERNING}"
MEMBER = {"role": "council_member", "authority": MUNICIPALITY}
MAIL = "jens.birk@herning.example"


class Council:
    """One council and the people around it; each command answers, and a refusal is a failure unless it is wanted."""

    def __init__(self, stack: Stack, http: httpx.Client, body_id: str) -> None:
        self.stack, self.http, self.body_id = stack, http, body_id
        self.version = 1
        self.meeting = ""
        self.authority = MUNICIPALITY

    def send(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        role: str = "secretary",
        authority: str = "",
        subject: str | None = None,
    ) -> httpx.Response:
        headers = self.stack.bearer(role, authority or self.authority, "raad", subject) | {
            "Idempotency-Key": str(uuid4())
        }
        return self.http.request(method, path, json=body, headers=headers)

    def act(self, path: str, wanted: int | None = None, **body: Any) -> Any:  # noqa: ANN401  any JSON
        """Do something to the meeting at its present version."""
        found = self.send("POST", f"/meetings/{self.meeting}{path}", {"version": self.version} | body)
        assert found.status_code == wanted if wanted else found.is_success, (path, found.text)
        self.version = found.json().get("version", self.version) if found.is_success else self.version
        return found.json()

    def plan(self, days: int, **more: object) -> Any:  # noqa: ANN401  any JSON
        """Plan a meeting some days ahead by the service's clock."""
        starts_at = self.now() + timedelta(days)
        said = {"starts_at": starts_at.isoformat(), "ends_at": (starts_at + timedelta(hours=2)).isoformat()}
        found = self.send("POST", f"/bodies/{self.body_id}/meetings", said | {"place": "Rådhuset"} | more)
        assert found.status_code == httpx.codes.CREATED, found.text
        self.meeting, self.version = found.json()["meeting_id"], 1
        return found.json()

    def agenda(self, **who: str) -> Any:  # noqa: ANN401  any JSON
        """Return the agenda of the meeting."""
        found = self.send("GET", f"/meetings/{self.meeting}/agenda", **who)
        assert found.is_success, found.text
        return found.json()

    def item(self, code: str) -> str:
        """Return the point with a code."""
        return str(next(one["item_id"] for one in self.agenda()["items"] if one.get("code") == code))

    def now(self) -> datetime:
        """Return the service's time."""
        at: datetime = self.sql("select clock()")
        return at.astimezone(UTC)

    def sql(self, statement: str, *values: object) -> Any:  # noqa: ANN401  a column may hold anything
        """Run a statement in the database of councils, as nobody but a test may."""
        return in_councils(self.stack, statement, values)

    def matter(self, title: str) -> None:
        """Let a mandatory matter of §4.2 wait, as an analysis of trends does."""
        self.sql(
            "insert into matter (matter_id, body_id, kind, subject, title, paragraph, mandatory, must_decide)"
            " values ($1, $2, 'trend', $3, $4, '4.2', true, true)",
            *(uuid4(), UUID(self.body_id), uuid4(), title),
        )

    def told(self, aggregate: str) -> list[str]:
        """Return the names of the events of an aggregate, in order."""
        found = self.sql(
            "select array_agg(split_part(type, '.', 4) order by aggregate_version) from event where aggregate_id = $1",
            UUID(aggregate),
        )
        return list(found or [])

    def room(self, *absent: str) -> dict[str, Any]:
        """Return who was in the room: everybody but some, led by the police."""
        seats = self.send("GET", f"/meetings/{self.meeting}").json()["seats"]
        there = [{"seat": one, "status": "absent" if one in absent else "present"} for one in seats]
        return {"attendance": there, "led_by": next(one for one in seats if one.startswith(POLICE))}


def in_councils(stack: Stack, statement: str, values: tuple[object, ...]) -> Any:  # noqa: ANN401  a column may hold anything
    import asyncio
    from concurrent.futures import ThreadPoolExecutor

    async def run() -> Any:  # noqa: ANN401
        connection = await asyncpg.connect(in_database(admin_url(stack.ports), "councils"))
        try:
            return await connection.fetchval(statement, *values)
        finally:
            await connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(run())).result(60)


def wait_for(what: str, condition: Callable[[], object]) -> None:
    """Wait, at most a minute and a half, until something is so: a jump of the clock makes much due at once."""
    until = time.monotonic() + 90
    while time.monotonic() < until:
        if condition():
            return
        time.sleep(0.2)
    pytest.fail(f"{what} did not happen")


def held_with(one: Council, until: str, *titles: str) -> str:
    """Hold a meeting with points of its own, after the clock has moved; return its id."""
    one.plan(20)
    one.act("/agenda")
    for title in titles:
        said = {"title": title, "kind": "droeftelse"}
        assert one.send("POST", f"/meetings/{one.meeting}/proposals", said).is_success
    one.act("/notice")
    one.act("/agenda/sending")
    room = one.room()
    one.sql("select set_clock_offset($1::text::interval)", until)
    one.act("/holding", **room)
    return one.meeting


def invitees_of(one: Council) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = one.send("GET", f"/meetings/{one.meeting}/invitations").json()["invitees"]
    return found


def reply(one: Council, to: bytes, mail: str = MAIL, *, raw: bool = False) -> httpx.Response:
    body = to
    if not raw:
        [asked] = Calendar.from_ical(to).walk("VEVENT")
        event, calendar, attendee = Event(), Calendar(), vCalAddress(f"mailto:{mail}")
        attendee.params["PARTSTAT"] = "ACCEPTED"
        event.add("uid", asked["uid"])
        event.add("sequence", asked["sequence"])
        event.add("dtstamp", datetime.now(UTC))
        event.add("attendee", attendee)
        calendar.add("method", "REPLY")
        calendar.add_component(event)
        body = calendar.to_ical()
    headers = one.stack.bearer("secretary", MUNICIPALITY, "raad") | {"Idempotency-Key": str(uuid4())}
    return one.http.post("/calendar-replies", content=body, headers=headers | {"Content-Type": "text/calendar"})

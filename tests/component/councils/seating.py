"""The hands of those who enter who sits on the councils, and what can be seen of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx

from contracts.codes import municipality_authority
from services.councils.domain.kredsraad import district_municipalities
from tests.stack import Stack
from tests.system.playing import World

POLICE, HERNING, STRUER = "politi-mvj", "kommune-0657", "kommune-0671"
NEW_YEAR = "2026-01-01"
Who = tuple[str, ...]
SECRETARY: Who = ("secretary", POLICE)
OF_HERNING: Who = ("secretary", HERNING, "raad")


def offices() -> list[dict[str, Any]]:
    """Return the twelve who hold the offices of the kredsraad from the first of January 2026."""
    mayors = [municipality_authority(code) for code in district_municipalities()]
    said = [(POLICE, "politidirektoer"), *((one, "borgmester") for one in mayors)]
    return [
        {"authority": authority, "function": office, "holder": f"Valgt {authority}", "valid_from": NEW_YEAR}
        for authority, office in said
    ]


@dataclass
class Councils:
    """The service councils with the plan of 2023 loaded, and its clock."""

    stack: Stack
    world: World

    def send(self, method: str, path: str, who: Who = SECRETARY, **more: Any) -> httpx.Response:  # noqa: ANN401  as httpx has it
        """Ask as somebody and return the answer."""
        return self.world.send(method, path, who, "councils", **more)

    def ask(self, method: str, path: str, who: Who = SECRETARY, **more: Any) -> Any:  # noqa: ANN401  any JSON
        """Ask as somebody and return what was answered; a refusal is a failure of the test."""
        answer = self.send(method, path, who, **more)
        assert answer.is_success, answer.text
        return answer.json()

    def everyone(self, method: str, path: str, **more: Any) -> httpx.Response:  # noqa: ANN401  as httpx has it
        """Ask without login."""
        return self.world.http.request(method, self.stack.url("councils") + path, follow_redirects=False, **more)

    def sql(self, statement: str, *values: object) -> Any:  # noqa: ANN401  a column may hold anything
        """Return what a statement finds in the database of councils."""
        return self.world.sql_in("councils", statement, *values)

    def body(self, kommunekode: str | None = None) -> str:
        """Return the id of the kredsraad, or of a municipality's lokalraad."""
        found = self.everyone("GET", "/bodies").json()["bodies"]
        return next(str(one["body_id"]) for one in found if one["kommunekode"] == kommunekode)

    def version(self, body_id: str) -> int:
        """Return the number of events told of a council."""
        return int(self.everyone("GET", f"/bodies/{body_id}").json()["version"])

    def seat(self, body_id: str, *members: dict[str, Any], who: Who = SECRETARY) -> httpx.Response:
        """Seat members in one form."""
        return self.send("POST", f"/bodies/{body_id}/members", who, json={"members": members})

    def seat_all(self) -> str:
        """Seat today's twelve on the kredsraad, if that has not been done; return it."""
        body_id = self.body()
        if not self.sql("select exists (select from office_term where valid_from = '2026-01-01')"):
            assert self.seat(body_id, *offices()).is_success
            self.wait_for("twelve are told", lambda: len(self.told(body_id, "MemberSeated")) >= len(offices()))
        return body_id

    def holders(self, body_id: str, on: date | str | None = None) -> dict[str, str]:
        """Return who everyone sees in the offices of a council on a day."""
        query = {} if on is None else {"on": str(on)}
        seats = self.everyone("GET", f"/bodies/{body_id}", params=query).json()["seats"]
        return {one["authority"]: one["holder"] for one in seats}

    def member_id(self, body_id: str, authority: str, kind: str = "borgmester") -> str:
        """Return the id of somebody who sits on a council today."""
        members = self.ask("GET", f"/bodies/{body_id}/members")["members"]
        return next(str(one["member_id"]) for one in members if (one["authority"], one["kind"]) == (authority, kind))

    def told(self, body_id: str, event: str) -> list[str]:
        """Return what the events of a name about a council say, in order."""
        return list(
            self.sql(
                "select array_agg(value::text order by aggregate_version) from event where aggregate_id = $1"
                " and split_part(type, '.', 4) = $2",
                *(UUID(body_id), event),
            )
            or []
        )

    def matters(self, body_id: str, kind: str) -> int:
        """Return how many matters of a kind wait for a council's agenda."""
        return int(
            self.sql(
                "select count(*) from matter where body_id = $1 and kind = $2 and state = 'waiting'",
                *(UUID(body_id), kind),
            )
        )

    def decision(self, body_id: str) -> str:
        """Record a decision of a council, as a meeting would."""
        found = self.sql(
            "insert into decision (decision_id, body_id, meeting_id, item_id, text, outcome, recorded_by)"
            " values ($1, $2, $3, $4, 'Valg', 'decided', 'test') returning decision_id",
            *(uuid4(), UUID(body_id), uuid4(), uuid4()),
        )
        return str(found)

    def today(self, more: int = 0) -> date:
        """Return the day in Denmark by the clock of councils, or one some days later."""
        day: date = self.sql("select (clock() at time zone 'Europe/Copenhagen')::date")
        return day + timedelta(days=more)

    def move_to(self, day: date) -> None:
        """Let it be noon of a day."""
        self.sql(
            "select set_clock_offset(($1::date + time '12:00') at time zone 'Europe/Copenhagen' - clock_timestamp())",
            day,
        )

    def real_time(self) -> None:
        """Let it be the real time again."""
        self.sql("select set_clock_offset('0')")

    def wait_for(self, what: str, condition: Callable[[], Any]) -> Any:  # noqa: ANN401  whatever it is
        """Wait until something is so, and return it."""
        return self.world.wait_for(what, condition)

"""What is followed up, over HTTP and in the database, as its tests meet it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx

from chassis.database import Database
from chassis.identity import Principal
from chassis.settings import Settings
from deploy.local.databases import in_database
from deploy.local.processes import wait_until
from deploy.local.provision import admin_url
from services.councils.domain.matters import Treated
from tests.stack import Stack

POLICE, HERNING = "politi-mvj", "kommune-0657"
Who = tuple[str, ...]
CHIEF: Who = ("secretary", POLICE, "raad")
LOCAL: Who = ("secretary", HERNING, "raad")
"""Herning's secretary."""


@dataclass(frozen=True, slots=True)
class Councils:
    """The councils of the district, and the hands of their secretaries."""

    stack: Stack
    http: httpx.Client

    def sql(self, statement: str, *values: object) -> Any:  # noqa: ANN401  a column may hold anything
        """Return what a statement finds first."""
        address = in_database(admin_url(self.stack.ports), "councils")
        return self.stack.databases.fetchval(address, statement, *values)

    def body(self, kommunekode: str = "") -> str:
        """Return the id of a lokalråd, or of the kredsråd."""
        return str(self.sql("select body_id from body where coalesce(kommunekode, '') = $1", kommunekode))

    def decision(self, kommunekode: str = "", outcome: str = "decided") -> str:
        """Return a decision of a council."""
        decision = uuid4()
        self.sql(
            "insert into decision (decision_id, body_id, meeting_id, item_id, text, outcome, recorded_by)"
            " values ($1, $2, $3, $4, 'Det gør vi.', $5, 'test')",
            *(decision, UUID(self.body(kommunekode)), uuid4(), uuid4(), outcome),
        )
        return str(decision)

    def send(self, path: str, who: Who = CHIEF, /, *, verb: Any = "POST", **said: object) -> httpx.Response:  # noqa: ANN401  what is said has every type
        """Send a command."""
        headers = self.stack.bearer(*who) | {"Idempotency-Key": str(uuid4())}
        return self.http.request(verb, path, json=said, headers=headers)

    def done(self, path: str, who: Who = CHIEF, /, *, verb: Any = "POST", **said: object) -> dict[str, Any]:  # noqa: ANN401  what is said has every type
        """Send a command that is carried out."""
        answer = self.send(path, who, verb=verb, **said)
        assert answer.is_success, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def refused(self, path: str, who: Who = CHIEF, /, *, verb: Any = "POST", **said: object) -> tuple[int, str]:  # noqa: ANN401  what is said has every type
        """Send a command that is refused; return the status and which rule said so."""
        answer = self.send(path, who, verb=verb, **said)
        return answer.status_code, answer.json()["type"].rpartition("/")[2]

    def read(self, path: str, who: Who = CHIEF) -> Any:  # noqa: ANN401  any JSON
        """Return what somebody reads."""
        answer = self.http.get(path, headers=self.stack.bearer(*who))
        assert answer.is_success, answer.text
        return answer.json()

    def goal(self, **said: object) -> dict[str, Any]:
        """Set a long-term goal."""
        words = {"title": "Færre unge begår vold", "horizon_year": 2030, "indicator": "Anmeldelser om året"}
        return self.done("/goals", **words | {"decision_id": self.decision()} | said)

    def matters(self, kind: str, kommunekode: str = "") -> list[dict[str, Any]]:
        """Return what waits for a council's agenda under a kind."""
        address = in_database(admin_url(self.stack.ports), "councils")
        sql = "select * from matter where kind = $1 and body_id = $2 and state <> 'withdrawn' order by raised_at"
        return [dict(row) for row in self.stack.databases.fetch(address, sql, kind, UUID(self.body(kommunekode)))]

    def day(self, days: int) -> str:
        """Return a day from the service's today."""
        return str(self.sql("select ((clock() at time zone 'Europe/Copenhagen')::date + $1::integer)::text", days))

    def later(self, days: float) -> None:
        """Let it be later, or again as it was."""
        self.sql("select set_clock_offset($1)", timedelta(days=days))

    def next_year(self) -> None:
        """Let the new year be two days old."""
        today = date.fromisoformat(self.day(0))
        self.later((date(today.year + 1, 1, 2) - today).days)

    def wait_for_matter(self, kind: str, kommunekode: str = "", subject: str = "", also: int = 0) -> dict[str, Any]:
        """Wait until something waits for an agenda, besides what has been there, and return it."""

        def there() -> list[dict[str, Any]]:
            found = self.matters(kind, kommunekode)
            return [one for one in found if not subject or str(one["subject"]) == subject][also:]

        wait_until(lambda: bool(there()), f"the matter {kind}")
        return there()[-1]

    async def treat(self, matter_id: UUID) -> UUID:
        """Have a meeting treat a matter; return the meeting."""
        from services.councils.handlers.matters import treat

        self.sql("update matter set state = 'placed' where matter_id = $1", matter_id)
        meeting, database = uuid4(), Database(settings_of(self.stack))
        await database.start()
        try:
            async with database.tx(Principal.worker("councils")) as tx:
                await treat(tx, matter_id, Treated(meeting, uuid4()))
        finally:
            await database.stop()
        return meeting


def settings_of(stack: Stack) -> Settings:
    """Return the settings of the process, for a test that holds a meeting by hand."""
    environment = {name.lower(): value for name, value in stack.environment("councils").items()}
    own = {name: environment[name] for name in ("database_url", "issuer", "http_port", "kafka_bootstrap")}
    return Settings.model_validate(own | {"service": "councils"})


def initiative(councils: Councils, **said: object) -> dict[str, Any]:
    """Return an initiative that is as the plan wants it."""
    return {
        "year": 2026,
        "title": "Natteravne på stationen",
        "purpose": "forebyggelse",
        "parties": [POLICE, HERNING],
        "scope": "konkret",
        "local_focus": True,
        "owner": HERNING,
        "measure": {"indicator": "Anmeldelser", "target": 10, "lower_is_better": True, "on": councils.day(1)},
        "legal_basis": "Retsplejelovens § 113",
        "tags": ["synlig", "tryghed"],
    } | said

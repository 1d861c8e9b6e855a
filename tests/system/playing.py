"""Play a worked case against running services: facts in the register, lines over HTTP, the clock moved."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

import asyncpg
import httpx
import yaml

from deploy.local.databases import in_database
from deploy.local.provision import admin_url
from services.concerns.domain.calendar import Week, in_words
from services.concerns.domain.codes import District, Role
from tests.patient import PatientClient
from tests.stack import Stack
from tests.unit.concerns.worked_cases import CASES, moment

OWN_TABLES = (
    "erasure_order, let_go, tombstone, correction, told_revision, underretning_question, underretning_part,"
    " underretning_served, underretning, candidate, search_child, search_excluded, search_scope, search_asked,"
    " search_fact, search, registration, dropped_count, import_refused_line, import, service_start, deadline"
)
CODE_LIST = yaml.safe_load((CASES / "code-list-v1.yaml").read_text(encoding="utf-8"))
GROUND = {"ground": "support_need", "relation": "registrations", "concerns": ["repeated"], "family_contact": "told"}
PATIENCE_S = 120

T = TypeVar("T")


class World:
    """The running services of one test session, and the hands of those who use them."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.http = PatientClient(timeout=60)

    def sql(self, statement: str, *values: object) -> Any:  # noqa: ANN401  a column may hold anything
        """Run a statement in the database of concerns, as nobody but a test may."""
        return self.sql_in("concerns", statement, *values)

    def sql_in(self, service: str, statement: str, *values: object) -> Any:  # noqa: ANN401  as above
        """Run a statement in the database of a service."""
        return self.stack.databases.fetchval(in_database(admin_url(self.stack.ports), service), statement, *values)

    def clear(self) -> None:
        """Begin with empty tables and the real time."""
        self.wait_for("an empty database", self._emptied)
        self.sql("select set_clock_offset('0')")

    def _emptied(self) -> bool:
        """Say whether the tables could be emptied: the service, at work in them, may be the one that goes on."""
        try:
            self.sql(f"truncate {OWN_TABLES}")
        except asyncpg.DeadlockDetectedError:
            return False
        return True

    def move_clock(self, to: datetime) -> None:
        """Let it be a moment later than another, for concerns."""
        self.sql("select set_clock_offset($1::timestamptz - clock_timestamp())", to)

    def ask(self, method: str, path: str, who: tuple[str, ...], service: str = "concerns", **more: Any) -> Any:  # noqa: ANN401
        """Ask as somebody and return what was answered; a refusal is a failure of the test."""
        answer = self.send(method, path, who, service, **more)
        assert answer.is_success, answer.text
        return answer.json()

    def send(
        self,
        method: str,
        path: str,
        who: tuple[str, ...],
        service: str = "concerns",
        **more: Any,  # noqa: ANN401  as httpx has it
    ) -> httpx.Response:
        """Ask as somebody and return the answer."""
        headers = self.stack.bearer(*who) | {"Idempotency-Key": str(uuid4())} | more.pop("headers", {})
        return self.http.request(method, self.stack.url(service) + path, headers=headers, **more)

    def wait_for(self, what: str, condition: Callable[[], T | None]) -> T:
        """Wait until something is so, and return it."""
        ends = time.monotonic() + PATIENCE_S
        while time.monotonic() < ends:
            if found := condition():
                return found
            time.sleep(0.05)  # the bound above ends it
        raise AssertionError(f"{what} did not come; the log ends:\n{self.stack.log('concerns')[-3000:]}")

    def release_code_list(self) -> None:
        """Propose and approve version 1, by two officers, if that has not been done."""
        if not self.sql("select exists (select from code_list where number = 1)"):
            body = {"number": 1, "valid_from": "2013-01-01", "reason": "Den første liste.", **CODE_LIST}
            body.pop("version")
            self.ask("POST", "/code-lists", OFFICER, json=body)
            self.ask("POST", "/code-lists/1/approve", OFFICER)
            self.ask("POST", "/code-lists/1/approve", APPROVER)


REGISTRAR = ("registrar", "politi-mvj")
OFFICER = ("key_officer", "politi-mvj")
APPROVER = ("approver", "politi-mvj")
SERVICE = ("service", "samvirke")


@dataclass
class Player:
    """Plays one case in order of time and keeps what is needed to compare."""

    world: World
    case: dict[str, Any]
    ids: dict[str, UUID] = field(default_factory=dict)
    notifications: dict[str, UUID] = field(default_factory=dict)

    def __post_init__(self) -> None:
        number = int(self.case["case"])
        self.numbers = {
            letter: f"{row['born'].day + 60:02}{row['born']:%m%y}{number:02}{place:02}"
            for place, (letter, row) in enumerate(self.case["persons"].items())
        }

    def prepare(self) -> None:
        """Put the case's world into the register and the search in service a week before the first run."""
        self.world.clear()
        self.world.release_code_list()
        url = self.world.stack.url("register")
        assert self.world.http.put(f"{url}/facts", content=json.dumps(self._facts(), default=str)).is_success
        letters = list(self.numbers)
        asked = {"numbers": [self.numbers[letter] for letter in letters]}
        found = self.world.ask("POST", "/resolve", SERVICE, "persons", json=asked)["ids"]
        self.ids = {letter: UUID(one) for letter, one in zip(letters, found, strict=True)}
        first = Week.parse(self.case["runs"][0]["week"]).previous()
        self.world.move_clock(first.searched_at - timedelta(days=1))
        self.world.ask("POST", "/searches/in-service", APPROVER, json={"week": str(first)})

    def _facts(self) -> dict[str, Any]:
        def of(row: dict[str, Any], *persons: str) -> dict[str, Any]:
            named = {name: self.numbers[row[name]] for name in persons}
            homes = {name: f"{self.case['case']}/{row[name]}" for name in ("dwelling", "building") if name in row}
            return row | named | homes

        return {
            "persons": [
                {
                    "number": self.numbers[letter],
                    "name": self.name(letter),
                    "born": row["born"],
                    "address": "Opdigtet 1",
                }
                for letter, row in self.case["persons"].items()
            ],
            "custody": [of(row, "child", "holder") for row in self.case["custody"]],
            "dwellings": [of(row, "person") for row in self.case["dwellings"]],
            "placements": [of(row, "child") for row in self.case.get("placements", [])],
        }

    def name(self, letter: str) -> str:
        """Return an invented name that can be found in a document."""
        return f"Navn-{self.case['case']}-{letter}-"

    def moments(self) -> Iterator[tuple[datetime, int, str, dict[str, Any]]]:
        """Yield what happens, with its time: what is committed before a run comes before it."""
        for row in self.case["registrations"]:
            yield moment(row.get("committed_at", row["registered_at"])), 1, "import", row
        for row in self.case.get("sent_before", []):
            yield moment(row["sent_at"]), 2, "sent_before", row
        for run in self.case["runs"]:
            yield moment(run["starts_at"]), 0, "run", run
            for approval in run.get("approvals", []):
                yield moment(approval["approved_at"]), 3, "approve", approval
        for week in self._unlisted_weeks():
            yield week.searched_at, 0, "tick", {"week": str(week)}

    def _unlisted_weeks(self) -> Iterator[Week]:
        listed = {run["week"] for run in self.case["runs"]}
        week, last = Week.parse(min(listed)).previous(), Week.parse(max(listed))
        while week.monday < last.monday:
            if str(week) not in listed:
                yield week
            week = week.next()

    def bring(self, rows: list[dict[str, Any]]) -> None:
        """Import revisions as the source system does."""
        lines = "".join(json.dumps(self._line(row), default=str) + "\n" for row in rows)
        report = self.world.ask("POST", f"/registrations/imports/{uuid4()}", REGISTRAR, content=lines)
        assert report["refused"] == 0, report

    def _line(self, row: dict[str, Any]) -> dict[str, Any]:
        present = [self.numbers.get(one, one) for one in row.get("children_present", [])]
        more = {"cpr": self.numbers[row["person"]], "children_present": present, "registration": self.named(row["id"])}
        source = {"source_system": "POLSAS", "source_reference": f"sag-{row['id']}"}
        return {name: value for name, value in row.items() if name not in {"id", "person"}} | more | source

    def named(self, name: str) -> str:
        """Return a registration's id outside this case."""
        return f"case{self.case['case']}-{name}"

    def short(self, names: list[str]) -> list[str]:
        """Return registrations by the ids that the case uses."""
        return [name.partition("-")[2] for name in names]

    def tick(self, at: datetime, week: str) -> dict[str, Any]:
        """Let a week's Monday come, and return its run when it is complete."""
        self.world.move_clock(at)
        return self.finished(week)

    def finished(self, week: str) -> dict[str, Any]:
        """Wait for a week's run and return it with its result."""

        def complete() -> str | None:
            rows = self.world.ask("GET", "/searches", OFFICER)
            return next((row["search_id"] for row in rows if row["week"] == week and row["state"] == "complete"), None)

        search_id = self.world.wait_for(f"the run of {week}", complete)
        found: dict[str, Any] = self.world.ask("GET", f"/searches/{search_id}", OFFICER)
        return found

    def child(self, name: str) -> str:
        """Return how a child is written in a result."""
        mother = name.removeprefix("unborn:")
        return f"unborn:{self.ids[mother]}" if mother != name else str(self.ids[mother])

    def remember(self, row: dict[str, Any]) -> None:
        """Put a notification that was sent before into the table, as a later issue's direct one will stand there."""
        about = row["child"]
        self.notifications[row["notification"]] = uuid4()
        closed = moment(row["closed_at"]) if "closed_at" in row else None
        self.world.sql(
            "insert into underretning (underretning_id, case_id, child, person_id, unborn, source, kind, registrations,"
            " refers_to, receiver, protected_address, acute, law, state, approved_at, sent_at, delivered_at,"
            " acknowledge_by, acknowledged_at, closed_at, version) values ($1, $1, $2, $3, false, $4, 'new', $5, '{}',"
            " $6, false, false, 'barnets-lov-133', $7, $8, $8, $8, $8, $8, $9, 1)",
            *(self.notifications[row["notification"]], self.child(about), self.ids[about], row["source"]),
            *([self.named(name) for name in row["registrations"]], row["receiver"]),
            *("closed" if closed else "acknowledged", moment(row["sent_at"]), closed),
        )

    def candidates(self) -> dict[str, dict[str, Any]]:
        """Return the unsent candidates by child."""
        rows = self.world.ask("GET", "/candidates?state=found", OFFICER)
        shown = [self.world.ask("GET", f"/candidates/{row['candidate_id']}", OFFICER) for row in rows]
        return {row["child"]: row for row in shown}

    def approve(self, at: datetime, row: dict[str, Any]) -> dict[str, Any]:
        """Review by one officer, approve by another, and return what was answered, in the case's words."""
        self.world.move_clock(at)
        path = f"/candidates/{self.candidates()[self.child(row['child'])]['candidate_id']}"
        self.world.ask("POST", f"{path}/review", OFFICER, json={"outcome": "relevant", **GROUND})
        told: dict[str, Any] = self.world.ask("POST", f"{path}/approve", APPROVER, json={"acute": False})
        if "notification" in row["expect"]:
            self.notifications[row["expect"]["notification"]] = UUID(told["underretning_id"])
        return told

    def corrections(self) -> list[dict[str, Any]]:
        """Return the corrections that wait, when all that the source has said has been looked at."""
        behind = (
            "select exists (select from told_revision t join registration r using (registration)"
            " where r.revision > t.judged)"
        )
        self.world.wait_for("the comparison", lambda: not self.world.sql(behind))
        rows = self.world.ask("GET", "/corrections?state=found", OFFICER)
        return [self.world.ask("GET", f"/corrections/{row['correction_id']}", OFFICER) for row in rows]

    def send_correction(self, row: dict[str, Any]) -> dict[str, Any]:
        """Let an approver send a correction, and return what its receiver reads."""
        body = {"family": "by_municipality", "version": row["version"]}
        told = self.world.ask("POST", f"/corrections/{row['correction_id']}/send", APPROVER, json=body)
        read: dict[str, Any] = json.loads(self.document(told))
        return read

    def document(self, told: dict[str, Any]) -> bytes:
        """Fetch an underretning as its receiver does."""
        who = ("system", f"kommune-{told['receiver']}", "boern")
        path = f"/underretninger/{told['underretning_id']}"
        answer = self.world.send("GET", path, who, params={"purpose": "underretning"})
        assert answer.is_success, answer.text
        return answer.content


def words_of(row: dict[str, Any]) -> tuple[str, ...]:
    """Return what an explanation must say about a registration."""
    day: date = row["occurred_on"]
    label = CODE_LIST["entries"][row["code"]]["label"]
    return in_words(day), District(row["district"]).danish, label, Role(row["role"]).word

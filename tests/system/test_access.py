"""Every cell of the access table over HTTP: the allowed works, the refused is refused, and each leaves its trace."""

import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from deploy.local.databases import in_database
from deploy.local.load_plan import as_secretary, load, read_plan
from deploy.local.processes import wait_until
from deploy.local.provision import admin_url
from tests.access.asking import Answer, Asking
from tests.access.duties import Things
from tests.access.handovers import Handovers, assets_version
from tests.access.requests import QUERIES, bodies, content
from tests.access.staffs import Staffs
from tests.access.table import MISSING, RELATIONS, Cell, cells, rows
from tests.component.concerns.families import Family, approved, deliver, found, reviewed
from tests.stack import Stack
from tests.system.playing import OFFICER, SERVICE, World

pytestmark = [
    pytest.mark.system,
    pytest.mark.ledger("L-12", "L-13", "L-22", "O-6.1-27"),
    pytest.mark.timeout(1800),  # twenty thousand requests, on whatever machine
]

SERVICES = (
    "register",
    "persons",
    "concerns",
    "councils",
    "exchange",
    "audit",
    "alerting",
    "beredskabsstab",
    "referrals",
)
REFUSED = {403, 404, 410}
FOLLOWED = dict.fromkeys(
    (
        *("body_id", "goal_id", "implementation_task_id", "initiative_id", "action_id", "joint_target_id"),
        *("joint_effort_id", "agreement_id", "agreement_initiative_id", "model_id", "concept_id", "meeting_id"),
        *("investigation_id", "its_id"),
    ),
    str(uuid4()),
)
"""What councils follow up, none of which is there, by the name of a path's parameter."""
AT_ONCE = 12
Trace = tuple[str, dict[str, Any]]


@dataclass
class Scene:
    """Things in each state, and how to reach them."""

    stack: Stack
    person: UUID
    ids: dict[str, str]
    """By the name of a path's parameter."""
    things: Things
    staffs: Staffs
    handovers: Handovers
    candidates: dict[str, str] = field(default_factory=dict)
    """By state."""
    fresh: list[str] = field(default_factory=list)
    """Found by a run, and used once."""
    to_approve: str = ""
    assets_version: str = ""
    """Of the style sheets of councils' pages."""

    def path(self, cell: Cell) -> str:
        """Return the address of a cell's thing."""
        names = self._names(cell)
        if cell.state == "absent":
            names |= {name: str(uuid4()) for name in names if name.endswith("_id")}
        return cell.route.partition(" ")[2].format(**names)

    def _names(self, cell: Cell) -> dict[str, str]:
        if cell.service == "alerting":
            return self.things.names(cell)
        if cell.service == "referrals":
            return self.handovers.names(cell)
        return self.staffs.names() if cell.service == "beredskabsstab" else self._of_others(cell)

    def _of_others(self, cell: Cell) -> dict[str, str]:
        asset = {"version": self.assets_version, "name": "css/samvirke.css"} if "/web/" in cell.route else {}
        return self.ids | asset | {"candidate_id": self._candidate(cell)}

    def query(self, cell: Cell) -> dict[str, str]:
        """Return what must stand in a cell's address."""
        if cell.service == "beredskabsstab":
            return self.staffs.query(cell)
        return self.things.query(cell) if cell.service == "alerting" else QUERIES.get(cell.route, {})

    def body(self, cell: Cell) -> Any:  # noqa: ANN401  any JSON
        """Return what is sent in a cell; None where nothing is."""
        if cell.service == "beredskabsstab":
            return self.staffs.body(cell)
        return self.things.body(cell) if cell.service == "alerting" else bodies(self.person).get(cell.route)

    def _candidate(self, cell: Cell) -> str:
        if cell.allowed and cell.route.endswith("/approve"):
            return self.to_approve
        if cell.allowed and cell.route.endswith("/review"):
            return self.fresh.pop()
        return self.candidates.get(cell.state, "")


@pytest.fixture(scope="module")
def scene(stack: Stack) -> Iterator[Scene]:
    """Bring things to each state once."""
    stack.start_services(*SERVICES)
    world = World(stack)
    sent, waiting, base = [row["candidate_id"] for row in found(world, *(Family(world) for _ in range(3)))]
    underretning = approved(world, {"candidate_id": sent})["underretning_id"]
    reviewed(world, {"candidate_id": waiting})
    import_id = str(uuid4())
    deliver(world, to=import_id)
    [search] = [row["search_id"] for row in world.ask("GET", "/searches", OFFICER) if row["completed_at"]]
    numbers = [f"620101{number}" for number in range(5010, 5016)]
    people = [UUID(one) for one in world.ask("POST", "/resolve", SERVICE, "persons", json={"numbers": numbers})["ids"]]
    with as_secretary(stack.url("councils"), stack.token("secretary", "politi-mvj")) as secretary:
        load(read_plan(), secretary)
    ids = dict.fromkeys(("case_id", "correction_id", "person_id", "breach_id", "insight_id"), str(uuid4()))
    of_councils = ["plan_id", "proposal_id", "comment_id", "sheet_id"]
    of_councils += ["meeting_id", "item_id", "action_id", "invitee_id", "paper_id", "mailing_id", "request_id"]
    of_councils += ["link_id"]
    ids |= {"sha256": "0" * 64, "token": "x" * 43}
    ids |= dict.fromkeys(of_councils, str(uuid4()))
    ids |= {"kommunekode": "0657", "other": "2023"}
    ids |= {"number": "1", "year": "2023", "position": "1", "week": "2026-W13", "subject": "nobody"}
    ids |= dict.fromkeys(("area_id", "item_id", "trend_id", "school_id", "contact_id", "concern_id"), str(uuid4()))
    ids |= {"code": "databedrageri", "list_kind": "omdannelse"}
    ids |= {"key": str(uuid4()), "schema": "Plan", "address": "4.1"}
    ids |= FOLLOWED | {"kind": "goal", "place": "1", "topic": "drug_sale_at_schools"}
    ids |= {"act": "byg", "how": "moede", "thing": "handling", "paper_id": str(uuid4())}
    ids |= {"import_id": import_id, "search_id": search, "underretning_id": underretning, "name": "kommune-0657.boern"}
    ids["body_id"] = str(world.sql_in("councils", "select body_id from body where kind = 'kredsraad'"))
    ids["member_id"] = str(world.sql_in("councils", "select member_id from office_term order by valid_from limit 1"))
    things = Things(world, Path(stack.environment("alerting")["ALERTING_LINK_KEY_FILE"]))
    made = Scene(stack, people[0], ids, things, Staffs(world), Handovers(world), to_approve=waiting)
    made.assets_version = assets_version(stack.url("councils") + "/raad")
    for state, person in zip(("found", "in_review", "reviewed", "rejected"), people[1:5], strict=True):
        made.candidates[state] = _clone(world, base, person, state)
    made.fresh = [base]
    wait_until(lambda: _signed(stack), "the log is signed", 60)
    yield made
    things.end()
    world.http.close()


def _signed(stack: Stack) -> bool:
    """Have a checkpoint signed as soon as the log holds something; in a day's course that comes by itself."""
    environment = dict(os.environ) | stack.environment("audit")
    subprocess.run([sys.executable, "-m", "services.audit", "checkpoint"], env=environment, check=True)
    return httpx.get(f"{stack.url('audit')}/checkpoints/newest", timeout=10).is_success


def _clone(world: World, of: str, person: UUID, state: str) -> str:
    """Put a candidate like another into the table, about another child and in another state."""
    new = {"candidate_id": str(uuid4()), "case_id": str(uuid4()), "child": str(person), "person_id": str(person)}
    made: UUID = world.sql(
        "insert into candidate select (jsonb_populate_record(c, $2)).* from candidate c where candidate_id = $1"
        " returning candidate_id",
        *(UUID(of), json.dumps(new | {"state": state})),
    )
    return str(made)


@dataclass
class Trying:
    """All cells, tried as people and systems of their own, so that each one's traces are known by its subject."""

    scene: Scene
    http: Asking
    wrong: list[str] = field(default_factory=list)
    subjects: dict[str, Cell] = field(default_factory=dict)

    def try_all(self) -> None:
        """Try what changes nothing first, then what is allowed to change something."""
        all_of_them = list(cells())
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for changing in (False, True):
                list(pool.map(self._try, [cell for cell in all_of_them if _changes(cell) is changing]))

    def _try(self, cell: Cell) -> None:
        answer = self._send(cell, self.scene.path(cell))
        if answer.status != cell.status:
            self.wrong.append(f"{cell}: {answer.status} instead of {cell.answer}: {answer.text[:160]}")
        if cell.answer == MISSING:
            there = self.scene.path(cell)
            elsewhere = self._send(cell, _of_nothing(there))
            if _seen(answer) != _seen(elsewhere):
                self.wrong.append(f"{cell}: can be told apart from a missing one")

    def _send(self, cell: Cell, path: str) -> Answer:
        subject, (authority, office) = f"access-{uuid4()}", RELATIONS[cell.relation]
        self.subjects[subject] = cell
        headers = self.scene.stack.bearer(cell.role, authority, office, subject) | {"Idempotency-Key": str(uuid4())}
        body = self.scene.body(cell)
        return self.http.ask(
            cell.route.partition(" ")[0],
            self.scene.stack.url(cell.service) + path,
            self.scene.query(cell),
            headers | {"Content-Type": "application/json"},
            None if body is None else content(cell.route, body),
        )


def _changes(cell: Cell) -> bool:
    return cell.allowed and not cell.route.startswith("GET")


def _of_nothing(path: str) -> str:
    """Return the address with its last id, or else the code in it, of something that there is not."""
    parts = path.split("/")
    last = next((part for part in reversed(parts) if len(part) == len(str(UUID(int=0)))), "")
    return path.replace(last, str(uuid4())) if last else "/".join(["", parts[1], "no_such_one", *parts[3:]])


def _seen(answer: Answer) -> tuple[int, dict[str, Any], dict[str, str]]:
    """Return all that a caller sees of an answer, but its trace and its time."""
    body = {name: value for name, value in answer.body.items() if name != "trace_id"}
    return answer.status, body, {name: value for name, value in answer.headers.items() if name != "date"}


@pytest.fixture(scope="module")
def tried(scene: Scene) -> Trying:
    """Try every cell of the table once."""
    with closing(Asking()) as http:
        trying = Trying(scene, http)
        trying.try_all()
    return trying


def shown(wrong: list[str]) -> str:
    """Return what a person needs to see of cells that are not as they should be."""
    return "\n".join([f"{len(wrong)} cells", *sorted(wrong)[:100]])


async def traces(stack: Stack) -> dict[str, list[Trace]]:
    """Return what the services have recorded of accesses and refusals, by who it was."""
    found: dict[str, list[Trace]] = defaultdict(list)
    for service in {row["service"] for row in rows()}:
        connection = await asyncpg.connect(in_database(admin_url(stack.ports), service))
        told = await connection.fetch("select type, value from event where type like '%.audit.Access%'")
        await connection.close()
        for row in told:
            value = json.loads(row["value"])
            found[value["subject"]].append((row["type"].split(".")[-2], value))
    return found


async def test_every_cell_is_answered_as_the_table_says(tried: Trying) -> None:
    assert len(tried.subjects) > 3000
    assert not tried.wrong, shown(tried.wrong)


async def test_each_read_and_each_refusal_leaves_exactly_one_record_and_nothing_else_does(tried: Trying) -> None:
    left, wrong = await traces(tried.scene.stack), []
    personal = {(row["service"], row["route"]) for row in rows() if row["personal"] == "yes"}
    for subject, cell in tried.subjects.items():
        expected = []
        if cell.allowed and cell.personal:
            expected = ["AccessRecorded"]
        elif cell.status in REFUSED and (cell.service, cell.route) in personal:
            expected = ["AccessRefused"]
        kinds = [kind for kind, _ in left.get(subject, [])]
        if kinds != expected:
            wrong.append(f"{cell}: left {kinds} instead of {expected}")
    assert not wrong, shown(wrong)


async def test_a_record_says_who_when_why_and_for_whom(tried: Trying) -> None:
    left = await traces(tried.scene.stack)
    for subject, cell in tried.subjects.items():
        authority, office = RELATIONS[cell.relation]
        for kind, value in left.get(subject, []):
            said = (value["authority"], value.get("office") or "", bool(value["operation"]), bool(value["at"]))
            assert said == (authority, office, True, True), str(cell)
            why = value["problem"] if kind == "AccessRefused" else value["stated_purpose"] and value["kind"]
            assert why, str(cell)


async def test_what_is_opened_outside_the_list_names_the_words_and_never_says_them(tried: Trying) -> None:
    left = await traces(tried.scene.stack)
    opened = [
        (cell, value)
        for subject, cell in tried.subjects.items()
        if cell.allowed and cell.route.endswith("/open")
        for _, value in left[subject]
    ]
    assert opened
    for cell, value in opened:
        outside = (cell.state, cell.role) not in {("found", "key_officer"), ("sent", "caseworker")}
        assert (value["outside_work_list"], value["words_id"] is not None) == (outside, outside), str(cell)
        assert "ringet" not in json.dumps(value)


def test_every_route_of_every_service_has_a_row(scene: Scene) -> None:
    known, missing = {(row["service"], row["route"]) for row in rows()}, []
    for service in SERVICES[1:]:
        document = httpx.get(f"{scene.stack.url(service)}/openapi.json", timeout=30).json()
        for path, operations in document["paths"].items():
            missing += [
                f"{service},{method.upper()} {path}"
                for method in operations
                if (service, f"{method.upper()} {path}") not in known and not path.startswith("/operations/")
            ]
    assert missing == [], "write who may do it into tests/access/table.csv, and its body into tests/access/requests.py"


ROUTES = """
import json, sys
from importlib import import_module
from starlette.routing import Route
routers = import_module(f"services.{sys.argv[1]}.api").routers()
hidden = [route for router in routers for route in router.routes if isinstance(route, Route)]
print(json.dumps([(method, route.path) for route in hidden for method in route.methods or ()]))
"""


@pytest.mark.parametrize("service", ["alerting", "beredskabsstab", "councils", "referrals"])
def test_every_route_that_no_document_shows_has_a_row(service: str) -> None:
    known = {(row["service"], row["route"]) for row in rows()}
    # In a process of its own: two services' reactions cannot stand in one.
    listed = subprocess.run([sys.executable, "-c", ROUTES, service], check=True, capture_output=True, text=True)
    asked = {(method, re.sub(r":\w+}", "}", path)) for method, path in json.loads(listed.stdout)}
    assert {(method, path) for method, path in asked if (service, f"{method} {path}") not in known} <= {
        ("HEAD", path) for _, path in asked
    }

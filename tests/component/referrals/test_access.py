"""Each programme, role, authority and operation, as two tables written by hand say: what is not found looks missing."""

import csv
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from contracts.codes import Role
from tests.component.referrals.cases import KINDS, Case
from tests.component.referrals.test_course import seen
from tests.system.playing import World

pytestmark = pytest.mark.component

TABLES = Path(__file__).parent / "access"
NAMED = [Role.REFERRER, Role.REFERRAL_MANAGER, Role.RECEIVER, Role.SYSTEM]
OLD: dict[str, Any] = {"version": 999}
BODIES = {
    "accept": OLD,
    "cancel": OLD,
    "settle": OLD,
    "consent": OLD | {"of": "person", "said": "yes", "written": True},
}
MISSING = str(UUID(int=0))


def table(name: str) -> list[dict[str, str]]:
    """Return a table as it is written."""
    with (TABLES / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def cells() -> Iterator[tuple[str, str, str, Role, str]]:
    """Yield programme, operation, seat, role and answer; of the roles that nothing names one is tried, ever another."""
    strangers = [role for role in Role if role not in NAMED]
    operations = table("operations")
    for place, seat in enumerate(table("seats")):
        for operation in dict.fromkeys(row["operation"] for row in operations):
            for role in (*NAMED, strangers[place % len(strangers)]):
                row = next(row for row in operations if _fits(row, operation, seat["relation"], role))
                yield seat["programme"], operation, seat["seat"], role, row["answer"]


def _fits(row: dict[str, str], operation: str, relation: str, role: Role) -> bool:
    named = {
        name: row[name] == "*" or one in row[name].split() for name, one in (("relation", relation), ("roles", role))
    }
    return row["operation"] == operation and all(named.values())


@pytest.fixture(scope="module")
def handed_over(running: World) -> dict[str, Case]:
    """Return a referral of each programme that its receiver has to answer."""
    return {name: Case(running, kind).requested().did("receive", kind.receives) for name, kind in KINDS.items()}


def test_every_programme_has_its_seats_in_the_table() -> None:
    written = {(row["programme"], row["relation"]) for row in table("seats")}
    for name, kind in KINDS.items():
        assert {(name, "sender"), (name, "receiver"), (name, "other")} <= written
        assert ((name, "party") in written) == bool(kind.parties)


@pytest.mark.ledger("O-6.2-01", "O-6.4-03", "O-6.1-14", "O-6.1-16", "L-02")
def test_every_cell_is_answered_as_the_tables_say(handed_over: dict[str, Case]) -> None:
    every = list(cells())
    assert len(every) > 2000
    with ThreadPoolExecutor(8) as pool:
        wrong = [line for line in pool.map(lambda cell: _wrong(handed_over[cell[0]], *cell), every) if line]
    assert wrong == []


def _wrong(case: Case, programme: str, operation: str, seat: str, role: Role, expected: str) -> str:
    authority, _, office = seat.partition(".")
    who = (role.value, authority, office)
    answer = _asked(case, operation, who, case.referral_id)
    if expected == "missing":
        found = seen(answer) == seen(_asked(case, operation, who, MISSING)) and answer.status_code == 404
    elif operation == "list" and answer.is_success:
        found = (case.referral_id in answer.text) == (expected == "listed") and expected != "403"
    else:
        found = str(answer.status_code) == expected
    return "" if found else f"{programme} {operation} as {role} of {seat}: {answer.status_code}, not {expected}"


def _asked(case: Case, operation: str, who: tuple[str, ...], referral_id: str) -> httpx.Response:
    if operation == "list":
        return case.send("GET", "/referrals?limit=1000", who)
    if operation == "read":
        return case.send("GET", f"/referrals/{referral_id}", who)
    return case.send("POST", f"/referrals/{referral_id}/{operation}", who, json=BODIES[operation])

"""Each group, seat, role and operation, as tables written by hand say: what is not found looks like a missing one."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import httpx
import pytest

from contracts.codes import Role
from services.referrals.domain.groups import groups
from tests.component.referrals.courses import bare
from tests.component.referrals.grouping import Case, Meeting
from tests.component.referrals.test_access import table
from tests.system.playing import World

pytestmark = [pytest.mark.component, pytest.mark.timeout(400)]

MEMBERS = {
    *("referrer", "receiver", "system", "referral_manager", "ssp_consultant", "prevention_officer"),
    *("visitation_coordinator", "release_facilitator", "info_house_officer", "control_unit"),
}
"""Who sits in groups: of the other roles one is tried at each seat, ever another."""

HANDED_OVER = {
    "ssp": (("skoler-0657", ""), ("kommune-0657", "ssp")),
    "ssp_plus": (("skoler-0657", ""), ("kommune-0657", "ssp")),
    "psp": (("kommune-0657", "psp"), ("politi-mvj-fnt", "psp")),
    "psp_visitation": (("kommune-0657", "psp"), ("politi-mvj-fnt", "psp")),
    "ksp": (("kriminalforsorgen", "ksp"), ("kommune-0657", "ksp")),
    "infohus": (("kommune-0657", "infohus"), ("politi-mvj-fnt", "infohus")),
    "alcapone": (("kommune-0657", "alcapone"), ("politi-mvj-fnt", "alcapone")),
}
"""From which office to which a case of each group was referred."""


def met(world: World, programme: str) -> Meeting:
    """Return a meeting that is called about a case of a group."""
    case = Case(world, programme, "0657", *HANDED_OVER[programme]).begun()
    seat = next(row for row in table("group_seats") if (row["programme"], row["relation"]) == (programme, "convener"))
    authority, _, office = seat["seat"].partition(".")
    return Meeting(case, (seat["role"], authority, office)).convened(cases=[case.id])


@pytest.fixture(scope="module")
def called(running: World) -> dict[str, Meeting]:
    """Return a meeting of each group."""
    return {programme: met(running, programme) for programme in HANDED_OVER}


def cells() -> Iterator[tuple[str, str, str, Role, str]]:
    """Yield programme, operation, seat, role and answer, for each role of groups at every seat that the table names."""
    operations, strangers = table("group_operations"), [role for role in Role if role not in MEMBERS]
    for place, seat in enumerate(table("group_seats")):
        for operation in dict.fromkeys(row["operation"] for row in operations):
            for role in (*map(Role, sorted(MEMBERS)), strangers[place % len(strangers)]):
                row = next(one for one in operations if _fits(one, operation, seat, role))
                yield seat["programme"], operation, seat["seat"], role, row["answer"]


def _fits(row: dict[str, str], operation: str, seat: dict[str, str], role: Role) -> bool:
    named = row["relation"] == "*" or seat["relation"] in row["relation"].split()
    theirs = row["roles"] == "*" or role in row["roles"].split() or (row["roles"] == "own" and role == seat["role"])
    return row["operation"] == operation and named and theirs


def test_every_group_has_its_seats_in_the_table() -> None:
    written = {(row["programme"], row["relation"]) for row in table("group_seats")}
    assert written == {(code, relation) for code in groups() for relation in ("convener", "circle", "other")}


@pytest.mark.ledger("O-6.1-09", "O-6.1-14", "O-6.2-01", "O-6.4-03", "L-02")
def test_every_cell_of_a_group_is_answered_as_the_tables_say(called: dict[str, Meeting]) -> None:
    every = list(cells())
    assert len(every) > 2000
    with ThreadPoolExecutor(8) as pool:
        wrong = [line for line in pool.map(lambda cell: _wrong(called[cell[0]], *cell), every) if line]
    assert wrong == []


def _wrong(meeting: Meeting, programme: str, operation: str, seat: str, role: Role, expected: str) -> str:
    authority, _, office = seat.partition(".")
    who = (role.value, authority, office)
    answer = _asked(meeting, operation, who, meeting.case.id, meeting.id)
    if expected == "missing":
        nothing = _asked(meeting, operation, who, str(uuid4()), str(uuid4()))
        found = answer.status_code == 404 and bare(answer) == bare(nothing)
    elif operation in {"list", "meetings"} and answer.is_success:
        one = meeting.case.id if operation == "list" else meeting.id
        found = (one in answer.text) == (expected == "listed") and expected != "403"
    else:
        found = str(answer.status_code) == expected
    return "" if found else f"{programme} {operation} as {role} of {seat}: {answer.status_code}, not {expected}"


def _asked(meeting: Meeting, operation: str, who: tuple[str, ...], case: str, meeting_id: str) -> httpx.Response:
    send = meeting.case.send
    if operation == "review":
        later = {"version": 999, "review_at": "2031-03-01T09:00:00Z"}
        return send("POST", f"/group-cases/{case}/review", who, json=later)
    if operation == "close":
        return send("POST", f"/meetings/{meeting_id}/close", who, json={"version": 999})
    paths = {
        "read": f"/group-cases/{case}",
        "list": "/group-cases?limit=500",
        "meeting": f"/meetings/{meeting_id}",
        "meetings": "/meetings?limit=100",
    }
    return send("GET", paths[operation], who)

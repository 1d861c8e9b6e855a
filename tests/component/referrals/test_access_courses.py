"""Each course, seat, role and operation, as tables written by hand say: what is not found looks like a missing one."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import httpx
import pytest

from contracts.codes import Role
from services.referrals.domain.suppression import FEWEST
from tests.component.referrals.conftest import Driver
from tests.component.referrals.courses import FNT, KOMMUNE, POLICE, UKN_PARTIES, Case, Who, bare
from tests.component.referrals.test_access import table
from tests.component.referrals.test_confidential_and_open_courses import EXIT, SCREENED, YOUNG
from tests.system.playing import World

pytestmark = [pytest.mark.component, pytest.mark.timeout(400)]

SEATED = {
    *("receiver", "system", "caseworker", "board_chair", "referrer", "prevention_officer", "prosecutor"),
    *("release_facilitator", "info_house_officer", "exit_coordinator", "trauma_team", "ssp_consultant"),
    *("mediation_coordinator", "mediator", "adviser", "victim_support_coordinator"),
}
"""Who has a seat at some course: to everybody else the routes are closed."""
STEPS = {
    "ukn": "investigated",
    "ungesamraad": "contributed",
    "ksp": "planned",
    "infohus": "followed",
    "infohus_network": "met",
    "bandeexit_screening": "screened",
    "bandeexit": "started",
    "bekymringssamtale": "talked",
    "konfliktraad": "visited",
    "offerraadgivning": "assigned",
    "saerlig_omsorg": "seen",
    "traumeteam_sparring": "answer",
    "traumeteam_guidance": "done",
    "traumeteam_session": "held",
    "ssp_theme": "begun",
}
"""By kind: the step that is tried, with an old version."""

OPENER: dict[str, Who] = {
    "ukn": ("receiver", KOMMUNE, "boern"),
    "ungesamraad": ("prosecutor", "anklagemyndigheden-mvj"),
    "ksp": ("release_facilitator", "kriminalforsorgen", "ksp"),
    "infohus": ("info_house_officer", FNT, "infohus"),
    "infohus_network": ("info_house_officer", FNT, "infohus"),
    "bandeexit_screening": EXIT,
    "bandeexit": EXIT,
    "bekymringssamtale": ("prevention_officer", FNT, "ssp"),
    "konfliktraad": ("mediation_coordinator", FNT, "konfliktraad"),
    "offerraadgivning": ("receiver", "offerraadgivningen", "offer"),
    "saerlig_omsorg": POLICE,
    "traumeteam_sparring": ("referrer", KOMMUNE, "boern"),
    "traumeteam_guidance": ("trauma_team", FNT, "traumeteam"),
    "traumeteam_session": ("trauma_team", FNT, "traumeteam"),
    "ssp_theme": ("ssp_consultant", KOMMUNE, "ssp"),
}
SAID: dict[str, dict[str, Any]] = {
    "ungesamraad": {"ground": "main_rule"},
    "ksp": {"group": "sentenced", "release_type": "parole", "release_on": "2031-03-01"},
    "infohus": {"basis": "ssp"},
    "infohus_network": {"topic": "Nye sider på nettet"},
    "bandeexit_screening": {"source": "proaktiv"},
    "bandeexit": {"consent_document": "S-1"},
    "bekymringssamtale": {"ground": "kontakt"},
    "konfliktraad": {"source": "politi"},
    "offerraadgivning": {"who": "offer", "ground": "forbrydelse", "help": "vejledning"},
    "saerlig_omsorg": {"saerlig_omsorg": True, "advice": "Ring først."},
    "traumeteam_sparring": {"about": "anonymous", "question": "Hvordan taler man?"},
    "traumeteam_guidance": {"offer_kind": "akut", "offer": "tilbud-7"},
    "traumeteam_session": {"audience": "police", "session_on": "2031-03-01"},
    "ssp_theme": {"focus": "specifik", "theme": "wellbeing", "year": 2031},
}
PARTIES: dict[str, tuple[tuple[str, str], ...]] = {
    "ukn": UKN_PARTIES,
    "ungesamraad": (("region-midtjylland", "psp"), ("kriminalforsorgen", "ksp")),
    "ksp": ((FNT, "ksp"),),
    "infohus_network": ((KOMMUNE, "infohus"),),
    "ssp_theme": ((FNT, "ssp"), ("skoler-0657", "")),
}
ON = {"bandeexit_screening": "bandeexit", "saerlig_omsorg": "offerraadgivning"}
ALONE = {"infohus_network", "traumeteam_sparring", "traumeteam_guidance", "traumeteam_session", "ssp_theme"}


def begun(world: World, kind: str) -> Case:
    """Return a course of a kind, as somebody has opened it."""
    state = "received" if kind == "saerlig_omsorg" else "accepted"
    programme, born = "" if kind in ALONE else ON.get(kind, kind), YOUNG if kind == "bekymringssamtale" else ""
    case = Case(world, programme, state, born=born)
    if kind == "konfliktraad":
        case.counterpart = Driver(world).settle().cpr
    if kind == "bandeexit":
        assert case.open("bandeexit_screening", EXIT, **SAID["bandeexit_screening"]).status_code == 201
        case.went("acknowledged", EXIT).went("screened", EXIT, verdict="suited", **SCREENED)
    answer = case.open(kind, OPENER[kind], *PARTIES.get(kind, ()), **SAID.get(kind, {}))
    assert answer.status_code == 201, f"{kind}: {answer.text}"
    return case


@pytest.fixture(scope="module")
def opened(running: World) -> dict[str, Case]:
    """Return a course of each kind."""
    return {kind: begun(running, kind) for kind in STEPS}


def cells() -> Iterator[tuple[str, str, str, Role, str]]:
    """Yield kind, operation, seat, role and answer: each role of the kind, one more of courses, one of none."""
    operations, seats = table("course_operations"), table("course_seats")
    for place, (kind, seat) in enumerate(dict.fromkeys((row["kind"], row["seat"]) for row in seats)):
        own = [row for row in seats if (row["kind"], row["seat"]) == (kind, seat)]
        for role in _roles(kind, place, seats):
            relation = next((row["relation"] for row in own if role in row["roles"].split()), "other")
            relation = relation if role in SEATED else "*"
            for operation in dict.fromkeys(row["operation"] for row in operations):
                rows = [one for one in operations if one["operation"] == operation]
                row = next(one for one in rows if relation in one["relation"].split())
                yield kind, operation, seat, role, row["answer"]


def _roles(kind: str, place: int, seats: list[dict[str, str]]) -> list[Role]:
    named = {role for row in seats if row["kind"] == kind for role in row["roles"].split()}
    more, strangers = sorted(SEATED - named), sorted(set(Role) - {Role(role) for role in SEATED})
    return [*map(Role, sorted(named)), Role(more[place % len(more)]), strangers[place % len(strangers)]]


def test_every_kind_of_course_has_its_seats_in_the_table() -> None:
    from services.referrals.domain.coursebook import coursebook

    assert set(STEPS) == set(coursebook()) == {row["kind"] for row in table("course_seats")}
    written = {(row["kind"], row["relation"]) for row in table("course_seats")}
    assert {(kind, relation) for kind in STEPS for relation in ("acts", "other")} <= written


@pytest.mark.ledger("O-6.2-01", "O-6.2-03", "O-6.7-03", "O-5.1-03", "L-02")
def test_every_cell_of_a_course_is_answered_as_the_tables_say(opened: dict[str, Case]) -> None:
    every = list(cells())
    assert len(every) > 1800
    with ThreadPoolExecutor(8) as pool:
        wrong = [line for line in pool.map(lambda cell: _wrong(opened[cell[0]], *cell), every) if line]
    assert wrong == []


def _wrong(case: Case, kind: str, operation: str, seat: str, role: Role, expected: str) -> str:
    authority, _, office = seat.partition(".")
    who: Who = (role.value, authority, office)
    answer = _asked(case, kind, operation, who, case.course_id)
    if expected == "missing":
        missing = _asked(case, kind, operation, who, str(uuid4()))
        found = answer.status_code == 404 and bare(answer) == bare(missing)
    elif answer.is_success:
        found = _reads(case, kind, who, answer, expected)
    else:
        found = str(answer.status_code) == expected or (expected == "counted" and _is_no_kind(case, who, answer))
    return "" if found else f"{kind} {operation} as {role} of {seat}: {answer.status_code}, not {expected}"


def _asked(case: Case, kind: str, operation: str, who: Who, course_id: str) -> httpx.Response:
    if operation == "read":
        return case.send("GET", f"/courses/{course_id}", who)
    if operation == "step":
        return case.send("POST", f"/courses/{course_id}/{STEPS[kind]}", who, json={"version": 999, "said": {}})
    if operation == "list":
        return case.send("GET", "/courses?limit=1000", who)
    return case.send("GET", f"/course-volumes?kind={kind}", who)


def _is_no_kind(case: Case, who: Who, answer: httpx.Response) -> bool:
    """Say whether a confidential kind looks like one that there is not."""
    return answer.status_code == 404 and bare(answer) == bare(case.send("GET", "/course-volumes?kind=intet", who))


def _reads(case: Case, kind: str, who: Who, answer: httpx.Response, expected: str) -> bool:
    body = answer.json()
    if expected in {"listed", "unlisted"}:
        return (case.course_id in answer.text) == (expected == "listed")
    if expected == "counted":
        lists = case.send("GET", "/courses?limit=1000", who).json()
        listed = sum(one["kind"] == kind for shelf in lists.values() for one in shelf)
        return bool(body["courses"] == (None if 0 < listed < FEWEST else listed))
    said, named = any(one["said"] for one in body["steps"]), "persons" in body
    if expected == "words":
        return (said or not SAID.get(kind)) and named == bool(case.programme)
    return not named and said == (expected == "own")

"""Nothing is sent by a run: one officer reviews, another approves, and what is missing is named."""

from typing import Any

import pytest

from tests.component.concerns.families import WEEK, Family, approved, deliver, events, found, reviewed, searched
from tests.system.playing import APPROVER, GROUND, OFFICER, World

pytestmark = pytest.mark.component


def refused(world: World, path: str, who: tuple[str, ...], **body: object) -> tuple[int, str]:
    answer = world.send("POST", path, who, json=body)
    return answer.status_code, answer.json().get("type", "").rpartition("/")[2]


@pytest.fixture
def candidate(world: World) -> dict[str, Any]:
    [one] = found(world, Family(world))
    return one


@pytest.mark.ledger("L-17", "O-6.1-27")
def test_no_child_is_notified_about_without_two_people(world: World, candidate: dict[str, Any]) -> None:
    path = f"/candidates/{candidate['candidate_id']}"
    assert refused(world, f"{path}/approve", APPROVER, acute=False) == (409, "candidate-not-reviewed")
    assert refused(world, f"{path}/review", APPROVER, outcome="relevant") == (403, "forbidden")
    both = ("key_officer", "politi-mvj", "", "one-officer")
    body = {"outcome": "relevant", **GROUND}
    world.ask("POST", f"{path}/review", both, json=body)
    assert refused(world, f"{path}/approve", ("approver", "politi-mvj", "", "one-officer"), acute=False) == (
        403,
        "same-officer",
    )
    assert not events(world, "UnderretningSent")
    told = world.ask("POST", f"{path}/approve", APPROVER, json={"acute": True})
    assert told["receiver"] == "0657"
    [sent] = events(world, "UnderretningSent")
    assert sent["urgent"] is True
    assert refused(world, f"{path}/approve", APPROVER, acute=False) == (409, "candidate-decided")


@pytest.mark.ledger("O-6.1-27", "L-06")
@pytest.mark.parametrize("field", ["ground", "relation", "concerns", "family_contact"])
def test_mandatory_content_is_asked_for_by_name(world: World, candidate: dict[str, Any], field: str) -> None:
    path = f"/candidates/{candidate['candidate_id']}"
    reviewed(world, candidate, **{field: [] if field == "concerns" else None})
    answer = world.send("POST", f"{path}/approve", APPROVER, json={"acute": False})
    assert answer.status_code == 422
    assert answer.json()["type"].endswith("/content-missing")
    assert answer.json()["missing"] == field


def test_codes_versions_and_keys_are_held_to(world: World, candidate: dict[str, Any]) -> None:
    path = f"/candidates/{candidate['candidate_id']}/review"
    relevant = {"outcome": "relevant", **GROUND}
    assert refused(world, path, OFFICER, **relevant | {"ground": "hunch"}) == (422, "unknown-code")
    assert refused(world, path, OFFICER, outcome="not_relevant", reason="because") == (422, "unknown-code")
    assert refused(world, path, OFFICER, outcome="more_information") == (422, "unknown-code")
    assert refused(world, path, OFFICER, **relevant | {"version": 7}) == (409, "stale-version")
    key = {"Idempotency-Key": f"key-{candidate['candidate_id']}"}
    first = world.send("POST", path, OFFICER, json=relevant, headers=key)
    assert world.send("POST", path, OFFICER, json=relevant, headers=key).json() == first.json()
    other = world.send("POST", path, OFFICER, json=relevant | {"version": 2}, headers=key)
    assert other.json()["type"].endswith("/idempotency-key-reused")
    assert len(events(world, "CandidateReviewed")) == 1
    exercise = world.send("POST", path, OFFICER, json=relevant, headers={"Samvirke-Mode": "exercise"})
    assert exercise.json()["type"].endswith("/exercise-refused")


def test_a_dismissed_candidate_stays_dismissed_when_its_registration_comes_again(world: World) -> None:
    family = Family(world)
    [candidate] = found(world, family)
    path = f"/candidates/{candidate['candidate_id']}/review"
    world.ask("POST", path, OFFICER, json={"outcome": "more_information", "reason": "ask_patrol"})
    world.ask("POST", path, OFFICER, json={"outcome": "not_relevant", "reason": "no_concern"})
    assert refused(world, path, OFFICER, outcome="relevant") == (409, "candidate-decided")
    deliver(world, family.line(revision=2))
    result = searched(world, WEEK.next())["result"]
    assert [row["reason"] for row in result["suppressed"]] == ["dismissed_unchanged"]
    deliver(world, family.line(revision=3, code="G05"))
    assert len(searched(world, WEEK.next().next())["result"]["candidates"]) == 1


def test_a_registration_in_dispute_holds_the_sending_back(world: World) -> None:
    family = Family(world)
    [candidate] = found(world, family)
    reviewed(world, candidate)
    deliver(world, family.line(revision=2, status="disputed"))
    path = f"/candidates/{candidate['candidate_id']}/approve"
    assert refused(world, path, APPROVER, acute=False) == (409, "registration-unsettled")
    deliver(world, family.line(revision=3))
    assert world.ask("POST", path, APPROVER, json={"acute": False})["kind"] == "new"


def test_approval_waits_for_persons_and_loses_nothing(world: World, candidate: dict[str, Any]) -> None:
    reviewed(world, candidate)
    path = f"/candidates/{candidate['candidate_id']}/approve"
    world.stack.stop_process("persons")
    try:
        away = world.send("POST", path, APPROVER, json={"acute": False})
        assert (away.status_code, away.json()["type"].rpartition("/")[2]) == (503, "service-away")
        assert "Retry-After" in away.headers
    finally:
        world.stack.start_service("persons")
    assert world.ask("POST", path, APPROVER, json={"acute": False})["kind"] == "new"


@pytest.mark.ledger("O-6.1-25")
def test_where_no_address_is_known_a_person_decides_the_receiver(world: World) -> None:
    [candidate] = found(world, Family(world, kommune=None))
    told = approved(world, candidate)
    assert (told["receiver"], told["reason"]) == ("human", "address_unknown")
    assert not events(world, "UnderretningSent")
    path = f"/underretninger/{told['underretning_id']}/receiver"
    assert refused(world, path, APPROVER, kommune="9999") == (422, "unknown-code")
    world.ask("POST", path, APPROVER, json={"kommune": "0791"})
    assert [event["receiver"] for event in events(world, "UnderretningSent")] == ["0791"]
    assert refused(world, path, APPROVER, kommune="0657") == (409, "underretning-not-open")


def test_a_code_list_needs_two_people_and_a_reason(world: World) -> None:
    number = world.sql("select max(number) + 1 from code_list")
    entries = {"G01": {"label": "Vold mod barn", "roles": ["G"], "solo": True, "window": 60}}
    body = {"number": number, "valid_from": "2099-01-01", "reason": "Prøve.", "entries": entries}
    assert refused(world, "/code-lists", OFFICER, **body | {"reason": ""}) == (422, "invalid-input")
    modest = {"G20": entries["G01"]}
    assert refused(world, "/code-lists", OFFICER, **body | {"entries": modest}) == (422, "code-list-invalid")
    world.ask("POST", "/code-lists", OFFICER, json=body)
    world.ask("POST", f"/code-lists/{number}/approve", OFFICER)
    assert refused(world, f"/code-lists/{number}/approve", OFFICER) == (409, "same-approver")
    world.ask("POST", f"/code-lists/{number}/approve", APPROVER)
    assert refused(world, f"/code-lists/{number}/approve", APPROVER) == (409, "code-list-released")
    assert events(world, "CodeListApproved")[-1]["codes"] == ["G01"]

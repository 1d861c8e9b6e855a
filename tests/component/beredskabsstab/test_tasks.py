"""Tasks: the staff asks, and only the sector's own authority says yes, no or done."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.component.beredskabsstab.conftest import CHAIR, DESK, LEMVIG, RESCUE, STRANGER, THISTED, Staff

pytestmark = pytest.mark.component

OUTSIDER = ("staff_member", "redning-midtvest", "beredskab")
ASKED = {"authority": "kommune-0665", "sector": "kommune", "title": "Luk Strandvejen"}


def propose(staff: Staff, activation: str, who: tuple[str, ...] = DESK, **more: Any) -> str:  # noqa: ANN401  fields of the body
    """Ask an authority to do something and return the task's id."""
    return str(staff.ask("POST", f"/activations/{activation}/tasks", who, json=ASKED | more)["task_id"])


def act(staff: Staff, activation: str, task: str, what: str, who: tuple[str, ...], **body: str) -> str:
    """Do something with a task and return how it ended: its state, or the slug of a refusal."""
    answer = staff.send("POST", f"/activations/{activation}/tasks/{task}/{what}", who, json=body)
    if not answer.is_success:
        return str(answer.json()["type"].rpartition("/")[2])
    return str(shown(staff, activation, task)["state"])


def shown(staff: Staff, activation: str, task: str) -> dict[str, Any]:
    """Return a task as it is listed."""
    [found] = [
        one for one in staff.ask("GET", f"/activations/{activation}/tasks", THISTED)["tasks"] if one["task_id"] == task
    ]
    return dict(found)


@pytest.mark.ledger("O-5.3-08")
def test_the_asked_authority_accepts_and_completes_and_nobody_else_does(staff: Staff) -> None:
    activation = staff.activate()
    task = propose(staff, activation, THISTED)
    for who in (THISTED, RESCUE, CHAIR, DESK):
        for what in ("accept", "complete"):
            answer = staff.send("POST", f"/activations/{activation}/tasks/{task}/{what}", who, json={})
            assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (403, "not-your-sector")
        assert act(staff, activation, task, "decline", who, reason="Nej.") == "not-your-sector"
    assert act(staff, activation, task, "complete", LEMVIG) == "task-state"
    assert act(staff, activation, task, "accept", LEMVIG) == "accepted"
    assert act(staff, activation, task, "accept", LEMVIG) == "task-state"
    assert act(staff, activation, task, "complete", LEMVIG) == "done"
    assert staff.told(task) == ["TaskProposed", "TaskAccepted", "TaskDone"]
    staff.end(activation)


@pytest.mark.ledger("O-5.3-08")
def test_a_declined_task_returns_to_the_chair_who_asks_somebody_else(staff: Staff) -> None:
    activation = staff.activate()
    task = propose(staff, activation)
    assert act(staff, activation, task, "decline", LEMVIG, reason=" ") == "reason-missing"
    assert act(staff, activation, task, "decline", LEMVIG, reason="Vi har ingen folk.") == "declined"
    assert shown(staff, activation, task)["reason"] == "Vi har ingen folk."
    other = {"authority": "kommune-0787", "sector": "kommune", "reason": "Thisted har folk."}
    for who in (LEMVIG, DESK):
        assert act(staff, activation, task, "reassign", who, **other) == "forbidden"
    assert act(staff, activation, task, "reassign", CHAIR, **other | {"sector": "redning"}) == "outside-sector"
    assert act(staff, activation, task, "reassign", CHAIR, **other) == "proposed"
    assert act(staff, activation, task, "accept", LEMVIG) == "not-your-sector"
    assert act(staff, activation, task, "accept", THISTED) == "accepted"
    assert act(staff, activation, task, "decline", THISTED, reason="Vejen er væk.") == "declined"
    assert act(staff, activation, task, "withdraw", CHAIR, reason="Ikke nødvendigt.") == "withdrawn"
    assert staff.told(task)[-2:] == ["TaskDeclined", "TaskWithdrawn"]
    staff.end(activation)


@pytest.mark.ledger("O-5.3-03")
@pytest.mark.parametrize(
    ("authority", "sector", "slug"),
    [
        ("kommune-0665", "redning", "outside-sector"),
        ("beredskabsstyrelsen", "kommune", "outside-sector"),
        ("kommune-0101", "kommune", "not-in-staff"),
    ],
)
def test_a_task_outside_the_assignees_sector_is_refused(staff: Staff, authority: str, sector: str, slug: str) -> None:
    activation = staff.activate()
    body = ASKED | {"authority": authority, "sector": sector}
    answer = staff.send("POST", f"/activations/{activation}/tasks", CHAIR, json=body)
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (422, slug)
    staff.end(activation)


def test_a_task_past_its_time_is_shown_as_overdue_and_counted(staff: Staff) -> None:
    activation = staff.activate()
    soon = datetime.now(UTC) + timedelta(seconds=1.5)
    task = propose(staff, activation, due_at=soon.isoformat())
    assert not shown(staff, activation, task)["overdue"]
    staff.wait_for("the task's time", lambda: shown(staff, activation, task)["overdue"])

    def logged() -> bool:
        said = staff.ask("GET", f"/activations/{activation}/log")["entries"]
        return any("Fristen er passeret for Lemvig Kommune" in one["text"] for one in said)

    staff.wait_for("an entry about it", logged)
    metrics = staff.world.http.get(staff.stack.url("beredskabsstab") + "/metrics").text
    assert 'staff_tasks_overdue{sector="kommune"}' in metrics
    act(staff, activation, task, "accept", LEMVIG)
    act(staff, activation, task, "complete", LEMVIG)
    assert not shown(staff, activation, task)["overdue"]
    staff.end(activation)


def test_a_staff_with_open_tasks_ends_only_when_somebody_takes_them_over(staff: Staff) -> None:
    activation = staff.activate()
    task = propose(staff, activation)
    done = propose(staff, activation)
    act(staff, activation, done, "accept", LEMVIG)
    act(staff, activation, done, "complete", LEMVIG)
    body = {"outcome": "stood_down", "reason": "Vandet er væk."}
    answer = staff.send("POST", f"/activations/{activation}/stand-down", CHAIR, json=body)
    assert answer.json()["type"].endswith("open-tasks")
    staff.ask("POST", f"/activations/{activation}/stand-down", CHAIR, json=body | {"handed_over_to": "Lemvigs drift"})
    left = shown(staff, activation, task)
    assert (left["state"], left["handed_over_to"]) == ("handed_over", "Lemvigs drift")
    assert shown(staff, activation, done)["state"] == "done"
    assert staff.told(task) == ["TaskProposed", "TaskWithdrawn"]
    assert act(staff, activation, task, "accept", LEMVIG) == "activation-not-active"
    answer = staff.send("POST", f"/activations/{activation}/tasks", DESK, json=ASKED)
    assert answer.json()["type"].endswith("activation-not-active")


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"title": " "},
        {"title": "x" * 121},
        {"title": "to\nlinjer"},
        {"description": "x" * 2001},
        {"sector": "Kommune!"},
        {"authority": "nobody"},
        {"due_at": "i morgen"},
        {"due_at": "2026-01-01T00:00:00"},
        {"due_at": "2001-01-01T00:00:00Z"},
        {"state": "done"},
    ],
)
def test_a_task_that_is_wrong_is_refused(staff: Staff, wrong: dict[str, object]) -> None:
    activation = staff.activate()
    answer = staff.send("POST", f"/activations/{activation}/tasks", DESK, json=ASKED | wrong)
    assert answer.status_code == 422, answer.text
    staff.end(activation)


def test_the_same_key_asks_once_and_the_mailbox_of_the_asked_hears_of_it(staff: Staff) -> None:
    activation = staff.activate()
    key = {"Idempotency-Key": f"once-{activation}"}
    path = f"/activations/{activation}/tasks"
    one, two = (staff.ask("POST", path, DESK, json=ASKED, headers=key)["task_id"] for _ in range(2))
    assert one == two
    boxes = staff.sql("select array_agg(mailbox::text) from mailbox_sequence where aggregate_id = $1", UUID(one))
    assert boxes == ["samvirke.mailbox.kommune-0665.beredskab.v1"]
    staff.end(activation)


def test_who_is_not_in_the_staff_sees_and_asks_nothing(staff: Staff) -> None:
    activation = staff.activate()
    path = f"/activations/{activation}/tasks"
    for who, status in ((OUTSIDER, 404), (STRANGER, 403)):
        assert staff.send("GET", path, who).status_code == status
        assert staff.send("POST", path, who, json=ASKED).status_code == status
    task = str(uuid4())
    for what, body in (("accept", {}), ("complete", {}), ("decline", {"reason": "x"})):
        assert act(staff, activation, task, what, LEMVIG, **body) == "not-found"
    staff.end(activation)

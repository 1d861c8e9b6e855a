"""How the staff ends and what follows: who was called is told, and what was found is followed to the end."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest

from contracts.hverdage import DANISH_TIME
from tests.component.beredskabsstab.conftest import (
    CHAIR,
    DESK,
    INFO,
    LEMVIG,
    OPERATION,
    STAB,
    STRANGER,
    THISTED,
    Staff,
)

pytestmark = pytest.mark.component

LEMVIGS = "kommune-0665"


def later(**span: float) -> str:
    """Return a time to come."""
    return (datetime.now(UTC) + timedelta(**span)).isoformat()


def ended(staff: Staff, outcome: str = "stood_down", step: str = INFO) -> str:
    """Activate the staff and end it; return the activation's id."""
    activation = staff.activate(step)
    body = {"outcome": outcome, "reason": "Vandet falder.", "handed_over_to": "driften"}
    staff.ask("POST", f"/activations/{activation}/stand-down", CHAIR, json=body)
    return activation


def due_now(staff: Staff, kind: str, subject: str) -> None:
    """Let a deadline be due, and wait until it has fired."""
    staff.sql("update deadline set due_at = clock() where kind = $1 and subject = $2", kind, UUID(subject))
    count = "select count(*) from deadline where kind = $1 and subject = $2"
    staff.wait_for(f"the deadline {kind}", lambda: staff.sql(count, kind, UUID(subject)) == 0)


def member(staff: Staff, activation: str, kind: str, **more: object) -> UUID:
    """Let somebody of Lemvig have been called by the newest call-in of a kind."""
    call_in = staff.sql(
        "select call_in_id from call_in where activation_id = $1 and kind = $2 order by number desc limit 1",
        *(UUID(activation), kind),
    )
    row = {"role": "vagt", "authority": LEMVIGS} | more
    call_id = uuid4()
    staff.sql(
        "insert into member (call_id, activation_id, call_in_id, person, authority, office, role, name, called_at)"
        " values ($1, $2, $3, $4, $5, 'beredskab', $6, 'Prøve Person', clock())",
        *(call_id, UUID(activation), call_in, uuid4(), row["authority"], row["role"]),
    )
    staff.sql(
        "insert into member_contact (call_id, authority, telephone) values ($1, $2, '+4500000000')", call_id, LEMVIGS
    )
    return call_id


def answers(staff: Staff, call_id: UUID, answer: str) -> None:
    """Let somebody answer."""
    staff.sql("update member set answer = $2, answered_at = clock() where call_id = $1", call_id, answer)


# -- how it ends -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "template"), [("cancelled", "staff_correction"), ("stood_down", "staff_stood_down")]
)
def test_whoever_was_called_is_told_how_it_ended_in_words_that_lie_ready(
    staff: Staff, outcome: str, template: str
) -> None:
    activation = ended(staff, outcome)
    [call_in] = staff.board(activation)["call_ins"]
    errand = "select {} from errand where kind = 'notice' and call_in_id = $1"
    assert orjson.loads(staff.sql(errand.format("body"), UUID(call_in["call_in_id"]))) == {
        "template": template,
        "fields": {"what": "Stormflod Thyborøn"},
    }
    done = errand.format("case when done_at is not null then coalesce(failure, 'taken') end")
    assert staff.wait_for("the notice", lambda: staff.sql(done, UUID(call_in["call_in_id"]))) == "taken"
    order = "select array_agg(kind order by done_at) from errand where call_in_id = $1"
    assert staff.sql(order, UUID(call_in["call_in_id"])) == ["raise", "close", "notice"]


def test_a_planned_activation_that_is_cancelled_tells_nobody(staff: Staff) -> None:
    activation = staff.activate(STAB, starts_at=later(hours=5))
    body = {"outcome": "cancelled", "reason": "Vejret slog om."}
    staff.ask("POST", f"/activations/{activation}/stand-down", CHAIR, json=body)
    assert staff.sql("select count(*) from errand where activation_id = $1", UUID(activation)) == 0


# -- polls -------------------------------------------------------------------------------------------------------------


@pytest.mark.ledger("O-5.3-03", "O-5.3-09")
def test_a_poll_asks_who_could_come_and_forecasts_a_quorum_that_is_none(staff: Staff) -> None:
    activation = staff.activate(INFO)
    path = f"/activations/{activation}/readiness-polls"
    made = staff.ask("POST", path, json={"window": "18-02"})
    raised = "select raised_at is not null from call_in where call_in_id = $1"
    staff.wait_for("the poll at alerting", lambda: staff.sql(raised, UUID(made["call_in_id"])))
    who = member(staff, activation, "readiness", role="stabsmedlem")
    before = staff.board(activation, LEMVIG)
    answers(staff, who, "coming")
    [poll] = staff.ask("GET", path, LEMVIG)["polls"]
    assert (poll["step"], poll["window"], poll["forecast"]["is_quorum"]) == (STAB, "18-02", False)
    assert poll["forecast"]["missing"] == poll["forecast"]["demands"] - 1
    [lemvig] = [one for one in poll["parties"] if one["authority"] == LEMVIGS]
    assert (lemvig["answered"], lemvig["can"], lemvig["lacks"]) == (1, 1, [])
    after = staff.board(activation, LEMVIG)
    assert [one["called"] for one in after["parties"]] == [one["called"] for one in before["parties"]]
    assert after["quorum"]["missing"] == before["quorum"]["missing"]
    staff.ask("POST", f"/activations/{activation}/step", json={"step": STAB})
    assert staff.ask("GET", path)["polls"][0]["ended_at"] is not None
    staff.end(activation)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"window": "18-02", "step": INFO}, 422),
        ({"window": "18-02", "step": "daily"}, 422),
        ({"window": "x" * 13}, 422),
        ({"window": ""}, 422),
        ({"window": 18}, 422),
        ({}, 422),
    ],
)
def test_a_poll_for_no_higher_step_or_without_a_time_is_refused(
    staff: Staff, body: dict[str, Any], status: int
) -> None:
    activation = staff.activate(STAB)
    assert staff.send("POST", f"/activations/{activation}/readiness-polls", json=body).status_code == status
    staff.end(activation)


def test_only_the_police_poll_and_only_while_it_goes_on(staff: Staff) -> None:
    activation = staff.activate(INFO)
    path, body = f"/activations/{activation}/readiness-polls", {"window": "18-02", "step": OPERATION}
    assert staff.send("POST", path, LEMVIG, json=body).status_code == 403
    key = {"Idempotency-Key": str(uuid4())}
    twice = [staff.ask("POST", path, json=body, headers=key)["call_in_id"] for _ in range(2)]
    assert twice[0] == twice[1]
    staff.end(activation)
    assert staff.send("POST", path, json=body).json()["type"].endswith("activation-not-active")
    assert staff.send("GET", f"/activations/{uuid4()}/readiness-polls").status_code == 404


# -- evaluation --------------------------------------------------------------------------------------------------------


def test_an_ended_activation_has_an_evaluation_with_the_times_of_each_authority(staff: Staff) -> None:
    activation = staff.activate(INFO)
    who = member(staff, activation, "step")
    answers(staff, who, "seen")
    answers(staff, who, "arrived")
    staff.end(activation)
    found = staff.ask("GET", f"/activations/{activation}/evaluation", LEMVIG)
    assert (found["evaluation"]["owner"], found["evaluation"]["state"]) == ("politi-mvj", "open")
    [lemvig] = [one for one in found["timings"] if one["authority"] == LEMVIGS]
    taken = [lemvig[name] for name in ("called_s", "answered_s", "arrived_s", "quorum_s")]
    assert all(isinstance(one, int) and one >= 0 for one in taken)
    kept = "select array_agg(answer order by number) from member_answer where call_id = $1"
    assert staff.sql(kept, who) == ["seen", "arrived"]


def test_a_finding_is_followed_to_done_and_only_then_nobody_is_late(staff: Staff) -> None:
    activation = ended(staff)
    path = f"/activations/{activation}/findings"
    made = staff.ask("POST", path, LEMVIG, json={"words": "Radioen virkede ikke."})["finding_id"]
    refused = staff.send("POST", f"/activations/{activation}/evaluation/conclude", CHAIR, json={"words": "Godt."})
    assert refused.json()["type"].endswith("findings-without-owner")
    owned = {"owner": LEMVIGS, "due_at": later(days=30)}
    assert staff.send("PUT", f"{path}/{made}/owner", LEMVIG, json=owned).status_code == 403
    staff.ask("PUT", f"{path}/{made}/owner", CHAIR, json=owned)
    due_now(staff, "finding-overdue", made)
    assert staff.ask("GET", f"/activations/{activation}/evaluation")["findings"][0]["overdue_at"]
    staff.ask("POST", f"/activations/{activation}/evaluation/conclude", CHAIR, json={"words": "Godt."})
    assert staff.board(activation)["state"] == "evaluated"
    assert staff.send("POST", f"{path}/{made}/resolve", THISTED, json={"words": "Ny radio."}).status_code == 403
    staff.ask("POST", f"{path}/{made}/resolve", LEMVIG, json={"words": "Ny radio."})
    again = staff.send("POST", f"{path}/{made}/resolve", LEMVIG, json={"words": "Ny radio."})
    assert again.json()["type"].endswith("already-resolved")
    late = staff.send("POST", path, LEMVIG, json={"words": "Mere."})
    assert late.json()["type"].endswith("evaluation-concluded")
    told = ["StaffStoodDown", "FindingRecorded", "FindingRecorded", "FindingOverdue"]
    assert staff.told(activation)[-6:] == [*told, "EvaluationConcluded", "FindingResolved"]


def test_an_evaluation_of_what_goes_on_is_refused_and_so_are_other_owners(staff: Staff) -> None:
    activation = staff.activate(INFO)
    path = f"/activations/{activation}/findings"
    early = staff.send("POST", path, LEMVIG, json={"words": "For tidligt."})
    assert early.json()["type"].endswith("activation-not-ended")
    staff.end(activation)
    for body, slug in (
        ({"owner": "kommune-0657", "due_at": later(days=-1)}, "due-in-the-past"),
        ({"owner": "skat", "due_at": later(days=1)}, "invalid-request"),
        ({"owner": "kommune-0101", "due_at": later(days=1)}, "not-of-the-staff"),
        ({"owner": LEMVIGS}, "invalid-request"),
        ({"owner": LEMVIGS, "due_at": "2026-11-20T14:00:00"}, "invalid-request"),
    ):
        answer = staff.send("POST", path, CHAIR, json={"words": "Hvem?"} | body)
        assert answer.status_code == 422, answer.text
        assert slug in answer.json()["type"] or slug == "invalid-request"
    for words in ("", "   ", "x" * 1001, 7):
        assert staff.send("POST", path, LEMVIG, json={"words": words}).status_code == 422
    assert staff.send("POST", path, STRANGER, json={"words": "Hej."}).status_code == 403
    outsider = ("staff_member", "redning-midtvest", "beredskab")
    assert staff.send("POST", path, outsider, json={"words": "Hej."}).status_code == 404
    assert staff.send("POST", f"{path}/{uuid4()}/resolve", LEMVIG, json={"words": "Gjort."}).status_code == 404


# -- the whole of it ---------------------------------------------------------------------------------------------------


def test_everything_of_an_activation_is_one_file_with_its_digest(staff: Staff) -> None:
    activation = staff.activate(INFO)
    member(staff, activation, "step")
    staff.end(activation)
    answer = staff.send("GET", f"/activations/{activation}/export", CHAIR)
    said = orjson.loads(answer.content)
    again = orjson.dumps(said["document"], option=orjson.OPT_SORT_KEYS)
    assert hashlib.sha256(again).hexdigest() == said["sha256"]
    assert f"aktivering-{activation}.json" in answer.headers["content-disposition"]
    tables = said["document"]["tables"]
    assert {"activation", "incident", "call_in", "member", "member_contact", "evaluation", "errand"} <= tables.keys()
    assert [one["activation_id"] for one in tables["activation"]] == [activation]
    assert [one["telephone"] for one in tables["member_contact"]] == ["+4500000000"]
    for who in (LEMVIG, DESK):
        assert staff.send("GET", f"/activations/{activation}/export", who).status_code == 403
    assert staff.send("GET", f"/activations/{uuid4()}/export", CHAIR).status_code == 404


def test_names_go_after_a_year_and_everything_five_years_after_the_evaluation(staff: Staff) -> None:
    activation = staff.activate(INFO)
    call_id = member(staff, activation, "step")
    staff.end(activation)
    days = "select extract(day from due_at - clock())::int from deadline where kind = $1 and subject = $2"
    assert staff.sql(days, "member-names", UUID(activation)) in {364, 365}
    due_now(staff, "member-names", activation)
    assert staff.sql("select name is null from member where call_id = $1", call_id)
    assert staff.sql("select count(*) from member_contact where call_id = $1", call_id) == 0
    staff.ask("POST", f"/activations/{activation}/evaluation/conclude", CHAIR, json={"words": "Godt."})
    assert staff.sql(days, "activation-retention", UUID(activation)) in {1825, 1826}
    incident = staff.sql("select incident_id from activation where activation_id = $1", UUID(activation))
    due_now(staff, "activation-retention", activation)
    for table, column, its_id in (
        ("activation", "activation_id", UUID(activation)),
        ("call_in", "activation_id", UUID(activation)),
        ("member", "activation_id", UUID(activation)),
        ("incident", "incident_id", incident),
        ("event", "correlation_id", UUID(activation)),
        ("event", "correlation_id", incident),
    ):
        assert staff.sql(f"select count(*) from {table} where {column} = $1", its_id) == 0, table
    assert staff.sql("select count(*) from tombstone where id in ($1, $2)", UUID(activation), incident) >= 2
    assert staff.send("GET", f"/activations/{activation}", CHAIR).status_code == 404


# -- relief ------------------------------------------------------------------------------------------------------------


def shift(starts: float, ends: float, **more: object) -> dict[str, Any]:
    """Return a shift, from and to so many hours from now."""
    return {
        "role": "stabsmedlem",
        "starts_at": later(hours=starts),
        "ends_at": later(hours=ends),
        "who": "Prøve Person",
    } | more


def test_each_authority_plans_its_relief_and_is_told_where_nobody_takes_over(staff: Staff) -> None:
    activation = staff.activate(STAB)
    path = f"/activations/{activation}/relief"
    first = staff.ask("POST", path, LEMVIG, json=shift(0, 8))["shift_id"]
    second = staff.ask("POST", path, LEMVIG, json=shift(9, 17))["shift_id"]
    staff.ask("POST", path, CHAIR, json=shift(0, 8, role="stabsleder"))
    seen = staff.ask("GET", path, LEMVIG)
    assert [one["shift_id"] for one in seen["shifts"]] == [first, second]
    assert len(seen["gaps"]) == 2
    assert {one["authority"] for one in staff.ask("GET", path, CHAIR)["shifts"]} == {LEMVIGS, "politi-mvj-vagtcentral"}
    assert staff.ask("GET", path, THISTED)["shifts"] == []
    due_now(staff, "relief-due", first)
    assert staff.fact(activation, "ReliefMissing", "authority") == LEMVIGS
    staff.ask("POST", path, LEMVIG, json=shift(7.5, 9.5))
    told = staff.told(activation).count("ReliefMissing")
    staff.sql("select put_deadline('relief-due', $1, clock(), null)", UUID(first))
    due_now(staff, "relief-due", first)
    assert staff.told(activation).count("ReliefMissing") == told
    assert len(staff.ask("GET", path, LEMVIG)["gaps"]) == 1
    assert staff.send("POST", f"{path}/{second}/remove", THISTED).status_code == 404
    assert staff.send("POST", f"{path}/{second}/remove", DESK).status_code == 403
    staff.ask("POST", f"{path}/{second}/remove", LEMVIG)
    assert staff.send("POST", f"{path}/{second}/remove", LEMVIG).status_code == 404
    staff.end(activation)
    assert staff.send("POST", path, LEMVIG, json=shift(0, 8)).json()["type"].endswith("activation-not-active")


@pytest.mark.parametrize(
    ("wrong", "slug"),
    [
        (shift(8, 0), "shift-impossible"),
        (shift(-9, -1), "shift-impossible"),
        (shift(0, 17), "shift-impossible"),
        (shift(0, 8, role="stabsleder"), "unknown-role"),
        (shift(0, 8, role="Nej!"), ""),
        (shift(0, 8, who="x" * 101), ""),
        (shift(0, 8, starts_at="i morgen"), ""),
    ],
)
def test_a_shift_that_nobody_can_have_is_refused(staff: Staff, wrong: dict[str, Any], slug: str) -> None:
    activation = staff.activate(INFO)
    answer = staff.send("POST", f"/activations/{activation}/relief", LEMVIG, json=wrong)
    assert answer.status_code == 422
    assert slug in answer.json()["type"]
    staff.end(activation)


# -- the planning forum ------------------------------------------------------------------------------------------------


def meeting(**more: object) -> dict[str, Any]:
    """Return a planning meeting that was held an hour ago."""
    return {
        "kind": "meeting",
        "title": "Stormflodsberedskab",
        "held_at": later(hours=-1),
        "authorities": ["politi-mvj-vagtcentral", LEMVIGS],
        "agenda": "Kystsikring",
        "minutes": "Planen revideres.",
    } | more


@pytest.mark.ledger("O-5.3-04")
def test_a_planning_meeting_calls_nobody_in_and_its_lesson_is_followed_up(staff: Staff) -> None:
    calls = staff.sql("select count(*) from call_in") + staff.sql("select count(*) from errand")
    running = staff.ask("GET", "/activations?running=true", CHAIR)["activations"]
    held = staff.ask("POST", "/planning", CHAIR, json=meeting())["planning_id"]
    exercise = staff.ask("POST", "/planning", CHAIR, json=meeting(kind="exercise"))["planning_id"]
    assert staff.sql("select count(*) from call_in") + staff.sql("select count(*) from errand") == calls
    assert staff.ask("GET", "/activations?running=true", CHAIR)["activations"] == running
    assert (staff.told(held), staff.told(exercise)) == (["PlanningMeetingHeld"], ["ExerciseHeld"])
    said = {"words": "Flere pumper.", "owner": LEMVIGS, "due_at": later(days=30)}
    lesson = staff.ask("POST", f"/planning/{held}/lessons", CHAIR, json=said)["planning_id"]
    due_now(staff, "lesson-overdue", lesson)
    assert staff.send("POST", f"/lessons/{lesson}/resolve", THISTED, json={"words": "Købt."}).status_code == 403
    staff.ask("POST", f"/lessons/{lesson}/resolve", LEMVIG, json={"words": "Købt."})
    again = staff.send("POST", f"/lessons/{lesson}/resolve", LEMVIG, json={"words": "Købt."})
    assert again.json()["type"].endswith("already-resolved")
    assert staff.told(lesson) == ["LessonRecorded", "LessonOverdue", "LessonResolved"]
    seen = staff.ask("GET", "/planning", THISTED)
    assert {held, exercise} <= {one["planning_id"] for one in seen["held"]}


def test_what_was_not_held_or_has_no_owner_is_refused(staff: Staff) -> None:
    early = staff.send("POST", "/planning", CHAIR, json=meeting(held_at=later(hours=1)))
    assert early.json()["type"].endswith("not-held-yet")
    assert staff.send("POST", "/planning", LEMVIG, json=meeting()).status_code == 403
    wrongs: list[dict[str, object]] = [
        {"title": ""},
        {"minutes": "x" * 4001},
        {"authorities": []},
        {"kind": "fest"},
        {"held_at": "i morgen"},
    ]
    for wrong in wrongs:
        assert staff.send("POST", "/planning", CHAIR, json=meeting(**wrong)).status_code == 422
    assert staff.send("POST", "/planning", CHAIR, json=meeting(framework_plan_id=str(uuid4()))).status_code == 404
    held = staff.ask("POST", "/planning", CHAIR, json=meeting())["planning_id"]
    lesson = {"words": "Flere pumper.", "owner": LEMVIGS, "due_at": later(days=-1)}
    path = f"/planning/{held}/lessons"
    assert staff.send("POST", path, CHAIR, json=lesson).json()["type"].endswith("due-in-the-past")
    assert staff.send("POST", path, CHAIR, json={"words": "Flere pumper."}).status_code == 422
    due = {"due_at": later(days=1)}
    assert staff.send("POST", f"/planning/{uuid4()}/lessons", CHAIR, json=lesson | due).status_code == 404
    assert staff.send("POST", f"/lessons/{uuid4()}/resolve", LEMVIG, json={"words": "Købt."}).status_code == 404


# -- the plan's year, and deputies -------------------------------------------------------------------------------------


@pytest.mark.ledger("O-5.3-02")
def test_a_plan_whose_year_is_over_is_told_and_counted(staff: Staff) -> None:
    plan = staff.ask("GET", "/framework-plans/in-force", CHAIR)["framework_plan_id"]
    staff.sql("update framework_plan set valid_until = clock() where framework_plan_id = $1", UUID(plan))
    due_now(staff, "framework-plan-runs-out", plan)
    assert staff.told(plan)[-1] == "FrameworkPlanExpired"
    shown = staff.world.http.get(staff.stack.url("beredskabsstab") + "/metrics").text
    [line] = [one for one in shown.splitlines() if one.startswith("beredskabsstab_framework_plan_days_left ")]
    assert float(line.split()[1]) < 0
    staff.sign_plan()


@pytest.mark.ledger("O-5.3-01")
def test_a_standing_place_without_a_deputys_roster_is_warned_of_until_there_is_one(staff: Staff) -> None:
    place = {"authority": "kommune-0791", "office": "beredskab", "role": "stabsmedlem"}

    def warned() -> bool:
        return place in staff.ask("GET", "/framework-plans/in-force", CHAIR)["without_deputy"]

    staff.sql("delete from roster_line where authority = 'kommune-0791'")
    assert warned()
    planner = ("duty_planner", "kommune-0791", "beredskab")
    body = {
        "role": "stabsmedlem",
        "name": "Stedfortrædere",
        "hours": "always",
        "line": 2,
        "in_service": str(datetime.now(DANISH_TIME).date()),
    }
    staff.duty.ask("POST", "/rosters", planner, json=body)
    staff.wait_for("the deputy's roster", lambda: not warned())

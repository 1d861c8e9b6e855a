"""The framework plan is data that is signed, and an activation keeps the edition that it began with."""

import json
from uuid import uuid4

import pytest

from deploy.local.framework_plan import framework_plan
from tests.component.beredskabsstab.conftest import CHAIR, DESK, INFO, LEMVIG, STAB, Staff

pytestmark = pytest.mark.component


def new_edition(staff: Staff, **more: object) -> str:
    made = staff.ask("POST", "/framework-plans", CHAIR, json=framework_plan() | more)
    staff.ask("POST", f"/framework-plans/{made['framework_plan_id']}/sign", CHAIR)
    return str(made["framework_plan_id"])


@pytest.mark.ledger("O-5.3-02")
def test_one_edition_is_in_force_and_an_activation_keeps_its_own(staff: Staff) -> None:
    activation = staff.activate(INFO)
    before = staff.board(activation)["framework_plan_id"]
    after = new_edition(staff, name="En ny udgave")
    assert staff.sql("select count(*) from framework_plan where state = 'in_force'") == 1
    assert staff.ask("GET", "/framework-plans/in-force", LEMVIG)["framework_plan_id"] == after
    assert staff.board(activation)["framework_plan_id"] == before
    staff.end(activation)


@pytest.mark.ledger("O-5.3-02")
def test_without_a_plan_in_force_it_takes_an_override_with_a_reason(staff: Staff) -> None:
    staff.sql("update framework_plan set valid_until = clock() where state = 'in_force'")
    body = {"incident_id": staff.incident(), "step": STAB, "confirm": "SKARP"}
    for more in ({}, {"emergency_override": True}, {"override_reason": "Digebrud."}):
        refused = staff.send("POST", "/activations", json=body | more)
        assert refused.json()["type"].endswith("no-framework-plan")
    said = {"emergency_override": True, "override_reason": "Digebrud."}
    activation = staff.ask("POST", "/activations", json=body | said)["activation_id"]
    assert staff.board(activation)["overridden"]
    assert staff.fact(activation, "StaffActivated", "emergency_override") == "true"
    staff.end(activation)
    new_edition(staff)


@pytest.mark.ledger("O-5.3-09")
def test_signing_tells_whom_each_step_calls_as_roles_and_no_person(staff: Staff) -> None:
    plan = new_edition(staff)
    value = "select value from event where type like '%FrameworkPlanSigned%' and aggregate_id = $1::uuid"
    told = {one["step"]: one for one in json.loads(str(staff.sql(value, plan)))["steps"]}
    assert [*told] == [INFO, STAB, "operationsberedskab"]
    assert {(one["step"], one["template"]) for one in told.values()} >= {(INFO, "staff_informed"), (STAB, "call_in")}
    roles = {place["role"] for place in told[STAB]["places"] if place["authority"] == "politi-mvj-vagtcentral"}
    assert roles == {"vagt", "stabsleder", "logfoerer"}
    assert {name for one in told.values() for place in one["places"] for name in place} == {
        "authority",
        "office",
        "role",
    }


def test_a_signed_edition_is_not_signed_again_and_others_sign_none(staff: Staff) -> None:
    made = staff.ask("POST", "/framework-plans", CHAIR, json=framework_plan())["framework_plan_id"]
    assert staff.send("POST", f"/framework-plans/{made}/sign", DESK).status_code == 403
    assert staff.send("POST", f"/framework-plans/{made}/sign", ("staff_chair", "kommune-0665")).status_code == 403
    staff.ask("POST", f"/framework-plans/{made}/sign", CHAIR)
    again = staff.send("POST", f"/framework-plans/{made}/sign", CHAIR)
    assert again.json()["type"].endswith("framework-plan-signed")
    assert staff.send("POST", f"/framework-plans/{uuid4()}/sign", CHAIR).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"facilities": []},
        {"parties": []},
        {"desk": "kommune-0101"},
        {"quorum": {"stabsberedskab": [{"role": "x", "answers": []}]}},
        {"more": "x"},
    ],
)
def test_a_plan_that_does_not_hold_together_is_refused(staff: Staff, wrong: dict[str, object]) -> None:
    assert staff.send("POST", "/framework-plans", CHAIR, json=framework_plan() | wrong).status_code == 422


@pytest.mark.ledger("O-5.3-05")
def test_the_alternative_room_is_reserved_where_the_primary_is_not_ready_and_it_is_said(staff: Staff) -> None:
    staff.ask("PUT", "/facilities/holstebro/readiness", json={"ready": False, "note": "Strømmen er gået."})
    activation = staff.activate(STAB)
    assert staff.board(activation)["facility"] == "herning"
    assert staff.fact(activation, "FacilityReserved", "alternative") == "true"
    staff.end(activation)
    staff.ask("PUT", "/facilities/holstebro/readiness", json={"ready": True})
    again = staff.activate(STAB)
    assert staff.board(again)["facility"] == "holstebro"
    other = staff.activate(STAB)
    assert staff.board(other)["facility"] == "herning", "two staffs do not sit in one room"
    staff.end(again)
    staff.end(other)


def test_a_room_is_said_to_be_ready_by_the_police_alone(staff: Staff) -> None:
    assert staff.send("PUT", "/facilities/holstebro/readiness", LEMVIG, json={"ready": True}).status_code == 403
    assert staff.send("PUT", "/facilities/HOLSTEBRO/readiness", json={"ready": True}).status_code == 422

"""The police activate the staff; who the step asks for is called once; others ask, and everyone follows."""

import pytest

from tests.component.beredskabsstab.conftest import (
    CHAIR,
    INFO,
    LEMVIG,
    OPERATION,
    STAB,
    STRANGER,
    VIBORG,
    Staff,
)

pytestmark = pytest.mark.component


@pytest.mark.ledger("O-5.3-06")
@pytest.mark.parametrize("who", [LEMVIG, VIBORG, ("staff_chair", "kommune-0665", "beredskab")])
def test_only_the_police_activate_and_others_ask(staff: Staff, who: tuple[str, ...]) -> None:
    incident = staff.incident(who)
    refused = staff.send("POST", "/activations", who, json={"incident_id": incident, "step": STAB, "confirm": "SKARP"})
    assert refused.status_code == 403
    asked = {"step": STAB, "reason": "Vandet stiger."}
    if who[0] == "staff_member":
        staff.ask("POST", f"/incidents/{incident}/requests", who, json=asked)
        [request] = staff.ask("GET", f"/incidents/{incident}", who)["requests"]
        assert (request["state"], request["by_telephone"]) == ("open", False)


@pytest.mark.ledger("O-5.3-03")
@pytest.mark.parametrize(
    "cause",
    [
        "haendelse_varslet",
        "haendelse_uvarslet",
        "begivenhed_varslet",
        "begivenhed_uvarslet",
        "stor_ulykke",
        "katastrofe",
    ],
)
def test_each_cause_activates_and_what_was_asked_for_is_granted(staff: Staff, cause: str) -> None:
    incident = staff.incident(cause=cause)
    staff.ask("POST", f"/incidents/{incident}/requests", LEMVIG, json={"step": INFO, "reason": "Vandet stiger."})
    activation = staff.activate(incident_id=incident)
    assert staff.board(activation)["cause"] == cause
    [request] = staff.ask("GET", f"/incidents/{incident}", LEMVIG)["requests"]
    assert request["state"] == "granted"
    staff.end(activation)


@pytest.mark.ledger("O-5.3-10")
def test_up_calls_who_is_new_at_the_step_and_down_calls_nobody(staff: Staff) -> None:
    activation = staff.activate(INFO)
    first = staff.board(activation)["call_ins"]
    assert [one["step"] for one in first] == [INFO]
    staff.ask("POST", f"/activations/{activation}/step", json={"step": OPERATION})
    both = staff.board(activation)["call_ins"]
    assert [one["step"] for one in both] == [INFO, OPERATION]
    staff.ask("POST", f"/activations/{activation}/step", CHAIR, json={"step": STAB, "reason": "Vandet falder."})
    staff.ask("POST", f"/activations/{activation}/step", json={"step": OPERATION})
    assert len(staff.board(activation)["call_ins"]) == 2
    assert staff.told(activation).count("StepChanged") == 3
    staff.end(activation)


def test_down_needs_a_reason_and_the_same_step_is_refused(staff: Staff) -> None:
    activation = staff.activate(STAB)
    for body, slug in (({"step": INFO}, "reason-missing"), ({"step": STAB}, "same-step")):
        answer = staff.send("POST", f"/activations/{activation}/step", json=body)
        assert answer.json()["type"].endswith(slug)
    staff.end(activation)


@pytest.mark.parametrize("said", ["ØVELSE", "skarp nok", "ja"])
def test_another_word_than_the_own_installations_confirms_nothing(staff: Staff, said: str) -> None:
    answer = staff.send("POST", "/activations", json={"incident_id": staff.incident(), "step": STAB, "confirm": said})
    assert answer.json()["type"].endswith("wrong-confirmation")


def test_a_case_that_one_may_not_see_looks_like_a_missing_one(staff: Staff) -> None:
    activation = staff.activate()
    assert staff.send("GET", f"/activations/{activation}", STRANGER).status_code == 403
    outsider = ("staff_member", "redning-midtvest", "beredskab")
    assert staff.send("GET", f"/activations/{activation}", outsider).status_code == 404
    assert staff.board(activation, LEMVIG)["state"] == "active"
    staff.end(activation)

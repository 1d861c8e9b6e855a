"""The police activate the staff; who the step asks for is called once; others ask, and everyone follows."""

import pytest

from tests.component.beredskabsstab.conftest import (
    CHAIR,
    DESK,
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


def test_two_officers_who_activate_for_one_incident_call_the_staff_once(staff: Staff) -> None:
    incident = staff.incident()
    activation = staff.activate(STAB, incident_id=incident)
    again = staff.send("POST", "/activations", json={"incident_id": incident, "step": STAB, "confirm": "SKARP"})
    assert again.json()["type"].endswith("already-activated")
    assert again.json()["activation_id"] == activation
    staff.end(activation)


@pytest.mark.ledger("O-5.3-03")
def test_a_planned_one_calls_nobody_before_its_time_and_then_by_itself(staff: Staff) -> None:
    soon = staff.sql("select clock() + interval '2 seconds'")
    activation = staff.activate(
        STAB, incident_id=staff.incident(cause="begivenhed_varslet"), starts_at=soon.isoformat()
    )
    assert (staff.board(activation)["state"], staff.board(activation)["call_ins"]) == ("planned", [])
    staff.wait_for("its beginning", lambda: staff.board(activation)["state"] == "active")
    assert len(staff.board(activation)["call_ins"]) == 1
    staff.end(activation)


def test_the_desk_enters_what_an_authority_asks_for_by_telephone_and_nobody_else_does(staff: Staff) -> None:
    incident = staff.incident()
    body = {"step": STAB, "reason": "Borgmesteren ringer.", "on_behalf_of": "kommune-0787"}
    assert staff.send("POST", f"/incidents/{incident}/requests", LEMVIG, json=body).status_code == 403
    request = staff.ask("POST", f"/incidents/{incident}/requests", json=body)["request_id"]
    [shown] = staff.ask("GET", f"/incidents/{incident}")["requests"]
    assert (shown["authority"], shown["by_telephone"]) == ("kommune-0787", True)
    assert staff.send("POST", f"/activation-requests/{request}/decline", json={"reason": "Nej."}).status_code == 403
    staff.ask("POST", f"/activation-requests/{request}/decline", CHAIR, json={"reason": "Dækkes af redning."})
    [shown] = staff.ask("GET", f"/incidents/{incident}")["requests"]
    assert (shown["state"], shown["decision"]) == ("declined", "Dækkes af redning.")


@pytest.mark.parametrize("outcome", ["stood_down", "cancelled", "handed_over"])
def test_it_ends_once_with_a_reason_and_then_nothing_of_it_changes(staff: Staff, outcome: str) -> None:
    activation = staff.activate(STAB)
    path = f"/activations/{activation}/stand-down"
    body = {"outcome": outcome, "reason": "Vandet er faldet.", "handed_over_to": "NOST"}
    if outcome != "cancelled":
        assert staff.send("POST", path, DESK, json=body).status_code == 403, "the desk takes a mistake back and no more"
    assert staff.send("POST", path, CHAIR, json=body | {"reason": " "}).json()["type"].endswith("reason-missing")
    staff.ask("POST", path, CHAIR, json=body)
    assert staff.board(activation)["state"] == outcome
    assert staff.told(activation)[-1] == "StaffStoodDown"
    for again in (path, f"/activations/{activation}/step"):
        late = staff.send("POST", again, CHAIR, json=body if again == path else {"step": OPERATION})
        assert late.json()["type"].endswith("activation-not-active")


def test_the_preview_says_who_would_be_called_and_calls_nobody(staff: Staff) -> None:
    before = staff.sql("select count(*) from call_in")
    info, whole = (staff.ask("GET", f"/call-in-preview?step={step}")["places"] for step in (INFO, OPERATION))
    assert 0 < len(info) < len(whole)
    assert staff.send("GET", f"/call-in-preview?step={INFO}", LEMVIG).status_code == 403
    assert staff.sql("select count(*) from call_in") == before


def test_the_events_of_an_activation_are_numbered_without_a_gap(staff: Staff) -> None:
    activation = staff.activate(INFO)
    staff.ask("POST", f"/activations/{activation}/step", json={"step": OPERATION})
    staff.end(activation)
    numbers = staff.sql(
        "select array_agg(aggregate_version order by aggregate_version) from event where aggregate_id = $1::text::uuid",
        activation,
    )
    assert numbers == list(range(1, len(numbers) + 1))

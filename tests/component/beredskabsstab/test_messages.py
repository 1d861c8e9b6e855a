"""One numbered line of messages: cleared by the sectors, approved by another person, sent in the same moment."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.component.beredskabsstab.conftest import CHAIR, DEPUTY, DESK, LEMVIG, STRANGER, THISTED, VIBORG, Staff
from tests.component.beredskabsstab.line import DANISH, PRESS, Line

pytestmark = [pytest.mark.component, pytest.mark.ledger("O-5.3-11")]

OUTSIDER = ("staff_member", "redning-midtvest", "beredskab")
LEMVIG_AREA = {"areas": [{"description": "Lemvig Kommune", "kommunekoder": ["0665"]}]}


@pytest.fixture(scope="module")
def line(staff: Staff) -> Iterator[Line]:
    made = Line.begin(staff)
    yield made
    staff.end(made.activation)


@pytest.fixture
def later(line: Line) -> Iterator[None]:
    """Let the clock be moved, and set it right again."""
    yield
    line.move_clock(0)


def test_a_message_is_cleared_by_its_sectors_and_sent_with_the_approval(line: Line) -> None:
    message = line.draft(PRESS | {"sectors": ["kommune-0665", "kommune-0787"]}, VIBORG)
    line.done(message, "submit", VIBORG)
    assert line.read(message)["missing"] == ["kommune-0665", "kommune-0787"]
    line.done(message, "clear", LEMVIG)
    assert line.refused(message, "approve", CHAIR) == (409, "sector-not-cleared")
    line.done(message, "clear", THISTED)
    assert line.read(message)["state"] == "cleared"
    line.done(message, "approve", CHAIR)
    shown = line.read(message, LEMVIG)
    assert (shown["state"], shown["missing"]) == ("sent", [])
    told = ["InformationDrafted", "InformationClearanceAsked", "InformationCleared", "InformationReleased"]
    assert line.told(message) == told


def test_released_and_corrected_stand_in_the_mailboxes_of_the_parties_and_nothing_says_a_word(line: Line) -> None:
    message = line.send(PRESS)
    boxes = line.staff.sql(
        "select mailboxes::text from event where aggregate_id = $1 and type like '%InformationReleased%'", UUID(message)
    )
    assert "kommune-0665.beredskab" in boxes
    values = line.staff.sql("select string_agg(value, ' ') from event where aggregate_id = $1", UUID(message))
    assert "Lemvig" not in values
    cases = line.staff.sql(
        "select count(*) from event where aggregate_id = $1 and correlation_id = $2",
        UUID(message),
        UUID(line.activation),
    )
    assert cases == len(line.told(message))


def test_a_warning_touches_the_municipalities_in_which_it_warns_whoever_names_them(line: Line) -> None:
    message = line.draft(line.warning(info=line.info(**LEMVIG_AREA)))
    line.done(message, "submit")
    assert line.read(message)["missing"] == ["kommune-0665"]
    other = line.draft(line.warning())
    body = {"danish": DANISH, "info": line.info(**LEMVIG_AREA)}
    line.staff.ask("PUT", f"/messages/{other}", json=body)
    assert line.read(other)["sectors"] == ["kommune-0665"]


def test_the_chair_goes_on_without_a_sector_with_a_reason_and_that_is_kept(line: Line) -> None:
    message = line.draft(PRESS | {"sectors": ["kommune-0665"]})
    line.done(message, "submit")
    assert line.refused(message, "override", DESK, reason="Haster.") == (403, "chair-needed")
    assert line.refused(message, "override", CHAIR, reason="  ") == (422, "reason-needed")
    line.done(message, "override", CHAIR, reason="Lemvig svarer ikke.")
    shown = line.read(message)
    assert (shown["overridden"]["reason"], shown["missing"]) == ("Lemvig svarer ikke.", ["kommune-0665"])
    assert line.staff.fact(message, "InformationCleared", "overridden") == "true"
    line.done(message, "approve", DEPUTY)


def test_a_sector_says_no_with_a_reason_and_yes_again_for_itself_alone(line: Line) -> None:
    message = line.draft(PRESS | {"sectors": ["kommune-0665"]})
    line.done(message, "submit")
    assert line.refused(message, "clear", THISTED) == (403, "not-your-sector")
    assert line.refused(message, "object", THISTED, reason="Nej.") == (403, "not-your-sector")
    assert line.refused(message, "clear", CHAIR) == (403, "not-your-sector")
    assert line.refused(message, "object", LEMVIG) == (422, "reason-needed")
    line.done(message, "object", LEMVIG, reason="Forkert vej.")
    assert line.read(message)["objections"][0]["reason"] == "Forkert vej."
    line.done(message, "clear", LEMVIG)
    assert (line.read(message)["state"], line.read(message)["objections"]) == ("cleared", [])


def test_the_database_lets_no_authority_clear_for_another(line: Line) -> None:
    message = line.draft(PRESS | {"sectors": ["kommune-0665"]})
    line.done(message, "submit")
    line.done(message, "object", LEMVIG, reason="Nej.")
    said = line.staff.sql(
        "select count(*) from information_clearance where information_id = $1 and authority <> 'kommune-0665'",
        UUID(message),
    )
    assert said == 0
    policy = line.staff.sql(
        "select with_check from pg_policies where tablename = 'information_clearance' and policyname = 'sector'"
    )
    assert "current_authority()" in policy


def test_whoever_wrote_any_of_it_approves_it_not_and_the_police_alone_decide(line: Line) -> None:
    message = line.draft(PRESS, DESK)
    line.staff.ask("PUT", f"/messages/{message}", CHAIR, json={"danish": DANISH | {"headline": "Rettet"}})
    line.done(message, "submit")
    assert line.refused(message, "approve", DESK) == (403, "self-approval")
    assert line.refused(message, "approve", CHAIR) == (403, "self-approval")
    assert line.refused(message, "approve", LEMVIG) == (403, "police-mandate-needed")
    assert line.refused(message, "approve", ("staff_member", "politi-mvj-vagtcentral")) == (
        403,
        "police-mandate-needed",
    )
    assert line.refused(message, "approve", STRANGER) == (403, "forbidden")
    assert line.read(message)["state"] == "cleared"
    line.done(message, "approve", DEPUTY)


def test_what_was_changed_since_it_was_read_is_not_approved(line: Line) -> None:
    message = line.draft(PRESS)
    line.done(message, "submit")
    read = line.read(message)["version"]
    line.done(message, "recall")
    line.staff.ask("PUT", f"/messages/{message}", DESK, json={"danish": DANISH | {"headline": "Noget andet"}})
    line.done(message, "submit")
    assert line.refused(message, "approve", DEPUTY, version=read) == (409, "information-changed")
    line.done(message, "approve", DEPUTY)
    assert line.refused(message, "approve", DEPUTY) == (409, "information-wrong-state")


def test_pressed_twice_is_sent_once(line: Line) -> None:
    message = line.draft(PRESS)
    line.done(message, "submit")
    body, key = {"version": line.read(message)["version"]}, {"Idempotency-Key": str(uuid4())}
    path = f"/messages/{message}/approve"
    first, again = (line.staff.send("POST", path, DEPUTY, json=body, headers=key) for _ in range(2))
    assert first.is_success
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert line.told(message).count("InformationReleased") == 1


@pytest.mark.parametrize("act", ["give-back", "refuse"])
def test_the_police_return_or_refuse_it_with_a_reason(line: Line, act: str) -> None:
    message = line.draft(PRESS)
    line.done(message, "submit")
    assert line.refused(message, act, LEMVIG, reason="x") == (403, "police-mandate-needed")
    assert line.refused(message, act, CHAIR) == (422, "reason-needed")
    line.done(message, act, CHAIR, reason="Skriv kortere.")
    shown = line.read(message)
    assert (shown["state"], shown["decided"]["reason"]) == (
        {"give-back": "returned", "refuse": "refused"}[act],
        "Skriv kortere.",
    )
    assert line.refused(message, "approve", DEPUTY) == (409, "information-wrong-state")


def test_a_draft_is_written_withdrawn_and_recalled_by_its_own_authority(line: Line) -> None:
    message = line.draft(PRESS, LEMVIG)
    assert line.refused(message, "withdraw", THISTED) == (403, "not-your-message")
    assert line.refused(message, "submit", THISTED) == (403, "not-your-message")
    line.done(message, "submit", LEMVIG)
    assert line.refused(message, "withdraw", LEMVIG) == (409, "information-wrong-state")
    line.done(message, "recall", LEMVIG)
    line.done(message, "withdraw", LEMVIG)
    assert line.refused(message, "submit", LEMVIG) == (409, "information-wrong-state")


def test_two_messages_never_share_a_number_and_none_is_left_out(line: Line) -> None:
    def one(number: int) -> str:
        return line.draft(PRESS, DESK if number % 2 else LEMVIG)

    with ThreadPoolExecutor(8) as hands:
        made = set(hands.map(one, range(16)))
    refused = line.staff.send(
        "POST", f"/activations/{line.activation}/messages", json=PRESS | {"sectors": ["kommune-0101"]}
    )
    assert refused.json()["type"].endswith("sector-not-in-staff")
    all_of_them = line.staff.ask("GET", f"/activations/{line.activation}/messages", CHAIR)["messages"]
    numbers = sorted(one["number"] for one in all_of_them)
    assert numbers == list(range(1, len(all_of_them) + 1))
    assert made <= {one["information_id"] for one in all_of_them}


def test_whoever_is_no_party_sees_no_message_and_writes_none(line: Line) -> None:
    message = line.draft(PRESS)
    for path in (f"/messages/{message}", f"/activations/{line.activation}/messages"):
        assert line.staff.send("GET", path, OUTSIDER).status_code == 404
        assert line.staff.send("GET", path, STRANGER).status_code == 403
    assert line.staff.send("POST", f"/messages/{message}/submit", OUTSIDER).status_code == 404
    assert line.staff.send("POST", f"/activations/{line.activation}/messages", OUTSIDER, json=PRESS).status_code == 404
    assert line.staff.send("GET", f"/messages/{uuid4()}", CHAIR).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "slug"),
    [
        ({"life_threatening": None}, "legal-question-open"),
        ({"life_threatening": False}, "not-a-warning"),
        ({"audiences": ["press"]}, "not-a-warning"),
        ({"info": None}, "nothing-said"),
        ({"danish": DANISH | {"description": " "}}, "nothing-said"),
        ({"danish": DANISH | {"headline": "x" * 141}}, "invalid-input"),
        ({"danish": DANISH | {"headline": "to\nlinjer"}}, "invalid-input"),
        ({"danish": DANISH | {"description": "x" * 2001}}, "invalid-input"),
        ({"danish": None}, "invalid-input"),
        ({"audiences": []}, "invalid-input"),
        ({"form": "siren"}, "invalid-input"),
        ({"sectors": ["kommune-9999"]}, "invalid-input"),
        ({"more": 1}, "invalid-input"),
        ({"danish": DANISH | {"headline": "x\ufffe"}}, "cap-invalid"),
    ],
)
def test_what_cannot_be_a_message_takes_no_number(line: Line, wrong: dict[str, Any], slug: str) -> None:
    before = line.staff.sql("select last from information_line where activation_id = $1", UUID(line.activation))
    answer = line.staff.send("POST", f"/activations/{line.activation}/messages", json=line.warning() | wrong)
    assert answer.json()["type"].endswith(slug), answer.text
    after = line.staff.sql("select last from information_line where activation_id = $1", UUID(line.activation))
    assert after == before


def test_a_warning_that_ends_before_it_begins_is_refused(line: Line) -> None:
    body = line.warning(info=line.info(expires=(line.now() - timedelta(minutes=1)).isoformat()))
    answer = line.staff.send("POST", f"/activations/{line.activation}/messages", json=body)
    assert answer.json()["type"].endswith("already-expired")


def test_an_approver_is_called_when_a_warning_waits_and_let_be_when_it_does_not(line: Line) -> None:
    message = line.draft(line.warning())
    line.done(message, "submit")
    alert = line.staff.wait_for("the alert", lambda: line.alert_of(message))
    raised = line.staff.wait_for(
        "the alert at alerting",
        lambda: line.staff.duty.sql("select template from alert where alert_id = $1", alert),
    )
    assert raised == "warning_approval"
    assert all(
        one["kind"] != "approval" or one["template"] in {"warning_approval", "information_approval"}
        for one in line.staff.board(line.activation)["call_ins"]
    )
    line.done(message, "approve", DEPUTY)
    line.staff.wait_for(
        "its being closed",
        lambda: line.staff.duty.sql("select closed_at from alert where alert_id = $1", alert),
    )


def test_the_approver_of_a_press_message_is_told_without_a_word_of_it_and_by_no_telephone(line: Line) -> None:
    message = line.draft(PRESS)
    line.done(message, "submit")
    alert = line.staff.wait_for("the alert", lambda: line.alert_of(message))
    [told] = [one for one in line.staff.board(line.activation)["call_ins"] if one["alert_id"] == str(alert)]
    assert (told["kind"], told["template"], told["fields"]) == ("approval", "information_approval", {})
    assert line.staff.sql("select policy from call_in where alert_id = $1", alert) == "readiness"
    raised = "select template from alert where alert_id = $1"
    found = line.staff.wait_for("the alert at alerting", lambda: line.staff.duty.sql(raised, alert))
    assert found == "information_approval"
    line.done(message, "give-back", DEPUTY, reason="Skriv det kortere.")
    closed = "select closed_at from alert where alert_id = $1"
    line.staff.wait_for("its being closed", lambda: line.staff.duty.sql(closed, alert))


@pytest.mark.parametrize("audiences", [["internal"], ["authorities"], ["internal", "authorities"]])
def test_what_stays_within_the_staff_wakes_nobody(line: Line, audiences: list[str]) -> None:
    message = line.draft(PRESS | {"audiences": audiences})
    line.done(message, "submit")
    line.staff.wait_for("quiet", lambda: not line.staff.sql("select count(*) from deadline where due_at <= clock()"))
    assert line.alert_of(message) is None
    line.done(message, "approve", DEPUTY)
    assert line.alert_of(message) is None


@pytest.mark.usefixtures("later")
def test_when_the_approver_is_silent_for_three_minutes_the_chair_publishes_alone_and_that_is_reviewed(
    line: Line,
) -> None:
    message = line.draft(line.warning(), CHAIR)
    line.done(message, "submit", CHAIR)
    early = line.act(message, "approve-alone", CHAIR, reason="Vandet er her.")
    assert (early.status_code, early.json()["type"].rpartition("/")[2]) == (409, "approver-has-time")
    assert 0 < early.json()["seconds_left"] <= 180
    line.move_clock(181)
    assert line.refused(message, "approve-alone", DESK, reason="x") == (403, "chair-needed")
    assert line.refused(message, "approve-alone", CHAIR, reason="") == (422, "reason-needed")
    line.done(message, "approve-alone", CHAIR, reason="Ingen svarer, og vandet er her.")
    shown = line.read(message)
    assert (shown["state"], shown["is_alone"], shown["needs_review"]) == ("sent", True, True)
    assert line.staff.fact(message, "InformationReleased", "alone") == "true"
    waiting = line.staff.ask("GET", "/messages-waiting", DESK)["messages"]
    assert message in {one["information_id"] for one in waiting}
    assert line.refused(message, "review", CHAIR, reason="Godt.") == (403, "self-approval")
    line.done(message, "review", DEPUTY, reason="Det var rigtigt.")
    assert not line.read(message)["needs_review"]
    assert line.refused(message, "review", DEPUTY, reason="Igen.") == (409, "information-wrong-state")


def test_nobody_can_write_to_a_staff_that_has_ended_and_what_it_sent_is_corrected_still(staff: Staff) -> None:
    ended = Line.begin(staff)
    message = ended.send(ended.warning())
    staff.end(ended.activation)
    refused = staff.send("POST", f"/activations/{ended.activation}/messages", json=PRESS)
    assert refused.json()["type"].endswith("activation-not-active")
    body: dict[str, Any] = {"correction": "cancel", "danish": DANISH, "info": ended.info(urgency="Past")}
    cancel = ended.done(message, "correct", **body)["information_id"]
    ended.done(cancel, "submit")
    ended.done(cancel, "approve", DEPUTY)
    assert ended.read(message)["state"] == "cancelled"

"""Raising, stepping, answering: what an alert does until it ends."""

from uuid import uuid4

import pytest

from tests.component.alerting.conftest import Duty

pytestmark = pytest.mark.component


def test_who_is_on_duty_is_called_at_once_by_every_channel_of_the_first_step(duty: Duty) -> None:
    office = duty.office()
    office.on_duty(office.person("Anna", ("sms", "email", "voice")))
    alert = duty.raise_alert(office)
    [called] = duty.wait_for("the call", lambda: duty.board(alert)["calls"])
    assert called["name"] == "Anna"
    assert {one["channel"] for one in called["deliveries"]} == {"sms", "email"}, "voice comes a minute later"


def test_the_same_event_by_two_ways_is_one_alert(duty: Duty) -> None:
    office = duty.office()
    office.on_duty(office.person("Anna"))
    source = str(uuid4())
    assert duty.raise_alert(office, source_event_id=source) == duty.raise_alert(office, source_event_id=source)


def test_an_answer_entered_at_the_desk_counts_and_can_be_changed(duty: Duty) -> None:
    office = duty.office()
    office.on_duty(office.person("Anna"), office.person("Bo"))
    alert = duty.raise_alert(office)
    call = duty.wait_for("the calls", lambda: duty.board(alert)["calls"])[0]["call_id"]
    path = f"/alerts/{alert}/calls/{call}/answer"
    duty.ask("POST", path, json={"answer": "coming", "eta_minutes": 40, "source": "telephone"})
    duty.ask("POST", path, json={"answer": "cannot", "source": "sine"})
    answered = next(one for one in duty.board(alert)["calls"] if one["call_id"] == call)
    assert (answered["answer"], answered["answers"], answered["answer_source"]) == ("cannot", 2, "sine")


def test_an_alert_that_wants_one_answer_ends_with_it(duty: Duty) -> None:
    office = duty.office()
    office.on_duty(office.person("Anna"), office.person("Bo"))
    alert = duty.raise_alert(office, wanted="first", policy="underretning")
    call = duty.wait_for("the calls", lambda: duty.board(alert)["calls"])[0]["call_id"]
    duty.ask("POST", f"/alerts/{alert}/calls/{call}/answer", json={"answer": "seen", "source": "telephone"})
    board = duty.wait_for("the end", lambda: (b := duty.board(alert))["state"] == "closed" and b)
    assert board["closed_reason"] == "answered"
    assert duty.send("POST", f"/alerts/{alert}/close").json()["type"].endswith("/alert-closed")

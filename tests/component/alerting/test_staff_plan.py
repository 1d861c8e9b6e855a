"""Whom the framework plan calls at each step comes into the signed call list, and only what was signed last."""

import json
from datetime import timedelta
from typing import Any

import pytest

from contracts.beredskabsstab.v1 import Step
from tests.component.alerting.conftest import Duty
from tests.component.alerting.duty import Office
from tests.component.alerting.staff_calls import signed, tell
from tests.component.alerting.test_call_lists import folder

pytestmark = [pytest.mark.component, pytest.mark.ledger("O-5.3-09")]


def staff_of(duty: Duty) -> Any:  # noqa: ANN401  any JSON
    """Return what the file at the vagtcentral says of the staff; nothing where it does not."""
    file = folder(duty) / "kaldeliste.json"
    return json.loads(json.loads(file.read_text())["content"])["staff"] if file.exists() else None


def edition(duty: Duty, number: int) -> Any:  # noqa: ANN401  any JSON
    """Wait until the file says whom an edition calls, and return that."""
    return duty.wait_for("the list", lambda: (one := staff_of(duty)) and one["edition"] == number and one)


@pytest.fixture
def office(duty: Duty) -> Office:
    made = duty.office()
    made.on_duty(made.person("Plan-Anna"))
    return made


def test_a_signed_plan_comes_into_the_list_with_the_roles_of_each_step(duty: Duty, office: Office) -> None:
    other = duty.office()
    plan = signed(11, {Step.STABSBEREDSKAB: (office,), Step.OPERATIONSBEREDSKAB: (office, other)})
    tell(duty, plan)
    found = edition(duty, 11)
    assert {one["step"]: [place["role"] for place in one["places"]] for one in found["steps"]} == {
        "stabsberedskab": [office.role],
        "operationsberedskab": [office.role, other.role],
    }
    assert {(one["template"], one["policy"]) for one in found["steps"]} == {("call_in", "call_in")}
    page = duty.send("GET", "/call-lists/newest/page").text
    assert "Efter rammeplanens udgave 11" in page
    assert f"beredskab, {other.role}: <strong>ingen på listen</strong>" in page


def test_the_plan_that_was_signed_last_counts_in_whatever_order_they_are_heard(duty: Duty, office: Office) -> None:
    tell(duty, signed(12, {Step.STABSBEREDSKAB: (office,)}))
    tell(duty, signed(13, {}), ago=timedelta(days=400))
    edition(duty, 12)
    assert duty.sql("select edition from staff_plan") == 12


def test_a_plan_that_does_not_say_whom_it_calls_leaves_no_earlier_ones_steps_in_the_list(
    duty: Duty, office: Office
) -> None:
    tell(duty, signed(14, {Step.STABSBEREDSKAB: (office,)}))
    edition(duty, 14)
    tell(duty, signed(15, {}))
    duty.wait_for("the list", lambda: staff_of(duty) is None)

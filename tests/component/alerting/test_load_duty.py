"""What a demonstration begins with: people on duty, loaded through the public commands."""

import pytest

from deploy.local.identity.tokens import Signer
from deploy.local.load_duty import load, plans, practising, runs
from deploy.local.planners import Bearer, planner_of
from tests.component.alerting.conftest import Duty

pytestmark = pytest.mark.component

PLACES = (("kommune-0773", "boern"), ("hjemmevaernet", "beredskab"))
"""Offices in which no other test alerts the duty."""


@pytest.fixture
def bearer(duty: Duty) -> Bearer:
    return planner_of(Signer(duty.stack.issuer, duty.stack.run / "keys" / "identity.json"))


def test_people_are_put_on_duty_at_once_and_twice_is_harmless(duty: Duty, bearer: Bearer) -> None:
    wanted = tuple(plan for plan in plans() if (plan.authority, plan.office) in PLACES)
    assert load(duty.stack.url("alerting"), bearer, wanted) > 0
    assert load(duty.stack.url("alerting"), bearer, wanted) == 0
    for plan in wanted:
        planner = ("duty_planner", plan.authority, plan.office)
        rosters = duty.ask("GET", "/rosters", planner)["rosters"]
        assert [one["first_gap"] for one in rosters] == [None] * len(plan.lines)
        duty_now = duty.ask("GET", "/duty", planner)["duty"]
        on_duty = sorted((line["role"], line["line"]) for line in duty_now if line["now"])
        assert on_duty == [(role, line) for role in sorted({one.role for one in plan.lines}) for line in (1, 2)]
        staff = duty.ask("GET", "/staff", planner)["staff"]
        assert {one["name"] for one in staff} == {who.name for who in plan.people()}
        states = {(route["channel"], route["state"]) for one in staff for route in one["routes"]}
        assert states == {("sms", "unverified"), ("voice", "unverified"), ("email", "unverified")}


def test_an_exercise_has_people_of_its_own(duty: Duty, drill: Duty, bearer: Bearer) -> None:
    [plan] = [one for one in practising() if one.authority == "hjemmevaernet"]
    assert runs(drill.stack.url(drill.process))
    assert load(drill.stack.url(drill.process), bearer, (plan,)) > 0
    planner = ("duty_planner", plan.authority, plan.office)
    assert {one["role"] for one in drill.ask("GET", "/duty", planner)["duty"]} == {"vagt", "stabsmedlem"}


def test_where_no_exercise_runs_there_is_nobody_to_load(duty: Duty) -> None:
    assert runs(duty.stack.url("alerting"))
    assert not runs("http://127.0.0.1:9")

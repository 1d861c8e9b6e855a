"""What a signed plan tells of its steps is what an activation at that step calls."""

import pytest

from contracts.beredskabsstab.v1 import Step
from deploy.local.framework_plan import framework_plan
from services.beredskabsstab.domain.calling import calls_of, newly_called, policy_of, template_of
from services.beredskabsstab.domain.plan import Plan

pytestmark = pytest.mark.ledger("O-5.3-09")

PLAN = Plan.model_validate(framework_plan())


@pytest.mark.parametrize("step", [step for step in Step if step.height])
def test_a_step_is_told_with_the_roles_text_and_escalation_that_an_activation_uses(step: Step) -> None:
    [told] = [one for one in calls_of(PLAN) if one.step is step]
    assert told.places == newly_called(PLAN, step, ())
    assert told.places
    assert (told.template, told.policy) == (template_of(step), policy_of(PLAN, step))


def test_of_daily_duty_nothing_is_told_and_only_standing_parties_are() -> None:
    assert Step.DAILY not in {one.step for one in calls_of(PLAN)}
    away = PLAN.parties[-1].model_copy(update={"standing": False})
    plan = PLAN.model_copy(update={"parties": [*PLAN.parties[:-1], away]})
    assert away.authority not in {place.authority for one in calls_of(plan) for place in one.places}


def test_a_step_without_a_policy_of_its_own_escalates_as_a_call_in() -> None:
    assert {one.policy for one in calls_of(PLAN.model_copy(update={"policies": {}}))} == {"call_in"}

"""A task goes only along the transitions that are written down; the sector's own authority alone answers."""

import pytest

from deploy.local.framework_plan import CHAIR, DESK, framework_plan
from services.beredskabsstab.domain.plan import Plan
from services.beredskabsstab.domain.sector import NotInStaff, NotYourSector, party_of, require_own
from services.beredskabsstab.domain.steps import ReasonMissing
from services.beredskabsstab.domain.tasks import (
    NEEDS_REASON,
    OPEN,
    TRANSITIONS,
    Act,
    OutsideSector,
    State,
    TaskState,
    decide,
    require_sector,
)
from tests.architecture.source import ROOT

PLAN = Plan.model_validate(framework_plan())


def test_the_documented_table_is_the_one_that_is_used() -> None:
    text = (ROOT / "docs/architecture/beredskabsstab.md").read_text(encoding="utf-8")
    table = text.partition("<!-- task transitions -->")[2].partition("<!-- /task transitions -->")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.strip().splitlines()[2:]]
    documented = {
        (Act(act), State(before)): State(after) for act, befores, after in rows for before in befores.split(", ")
    }
    assert documented == {(act, before): after for act, moves in TRANSITIONS.items() for before, after in moves.items()}


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("state", State)
def test_each_act_leads_where_the_table_says_or_nowhere(act: Act, state: State) -> None:
    after = TRANSITIONS[act].get(state)
    if after is None:
        with pytest.raises(TaskState):
            decide(state, act, "Derfor.")
        return
    assert decide(state, act, "Derfor.") is after
    if act in NEEDS_REASON:
        with pytest.raises(ReasonMissing):
            decide(state, act, " ")


def test_what_has_ended_ends_for_good() -> None:
    assert {before for moves in TRANSITIONS.values() for before in moves} == OPEN


@pytest.mark.ledger("O-5.3-08")
def test_the_police_are_one_and_every_other_authority_is_its_own() -> None:
    for mine, theirs in ((CHAIR, DESK), (DESK, CHAIR), (DESK, DESK), ("kommune-0665", "kommune-0665")):
        require_own(PLAN, mine, theirs)
    for mine, theirs in ((CHAIR, "kommune-0665"), ("kommune-0665", DESK), ("kommune-0665", "kommune-0787")):
        with pytest.raises(NotYourSector):
            require_own(PLAN, mine, theirs)
    assert party_of(PLAN, CHAIR).authority == DESK
    with pytest.raises(NotInStaff):
        party_of(PLAN, "kommune-0101")


@pytest.mark.ledger("O-5.3-03", "O-5.3-08")
def test_no_authority_takes_a_task_of_another_sector() -> None:
    sectors = {one.sector for one in PLAN.parties}
    for party in PLAN.parties:
        require_sector(party, party.sector)
        for other in sectors - {party.sector}:
            with pytest.raises(OutsideSector):
                require_sector(party, other)

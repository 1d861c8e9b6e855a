"""A lokalraad's plan is traced to what was decided, and approved by both sides."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from contracts.councils.v1.plans import PartyType
from services.councils.domain.document import Paragraph
from services.councils.domain.local_plan import (
    Approval,
    CarriedDecision,
    LocalDocument,
    LocalPlan,
    LocalState,
    OwnFocusArea,
    WorkArea,
    approve,
    draft,
    local_sha256,
    missing_sides,
    publish,
    revise,
    submit,
    unmapped,
)
from services.councils.domain.local_refusals import (
    ApprovalMissing,
    ApprovedAnotherText,
    LocalPlanExists,
    LocalYearDoesNotMatch,
    NotCarriedOut,
    OnePersonBothSides,
    WorkAreaMissing,
    WrongLocalState,
    YearNotOpen,
)
from services.councils.domain.lokalraad import Side
from services.councils.domain.wording import LooksLikeAPerson

DECISION = UUID(int=7)
INITIATIVE = str(UUID(int=8))
YEAR = 2027


def described(**different: Any) -> LocalDocument:  # noqa: ANN401  any field of a document
    area = WorkArea("1", "Natteliv", (Paragraph("paragraph", "Færre slagsmål i weekenden."),))
    return replace(LocalDocument("Lokal plan for Herning", YEAR, (area,)), **different)


def plan(**different: Any) -> LocalPlan:  # noqa: ANN401  any field of a plan
    return replace(LocalPlan(UUID(int=1), UUID(int=2), UUID(int=3), YEAR, described()), **different)


def approval(side: Side, subject: str) -> Approval:
    return Approval(side, subject, subject.title())


def test_it_is_begun_in_the_year_before_its_own() -> None:
    assert draft(plan(), None, YEAR - 1).state is LocalState.DRAFT
    assert draft(plan(), None, YEAR).state is LocalState.DRAFT


@pytest.mark.parametrize("this_year", [YEAR - 2, YEAR + 1])
def test_it_is_not_begun_two_years_ahead_nor_when_its_year_has_passed(this_year: int) -> None:
    with pytest.raises(YearNotOpen) as refused:
        draft(plan(), None, this_year)
    assert (refused.value.facts["rule"], refused.value.facts["paragraph"]) == ("O-2-08", "2")


def test_there_is_one_a_year() -> None:
    with pytest.raises(LocalPlanExists):
        draft(plan(), UUID(int=9), YEAR)


def test_a_document_for_another_year_or_with_a_citizens_number_is_refused() -> None:
    with pytest.raises(LocalYearDoesNotMatch):
        revise(plan(), described(year=YEAR + 1))
    with pytest.raises(LooksLikeAPerson):
        revise(plan(), described(title="Se 640972-0251"))


@pytest.mark.ledger("O-2-08")
@pytest.mark.parametrize(
    "areas", [(), (WorkArea("1", "Natteliv"),), (WorkArea("1", "N", (Paragraph("paragraph", " "),)),)]
)
def test_without_a_described_work_area_it_is_not_submitted(areas: tuple[WorkArea, ...]) -> None:
    with pytest.raises(WorkAreaMissing) as refused:
        submit(plan(document=described(work_areas=areas)), [])
    assert refused.value.facts["rule"] == "O-2-08"


@pytest.mark.ledger("O-2-09")
def test_a_decision_or_focus_area_that_nothing_carries_out_is_named() -> None:
    areas = (OwnFocusArea("f1", "Nattelivet"), OwnFocusArea("f2", "Skoler", (INITIATIVE,)))
    with pytest.raises(NotCarriedOut) as refused:
        submit(plan(document=described(focus_areas=areas)), [DECISION])
    assert refused.value.facts == {"rule": "O-2-09", "paragraph": "2", "missing": f"{DECISION}, f1"}


@pytest.mark.ledger("O-2-09")
@pytest.mark.parametrize(
    ("carried", "is_enough"),
    [
        (CarriedDecision(str(DECISION), (INITIATIVE,)), True),
        (CarriedDecision(str(DECISION), exemption="Findes i forvejen."), True),
        (CarriedDecision(str(DECISION), exemption="  "), False),
        (CarriedDecision(str(DECISION)), False),
        (CarriedDecision(str(UUID(int=6)), (INITIATIVE,)), False),
    ],
)
def test_an_initiative_or_a_reason_carries_a_decision_out(carried: CarriedDecision, *, is_enough: bool) -> None:
    assert (unmapped(described(decisions=(carried,)), [DECISION]) == []) is is_enough


def test_what_is_submitted_is_not_submitted_again() -> None:
    with pytest.raises(WrongLocalState):
        submit(plan(state=LocalState.SUBMITTED), [])


@pytest.mark.ledger("O-2-10")
def test_two_of_the_police_do_not_approve_for_the_municipality() -> None:
    given = plan(state=LocalState.SUBMITTED)
    for subject in ("rikke", "en-anden"):
        given = approve(given, approval(Side.POLITI, subject), local_sha256(given.document))
    assert (given.state, missing_sides(given.approvals)) == (LocalState.SUBMITTED, ["kommune"])
    with pytest.raises(ApprovalMissing) as refused:
        publish(given)
    assert refused.value.facts == {"rule": "O-2-10", "paragraph": "2", "missing": "kommune"}


@pytest.mark.ledger("O-2-10")
def test_one_person_does_not_approve_for_both_sides() -> None:
    given = plan(state=LocalState.SUBMITTED)
    given = approve(given, approval(Side.POLITI, "rikke"), local_sha256(given.document))
    with pytest.raises(OnePersonBothSides):
        approve(given, approval(Side.KOMMUNE, "rikke"), local_sha256(given.document))


@pytest.mark.ledger("O-2-10")
def test_an_edit_clears_the_approvals() -> None:
    given = plan(state=LocalState.APPROVED, approvals=(approval(Side.POLITI, "a"), approval(Side.KOMMUNE, "b")))
    edited = revise(given, described(title="Rettet"))
    assert (edited.state, edited.approvals) == (LocalState.DRAFT, ())


def test_another_text_than_the_one_that_lies_there_is_not_approved() -> None:
    with pytest.raises(ApprovedAnotherText):
        approve(plan(state=LocalState.SUBMITTED), approval(Side.POLITI, "a"), "0" * 64)
    with pytest.raises(WrongLocalState):
        approve(plan(), approval(Side.POLITI, "a"), local_sha256(plan().document))


class Approving(RuleBasedStateMachine):
    """Whatever people do in whatever order: approved means by both sides, by two persons, of this very text."""

    def __init__(self) -> None:
        """Begin with a draft."""
        super().__init__()
        self.plan = plan()
        self.approved_text: dict[str, str] = {}

    @rule(title=st.sampled_from(["A", "B"]))
    def edit(self, title: str) -> None:
        """Replace the text."""
        self.plan = revise(self.plan, described(title=title))

    @rule()
    def submit(self) -> None:
        """Lay it ready, where it is a draft."""
        if self.plan.state is LocalState.DRAFT:
            self.plan = submit(self.plan, [])

    @rule(side=st.sampled_from(Side), who=st.sampled_from(["a", "b", "c"]))
    def approve(self, side: Side, who: str) -> None:
        """Approve, or be refused."""
        sha256 = local_sha256(self.plan.document)
        try:
            self.plan = approve(self.plan, approval(side, who), sha256)
        except (WrongLocalState, OnePersonBothSides):
            return
        self.approved_text[who] = sha256

    @rule()
    def publish(self) -> None:
        """Publish, or be refused."""
        try:
            self.plan = publish(self.plan)
        except (ApprovalMissing, WrongLocalState):
            assert self.plan.state is not LocalState.APPROVED

    @invariant()
    def approved_means_both(self) -> None:
        """Hold the state against who has approved what."""
        if self.plan.state in {LocalState.APPROVED, LocalState.PUBLISHED}:
            assert {one.side for one in self.plan.approvals} == set(Side)
            assert len({one.subject for one in self.plan.approvals}) == len(self.plan.approvals)
            texts = {self.approved_text[one.subject] for one in self.plan.approvals}
            assert texts == {local_sha256(self.plan.document)}


TestApproving = Approving.TestCase
TestApproving.settings = settings(max_examples=60, stateful_step_count=15, deadline=None)


@pytest.mark.ledger("O-0-01")
def test_parties_are_of_exactly_five_kinds() -> None:
    five = ["politi", "kommune", "anden_myndighed", "interesseorganisation", "forening"]
    assert [each.value for each in PartyType] == five

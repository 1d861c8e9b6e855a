"""Before a plan is discussed proposals are answered and chairs heard; before it is published all have signed."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from services.councils.domain.kredsraad import OfficeTerm
from services.councils.domain.plan_year import (
    DaysInWrongOrder,
    Timetable,
    WindowClosed,
    require_open,
    require_order,
    usual,
)
from services.councils.domain.preparation import (
    Asked,
    ChairsNotHeard,
    ProposalsUnanswered,
    ReasonMissing,
    Reply,
    SignaturesMissing,
    require_prepared,
    require_reason,
    require_signed,
)
from services.councils.domain.samarbejdsplan import NotASignatory, NotInOffice, State, WrongState
from services.councils.domain.signing import (
    AnotherFile,
    NeedsSecondPerson,
    NothingToCorrect,
    Recorded,
    SamePerson,
    SheetConfirmed,
    correct,
    own_signature,
    require_history,
    require_second,
)
from tests.unit.councils.builders import KREDSRAAD_ID, PLAN_ID, SIGNING_DAY, kredsraad, plan, seats, sheet, signatures

DAY = date(2026, 12, 16)


@pytest.mark.ledger("O-2-11")
def test_the_usual_days_lie_in_the_year_before() -> None:
    days = usual(2027)
    assert (days.proposals_from, days.proposals_until) == (date(2026, 9, 1), date(2026, 12, 15))
    assert (days.chairs_asked_from, days.chairs_answer_by) == (date(2026, 10, 1), date(2026, 12, 15))


@pytest.mark.ledger("O-2-11")
@pytest.mark.parametrize(
    ("day", "is_open"),
    [(date(2026, 8, 31), False), (date(2026, 9, 1), True), (date(2026, 12, 15), True), (date(2026, 12, 16), False)],
)
def test_proposals_are_taken_from_the_first_to_the_last_day(day: date, *, is_open: bool) -> None:
    if is_open:
        require_open(usual(2027), day)
        return
    with pytest.raises(WindowClosed):
        require_open(usual(2027), day)


def test_a_plan_from_paper_takes_no_proposals() -> None:
    with pytest.raises(WindowClosed):
        require_open(None, DAY)


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(DaysInWrongOrder):
        require_order(Timetable(DAY, SIGNING_DAY, DAY, DAY))
    with pytest.raises(DaysInWrongOrder):
        require_order(Timetable(DAY, DAY, DAY, SIGNING_DAY))


@pytest.mark.ledger("O-2-11")
def test_an_unanswered_proposal_stops_the_discussion_and_is_named() -> None:
    with pytest.raises(ProposalsUnanswered) as refused:
        require_prepared(plan(), [UUID(int=5)], [], DAY)
    assert refused.value.facts["proposals"] == str(UUID(int=5))


@pytest.mark.ledger("O-2-12")
@pytest.mark.parametrize(
    ("chair", "is_heard"),
    [
        (Asked("0657"), False),
        (Asked("0657", DAY), False),
        (Asked("0657", date(2026, 12, 15)), True),
        (Asked("0657", DAY, answered=True), True),
    ],
)
def test_a_chair_is_heard_who_has_answered_or_whose_day_has_passed(chair: Asked, *, is_heard: bool) -> None:
    if is_heard:
        require_prepared(plan(), [], [chair], DAY)
        return
    with pytest.raises(ChairsNotHeard) as refused:
        require_prepared(plan(), [], [chair], DAY)
    assert refused.value.facts == {"rule": "O-2-12", "paragraph": "2", "missing": "0657"}


def test_a_plan_from_paper_asks_nobody() -> None:
    require_prepared(plan(history=True), [UUID(int=5)], [Asked("0657")], DAY)


@pytest.mark.ledger("O-0-06")
def test_a_plan_without_a_signature_is_not_published_and_says_whose() -> None:
    with pytest.raises(SignaturesMissing) as refused:
        require_signed(plan(state=State.DISCUSSED, signatures=signatures()[:11]), kredsraad())
    assert (refused.value.facts["rule"], refused.value.facts["missing"]) == ("O-0-06", signatures()[11].authority)
    with pytest.raises(WrongState):
        require_signed(plan(), kredsraad())
    require_signed(plan(state=State.SIGNED), kredsraad())


@pytest.mark.parametrize("reply", [Reply.PARTLY, Reply.REJECTED])
def test_who_does_not_get_all_is_told_why(reply: Reply) -> None:
    with pytest.raises(ReasonMissing):
        require_reason(reply, None)
    require_reason(reply, "Fordi.")
    require_reason(Reply.ACCEPTED, None)


@pytest.mark.ledger("O-0-06")
def test_signing_in_signs_for_the_seat_by_who_holds_it_that_day() -> None:
    assert own_signature(kredsraad(), "kommune-0657", SIGNING_DAY) == signatures()[1]
    with pytest.raises(NotASignatory):
        own_signature(kredsraad(), "kommune-0751", SIGNING_DAY)
    chair, mayor, *others = seats()
    ended = replace(mayor, term=OfficeTerm("N", date(2022, 1, 1), date(2023, 1, 2)))
    with pytest.raises(NotInOffice):
        own_signature(kredsraad(chair, ended, *others), "kommune-0657", SIGNING_DAY)


def test_a_sheet_is_confirmed_once_by_another_person_with_the_same_file() -> None:
    recorded = Recorded(KREDSRAAD_ID, PLAN_ID, sheet(), "f" * 64, "lise", confirmed=False)
    require_second(recorded, "bo", "f" * 64)
    with pytest.raises(SamePerson):
        require_second(recorded, "lise", "f" * 64)
    with pytest.raises(AnotherFile):
        require_second(recorded, "bo", "0" * 64)
    with pytest.raises(SheetConfirmed):
        require_second(replace(recorded, confirmed=True), "bo", "f" * 64)


def test_only_a_plan_from_paper_is_signed_in_one_step() -> None:
    require_history(plan(state=State.DISCUSSED, history=True))
    with pytest.raises(NeedsSecondPerson):
        require_history(plan(state=State.DISCUSSED))


@pytest.mark.ledger("O-0-04")
def test_what_is_published_is_corrected_as_a_draft_without_names() -> None:
    begun = correct(plan(state=State.PUBLISHED, signatures=signatures()))
    assert (begun.state, begun.signatures) == (State.DRAFT, ())
    with pytest.raises(NothingToCorrect):
        correct(plan(state=State.SIGNED))

"""What follows an activation, as rules: who is told, what a poll forecasts, how long it took, who is relieved."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.alerting.v1 import AnswerKind
from contracts.beredskabsstab.v1 import CallKind, Place, Severity, Step
from contracts.codes import Office
from contracts.refusal import Refusal
from deploy.local.framework_plan import DESK, framework_plan
from services.beredskabsstab.domain import cap, evaluation, relief, warnings
from services.beredskabsstab.domain.calling import told_at_the_end
from services.beredskabsstab.domain.evaluation import Called, Found, conclude, first_enough, timings
from services.beredskabsstab.domain.forecast import forecast, polled
from services.beredskabsstab.domain.forum import NotHeldYet, require_held
from services.beredskabsstab.domain.keeping import Link, belonging, emptied_in_order
from services.beredskabsstab.domain.plan import Plan, places_at, without_deputy
from services.beredskabsstab.domain.quorum import Answered
from services.beredskabsstab.domain.relief import Gap, Shift, gaps, is_relieved
from services.beredskabsstab.domain.steps import State
from services.beredskabsstab.domain.warnings import Later, WarningState, state_of

PLAN = Plan.model_validate(framework_plan())
AT = datetime(2026, 11, 20, 14, tzinfo=UTC)
IDS = UUID(int=7)
LEMVIG = "kommune-0665"
STAB, INFO, OPERATION = Step.STABSBEREDSKAB, Step.INFORMATIONSBEREDSKAB, Step.OPERATIONSBEREDSKAB
AFFECTED = frozenset({"0665"})


def place(role: str, authority: str = LEMVIG) -> Place:
    return Place(authority=authority, office=Office.BEREDSKAB, role=role)


def says(role: str, answer: AnswerKind, minutes: int = 0, authority: str = LEMVIG) -> Answered:
    return Answered(f"{authority}/{role}", authority, role, answer, None, AT + timedelta(minutes=minutes))


# -- whom the end is told ----------------------------------------------------------------------------------------------


def test_each_call_in_of_a_step_is_told_and_a_poll_only_where_it_asked_somebody_whom_no_step_called() -> None:
    step, asked_called, asked_others, correction = (uuid5(IDS, str(number)) for number in range(4))
    made = [
        (step, CallKind.STEP, (place("vagt"), place("stabsmedlem"))),
        (asked_called, CallKind.READINESS, (place("stabsmedlem"),)),
        (asked_others, CallKind.READINESS, (place("stabsmedlem"), place("kommunikation"))),
        (correction, CallKind.CORRECTION, (place("vagt"),)),
    ]
    assert told_at_the_end(made) == (step, asked_others)
    assert told_at_the_end([]) == ()


# -- polls -------------------------------------------------------------------------------------------------------------


def test_a_poll_asks_the_next_step_or_a_higher_one_and_nobody_who_is_called() -> None:
    step, places = polled(PLAN, INFO, None, begun=True)
    assert step is STAB
    assert set(places) == set(places_at(PLAN, STAB)) - set(places_at(PLAN, INFO))
    assert polled(PLAN, INFO, OPERATION, begun=True)[0] is OPERATION
    planned, everybody = polled(PLAN, STAB, None, begun=False)
    assert (planned, everybody) == (STAB, places_at(PLAN, STAB))


@pytest.mark.parametrize(("step", "asked"), [(STAB, STAB), (STAB, INFO), (OPERATION, None), (INFO, Step.DAILY)])
def test_a_poll_for_no_higher_step_is_refused(step: Step, asked: Step | None) -> None:
    with pytest.raises(Refusal):
        polled(PLAN, step, asked, begun=True)


@given(hours=st.integers(0, 200), answer=st.sampled_from(AnswerKind))
def test_a_forecast_does_not_run_out_and_counts_only_who_was_asked(hours: int, answer: AnswerKind) -> None:
    said = [says("stabsmedlem", answer)]
    found = forecast(PLAN, STAB, AFFECTED, [place("stabsmedlem")], said, AT + timedelta(hours=hours))
    can = answer in {AnswerKind.COMING, AnswerKind.VIRTUAL, AnswerKind.ARRIVED}
    assert (found.quorum.demands, found.quorum.is_reached, found.quorum.next_change) == (1, can, None)
    [lemvig] = found.authorities
    assert (lemvig.answered, lemvig.can) == (1, answer in {AnswerKind.COMING, AnswerKind.VIRTUAL})


def test_who_was_not_asked_is_not_missed_by_a_forecast() -> None:
    assert forecast(PLAN, STAB, AFFECTED, [], [], AT).quorum.demands == 0
    lacks = forecast(PLAN, STAB, AFFECTED, [place("stabsmedlem")], [], AT).quorum.lacks
    assert [(one.authority, one.role) for one in lacks] == [(LEMVIG, "stabsmedlem")]


# -- warnings ----------------------------------------------------------------------------------------------------------


def warned(kind: cap.MsgType = cap.MsgType.ALERT, number: int = 1, **more: object) -> cap.ReceivedWarning:
    said = cap.ReceivedWarning(
        identifier=str(number),
        sender="dmi",
        sent=AT,
        msg_type=kind,
        status=cap.Status.ACTUAL,
        event="Stormflod",
        categories=(cap.Category.MET,),
        urgency=cap.Urgency.UNKNOWN,
        severity=cap.Severity.SEVERE,
        certainty=cap.Certainty.UNKNOWN,
    )
    return replace(said, **more)  # type: ignore[arg-type]  # its own fields


def test_whatever_order_warnings_come_in_a_cancelled_one_ends_cancelled() -> None:
    first = warned()
    own = cap.Reference("dmi", "1", AT)
    update, cancel = Later(cap.MsgType.UPDATE, own), Later(cap.MsgType.CANCEL, own)
    other = Later(cap.MsgType.CANCEL, replace(own, identifier="2"))
    assert state_of(first, []) is WarningState.IN_FORCE
    assert state_of(first, [other]) is WarningState.IN_FORCE
    assert state_of(first, [update]) is WarningState.UPDATED
    assert state_of(first, [update, cancel]) is WarningState.CANCELLED
    assert state_of(warned(cap.MsgType.CANCEL), []) is WarningState.CANCELLATION


@given(words=st.text(max_size=300))
def test_a_title_fits_into_a_message_whatever_the_sender_wrote(words: str) -> None:
    title = warnings.title_of(warned(headline=words))
    assert 1 <= len(title) <= warnings.WORDS_MAX
    assert title.isprintable()


def test_a_warning_holds_until_it_ends_and_how_bad_it_is_proposes_a_step() -> None:
    assert warnings.is_in_force(WarningState.IN_FORCE, None, AT)
    assert warnings.is_in_force(WarningState.IN_FORCE, AT + timedelta(seconds=1), AT)
    assert not warnings.is_in_force(WarningState.IN_FORCE, AT, AT)
    assert not warnings.is_in_force(WarningState.UPDATED, None, AT)
    assert [warnings.proposed_step(one).height for one in Severity] == [3, 2, 1, 1, 2]
    assert warnings.window(AT, AT) == (AT, None)
    assert warnings.window(None, AT) == (None, None)


# -- evaluation --------------------------------------------------------------------------------------------------------


def test_the_times_are_those_of_the_first_and_survive_that_an_answer_is_taken_back() -> None:
    called = [
        Called(LEMVIG, AT + timedelta(seconds=2), None),
        Called(LEMVIG, AT + timedelta(seconds=1), AT + timedelta(seconds=3)),
        Called(DESK, None, None),
    ]
    said = [
        says("stabsmedlem", AnswerKind.CANNOT, 9),
        says("stabsmedlem", AnswerKind.COMING, 4),
        says("stabsmedlem", AnswerKind.CANNOT, 1),
        says("stabsmedlem", AnswerKind.ARRIVED, 30),
        says("vagt", AnswerKind.SEEN, 6),
    ]
    lemvig, desk = timings(PLAN, [(INFO, AT), (STAB, AT)], AFFECTED, called, said)
    assert (lemvig.called_s, lemvig.handed_over_s) == (1, 3)
    assert (lemvig.answered_s, lemvig.arrived_s, lemvig.quorum_s) == (60, 1800, 240)
    assert (desk.called_s, desk.answered_s, desk.quorum_s) == (None, None, None)


def test_who_was_never_enough_has_no_time() -> None:
    assert first_enough(PLAN, STAB, AFFECTED, [says("stabsmedlem", AnswerKind.CANNOT)]).get(LEMVIG) is None


@pytest.mark.parametrize("state", [State.PLANNED, State.ACTIVE])
def test_what_has_not_ended_is_not_evaluated(state: State) -> None:
    with pytest.raises(evaluation.NotEnded):
        conclude(state, concluded=False, findings=[])


@pytest.mark.parametrize("state", [State.STOOD_DOWN, State.CANCELLED, State.HANDED_OVER])
def test_an_evaluation_is_concluded_once_and_with_an_owner_of_each_finding(state: State) -> None:
    assert conclude(state, concluded=False, findings=[Found(LEMVIG), Found(None, is_done=True)]) is State.EVALUATED
    with pytest.raises(evaluation.FindingsWithoutOwner):
        conclude(state, concluded=False, findings=[Found(LEMVIG), Found(None)])
    with pytest.raises(evaluation.EvaluationOver):
        conclude(state, concluded=True, findings=[])


# -- relief ------------------------------------------------------------------------------------------------------------


def shift(start: int, end: int, role: str = "stabsmedlem") -> Shift:
    name = uuid5(IDS, f"{start}/{end}/{role}")
    return Shift(name, LEMVIG, role, AT + timedelta(hours=start), AT + timedelta(hours=end))


def test_a_gap_lies_between_shifts_and_after_the_last_and_an_overlap_is_none() -> None:
    found = gaps([shift(10, 18), shift(0, 8), shift(7, 9)])
    at = [AT + timedelta(hours=hours) for hours in (9, 10, 18)]
    assert found == (Gap(LEMVIG, "stabsmedlem", at[0], at[1]), Gap(LEMVIG, "stabsmedlem", at[2], None))
    assert gaps([]) == ()


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 16)), min_size=1, max_size=8))
def test_no_shift_lies_in_a_gap_and_gaps_do_not_meet(drawn: list[tuple[int, int]]) -> None:
    planned = [shift(start, start + long) for start, long in drawn]
    found = gaps(planned)
    for gap in found:
        until = gap.ends_at or datetime.max.replace(tzinfo=UTC)
        assert all(one.ends_at <= gap.starts_at or one.starts_at >= until for one in planned)
    assert all(one.ends_at is not None and one.ends_at < after.starts_at for one, after in pairwise(found))


def test_somebody_relieves_who_is_there_at_the_end_in_the_same_role() -> None:
    own = shift(0, 8)
    assert is_relieved(own, [own, shift(8, 16)])
    assert is_relieved(own, [own, shift(7, 16)])
    for others in ([own], [own, shift(9, 16)], [own, shift(1, 8)], [own, shift(8, 16, "vagt")]):
        assert not is_relieved(own, others)


@pytest.mark.parametrize("hours", [(0, 0), (2, 1), (0, 17), (-9, -1)])
def test_a_shift_that_nobody_can_have_is_refused(hours: tuple[int, int]) -> None:
    with pytest.raises(relief.ShiftWrong):
        relief.require_possible(AT + timedelta(hours=hours[0]), AT + timedelta(hours=hours[1]), AT)


@pytest.mark.parametrize(("authority", "role"), [(LEMVIG, "stabsleder"), ("skat", "vagt")])
def test_a_role_that_the_plan_does_not_give_is_refused(authority: str, role: str) -> None:
    relief.require_role(PLAN, LEMVIG, "stabsmedlem")
    with pytest.raises(relief.UnknownRole):
        relief.require_role(PLAN, authority, role)


# -- the rest ----------------------------------------------------------------------------------------------------------


def test_a_table_belongs_by_its_column_or_by_a_row_that_it_names_and_goes_before_that_row() -> None:
    links = [
        Link("call_in", "activation_id", "activation", "activation_id"),
        Link("member", "call_in_id", "call_in", "call_in_id"),
        Link("contact", "call_id", "member", "call_id"),
        Link("activation", "incident_id", "incident", "incident_id"),
        Link("page", "contact_id", "contact", "contact_id"),
        Link("warning", "incident_id", "incident", "incident_id"),
    ]
    tables = belonging(["activation", "call_in", "member"], links, "activation")
    assert list(tables) == ["activation", "call_in", "member", "contact", "page"]
    assert tables["contact"] == "call_id in (select call_id from member where activation_id = $1)"
    assert tables["page"].count("select") == 2
    assert emptied_in_order(tables, links) == ("page", "contact", "member", "call_in", "activation")


def test_tables_that_name_each_other_are_emptied_all_the_same() -> None:
    links = [Link("a", "b_id", "b", "b_id"), Link("b", "a_id", "a", "a_id"), Link("a", "a_id", "a", "a_id")]
    assert set(emptied_in_order({"a": "", "b": ""}, links)) == {"a", "b"}


@pytest.mark.ledger("O-5.3-01")
def test_a_place_has_a_deputy_by_a_roster_of_the_second_line() -> None:
    lines = {place("a"): frozenset({1}), place("b"): frozenset({1, 2}), place("c"): frozenset[int]()}
    assert without_deputy(lines) == (place("a"), place("c"))


def test_what_lies_ahead_was_not_held_and_a_time_that_has_passed_is_no_time() -> None:
    require_held(AT, AT)
    with pytest.raises(NotHeldYet):
        require_held(AT + timedelta(seconds=1), AT)
    evaluation.require_to_come(AT + timedelta(seconds=1), AT)
    with pytest.raises(evaluation.DueBefore):
        evaluation.require_to_come(AT, AT)

"""One referral and those that belong to it, in the cases that the issue names."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from contracts.hverdage import DANISH_TIME
from contracts.refusal import Refusal
from services.referrals.domain.ages import Span
from services.referrals.domain.consents import ConsentMissing, ConsentNotAsked, ConsentState, new_consents
from services.referrals.domain.deadlines import due
from services.referrals.domain.family import check_none_open, consequences, passed_on, reopened, withdraw_everywhere
from services.referrals.domain.programmes import Consenter, NotYetFounded, programme, programmes
from services.referrals.domain.referral import Details, Referral, act, draft
from services.referrals.domain.referral_refusals import (
    AlreadySettled,
    DetailMissing,
    NotDueYet,
    NothingProposed,
    NothingToMinimise,
    NotInThisState,
    NotYourAct,
    OneIsOpen,
    PassedOnTooOften,
    SameReceiver,
)
from services.referrals.domain.sharing import AlreadyShared, Sharing, answer
from services.referrals.domain.states import ENDED, OPEN, OWES, Action, Side, Sight, State, sight_of_receiver

AT = datetime(2023, 6, 1, 9, tzinfo=UTC)
PERSON = UUID(int=7)
WHY = Details(text="Fordi.")
YES = Details(consenter=Consenter.PERSON)


def new(code: str, number: int = 1, receiver: str = "kommune-0657") -> Referral:
    rules = programme(code)
    consents = new_consents(UUID(int=number), rules.needs_consent_of(Span.parse("30y"), Span.parse("30y")))
    return draft(UUID(int=number), rules, AT, receiver=receiver, person=PERSON, consents=consents)


def do(one: Referral, action: Action, side: Side, details: Details = WHY, at: datetime = AT) -> Referral:
    return act(one, programme(one.programme), action, side, at, details)


def received(code: str = "ssp", number: int = 1) -> Referral:
    one = new(code, number)
    if one.consents:
        one = do(one, Action.ASK_CONSENT, Side.SENDER)
        for of in one.consents:
            one = do(one, Action.GIVE_CONSENT, Side.PERSON, Details(consenter=of))
    else:
        one = do(one, Action.REQUEST, Side.SENDER)
    return do(one, Action.RECEIVE, Side.SYSTEM)


def taken(code: str = "ssp", number: int = 1) -> Referral:
    return do(received(code, number), Action.ACCEPT, Side.RECEIVER)


def test_the_loop_is_closed_from_draft_to_an_outcome() -> None:
    one = do(taken(), Action.BEGIN, Side.RECEIVER, at=AT + timedelta(days=2))
    assert one.first_contact_at == AT + timedelta(days=2)
    one = do(one, Action.HOLD, Side.RECEIVER, Details("Ferie.", review_at=AT + timedelta(days=30)))
    assert one.due == AT + timedelta(days=30)
    one = do(do(one, Action.RESUME, Side.RECEIVER), Action.COMPLETE, Side.RECEIVER, Details(code="finished"))
    assert (one.state, one.code, one.due, one.owed_by, one.is_open) == (State.COMPLETED, "finished", None, None, False)


@pytest.mark.ledger("O-5.1-01")
def test_nothing_is_drafted_before_the_programme_exists() -> None:
    last = datetime(2018, 12, 31, 12, tzinfo=DANISH_TIME)
    with pytest.raises(NotYetFounded):
        draft(PERSON, programme("ukn"), last, receiver="x", person=PERSON, consents={})
    assert draft(PERSON, programme("ukn"), last + timedelta(days=1), receiver="x", person=PERSON, consents={}).due


# --- consent --------------------------------------------------------------------------------------------------------


@pytest.mark.ledger("O-6.8.1-03")
def test_nothing_is_sent_before_the_yes_and_it_is_sent_with_it() -> None:
    one = new("rusmiddel")
    with pytest.raises(ConsentMissing) as refusal:
        do(one, Action.REQUEST, Side.SENDER)
    assert refusal.value.facts == {"missing": "person"}
    waiting = do(one, Action.ASK_CONSENT, Side.SENDER)
    assert waiting.receiver_sees is Sight.NOTHING
    assert do(waiting, Action.GIVE_CONSENT, Side.PERSON, YES).state is State.REQUESTED


def test_a_no_ends_it_and_nobody_has_anything_to_delete() -> None:
    waiting = do(new("rusmiddel"), Action.ASK_CONSENT, Side.SENDER)
    ended = do(waiting, Action.DECLINE_CONSENT, Side.PERSON, YES)
    assert (ended.state, ended.minimisation_due, ended.due) == (State.WITHDRAWN, False, None)
    assert ended.consents[Consenter.PERSON].state is ConsentState.DECLINED


@pytest.mark.ledger("O-6.8.1-03")
def test_a_yes_that_is_withdrawn_before_it_arrives_leaves_nothing_to_delete() -> None:
    one = do(do(new("rusmiddel"), Action.ASK_CONSENT, Side.SENDER), Action.GIVE_CONSENT, Side.PERSON, YES)
    assert not do(one, Action.WITHDRAW, Side.PERSON, YES).minimisation_due


@pytest.mark.ledger("L-24", "O-6.6-04")
def test_a_konfliktraad_waits_for_both_and_ends_when_either_withdraws() -> None:
    one = do(new("konfliktraad"), Action.ASK_CONSENT, Side.SENDER)
    one = do(one, Action.GIVE_CONSENT, Side.PERSON, YES)
    assert one.state is State.AWAITING_CONSENT
    one = do(one, Action.GIVE_CONSENT, Side.PERSON, Details(consenter=Consenter.COUNTERPART))
    assert one.state is State.REQUESTED
    for of in (Consenter.PERSON, Consenter.COUNTERPART):
        assert do(one, Action.WITHDRAW, Side.PERSON, Details(consenter=of)).state is State.WITHDRAWN


def test_what_rests_on_another_basis_is_withdrawn_by_no_consent() -> None:
    with pytest.raises(ConsentNotAsked):
        do(taken("ssp"), Action.WITHDRAW, Side.PERSON, YES)
    with pytest.raises(ConsentNotAsked):
        do(new("ssp"), Action.ASK_CONSENT, Side.SENDER)


@pytest.mark.ledger("O-6.3-02", "L-30")
def test_a_withdrawal_reaches_every_open_one_and_three_receivers_confirm() -> None:
    first = taken("bandeexit")
    others = [replace(first, id=UUID(int=number), receiver=f"kommune-{number}") for number in (2, 3)]
    done = do(
        do(replace(first, id=UUID(int=4)), Action.BEGIN, Side.RECEIVER),
        Action.COMPLETE,
        Side.RECEIVER,
        Details(code="finished"),
    )
    stranger = taken("bandeexit", number=9)
    after = withdraw_everywhere([first, *others, done, stranger], first.consents[Consenter.PERSON].id, programmes(), AT)
    assert [one.state for one in after] == [State.WITHDRAWN] * 3 + [State.COMPLETED]
    assert {one.receiver_sees for one in after[:3]} == {Sight.CODE}
    for one in after[:3]:
        assert (one.owed_by, one.due is not None) == (Side.RECEIVER, True)
        confirmed = do(one, Action.CONFIRM_MINIMISED, Side.RECEIVER)
        assert (confirmed.minimisation_due, confirmed.due, confirmed.owed_by) == (False, None, None)
        with pytest.raises(NothingToMinimise):
            do(confirmed, Action.CONFIRM_MINIMISED, Side.RECEIVER)


def test_what_continues_an_ended_one_asks_again_for_a_consent_that_is_gone() -> None:
    done = do(taken("bandeexit"), Action.FAIL, Side.RECEIVER, Details("Flyttet.", "interrupted"))
    [marked] = withdraw_everywhere([done], done.consents[Consenter.PERSON].id, programmes(), AT)
    again = reopened(marked, UUID(int=2), Side.MANAGER, "Vil alligevel.", programme("bandeexit"), AT)
    assert (again.state, again.continues) == (State.DRAFT, done.id)
    with pytest.raises(ConsentMissing):
        do(again, Action.REQUEST, Side.SENDER)
    kept = reopened(done, UUID(int=2), Side.MANAGER, "Ny viden.", programme("bandeexit"), AT)
    assert do(kept, Action.REQUEST, Side.SENDER).state is State.REQUESTED


# --- the receiver ---------------------------------------------------------------------------------------------------


def test_the_receiver_sees_a_preview_then_all_and_after_a_no_only_a_code() -> None:
    one = received()
    assert one.receiver_sees is Sight.PREVIEW
    rejected = do(one, Action.REJECT, Side.RECEIVER, Details("Vi har ingen plads før maj.", "no_capacity"))
    assert (rejected.receiver_sees, rejected.text) == (Sight.CODE, "Vi har ingen plads før maj.")
    assert taken().receiver_sees is Sight.ALL


@pytest.mark.parametrize("was_taken", [False, True])
def test_a_receiver_never_sees_more_after_an_end_than_it_had(was_taken: bool) -> None:
    seen = {state: sight_of_receiver(state, was_taken=was_taken) for state in ENDED}
    full = {State.COMPLETED, State.FAILED, State.CANCELLED} if was_taken else set()
    assert {state for state, sight in seen.items() if sight is Sight.ALL} == full
    assert {sight for state, sight in seen.items() if state not in full} == {Sight.CODE}


@pytest.mark.parametrize(
    ("details", "missing"),
    [
        (Details(), "text, code"),
        (Details("Fordi."), "code"),
        (Details(" ", "no_capacity"), "text"),
        (Details("Fordi.", "finished"), "code"),
    ],
)
def test_a_rejection_has_a_code_and_words(details: Details, missing: str) -> None:
    with pytest.raises(DetailMissing) as refusal:
        do(received(), Action.REJECT, Side.RECEIVER, details)
    assert refusal.value.facts["missing"] == missing
    assert "no_capacity" in str(refusal.value.facts["codes"])


@pytest.mark.ledger("O-6.6-01")
def test_what_is_not_possible_ends_with_its_reason_and_who_is_not_reached_was_tried() -> None:
    with pytest.raises(DetailMissing):
        do(taken(), Action.FAIL, Side.RECEIVER, Details("", "not_possible"))
    assert do(taken(), Action.FAIL, Side.RECEIVER, Details("Vil ikke.", "not_possible")).state is State.FAILED
    with pytest.raises(DetailMissing) as refusal:
        do(taken(), Action.FAIL, Side.RECEIVER, Details("Svarer ikke.", "could_not_reach"))
    assert refusal.value.facts["missing"] == "attempts"
    tried = Details("Svarer ikke.", "could_not_reach", attempts=3)
    assert do(taken(), Action.FAIL, Side.RECEIVER, tried).code == "could_not_reach"


def test_a_pause_ends_on_a_day_to_come() -> None:
    begun = do(taken(), Action.BEGIN, Side.RECEIVER)
    for review in (None, AT, AT - timedelta(days=1)):
        with pytest.raises(DetailMissing):
            do(begun, Action.HOLD, Side.RECEIVER, Details("Ferie.", review_at=review))


# --- passing on, cancelling -----------------------------------------------------------------------------------------


def test_what_is_passed_on_stays_open_until_the_new_receiver_answers() -> None:
    parent = do(received(), Action.REROUTE, Side.RECEIVER)
    child = passed_on(parent, UUID(int=2), "kommune-0661", programme("ssp"), AT)
    assert (parent.is_open, child.state, child.depth, child.parent) == (True, State.REQUESTED, 1, parent.id)
    assert consequences(child, [parent, child]) == []
    child = do(child, Action.RECEIVE, Side.SYSTEM)
    yes = do(child, Action.ACCEPT, Side.RECEIVER)
    [follows] = consequences(yes, [parent, yes])
    assert do(parent, follows.action, follows.side).code == "passed_on"
    no = do(child, Action.REJECT, Side.RECEIVER, Details("Nej.", "other"))
    [follows] = consequences(no, [parent, no])
    assert do(parent, follows.action, follows.side).state is State.RECEIVED


def test_it_is_passed_on_twice_at_most_and_never_to_where_it_is() -> None:
    one = received()
    for number in (2, 3):
        one = passed_on(
            do(one, Action.REROUTE, Side.RECEIVER), UUID(int=number), f"kommune-{number}", programme("ssp"), AT
        )
        one = do(one, Action.RECEIVE, Side.SYSTEM)
    with pytest.raises(PassedOnTooOften):
        do(one, Action.REROUTE, Side.RECEIVER)
    with pytest.raises(SameReceiver):
        passed_on(received(), UUID(int=2), "kommune-0657", programme("ssp"), AT)


def test_a_sender_cancels_alone_before_the_yes_and_together_after_it() -> None:
    assert do(received(), Action.CANCEL, Side.SENDER).state is State.CANCELLED
    with pytest.raises(NotInThisState) as refusal:
        do(taken(), Action.CANCEL, Side.SENDER)
    assert refusal.value.facts["allowed"] == "foreslå at annullere"
    with pytest.raises(NothingProposed):
        do(taken(), Action.AGREE_CANCEL, Side.RECEIVER)
    proposed = do(taken(), Action.PROPOSE_CANCEL, Side.SENDER)
    assert do(proposed, Action.AGREE_CANCEL, Side.RECEIVER).state is State.CANCELLED


def test_revoked_and_accepted_at_once_exactly_one_wins() -> None:
    one = received()
    revoked = act(one, programme("ssp"), Action.CANCEL, Side.SENDER, AT, WHY, expected=one.version)
    with pytest.raises(Refusal) as refusal:
        act(revoked, programme("ssp"), Action.ACCEPT, Side.RECEIVER, AT, expected=one.version)
    assert refusal.value.status == 409


def test_what_was_sent_by_mistake_is_hidden_and_deleted_by_whoever_has_it() -> None:
    wrong = do(taken(), Action.ENTER_IN_ERROR, Side.MANAGER)
    assert (wrong.owed_by, wrong.receiver_sees) == (Side.RECEIVER, Sight.CODE)
    assert do(wrong, Action.CONFIRM_MINIMISED, Side.RECEIVER).due is None
    assert do(new("ssp"), Action.ENTER_IN_ERROR, Side.MANAGER).owed_by is None


# --- clocks ---------------------------------------------------------------------------------------------------------


def test_nobodys_answer_escalates_and_stays_with_the_coordinator_until_settled() -> None:
    one = received()
    assert one.due
    with pytest.raises(NotDueYet):
        do(one, Action.EXPIRE, Side.CLOCK, at=one.due - timedelta(seconds=1))
    late = do(one, Action.EXPIRE, Side.CLOCK, at=one.due)
    assert (late.owed_by, late.due is not None, late.receiver_sees) == (Side.MANAGER, True, Sight.CODE)
    settled = do(late, Action.SETTLE, Side.MANAGER)
    assert (settled.state, settled.owed_by, settled.due) == (State.EXPIRED, None, None)
    with pytest.raises(AlreadySettled):
        do(settled, Action.SETTLE, Side.MANAGER)
    assert reopened(late, UUID(int=2), Side.MANAGER, "Igen.", programme("ssp"), AT).continues == late.id


def test_a_receipt_gives_nobody_more_time() -> None:
    sent = do(new("ssp"), Action.REQUEST, Side.SENDER)
    assert do(sent, Action.RECEIVE, Side.SYSTEM, at=AT + timedelta(days=1)).due == sent.due


@pytest.mark.ledger("O-6.8.1-04")
@pytest.mark.parametrize(
    ("code", "state", "since", "last_day"),
    [
        # A Friday: the next working day is Monday.
        ("rusmiddel", State.ACCEPTED, datetime(2023, 6, 9, 20, tzinfo=UTC), date(2023, 6, 12)),
        ("rusmiddel", State.RECEIVED, datetime(2023, 6, 7, 20, tzinfo=UTC), date(2023, 6, 8)),
        ("rusmiddel", State.RECEIVED, datetime(2023, 6, 7, 22, 30, tzinfo=UTC), date(2023, 6, 9)),
        ("ksp", State.ACCEPTED, AT, date(2023, 6, 15)),
        ("ukn", State.ACCEPTED, AT, date(2023, 6, 29)),
        ("ssp", State.DRAFT, AT, date(2023, 7, 1)),
        ("rusmiddel", State.AWAITING_CONSENT, AT, date(2023, 6, 15)),
    ],
)
def test_a_clock_runs_out_at_the_end_of_its_last_danish_day(
    code: str, state: State, since: datetime, last_day: date
) -> None:
    until = due(programme(code), state, since)
    assert until
    local = until.astimezone(DANISH_TIME)
    assert ((local - timedelta(days=1)).date(), local.hour) == (last_day, 0)


def test_every_open_state_is_somebodys_and_all_but_a_pause_have_a_clock() -> None:
    assert set(OWES) == OPEN | {State.EXPIRED}
    for state in OWES:
        assert (due(programme("ssp"), state, AT) is None) == (state is State.ON_HOLD)


# --- one open, reopening, sharing -----------------------------------------------------------------------------------


def test_one_open_hand_over_for_a_person_a_programme_and_a_receiver() -> None:
    open_one, again = taken(), new("ssp", number=2)
    with pytest.raises(OneIsOpen) as refusal:
        check_none_open(again, [open_one])
    # In words that fit an invisible circle too: neither that there is one, nor where.
    assert refusal.value.facts == {}
    assert "åben" not in refusal.value.title + refusal.value.todo
    ended = do(open_one, Action.FAIL, Side.RECEIVER, Details("Nej.", "interrupted"))
    for other in (ended, new("ssp"), replace(open_one, receiver="kommune-0661"), replace(open_one, programme="psp")):
        check_none_open(again, [other])
    check_none_open(replace(again, person=None), [replace(open_one, person=None)])


def test_an_ended_one_is_continued_by_the_manager_with_a_reason() -> None:
    ended = do(received(), Action.REJECT, Side.RECEIVER, Details("Nej.", "no_capacity"))
    with pytest.raises(NotYourAct):
        reopened(ended, UUID(int=2), Side.SENDER, "Ny viden.", programme("ssp"), AT)
    with pytest.raises(DetailMissing):
        reopened(ended, UUID(int=2), Side.MANAGER, " ", programme("ssp"), AT)
    for state in (State.WITHDRAWN, State.CANCELLED, State.ENTERED_IN_ERROR, *OPEN):
        with pytest.raises(NotInThisState):
            reopened(replace(ended, state=state), UUID(int=2), Side.MANAGER, "Ny viden.", programme("ssp"), AT)


@pytest.mark.ledger("L-03")
def test_not_to_share_is_an_answer_without_a_reason_and_what_is_shared_stays() -> None:
    assert answer(Sharing.ASKED, Sharing.DECLINES) is Sharing.DECLINES
    assert answer(Sharing.DECLINES, Sharing.SHARES) is Sharing.SHARES
    assert answer(Sharing.DECLINES, Sharing.ASKED) is Sharing.DECLINES
    assert Sharing.DECLINES.words == "deler ikke"
    with pytest.raises(AlreadyShared):
        answer(Sharing.SHARES, Sharing.DECLINES)

"""Groups and their meetings, without a database: who sits where, who is in the room, and what nobody may hear."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.catalogue import listeners
from contracts.codes import CIRCLES, LegalBasis, Purpose, municipalities
from contracts.event import every_event
from contracts.referrals.v1.groups import MeetingCancelled
from contracts.refusal import NotFound, StaleVersion
from services.referrals.domain.group_cases import (
    DRAWN_IN,
    GroupCase,
    Standing,
    Waits,
    check_actor,
    group_above,
    is_taken_up,
    waits,
    without_owner,
)
from services.referrals.domain.group_refusals import (
    CannotBeEscalated,
    CaseEnded,
    FrequencyNeeded,
    MeetingInThePast,
    MeetingNotThere,
    NotAParticipant,
    NotOnTheAgenda,
    OnlyWhenDrawnIn,
    OutsideTheCircle,
    PrivateNeedsConsent,
)
from services.referrals.domain.groups import (
    circle_of_case,
    circle_of_meeting,
    convener_of,
    group,
    groups,
    known_to,
    next_due,
    seats_of,
    told_to_all,
)
from services.referrals.domain.meetings import (
    Meeting,
    State,
    cancelled,
    check_ahead,
    check_shown,
    closed,
    in_the_room,
    opened,
)
from services.referrals.domain.programmes import programme, programmes
from services.referrals.domain.states import TAKEN
from services.referrals.domain.states import State as Stands

NOW = datetime(2026, 3, 30, 9, tzinfo=UTC)
POLICE, HERNING, REGION = "politi-mvj-fnt.psp", "kommune-0657.psp", "region-midtjylland.psp"
DISTRICT = [code for code, one in municipalities().items() if one.in_district]
CONTROL, TAX = "politi-mvj-fnt.alcapone", "skattestyrelsen-bandeenhed.alcapone"
ONE, OTHER = "kommune-0657.alcapone", "kommune-0791.alcapone"


def meeting(**more: object) -> Meeting:
    """Return a PSP meeting in Herning that is called."""
    words = (uuid4(), uuid4(), "psp", "0657", POLICE, NOW, (POLICE, HERNING, REGION), State.CONVENED, 1)
    return replace(Meeting(*words), **more)  # type: ignore[arg-type]  # a test's own words


def case(**more: object) -> GroupCase:
    """Return a case of PSP in Herning."""
    words = (uuid4(), uuid4(), uuid4(), "psp", "0657", uuid4(), (POLICE, HERNING, REGION), 3)
    return replace(GroupCase(*words), **more)  # type: ignore[arg-type]  # as above


@pytest.mark.ledger("O-6.1-07")
def test_psp_is_police_municipality_and_the_region_that_is_theirs() -> None:
    assert set(seats_of(group("psp"), "0657")) == {POLICE, HERNING, REGION}
    for code in ("0773", "0787"):
        assert "region-nordjylland.psp" in seats_of(group("psp"), code)


def test_every_group_has_its_seats_and_convener_in_every_municipality_of_the_district() -> None:
    for one in groups().values():
        for code in DISTRICT:
            where = one.forum_of(code)
            one.check_place(where)
            assert convener_of(one, where), one
            assert all("." in seat for seat in seats_of(one, code)), one


def test_a_group_is_where_it_is_and_nowhere_else() -> None:
    for code, where in (("psp", ""), ("psp", "0101"), ("alcapone", "0657"), ("psp_visitation", "0657")):
        with pytest.raises(NotFound):
            group(code).check_place(where)
    with pytest.raises(NotFound):
        group("rusmiddel")


@pytest.mark.ledger("O-6.1-14")
def test_who_convenes_is_who_the_plan_says() -> None:
    assert convener_of(group("psp"), "0657") == POLICE
    assert convener_of(group("ksp"), "0657") == "kriminalforsorgen.ksp"
    assert convener_of(group("ssp"), "0657") == "kommune-0657.ssp"
    assert convener_of(group("alcapone"), "") == CONTROL


@pytest.mark.ledger("O-6.1-07")
def test_psp_meets_within_its_days_and_who_need_not_says_none() -> None:
    assert next_due(NOW, group("psp").interval_days) == NOW + timedelta(days=28)
    assert next_due(NOW, None) is None
    with pytest.raises(FrequencyNeeded):
        group("psp").check_interval(None)
    group("alcapone").check_interval(None)
    group("psp").check_interval(14)


@pytest.mark.ledger("O-6.4-03")
def test_al_capone_calls_the_tax_unit_and_only_who_has_a_case() -> None:
    of = group("alcapone")
    mine = circle_of_case(of, "0657")
    assert set(mine) == {CONTROL, ONE, TAX}
    assert set(circle_of_meeting(of, "", [mine])) == {CONTROL, TAX, ONE}
    assert OTHER not in circle_of_meeting(of, "", [mine], like=[OTHER])
    assert set(circle_of_meeting(of, "", [])) == {CONTROL, TAX}


@pytest.mark.ledger("O-6.4-03")
def test_a_municipality_of_al_capone_does_not_learn_which_others_have_a_case() -> None:
    circle = [CONTROL, TAX, ONE, OTHER]
    assert known_to(ONE, circle, CONTROL, secret=True) == [CONTROL, TAX, ONE]
    assert known_to(CONTROL, circle, CONTROL, secret=True) == circle
    assert known_to(HERNING, [POLICE, HERNING, REGION], POLICE, secret=False) == [POLICE, HERNING, REGION]
    assert told_to_all(circle, secret=True) == (CONTROL, TAX)


def test_the_last_circle_is_taken_over_where_the_group_is_local() -> None:
    circle = circle_of_meeting(group("psp"), "0657", [], like=[POLICE, "kommune-0657.ssp"])
    assert circle == [POLICE, HERNING, REGION, "kommune-0657.ssp"]


def test_nobody_is_called_to_what_has_been() -> None:
    check_ahead(NOW + timedelta(minutes=1), NOW)
    for past in (NOW, NOW - timedelta(days=1)):
        with pytest.raises(MeetingInThePast):
            check_ahead(past, NOW)


def test_a_meeting_is_opened_led_and_closed_once_and_in_that_order() -> None:
    begun = opened(meeting(), [POLICE, HERNING, REGION], [], 1)
    later = in_the_room(begun, [POLICE, HERNING], [], 2)
    over = closed(later, 3)
    assert (over.state, over.version) == (State.HELD, 4)
    with pytest.raises(MeetingNotThere):
        opened(begun, [], [], 2)
    with pytest.raises(MeetingNotThere):
        in_the_room(meeting(), [], [], 1)
    with pytest.raises(MeetingNotThere):
        closed(over, 4)
    with pytest.raises(MeetingNotThere):
        cancelled(begun, 2)
    with pytest.raises(StaleVersion):
        closed(begun, 1)


@pytest.mark.ledger("O-6.1-07")
def test_without_one_of_the_three_sides_a_meeting_is_held_and_not_quorate() -> None:
    sides = {"police_unit": POLICE, "municipality": HERNING, "region": REGION}
    assert closed(opened(meeting(), list(sides.values()), [], 1), 2).quorate
    for kind, seat in sides.items():
        there = [one for one in sides.values() if one != seat]
        over = closed(opened(meeting(), there, [], 1), 2)
        assert (over.state, over.quorate, over.missing) == (State.HELD, False, (kind,))


def test_who_is_not_called_is_not_in_the_room_but_a_cases_guest_may_be() -> None:
    with pytest.raises(NotAParticipant):
        opened(meeting(), [POLICE, "kommune-0791.psp"], [], 1)
    assert opened(meeting(), [POLICE, "kommune-0657.ssp"], ["kommune-0657.ssp"], 1).present


SEATS = st.frozensets(st.sampled_from([POLICE, HERNING, REGION, "kommune-0657.ssp", "skoler-0657."]))


@given(room=SEATS, circle=SEATS)
def test_a_case_is_shown_only_while_all_in_the_room_belong_to_its_circle(
    room: frozenset[str], circle: frozenset[str]
) -> None:
    shown = meeting(state=State.OPEN, present=tuple(room))
    if room and all(seat in circle for seat in room):
        check_shown(shown, circle, on_agenda=True)
        return
    with pytest.raises(OutsideTheCircle) as refused:
        check_shown(shown, circle, on_agenda=True)
    assert refused.value.facts == {}


def test_a_case_is_shown_in_an_open_meeting_that_has_it() -> None:
    for state in set(State) - {State.OPEN}:
        with pytest.raises(MeetingNotThere):
            check_shown(meeting(state=state, present=(POLICE,)), {POLICE}, on_agenda=True)
    with pytest.raises(NotOnTheAgenda):
        check_shown(meeting(state=State.OPEN, present=(POLICE,)), {POLICE}, on_agenda=False)


def test_a_group_takes_up_what_its_receiver_accepted_and_nothing_before() -> None:
    for state in Stands:
        assert is_taken_up(state, "psp", groups()) == (state in TAKEN), state
        assert not is_taken_up(state, "rusmiddel", groups())


def test_a_case_that_is_over_or_that_others_changed_is_left_alone() -> None:
    case().check_open(3)
    with pytest.raises(StaleVersion):
        case().check_open(2)
    with pytest.raises(CaseEnded):
        case(ended_at=NOW).check_open()


@pytest.mark.ledger("O-6.1-10")
def test_an_authority_for_which_nobody_acts_is_flagged() -> None:
    assert without_owner(case().circle, {POLICE: "a"}) == [HERNING, REGION]
    assert without_owner(case().circle, dict.fromkeys(case().circle, "a")) == []


@pytest.mark.ledger("O-6.1-10")
def test_a_question_is_open_then_late_and_answered_even_late() -> None:
    by = NOW + timedelta(days=3)
    assert waits(by, None, NOW) is Waits.OPEN
    assert waits(by, None, by + timedelta(seconds=1)) is Waits.LATE
    assert waits(by, by + timedelta(days=9), by + timedelta(days=9)) is Waits.ANSWERED


@pytest.mark.ledger("O-6.1-12")
def test_only_psp_escalates_and_only_to_the_districts_group() -> None:
    assert group_above("psp").code == "psp_visitation"
    for code in set(programmes()) - {"psp"}:
        with pytest.raises(CannotBeEscalated):
            group_above(code)


@pytest.mark.ledger("O-6.1-05", "L-04")
def test_who_may_be_drawn_in_and_by_what() -> None:
    of, school = programme("psp"), "skoler-0657."
    check_actor(of, "kommune-0657.ssp", Standing.AUTHORITY, "", consented=False)
    check_actor(of, school, Standing.SELF_GOVERNING, DRAWN_IN, consented=False)
    check_actor(of, "offerraadgivningen.offer", Standing.PRIVATE, "", consented=True)
    with pytest.raises(OnlyWhenDrawnIn):
        check_actor(of, school, Standing.SELF_GOVERNING, "", consented=True)
    with pytest.raises(OnlyWhenDrawnIn):
        check_actor(programme("alcapone"), school, Standing.SELF_GOVERNING, DRAWN_IN, consented=True)
    with pytest.raises(PrivateNeedsConsent):
        check_actor(of, "offerraadgivningen.offer", Standing.PRIVATE, "", consented=False)
    for nobody in ("offerraadgivningen.offer", "nobody.psp"):
        with pytest.raises(NotAParticipant):
            check_actor(of, nobody, Standing.AUTHORITY, "", consented=True)


@pytest.mark.ledger("O-3-06")
def test_the_model_for_vulnerable_citizens_changes_nothing_in_a_psp_case() -> None:
    """Absent, draft or adopted it is told by councils, and referrals hears nothing of councils."""
    told = {event.__name__ for event in every_event().values() if event.context() == "councils"}
    heard = {name for name in told if "referrals" in listeners().get(name, [])}
    assert told
    assert heard == set()


def test_a_secret_group_tells_on_its_own_topics_alone() -> None:
    event = MeetingCancelled(
        programme="alcapone",
        basis=LegalBasis.GDPR_6_1_E,
        stated_purpose=Purpose.BENEFIT_CONTROL,
        meeting_id=uuid4(),
        forum_id=uuid4(),
        told=(CONTROL,),
    )
    assert event.circle() in CIRCLES
    assert {str(box) for box in event.audience()} == {CONTROL}

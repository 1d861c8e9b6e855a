"""A meeting from notice to its day, and the year wheel, without a database."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.councils.domain import agendas, meetings
from services.councils.domain import meeting_refusals as refusals
from services.councils.domain.aarshjul import fixed_points, next_look, require_enough
from services.councils.domain.bodies import BodyKind
from services.councils.domain.meetings import State
from tests.unit.councils.meeting_builders import HOUR, NOW, facts_of, held_on, meeting, wheel

# --- the meeting ----------------------------------------------------------------------------------------------------


@pytest.mark.ledger("O-2-07")
@pytest.mark.ledger("L-29")
def test_a_notice_too_late_is_refused_by_rule_and_paragraph_and_one_in_time_is_not() -> None:
    for of, said in (
        (BodyKind.LOKALRAAD, ("O-2-07", "samarbejdsplanen afsnit 2")),
        (BodyKind.KREDSRAAD, ("L-29", "BEK 1426/2006 §§ 2-4")),
    ):
        with pytest.raises(refusals.NoticeTooLate) as refused:
            meetings.noticed(meeting(13, of=of), NOW, 1)
        assert facts_of(refused) == said
        assert refused.value.facts["earliest"] == "2027-01-18"
        assert meetings.noticed(meeting(14, of=of), NOW, 1).noticed_at == NOW


def test_an_extraordinary_meeting_may_be_called_shortly_with_a_reason() -> None:
    with pytest.raises(refusals.ReasonNeeded):
        meetings.planned(meeting(1, ordinary=False), NOW)
    soon = meetings.planned(meeting(1, ordinary=False, reason="Et medlem har bedt om det."), NOW)
    noticed = meetings.noticed(soon, NOW, 1)
    assert meetings.agenda_sent(noticed, NOW, 2).state is State.CONVENED


def test_the_agenda_of_an_ordinary_meeting_goes_out_a_week_before() -> None:
    noticed = meetings.noticed(meeting(20), NOW, 1)
    with pytest.raises(refusals.AgendaTooLate) as refused:
        meetings.agenda_sent(noticed, NOW + timedelta(14), 2)
    assert facts_of(refused) == ("O-2-07", "samarbejdsplanen afsnit 2")
    assert meetings.agenda_sent(noticed, NOW + timedelta(13), 2).state is State.CONVENED


@pytest.mark.ledger("O-2-07")
def test_nobody_holds_a_meeting_of_which_notice_or_agenda_was_not_sent() -> None:
    later = NOW + timedelta(31)
    for before, missing in ((meeting(), "indkaldelse, dagsorden"), (meeting(noticed_at=NOW), "dagsorden")):
        with pytest.raises(refusals.NotConvened) as refused:
            meetings.held(before, later, 1, 1)
        assert (refused.value.status, refused.value.facts["missing"]) == (409, missing)


def test_a_meeting_is_not_held_before_it_begins() -> None:
    convened = meeting(noticed_at=NOW, agenda_sent_at=NOW, state=State.CONVENED)
    with pytest.raises(refusals.NotBegun):
        meetings.held(convened, convened.starts_at - timedelta(seconds=1), 1, 1)
    assert meetings.held(convened, convened.starts_at, 1, 2).title == "møde nr. 2/2027"


def test_a_time_that_has_been_or_ends_before_it_begins_is_refused() -> None:
    for wrong in (meeting(-1), meeting(30, ends_at=NOW), meeting(30, ends_at=NOW + timedelta(40))):
        with pytest.raises(refusals.TimeNotAhead):
            meetings.planned(wrong, NOW)


def test_only_whoever_is_invited_gets_a_change() -> None:
    to = NOW + timedelta(40)
    assert meetings.moved(meeting(), to, to + HOUR, "Ikast", NOW).sequence == 0
    noticed = meeting(noticed_at=NOW)
    assert meetings.moved(noticed, to, to + HOUR, "Ikast", NOW).sequence == 1
    with pytest.raises(refusals.NoticeTooLate):
        meetings.moved(noticed, NOW + timedelta(3), NOW + timedelta(3) + HOUR, "Ikast", NOW)


# --- the year -------------------------------------------------------------------------------------------------------


@pytest.mark.ledger("O-2-07")
def test_three_held_meetings_on_the_last_day_are_a_breach_and_four_are_none() -> None:
    days = [date(2027, month, 2) for month in (2, 5, 8, 11)]
    end = date(2027, 12, 31)
    every = frozenset(code for code, _ in agendas.STANDING[BodyKind.LOKALRAAD])
    three = wheel(end, *map(held_on, days[:3]), treated=every)
    assert [(one["rule"], one["held"]) for one in three.breaches] == [("O-2-07", 3)]
    assert wheel(end, *map(held_on, days), treated=every).breaches == []
    assert wheel(end - timedelta(1), *map(held_on, days[:3]), treated=every).breaches == []


@pytest.mark.ledger("O-2-07")
def test_cancelled_and_extraordinary_meetings_do_not_count() -> None:
    first = held_on(date(2027, 2, 2))
    extra = held_on(date(2027, 3, 2), ordinary=False, reason="haster")
    off = replace(meeting(90), state=State.CANCELLED)
    found = wheel(date(2027, 4, 1), first, extra, off)
    assert (found.held, found.planned, found.missing) == (1, 1, 3)


@pytest.mark.ledger("O-2-07")
@pytest.mark.ledger("L-29")
def test_a_year_says_when_it_is_time_to_act_and_when_the_weeks_cannot_fit_what_is_missing() -> None:
    one = held_on(date(2027, 2, 2))
    act_by = wheel(date(2027, 3, 1), one).act_by
    assert act_by == date(2027, 12, 31) - timedelta(42)
    told = {day: wheel(day, one).warnings for day in (date(2027, 3, 1), act_by, act_by + timedelta(1))}
    assert list(told.values()) == [
        ["fewer_than_four_planned"],
        ["fewer_than_four_planned", "act_soon"],
        ["fewer_than_four_planned", "cannot_fit"],
    ]
    ahead = [replace(held_on(date(2027, month, 2)), state=State.PLANNED) for month in (4, 7, 10)]
    assert wheel(date(2027, 3, 1), one, *ahead).warnings == []
    assert wheel(date(2026, 12, 1)).warnings == []


@pytest.mark.ledger("O-2-07")
@pytest.mark.ledger("L-29")
def test_a_year_with_fewer_than_four_meetings_is_refused_by_rule_and_paragraph() -> None:
    new = [meeting(days) for days in (30, 120, 210, 300)]
    for of, said in (
        (BodyKind.LOKALRAAD, ("O-2-07", "samarbejdsplanen afsnit 2")),
        (BodyKind.KREDSRAAD, ("L-29", "BEK 1426/2006 §§ 2-4")),
    ):
        with pytest.raises(refusals.TooFewMeetings) as refused:
            require_enough(wheel(NOW.date(), of=of), new[:3])
        assert (facts_of(refused), refused.value.facts["missing"]) == (said, 1)
        require_enough(wheel(NOW.date(), of=of), new)
    with pytest.raises(refusals.TooFewMeetings):
        require_enough(wheel(NOW.date()), [*new[:3], meeting(320, ordinary=False, reason="haster")])
    with pytest.raises(refusals.OutsideTheYear):
        require_enough(wheel(NOW.date()), [*new, meeting(400)])


@pytest.mark.ledger("O-1-06")
@pytest.mark.ledger("O-2-05")
def test_a_standing_topic_that_was_not_treated_in_the_year_is_a_breach() -> None:
    days = [date(2027, month, 2) for month in (2, 5, 8, 11)]
    for of, rule in ((BodyKind.KREDSRAAD, "O-1-06"), (BodyKind.LOKALRAAD, "O-2-05")):
        codes = [code for code, _ in agendas.STANDING[of]]
        assert len(codes) == 4
        found = wheel(date(2028, 1, 1), *map(held_on, days), of=of, treated=frozenset(codes[:3]))
        assert [(one["rule"], one["topic"]) for one in found.breaches] == [(rule, codes[3])]
        assert replace(found, treated=frozenset(codes)).breaches == []


def test_nothing_is_overdue_before_a_council_is_in_service() -> None:
    late = wheel(date(2027, 12, 31), in_service=date(2027, 8, 1))
    assert (late.required, [one["rule"] for one in late.breaches]) == (1, ["O-2-07"])
    assert wheel(date(2027, 12, 31), in_service=date(2028, 1, 1)).breaches == []


def test_a_year_has_its_fixed_points_in_order_and_is_looked_at_again_when_something_can_be_missing() -> None:
    for of in BodyKind:
        found = fixed_points(of, 2027)
        assert [one.first for one in found] == sorted(one.first for one in found)
        assert sum(". møde" in one.title for one in found) == 4
        assert found[-1].last <= date(2027, 12, 31)
    assert next_look(date(2026, 12, 31)).isoformat() == "2027-01-01T00:00:00+01:00"
    assert next_look(date(2027, 1, 1)).isoformat() == "2027-02-01T00:00:00+01:00"

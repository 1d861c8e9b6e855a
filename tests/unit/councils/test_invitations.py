"""Invitations through the `icalendar` package and back: UID, SEQUENCE, times over both clock changes, answers."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Event, vCalAddress

from contracts.hverdage import DANISH_TIME
from services.councils.domain import invitations, meetings
from services.councils.domain.bodies import BodyKind
from services.councils.domain.invitations import Frame, Guest
from services.councils.domain.meeting_refusals import NotAReply, ReplyOutdated
from services.councils.domain.meetings import Meeting, State

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
FRAME = Frame("Lokalrådet i Herning Kommune", NOW, demonstration=True)
OFFICE, MEMBER = "raad@politi.example", "jens.birk@herning.example"

MOMENTS = st.integers(0, 4 * 365 * 24 * 60).map(lambda minutes: NOW + timedelta(minutes=minutes))
AROUND_THE_CHANGES = st.sampled_from([datetime(2027, 3, 28, tzinfo=UTC), datetime(2027, 10, 31, tzinfo=UTC)]).flatmap(
    lambda day: st.integers(-300, 300).map(lambda minutes: day + timedelta(hours=1, minutes=minutes))
)


def meeting(starts_at: datetime = NOW + timedelta(30), length: timedelta = timedelta(hours=2), **more: Any) -> Meeting:  # noqa: ANN401
    facts = (uuid4(), uuid4(), BodyKind.LOKALRAAD, True, starts_at, starts_at + length, "Rådhuset, Herning")
    return replace(Meeting(*facts), noticed_at=NOW, **more)


def only_event(written: bytes) -> tuple[Any, Any]:
    calendar = Calendar.from_ical(written)
    [event] = calendar.walk("VEVENT")
    return calendar, event


def reply(to: bytes, answer: str = "ACCEPTED", stamped_at: datetime = NOW, **changed: object) -> bytes:
    """Answer an invitation as a calendar does: from what it got."""
    _, asked = only_event(to)
    attendee = vCalAddress(str(asked["attendee"]))
    attendee.params["PARTSTAT"] = answer
    event = Event()
    facts = {"uid": str(asked["uid"]), "sequence": int(asked["sequence"]), "dtstamp": stamped_at, "attendee": attendee}
    for name, value in (facts | {"organizer": asked["organizer"], "dtstart": asked["dtstart"].dt} | changed).items():
        event.add(name, value)
    calendar = Calendar()
    calendar.add("prodid", "-//Somebody's calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "REPLY")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


@settings(max_examples=60, deadline=None)
@given(starts_at=MOMENTS | AROUND_THE_CHANGES, minutes=st.integers(1, 960), sequence=st.integers(0, 99))
def test_times_uid_and_sequence_come_back_as_they_were_over_both_clock_changes(
    starts_at: datetime, minutes: int, sequence: int
) -> None:
    sent = meeting(starts_at, timedelta(minutes=minutes), sequence=sequence)
    written = invitations.invitation(sent, OFFICE, Guest(MEMBER), ["Kriminalitetsudviklingen"], FRAME)
    calendar, event = only_event(written)
    assert event["dtstart"].dt.astimezone(UTC) == sent.starts_at
    assert event["dtend"].dt.astimezone(UTC) == sent.ends_at
    assert (event["uid"], event["sequence"]) == (f"{sent.id}@samvirke.example", sequence)
    [zone] = calendar.walk("VTIMEZONE")
    assert zone["tzid"] == "Europe/Copenhagen"
    # The zone that travels along says the same as the reader's own.
    if event["dtstart"].params.get("TZID"):
        wall = event["dtstart"].dt.replace(tzinfo=None)
        assert wall.replace(tzinfo=zone.to_tz(lookup_tzid=False)).astimezone(UTC) == sent.starts_at
    assert Calendar.from_ical(written).to_ical() == written


def test_an_invitation_asks_one_recipient_for_an_answer_and_names_who_sends_it() -> None:
    calendar, event = only_event(invitations.invitation(meeting(), OFFICE, Guest(MEMBER), [], FRAME))
    assert (calendar["method"], event["status"]) == ("REQUEST", "CONFIRMED")
    assert str(event["organizer"]) == f"mailto:{OFFICE}"
    assert (str(event["attendee"]), event["attendee"].params["RSVP"]) == (f"mailto:{MEMBER}", "TRUE")
    assert event["attendee"].params["PARTSTAT"] == "NEEDS-ACTION"


def test_a_change_and_a_cancellation_keep_the_uid_and_raise_the_sequence() -> None:
    first = meeting()
    later = first.starts_at + timedelta(7)
    second = meetings.moved(first, later, later + timedelta(hours=1), "Ikast", NOW)
    third = meetings.cancelled(second, "aflyst", second.version)
    found = [
        only_event(invitations.invitation(one, OFFICE, Guest(MEMBER), [], FRAME)) for one in (first, second, third)
    ]
    assert [str(calendar["method"]) for calendar, _ in found] == ["REQUEST", "REQUEST", "CANCEL"]
    assert [int(event["sequence"]) for _, event in found] == [0, 1, 2]
    assert len({str(event["uid"]) for _, event in found}) == 1
    assert (third.state, str(found[2][1]["status"])) == (State.CANCELLED, "CANCELLED")


def test_whoever_is_moved_out_gets_a_cancel_of_their_own_and_the_meeting_is_not_called_off() -> None:
    after, edition = meetings.withdrawn(meeting(sequence=3))
    out = Guest(MEMBER, 'Anna "Ane" Bro', withdrawn=True)
    calendar, event = only_event(invitations.invitation(replace(after, sequence=edition), OFFICE, out, [], FRAME))
    assert (str(calendar["method"]), int(event["sequence"]), "status" in event) == ("CANCEL", 4, False)
    assert event["attendee"].params["CN"] == "Anna 'Ane' Bro"
    assert (after.sequence, after.answers_from, after.version) == (5, 0, 1), "who is invited next has a higher one"


def test_an_answer_from_a_shared_address_is_whose_it_says_or_everybodys_there() -> None:
    asked = invitations.invitation(meeting(), OFFICE, Guest(MEMBER, "Anna Bro"), [], FRAME)
    read, (anna, bo) = invitations.read(reply(asked)), (uuid4(), uuid4())
    there = [(anna, "Anna Bro"), (bo, "Bo Dam")]
    assert invitations.whose(replace(read, name="bo dam"), there) == [bo]
    assert invitations.whose(replace(read, name=""), there) == [anna, bo]
    assert invitations.whose(replace(read, name="Carl"), there) == [anna, bo]
    assert invitations.whose(read, []) == []


def test_an_answer_counts_until_time_or_place_is_another() -> None:
    read = invitations.read(reply(invitations.invitation(meeting(), OFFICE, Guest(MEMBER), [], FRAME)))
    after, _ = meetings.withdrawn(meeting())
    invitations.require_current(read, after, None)
    with pytest.raises(ReplyOutdated):
        invitations.require_current(read, replace(after, answers_from=1), None)


def test_the_public_feed_has_nobodys_address_and_asks_nobody() -> None:
    text = invitations.feed([meeting(), meeting(sequence=3)], FRAME).decode()
    assert "METHOD:PUBLISH" in text
    assert text.count("BEGIN:VEVENT") == 2
    assert not [word for word in ("ATTENDEE", "ORGANIZER", "mailto") if word in text]
    assert "BEGIN:VCALENDAR" in invitations.feed([], FRAME).decode()


def test_an_exercise_and_a_demonstration_say_so_in_the_calendar() -> None:
    _, event = only_event(invitations.invitation(meeting(), OFFICE, Guest(MEMBER), [], replace(FRAME, exercise=True)))
    assert str(event["summary"]).startswith("ØVELSE: ")
    assert "Demonstration, ikke en myndighed" in str(event["description"])


@settings(max_examples=30, deadline=None)
@given(answer=st.sampled_from(invitations.ANSWERS), sequence=st.integers(0, 9))
def test_an_answer_is_read_back_with_who_gave_it_and_to_which_invitation(answer: str, sequence: int) -> None:
    sent = meeting(sequence=sequence)
    read = invitations.read(reply(invitations.invitation(sent, OFFICE, Guest(MEMBER.upper()), [], FRAME), answer))
    assert (read.meeting_id, read.address, read.answer) == (sent.id, MEMBER, answer)
    assert (read.sequence, read.stamped_at) == (sequence, NOW)
    invitations.require_current(read, sent, None)


def test_an_answer_to_an_earlier_invitation_or_an_earlier_answer_is_refused() -> None:
    sent = meeting()
    read = invitations.read(reply(invitations.invitation(sent, OFFICE, Guest(MEMBER), [], FRAME)))
    for changed, last in ((replace(sent, sequence=1, answers_from=1), None), (sent, NOW + timedelta(seconds=1))):
        with pytest.raises(ReplyOutdated):
            invitations.require_current(read, changed, last)
    with pytest.raises(NotAReply):
        invitations.require_current(replace(read, sequence=1), sent, None)
    invitations.require_current(read, sent, NOW)


def test_what_is_no_answer_of_one_attendee_is_refused() -> None:
    asked = invitations.invitation(meeting(), OFFICE, Guest(MEMBER), [], FRAME)
    good = reply(asked)
    _, event = only_event(good)
    alone = good.replace(b"METHOD:REPLY", b"METHOD:COUNTER")
    stranger = reply(asked, uid=f"{UUID(int=1)}@elsewhere.example")
    wrong = [
        *(asked, alone, stranger, b"", b"\xff\xfe", b"BEGIN:VCALENDAR", b"x" * (invitations.LARGEST + 1)),
        *(reply(asked, "NEEDS-ACTION"), reply(asked, uid="no id@samvirke.example"), reply(asked, uid="")),
        *(reply(asked, attendee=[event["attendee"], event["attendee"]]), reply(asked, dtstamp=NOW.date())),
    ]
    for body in wrong:
        with pytest.raises(NotAReply):
            invitations.read(body)


@settings(max_examples=60, deadline=None)
@given(cut=st.integers(0, 700), junk=st.binary(max_size=20))
def test_a_damaged_file_is_refused_and_never_breaks_the_reader(cut: int, junk: bytes) -> None:
    good = reply(invitations.invitation(meeting(), OFFICE, Guest(MEMBER), [], FRAME))
    try:
        invitations.read(good[:cut] + junk + good[cut + len(junk) :])
    except NotAReply:
        return


def test_the_same_hour_twice_is_told_in_universal_time() -> None:
    second = datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
    _, event = only_event(invitations.invitation(meeting(second), OFFICE, Guest(MEMBER), [], FRAME))
    assert event["dtstart"].dt.astimezone(UTC) == second
    assert second.astimezone(DANISH_TIME).fold == 1

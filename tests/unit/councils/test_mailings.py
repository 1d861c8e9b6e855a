"""A mail's words, what becomes of it after a try, and that it reveals nothing it should not."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from pydantic import ValidationError

from services.councils.app.mail_settings import MailSettings
from services.councils.app.mailing import mail_of
from services.councils.domain.bodies import BodyKind
from services.councils.domain.invitations import Frame, Guest, invitation
from services.councils.domain.mailings import (
    LONGEST_PAUSE_S,
    Draft,
    House,
    Kind,
    Mailing,
    MailState,
    Words,
    about_link,
    about_meeting,
    about_round,
    after,
    framed,
    in_time,
)
from services.councils.domain.meetings import Meeting

AT = datetime(2027, 1, 12, 9, tzinfo=UTC)
MEETING = Meeting(uuid4(), uuid4(), BodyKind.LOKALRAAD, True, AT, AT + timedelta(hours=2), "Rådhuset")
COUNCIL = "Lokalrådet i Herning Kommune"
SENDER = "raad@samvirke.example"
MAIL = Mailing(uuid4(), MEETING.body_id, Kind.INVITATION, MEETING.id, AT, queued_at=AT - timedelta(20))


def test_a_mail_is_sent_failed_or_waits_and_nothing_else() -> None:
    assert after("accepted", 1, 24).state is MailState.SENT
    assert after("refused", 1, 24).state is MailState.FAILED
    assert [after("later", tries, 24).pause_s for tries in (1, 2, 3, 23)] == [30, 60, 120, LONGEST_PAUSE_S]
    assert after("unknown", 24, 24).state is MailState.FAILED


@given(st.sampled_from(["later", "unknown"]), st.integers(1, 1000))
def test_a_mail_that_may_go_later_waits_until_it_was_tried_often_enough(ending: str, tries: int) -> None:
    found = after(ending, tries, 24)
    assert found.state is (MailState.FAILED if tries >= 24 else MailState.WAITING)
    assert 0 <= found.pause_s <= LONGEST_PAUSE_S


def test_a_subject_says_council_and_day_and_nothing_of_the_agenda() -> None:
    said = about_meeting(Kind.AGENDA, 0, COUNCIL, MEETING, ["Vold i nattelivet"], "https://raad.example/moede/1")
    assert said.subject == f"{COUNCIL}: dagsorden til møde 12. januar 2027"
    assert "Vold i nattelivet" in said.text
    assert "kl. 10.00" in said.text
    moved = about_meeting(Kind.INVITATION, 2, COUNCIL, MEETING, ["Vold i nattelivet"], "")
    assert moved.subject == f"{COUNCIL}: ændret møde 12. januar 2027"
    assert "Vold i nattelivet" not in moved.text
    assert about_meeting(Kind.CANCELLATION, 1, COUNCIL, MEETING, [], "").subject.startswith(f"{COUNCIL}: aflyst møde")


def test_a_link_stands_in_the_text_and_never_in_the_subject() -> None:
    link = "https://raad.example/l/secret"
    for said in (about_link(COUNCIL, AT, link), about_round(COUNCIL, MEETING, AT, link, is_link=True)):
        assert link in said.text
        assert "secret" not in said.subject
        assert "send det ikke videre" in said.text
    assert "Log ind" in about_round(COUNCIL, MEETING, AT, "x", is_link=False).text


def test_a_demonstration_and_an_exercise_say_what_they_are() -> None:
    words = Words("s", ("t",))
    assert framed(words, House("b", SENDER)) == words
    assert "demonstration" in framed(words, House("b", SENDER, demonstration=True)).text
    assert framed(words, House("b", SENDER, exercise=True)).subject == "ØVELSE: s"


def test_an_invitation_is_text_and_calendar_for_one_recipient_under_the_same_id_on_every_try() -> None:
    calendar = invitation(MEETING, "sekretariat@herning.example", Guest("jens@herning.example"), (), Frame(COUNCIL, AT))
    words = about_meeting(Kind.INVITATION, 0, COUNCIL, MEETING, (), "https://raad.example/moede/1")
    draft = Draft("jens@herning.example", COUNCIL, words, "sekretariat@herning.example", calendar, "REQUEST")
    written = [mail_of(draft, MAIL, SENDER).as_bytes() for _ in range(2)]
    mail = message_from_bytes(written[0], policy=default)
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/calendar"]
    part = next(one for one in mail.walk() if one.get_content_type() == "text/calendar")
    assert part.get_param("method") == "REQUEST"
    read = Calendar.from_ical(str(part.get_payload(decode=True), "utf-8"))  # type: ignore[arg-type]  # bytes here
    assert str(read["method"]) == "REQUEST"
    assert str(read.walk("VEVENT")[0]["attendee"]) == "mailto:jens@herning.example"
    assert mail["Message-ID"] == f"<{MAIL.id}@samvirke.example>"
    assert mail["Reply-To"] == "sekretariat@herning.example"
    assert mail["To"] == "jens@herning.example"
    assert mail["Subject"] == words.subject
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "Rådhuset" in next(mail.iter_parts()).get_content()


def test_a_notice_is_in_time_fourteen_danish_days_before_and_an_agenda_seven() -> None:
    assert in_time(MEETING, Kind.INVITATION, datetime(2026, 12, 29, 22, 59, tzinfo=UTC)) is True
    assert in_time(MEETING, Kind.INVITATION, datetime(2026, 12, 29, 23, 1, tzinfo=UTC)) is False
    assert in_time(MEETING, Kind.AGENDA, datetime(2027, 1, 5, 12, tzinfo=UTC)) is True
    assert in_time(MEETING, Kind.ROUND, AT) is None


def test_a_mail_server_that_does_not_fit_does_not_start() -> None:
    with pytest.raises(ValidationError, match="address to send from"):
        MailSettings(base="smtp://127.0.0.1:25")
    with pytest.raises(ValidationError, match="base"):
        MailSettings(base="http://127.0.0.1", sender=SENDER)
    assert MailSettings().base == ""

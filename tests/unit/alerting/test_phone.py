"""The page behind a link: which answers a text takes, what is told of others, when it ends, and the contact card."""

import base64
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal
from uuid import uuid4

import pytest

from contracts.alerting.v1 import AnswerKind
from services.alerting.app.channels.settings import ProviderSettings
from services.alerting.app.pages import links_from, push_key_from, senders_of
from services.alerting.domain import phone
from services.alerting.domain.calling import Reply
from services.alerting.domain.contact import card
from services.alerting.domain.links import SHOWN_AFTER_ITS_END, LinkEnded, LinkUnknown, keys_of, require_shown, token_of
from services.alerting.domain.phone import NoSuchAnswer, Person, cards, kinds, parties, read_choice, says
from services.alerting.domain.push import NoPushService, require_push_service
from services.alerting.domain.texts import templates, unframed

NOON = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)


def person(authority: str, name: str | None, answer: str | None = None, *, own: bool = False) -> Person:
    return Person(authority, "beredskab", name, answer, 30 if answer == "coming" else None, NOON, own)


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("coming 15", Reply(AnswerKind.COMING, 15)),
        ("coming", Reply(AnswerKind.COMING)),
        ("coming 1440", Reply(AnswerKind.COMING, 1440)),
        ("virtual", Reply(AnswerKind.VIRTUAL)),
        ("cannot", Reply(AnswerKind.CANNOT)),
        ("arrived", Reply(AnswerKind.ARRIVED)),
    ],
)
def test_a_button_says_one_of_the_answers(text: str, reply: Reply) -> None:
    assert read_choice(text, "call_in") == reply


@pytest.mark.parametrize(
    "text", ["", "seen", "coming 1441", "coming  5", "virtual 5", " coming", "coming 5\n", "COMING"]
)
def test_whatever_else_it_says_is_refused(text: str) -> None:
    with pytest.raises(NoSuchAnswer):
        read_choice(text, "call_in")


def test_what_only_has_to_be_seen_takes_no_other_answer() -> None:
    assert kinds("underretning_new") == ("seen",)
    with pytest.raises(NoSuchAnswer):
        read_choice("coming 5", "underretning_new")


def test_every_answer_of_every_text_has_its_words() -> None:
    assert {kind for code in templates() for kind in kinds(code)} == set(AnswerKind)
    assert set(phone.SAID) == set(AnswerKind)


def test_every_text_that_is_answered_has_an_action_card_and_no_other_has() -> None:
    assert set(cards()) == {code for code in templates() if kinds(code)}


def test_an_answer_is_told_with_the_time_of_arrival_in_denmark() -> None:
    assert says("coming", 30, NOON) == "kommer ca. kl. 13.30"
    assert says("coming", None, NOON) == "kommer"
    assert says("cannot", None, NOON) == "kan ikke"
    assert says(None, None, None) == "har ikke svaret"


def test_the_own_office_comes_first_by_name_and_the_others_are_counted() -> None:
    called = [
        person("kommune-0615", None, "virtual"),
        person("kommune-0615", None, "cannot"),
        person("kommune-0657", "Bo", "coming"),
        person("kommune-0657", "Anna", own=True),
    ]
    own, other = parties(called)
    assert [f"{one.name}: {one.says}" for one in own.colleagues] == ["Bo: kommer ca. kl. 13.30", "Dig: har ikke svaret"]
    assert (own.own, own.counts) == (True, "")
    assert (other.own, other.colleagues, other.counts) == (False, (), "1 deltager virtuelt, 1 kan ikke")


def test_a_page_shows_each_field_once() -> None:
    shown = unframed("call_in", {"what": "Stormflod", "place": "Holstebro", "at": "14.30"})
    assert shown.subject.endswith("Stormflod")
    assert shown.facts == (("Mødested", "Holstebro"), ("Tidspunkt", "14.30"))


def test_an_open_alert_is_shown_to_everybody_who_was_called() -> None:
    require_shown("open", None, None, NOON)


def test_an_ended_alert_is_shown_for_a_while_to_those_who_answered() -> None:
    require_shown("closed", NOON, "seen", NOON + SHOWN_AFTER_ITS_END)
    for answer, later in ((None, timedelta()), ("seen", SHOWN_AFTER_ITS_END + timedelta(seconds=1))):
        with pytest.raises(LinkEnded):
            require_shown("closed", NOON, answer, NOON + later)


def test_a_key_file_holds_one_key_a_line_and_none_that_is_short() -> None:
    new, old = bytes(32), bytes([1]) * 32
    text = "\n".join(base64.b64encode(one).decode() for one in (new, old))
    assert keys_of(text) == (new, old)
    for wrong in ("", base64.b64encode(bytes(31)).decode(), "no base64!"):
        with pytest.raises(ValueError, match=r".*"):
            keys_of(wrong)


def test_a_live_base_address_must_leave_an_sms_room_for_its_text(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(base64.b64encode(bytes(32)).decode())
    environment = {"ALERTING_LINK_BASE": "https://a-very-long-name.example/", "ALERTING_LINK_KEY_FILE": str(file)}
    with pytest.raises(ValueError, match="21 characters"):
        links_from(environment, demonstration=False)
    links, call_id = links_from(environment, demonstration=True), uuid4()
    assert links.address(call_id) == f"https://a-very-long-name.example/s/{token_of(call_id, bytes(32))}"
    with pytest.raises(LinkUnknown):
        links.call_of("garbled")


def sending(name: str, channel: Literal["sms", "voice"], sender: str, *, replies: bool = True) -> ProviderSettings:
    """Return a provider with a sender."""
    return ProviderSettings(name=name, channel=channel, kind="gateway", base="http://h", sender=sender, replies=replies)


def test_the_contact_holds_every_number_once_and_says_what_it_stands_in() -> None:
    providers = [
        sending("sms-a", "sms", "+4500000001"),
        sending("voice-a", "voice", "+4500000001"),
        sending("voice-b", "voice", "+4500000002"),
        sending("sms-b", "sms", "Samvirke", replies=False),
        ProviderSettings(name="mail", channel="email", kind="smtp", base="smtp://h:1", sender="vagt@samvirke.example"),
    ]
    text = card(senders_of(providers), exercise=True, demonstration=True)
    assert text.count("TEL;") == 2
    assert "FN:ØVELSE Samvirke beredskab\r\n" in text
    assert "Demonstration\\, ikke en myndighed" in text
    live = card((), exercise=False, demonstration=False)
    assert "ØVELSE" not in live
    assert "Demonstration" not in live
    assert live.endswith("END:VCARD\r\n")


def test_a_browser_is_given_the_public_half_of_the_key(tmp_path: Path) -> None:
    assert push_key_from({}) == ""
    file = tmp_path / "vapid"
    file.write_text(base64.b64encode(bytes([7]) * 32).decode())
    key = push_key_from({"ALERTING_VAPID_KEY_FILE": str(file)})
    assert base64.urlsafe_b64decode(key + "=")[:1] == b"\x04"
    assert len(key) == 87


@pytest.mark.parametrize(
    "host",
    ["fcm.googleapis.com", "updates.push.services.mozilla.com", "web.push.apple.com", "wns2-am3p.notify.windows.com"],
)
def test_the_push_services_of_browsers_are_taken(host: str) -> None:
    require_push_service(host, "https", is_loopback=False, demonstration=False)
    with pytest.raises(NoPushService):
        require_push_service(host, "http", is_loopback=False, demonstration=False)
    with pytest.raises(NoPushService):
        require_push_service(host, "https", is_loopback=False, demonstration=True)


@pytest.mark.parametrize(
    "host", ["evil.example", "fcm.googleapis.com.evil.example", "push.apple.com", "xpush.apple.com", ""]
)
def test_any_other_address_is_refused(host: str) -> None:
    with pytest.raises(NoPushService):
        require_push_service(host, "https", is_loopback=False, demonstration=False)


def test_this_machine_is_for_demonstrations_alone() -> None:
    require_push_service("127.0.0.1", "http", is_loopback=True, demonstration=True)
    with pytest.raises(NoPushService):
        require_push_service("127.0.0.1", "https", is_loopback=True, demonstration=False)


def test_nobody_is_on_the_way_because_of_a_poll() -> None:
    words = phone.words_of("staff_readiness")
    assert says("coming", 30, NOON, words) == "kan møde"
    [party] = parties([person("kommune-0665", None, "coming")], words)
    assert party.counts == "1 kan møde"
    assert phone.words_of("call_in") is phone.SAID

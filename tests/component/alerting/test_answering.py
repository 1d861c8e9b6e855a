"""Answers from a telephone: by SMS and by keys, signed by the provider; what is not understood is kept and shown."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from deploy.local.databases import in_database
from deploy.local.provision import admin_url
from tests.component.alerting.conftest import Duty
from tests.component.alerting.duty import Office, telephone
from tests.component.alerting.gateways import A, B, Gateways, stranger

pytestmark = pytest.mark.component


class Called:
    """Somebody on duty, who is called."""

    def __init__(self, duty: Duty, gateways: Gateways, *channels: str, **more: Any) -> None:  # noqa: ANN401  fields of the body
        self.duty, self.gateways = duty, gateways
        self.office: Office = duty.office()
        self.who = self.office.person("Anna", channels or ("sms",))
        self.office.on_duty(self.who)
        self.number = telephone(self.who)
        self.alert = self.call(**more)

    def call(self, **more: Any) -> UUID:  # noqa: ANN401  fields of the body
        """Call them once more, and wait until it has reached them."""
        alert = self.duty.raise_alert(self.office, **more)
        self.duty.wait_for("the message", lambda: self.reached(alert))
        return alert

    def reached(self, alert: UUID) -> bool:
        calls = self.duty.board(alert)["calls"]
        return bool(calls) and any(one["state"] in {"accepted", "delivered"} for one in calls[0]["deliveries"])

    def answer(self, alert: UUID | None = None) -> tuple[str | None, int | None, str | None]:
        """Return the answer that counts, with its minutes and how it came."""
        [call] = self.duty.board(alert or self.alert)["calls"]
        return call["answer"], call["eta_minutes"], call["answer_source"]

    def wait_for_answer(self, answer: str, alert: UUID | None = None) -> tuple[str | None, int | None, str | None]:
        self.duty.wait_for(answer, lambda: self.answer(alert)[0] == answer)
        return self.answer(alert)

    def unread(self, alert: UUID | None = None) -> list[tuple[str, str]]:
        """Return the replies that somebody must read."""
        return [(one["said"], one["outcome"]) for one in self.duty.board(alert or self.alert)["unread"]]

    def texts(self) -> list[str]:
        """Return every SMS that they got."""
        return [one["text"] for name in (A, B) for one in self.gateways.taken(name, self.number)]


@pytest.fixture
def called(duty: Duty, gateways: Gateways) -> Called:
    return Called(duty, gateways)


def test_a_reply_by_sms_counts_and_the_last_one_stands(called: Called, gateways: Gateways) -> None:
    gateways.reply(called.number, "1 40")
    assert called.wait_for_answer("coming") == ("coming", 40, "sms")
    gateways.reply(called.number, "Kan ikke!", B)
    called.wait_for_answer("cannot")
    gateways.reply(called.number, "fremme")
    assert called.wait_for_answer("arrived") == ("arrived", None, "sms")


def test_one_who_only_has_to_see_it_answers_1(duty: Duty, gateways: Gateways) -> None:
    called = Called(duty, gateways, template="underretning_new", policy="underretning", wanted="first", fields={})
    gateways.reply(called.number, "1")
    called.wait_for_answer("seen")
    duty.wait_for("the end", lambda: duty.board(called.alert)["state"] == "closed")


def test_what_nobody_understands_is_shown_and_answered_once_with_how(called: Called, gateways: Gateways) -> None:
    for words in ("hvad sker der?", "ring lige"):
        gateways.reply(called.number, words)
    called.duty.wait_for("both to read", lambda: len(called.unread()) == 2)
    assert {outcome for _, outcome in called.unread()} == {"not_understood"}
    assert called.answer()[0] is None
    called.duty.wait_for("how to answer", lambda: len(called.texts()) == 2)
    gateways.reply(called.number, "1")
    called.wait_for_answer("coming")
    assert called.unread() == [], "who has answered after all leaves nothing to read"
    assert len(called.texts()) == 2, "told once, not after each reply"
    assert "forstået" in called.texts()[1]


def test_with_two_calls_open_the_reply_must_say_which(called: Called, gateways: Gateways) -> None:
    second = called.call()
    letters = {alert: called.duty.board(alert)["calls"][0]["letter"] for alert in (called.alert, second)}
    assert f"{letters[second]}1" in called.texts()[1], "the second message says its letter"
    gateways.reply(called.number, "1")
    called.duty.wait_for("it to be read", lambda: called.unread() == called.unread(second) == [("1", "which_call")])
    assert (called.answer()[0], called.answer(second)[0]) == (None, None)
    called.duty.wait_for("which calls there are", lambda: len(called.texts()) == 3)
    assert all(letter in called.texts()[2] for letter in letters.values())
    gateways.reply(called.number, f"{letters[second].lower()} 1 20")
    assert called.wait_for_answer("coming", second)[1] == 20
    assert called.answer()[0] is None


def test_a_reply_after_the_end_is_shown_and_its_sender_is_told(called: Called, gateways: Gateways) -> None:
    called.duty.ask("POST", f"/alerts/{called.alert}/close", json={})
    gateways.reply(called.number, "1")
    called.duty.wait_for("it to be read", lambda: called.unread() == [("1", "too_late")])
    called.duty.wait_for("the word back", lambda: len(called.texts()) == 2)
    assert called.answer()[0] is None


def test_keys_pressed_during_a_call_are_an_answer(duty: Duty, gateways: Gateways) -> None:
    called = Called(duty, gateways, "voice", policy="everyone")
    duty.wait_for("the telephone rings", lambda: gateways.taken(A, called.number, "voice"))
    gateways.press(called.number, "3")
    assert called.wait_for_answer("virtual") == ("virtual", None, "voice")


def test_a_machine_that_takes_the_call_has_answered_nothing_and_reached_nobody(duty: Duty, gateways: Gateways) -> None:
    office = duty.office()
    who = office.person("Anna", ("voice",))
    office.on_duty(who)
    gateways.phone(telephone(who), machine=True)
    alert = duty.raise_alert(office)
    quick_voice(duty, alert)
    duty.wait_for("the machine", lambda: voice(duty, alert) and voice(duty, alert)[0]["failure"] == "machine")
    gateways.press(telephone(who), "1", machine=True)
    wait_until_heard(duty)
    [call] = duty.board(alert)["calls"]
    assert (call["state"], call["answer"]) == ("called", None)


def voice(duty: Duty, alert: UUID) -> list[dict[str, Any]]:
    return [one for call in duty.board(alert)["calls"] for one in call["deliveries"] if one["channel"] == "voice"]


def quick_voice(duty: Duty, alert: UUID) -> None:
    """Let the step that rings be due now."""
    duty.sql("update deadline set due_at = clock() where kind = 'escalation-step' and correlation_id = $1", alert)


def wait_until_heard(duty: Duty) -> None:
    """Wait until nothing that a provider told is left to handle."""
    duty.wait_for("all callbacks", lambda: duty.sql("select count(*) = 0 from callback where handled_at is null"))


def test_a_stranger_who_writes_is_told_nothing(duty: Duty, gateways: Gateways) -> None:
    gateways.reply("+4509999999", "1")
    wait_until_heard(duty)
    assert gateways.taken(A, "+4509999999") == gateways.taken(B, "+4509999999") == []


def said(called: Called, text: str = "1") -> bytes:
    return json.dumps({"type": "reply", "from": called.number, "text": text}).encode()


def test_a_callback_that_its_provider_did_not_sign_is_refused(called: Called, gateways: Gateways) -> None:
    now = datetime.now(UTC)
    forged: list[dict[str, Any]] = [
        {"secret": stranger()},
        {"secret": gateways.secret(B)},
        {"provider": "nobody"},
        {"webhook-signature": ""},
        {"webhook-signature": "v1,not base64!"},
        {"webhook-signature": "garbled"},
        {"webhook-id": "another"},
        {"at": now - timedelta(minutes=6)},
        {"at": now + timedelta(minutes=6)},
    ]
    for one in forged:
        answer = gateways.call_back(said(called), message_id=str(uuid4()), **one)
        assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (401, "callback-not-signed"), one
    wait_until_heard(called.duty)
    assert called.answer()[0] is None


def test_the_same_callback_again_changes_nothing(called: Called, gateways: Gateways) -> None:
    for _ in range(3):
        assert gateways.call_back(said(called), message_id=f"same-{called.alert}").status_code == 200
    called.wait_for_answer("coming")
    wait_until_heard(called.duty)
    assert called.duty.board(called.alert)["calls"][0]["answers"] == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'{"type": "order"}',
        b'{"type": "reply", "from": "nobody", "text": "1"}',
        b'{"type": "reply", "from": "+4501234567"}',
        b'{"type": "receipt", "key": "live-1", "state": "eaten", "sequence": 1}',
        b'{"type": "receipt", "key": "live-1", "state": "delivered", "sequence": -1}',
        b'{"type": "keypad", "key": "live-1", "digits": "one"}',
        json.dumps({"type": "reply", "from": "+4501234567", "text": "1" * 2000}).encode(),
    ],
)
def test_a_signed_callback_that_says_nothing_usable_is_refused(duty: Duty, gateways: Gateways, body: bytes) -> None:
    answer = gateways.call_back(body, message_id=str(uuid4()))
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (422, "invalid-input")
    assert "4501234567" not in answer.text


def test_an_older_receipt_changes_nothing(called: Called, gateways: Gateways) -> None:
    key = gateways.taken(A, called.number)[0]["key"] if gateways.taken(A, called.number) else ""
    key = key or gateways.taken(B, called.number)[0]["key"]
    called.duty.wait_for("it arrived", lambda: state_of(called.duty, key) == "delivered")
    body = json.dumps({"type": "receipt", "key": key, "state": "failed", "sequence": 1}).encode()
    assert gateways.call_back(body, message_id=str(uuid4())).status_code == 200
    wait_until_heard(called.duty)
    assert state_of(called.duty, key) == "delivered"


def state_of(duty: Duty, key: str) -> str:
    return str(duty.sql("select state from delivery where key = $1", key))


def test_many_who_answer_in_one_moment_do_not_wait_for_each_other(duty: Duty, gateways: Gateways) -> None:
    office = duty.office()
    people = [office.person(f"Person {number}") for number in range(24)]
    office.on_duty(*people)
    alert = duty.raise_alert(office)
    calls = duty.wait_for("the calls", lambda: duty.board(alert)["calls"])
    before = duty.stack.log("alerting").count("DeadlockDetected")

    def answer(number: int) -> None:
        if number % 2:
            gateways.reply(telephone(people[number]), "1 20")
            return
        call = next(one for one in calls if one["name"] == f"Person {number}")
        path = f"/alerts/{alert}/calls/{call['call_id']}/answer"
        duty.ask("POST", path, json={"answer": "coming", "source": "telephone"})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(answer, range(len(people))))
    duty.wait_for("all answers", lambda: {one["answer"] for one in duty.board(alert)["calls"]} == {"coming"})
    wait_until_heard(duty)
    assert duty.stack.log("alerting").count("DeadlockDetected") == before


async def test_an_answer_waits_for_the_look_at_its_alert_before_it_takes_the_alert(called: Called) -> None:
    """While a deadline is being fired, whoever fires it must still get the alert; else both wait for each other."""
    duty, alert = called.duty, called.alert
    call = duty.board(alert)["calls"][0]["call_id"]
    path = f"/alerts/{alert}/calls/{call}/answer"
    firing = await asyncpg.connect(in_database(admin_url(duty.stack.ports), "alerting"))
    try:
        async with firing.transaction():
            await firing.execute("select put_deadline('alert-review', $1, clock() + interval '1 hour', null)", alert)
            answering = asyncio.create_task(
                asyncio.to_thread(duty.ask, "POST", path, json={"answer": "coming", "source": "telephone"})
            )
            waits = (
                "select exists (select from pg_stat_activity where datname = 'alerting' and wait_event_type = 'Lock')"
            )
            await asyncio.to_thread(duty.wait_for, "the answer waits", lambda: duty.sql(waits))
            await firing.execute("select from alert where alert_id = $1 for update nowait", alert)
        await answering
    finally:
        await firing.close()
    assert called.answer()[0] == "coming"

"""Messages leave, each once, by whichever provider works; nobody is sent one after they have answered."""

import base64
import json
import time
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.component.alerting.conftest import Duty
from tests.component.alerting.duty import telephone
from tests.component.alerting.gateways import A, B, Gateways

pytestmark = pytest.mark.component

WITHIN_S = 60
"""15 seconds more than without the fault, and what a busy machine needs."""

MAY_HAVE_SENT = {"hang", "dead", "lose", "lose-answers"}


def one_called(duty: Duty, *channels: str, policy: str = "call_in", **more: Any) -> tuple[UUID, str]:  # noqa: ANN401  fields of the body
    """Call somebody on duty; returns the alert and their number."""
    office = duty.office()
    who = office.person("Anna", channels or ("sms",))
    office.on_duty(who)
    return duty.raise_alert(office, policy=policy, **more), telephone(who)


def deliveries(duty: Duty, alert: UUID) -> list[dict[str, Any]]:
    return [one for call in duty.board(alert)["calls"] for one in call["deliveries"]]


def the_sms(duty: Duty, alert: UUID, state: str) -> dict[str, Any]:
    """Wait until the first SMS of an alert is in a state, and return it."""

    def found() -> dict[str, Any] | None:
        rows = deliveries(duty, alert)
        return next((one for one in rows if one["channel"] == "sms" and one["state"] == state), None)

    return duty.wait_for(f"an SMS that is {state}", found)


@pytest.fixture(autouse=True)
def healthy(duty: Duty, gateways: Gateways) -> None:
    """Begin with a first provider that nobody takes for broken any more, and that no older alert's step will meet."""
    for alert in duty.ask("GET", "/alerts", params={"state": "open"})["alerts"]:
        duty.send("POST", f"/alerts/{alert['alert_id']}/close")

    def asked() -> bool:
        alert, number = one_called(duty)
        the_sms(duty, alert, "delivered")
        return bool(gateways.taken(A, number))

    duty.wait_for("the first provider is asked again", asked)


def test_a_message_leaves_at_once_and_its_receipt_shows_on_the_board(duty: Duty, gateways: Gateways) -> None:
    alert, number = one_called(duty)
    sent = the_sms(duty, alert, "delivered")
    [line] = [one for name in (A, B) for one in gateways.taken(name, number)]
    assert (line["credential"], line["mode"]) == ("alerting", "live")
    assert not sent["possible_duplicate"]
    [call] = duty.board(alert)["calls"]
    assert call["state"] == "reached"
    assert call["reached_at"]


@pytest.mark.parametrize("mode", ["500", "429", "refuse", "hang", "dead", "lose", "lose-answers"])
def test_a_broken_primary_costs_no_message(duty: Duty, gateways: Gateways, mode: str) -> None:
    with gateways.behaving(A, mode):
        office = duty.office()
        people = [office.person(f"Person {number}") for number in range(10)]
        office.on_duty(*people)
        began = time.monotonic()
        alert = duty.raise_alert(office)
        duty.wait_for("all of them", lambda: all_delivered(duty, alert, len(people)))
        assert time.monotonic() - began < WITHIN_S
    by_secondary = [line for who in people for line in gateways.taken(B, telephone(who))]
    assert len({line["key"] for line in by_secondary}) == len(by_secondary) == len(people), "once, by the secondary"
    marked = any(one["possible_duplicate"] for one in deliveries(duty, alert))
    assert marked == (mode in MAY_HAVE_SENT), "what the primary may have sent is marked, and nothing else"


def all_delivered(duty: Duty, alert: UUID, number: int) -> bool:
    rows = [one for one in deliveries(duty, alert) if one["channel"] == "sms"]
    return len(rows) == number and {one["state"] for one in rows} == {"delivered"}


def test_an_answer_stops_what_is_still_queued(duty: Duty, gateways: Gateways) -> None:
    for name in (A, B):
        gateways.behave(name, "500", channel="sms")
    alert, number = one_called(duty, "sms", "email")
    call = duty.wait_for("the call", lambda: duty.board(alert)["calls"])[0]["call_id"]
    duty.wait_for("both asked", lambda: the_sms(duty, alert, "queued")["attempts"] >= 2)
    duty.ask("POST", f"/alerts/{alert}/calls/{call}/answer", json={"answer": "coming", "source": "telephone"})
    for name in (A, B):
        gateways.behave(name)
    the_sms(duty, alert, "superseded")
    assert gateways.taken(A, number) == gateways.taken(B, number) == []


def test_a_process_that_dies_after_the_provider_took_it_leaves_no_second_message(
    duty: Duty, gateways: Gateways
) -> None:
    gateways.behave(A, "slow", latency_s=3, receipts=False)
    alert, number = one_called(duty)
    [line] = duty.wait_for("the provider has it", lambda: gateways.taken(A, number))
    duty.stack.kill("alerting")
    gateways.behave(A, receipts=False)
    duty.begin()
    sent = the_sms(duty, alert, "accepted")
    assert (sent["possible_duplicate"], sent["provider"], sent["attempts"]) == (True, f"{A}-sms", 2)
    kinds = [one["kind"] for one in gateways.lines(A, key=line["key"])]
    assert kinds == ["message", "repeat"], "the same key, so the provider sends nothing twice"
    assert gateways.taken(B, number) == []


def test_without_kafka_an_alert_by_http_reaches_its_people(duty: Duty, gateways: Gateways) -> None:
    duty.stack.kill("kafka")
    try:
        alert, number = one_called(duty)
        the_sms(duty, alert, "delivered")
        gateways.reply(number, "1")
        duty.wait_for("the answer", lambda: duty.board(alert)["calls"][0]["answer"] == "coming")
    finally:
        duty.stack.start_server("kafka")
        duty.stack.wait_for_kafka()


def test_messages_go_on_as_soon_as_the_database_is_back(duty: Duty, gateways: Gateways) -> None:
    for name in (A, B):
        gateways.behave(name, "500")
    alert, _ = one_called(duty)
    the_sms(duty, alert, "queued")
    duty.stack.kill("postgres")
    for name in (A, B):
        gateways.behave(name)
    duty.stack.start_server("postgres")
    duty.stack.wait_for_postgres()
    the_sms(duty, alert, "delivered")


def test_a_route_that_is_dead_is_not_used_again_and_its_owner_hears_of_it(duty: Duty, gateways: Gateways) -> None:
    office = duty.office()
    who = office.person("Anna")
    address = f"{duty.stack.url(A)}/push/{who}"
    office.route(who, "push", address, secret=subscription())
    office.on_duty(who)
    with gateways.behaving(A, "gone", channel="push"):
        alert = duty.raise_alert(office)
        duty.wait_for("the dead route", lambda: "failed" in {one["state"] for one in deliveries(duty, alert)})
    assert duty.sql("select state from contact_route where address = $1", address) == "dead"
    duty.wait_for("both texts", lambda: len(sms_texts(gateways, who)) == 2)
    assert any("push" in text.lower() for text in sms_texts(gateways, who))


def sms_texts(gateways: Gateways, who: UUID) -> list[str]:
    return [one["text"] for name in (A, B) for one in gateways.taken(name, telephone(who))]


def test_push_mail_and_webhook_reach_who_is_called(duty: Duty, gateways: Gateways) -> None:
    office = duty.office()
    who = office.person("Anna", ("email",))
    office.route(who, "push", f"{duty.stack.url(A)}/push/{who}", secret=subscription())
    office.on_duty(who)
    alert = duty.raise_alert(office)
    done = {"accepted", "delivered"}
    duty.wait_for(
        "both", lambda: {one["channel"] for one in deliveries(duty, alert) if one["state"] in done} >= {"push", "email"}
    )
    [pushed] = gateways.lines(A, to=str(who))
    assert (pushed["headers"]["Urgency"], pushed["headers"]["Content-Encoding"]) == ("high", "aes128gcm")
    mails = [line for name in (A, B) for line in gateways.lines(name, to=f"{who}@vagt.example")]
    assert [mail["credential"] for mail in mails] == ["alerting"]
    assert "/s/" in mails[0]["text"]


def subscription() -> str:
    """Return the keys of a browser's subscription, as a browser gives them."""
    point = ec.generate_private_key(ec.SECP256R1()).public_key()
    raw = point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    p256dh, auth = (base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in (raw, b"0123456789abcdef"))
    return json.dumps({"p256dh": p256dh, "auth": auth})


def test_receipts_are_fetched_where_none_can_come_and_a_channel_without_provider_says_so(
    duty: Duty, gateways: Gateways
) -> None:
    providers = json.loads(duty.stack.environment("alerting")["ALERTING_PROVIDERS"])
    polled = [one | {"poll": True} for one in providers if one["channel"] == "sms"]
    restart(duty, ALERTING_PROVIDERS=json.dumps(polled), ALERTING_POLL_S="0.2")
    try:
        for name in (A, B):
            gateways.behave(name, receipts=False)
        alert, _ = one_called(duty, "sms", "email")
        assert not the_sms(duty, alert, "delivered")["possible_duplicate"]
        duty.wait_for("the mail", lambda: "no_provider" in {one["failure"] for one in deliveries(duty, alert)})
    finally:
        restart(duty)


def test_a_limit_of_messages_a_second_is_kept(duty: Duty, gateways: Gateways) -> None:
    providers = json.loads(duty.stack.environment("alerting")["ALERTING_PROVIDERS"])
    [first] = [one | {"per_second": 10} for one in providers if one["name"] == f"{A}-sms"]
    restart(duty, ALERTING_PROVIDERS=json.dumps([first]))
    try:
        office = duty.office()
        people = [office.person(f"Person {number}") for number in range(30)]
        office.on_duty(*people)
        alert = duty.raise_alert(office)
        duty.wait_for("all of them", lambda: all_delivered(duty, alert, len(people)))
        at = sorted(line["at"] for who in people for line in gateways.taken(A, telephone(who)))
        assert len(at) == len(people)
        assert at[-1] - at[0] > 1.5, "10 at once, then 10 a second"
    finally:
        restart(duty)


def restart(duty: Duty, **more: str) -> None:
    duty.stack.stop_process("alerting")
    duty.begin(**more)

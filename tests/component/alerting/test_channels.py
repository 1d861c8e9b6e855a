"""Each adapter against a real receiver: what it sends, and what it makes of every answer."""

import base64
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import http_ece
import pytest
from aiohttp import ClientSession
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02
from standardwebhooks import Webhook as Signer

from deploy.local.gateways import alerting_environment, credential_file
from services.alerting.app.channels.gateway import Gateway
from services.alerting.app.channels.mail import Mail
from services.alerting.app.channels.outward import outward_session
from services.alerting.app.channels.port import Message
from services.alerting.app.channels.push import Push, public_half, vapid_key
from services.alerting.app.channels.settings import ProviderSettings
from services.alerting.app.channels.webhook import Webhook
from services.alerting.domain.providers import Verdict
from services.alerting.domain.texts import Text
from tests.component.alerting.gateways import A, Gateways

pytestmark = pytest.mark.component

SECRET = "whsec_" + base64.b64encode(b"s" * 32).decode()


def message(address: str, **more: Any) -> Message:  # noqa: ANN401  fields of a message
    fields: dict[str, Any] = {
        "key": f"live-{uuid4().hex}",
        "channel": "sms",
        "call_id": uuid4(),
        "alert_id": uuid4(),
        "address": address,
        "secret": SECRET,
        "text": Text("Indkaldelse", "Mød på stationen"),
        "template": "call_in",
        "urgency": "immediate",
        "mode": "live",
        "link": "http://127.0.0.1/s/x",
        "at": datetime.now(UTC),
    }
    return Message(**fields | more)


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with outward_session(demonstration=True) as made:
        yield made


def provider(gateways: Gateways, name: str, **more: object) -> ProviderSettings:
    """Return a provider of the local stack, its time-out short."""
    environment = alerting_environment("alerting", gateways.stack.run, gateways.stack.ports)
    [row] = [one for one in json.loads(environment["ALERTING_PROVIDERS"]) if one["name"] == name]
    return ProviderSettings(**row | {"timeout_s": 0.5} | more)


@pytest.mark.parametrize(
    ("mode", "verdict"),
    [
        ("ok", Verdict.ACCEPTED),
        ("refuse", Verdict.REFUSED),
        ("500", Verdict.LATER),
        ("429", Verdict.LATER),
        ("hang", Verdict.UNKNOWN),
        ("dead", Verdict.UNKNOWN),
        ("lose", Verdict.ACCEPTED),
        ("lose-answers", Verdict.UNKNOWN),
    ],
)
@pytest.mark.parametrize("channel", ["sms", "voice", "email"])
async def test_every_answer_has_its_meaning(
    gateways: Gateways, session: ClientSession, channel: str, mode: str, verdict: Verdict
) -> None:
    settings = provider(gateways, f"{A}-{channel}")
    one: Gateway | Mail = (
        Mail(settings, demonstration=True) if channel == "email" else Gateway(settings, session, demonstration=True)
    )
    to = f"{uuid4().hex}@vagt.example" if channel == "email" else "+4501234567"
    with gateways.behaving(A, mode):
        outcome = await one.send(message(to, channel=channel))
    await one.close()
    assert outcome.verdict is verdict, outcome
    assert "4501234567" not in (outcome.failure or "")


async def test_nobody_there_is_tried_elsewhere_and_was_sent_nothing(gateways: Gateways, session: ClientSession) -> None:
    away = Gateway(provider(gateways, f"{A}-sms", base="http://127.0.0.1:9"), session, demonstration=True)
    mail = Mail(provider(gateways, f"{A}-email", base="smtp://127.0.0.1:9"), demonstration=True)
    assert (await away.send(message("+4501234567"))).verdict is Verdict.LATER
    assert (await mail.send(message("a@vagt.example"))).verdict is Verdict.LATER


async def test_a_credential_that_is_not_known_is_our_fault_and_not_the_messages(
    gateways: Gateways, session: ClientSession, tmp_path: Path
) -> None:
    (tmp_path / "wrong").write_text("wrong")
    settings = provider(gateways, f"{A}-sms", credential_file=tmp_path / "wrong")
    assert (await Gateway(settings, session, demonstration=True).send(message("+4501"))).verdict is Verdict.LATER


async def test_the_same_key_again_is_the_same_message(gateways: Gateways, session: ClientSession) -> None:
    one, sent = Gateway(provider(gateways, f"{A}-sms"), session, demonstration=True), message("+4501234567")
    references = {(await one.send(sent)).reference for _ in range(3)}
    assert len(references) == 1
    assert [line["kind"] for line in gateways.lines(A, key=sent.key)] == ["message", "repeat", "repeat"]


async def test_an_exercise_has_another_credential(gateways: Gateways, session: ClientSession) -> None:
    file = credential_file(gateways.stack.run, "alerting-exercise", A)
    one = Gateway(provider(gateways, f"{A}-sms", credential_file=file), session, demonstration=True)
    sent = message("+4501234567", mode="exercise")
    await one.send(sent)
    assert {line["credential"] for line in gateways.lines(A, key=sent.key)} == {"alerting-exercise"}


def webhook(session: ClientSession) -> Webhook:
    return Webhook(ProviderSettings(name="webhook", channel="webhook", kind="webhook"), session, demonstration=True)


async def test_a_webhook_is_signed_and_says_nothing_about_anybody(gateways: Gateways, session: ClientSession) -> None:
    where = uuid4().hex
    sent = message(f"{gateways.stack.url(A)}/hooks/{where}", channel="webhook")
    assert (await webhook(session).send(sent)).verdict is Verdict.DELIVERED
    [line] = gateways.lines(A, to=where)
    headers = {f"webhook-{name}": value for name, value in line["headers"].items()}
    said = Signer(SECRET).verify(line["body"], headers)
    assert set(said) == {"type", "timestamp", "data"}
    assert set(said["data"]) == {"call_id", "alert_id", "template", "urgency", "mode"}


@pytest.mark.parametrize(
    ("mode", "verdict"),
    [
        ("redirect", Verdict.REFUSED),
        ("500", Verdict.LATER),
        ("refuse", Verdict.REFUSED),
        ("gone", Verdict.GONE),
        ("dead", Verdict.UNKNOWN),
    ],
)
async def test_only_a_2xx_of_the_receiver_itself_counts(
    gateways: Gateways, session: ClientSession, mode: str, verdict: Verdict
) -> None:
    where = uuid4().hex
    with gateways.behaving(A, mode, channel="webhook"):
        outcome = await webhook(session).send(message(f"{gateways.stack.url(A)}/hooks/{where}"))
    assert outcome.verdict is verdict
    assert gateways.lines(A, to="elsewhere") == [], "no redirect is followed"


@pytest.mark.parametrize(
    "address", ["https://example.com/hook", "http://10.0.0.1/", "http://169.254.169.254/", "nonsense"]
)
async def test_in_a_demonstration_no_webhook_and_no_push_leaves_this_machine(
    gateways: Gateways, session: ClientSession, address: str
) -> None:
    push = Push(provider(gateways, "push"), session, demonstration=True)
    for one in (webhook(session), push):
        outcome = await one.send(message(address))
        assert (outcome.verdict, outcome.failure) == (Verdict.REFUSED, "address_refused")


async def test_outside_one_no_name_leads_into_this_machine() -> None:
    async with outward_session(demonstration=False) as session:
        hook = Webhook(ProviderSettings(name="w", channel="webhook", kind="webhook"), session, demonstration=False)
        outcome = await hook.send(message("https://localhost/hook"))
    assert (outcome.verdict, outcome.failure) == (Verdict.REFUSED, "address_refused")


async def test_a_webhook_without_a_secret_is_not_sent(gateways: Gateways, session: ClientSession) -> None:
    outcome = await webhook(session).send(message(f"{gateways.stack.url(A)}/hooks/x", secret=None))
    assert (outcome.verdict, outcome.failure) == (Verdict.REFUSED, "no_secret")


async def test_a_push_can_be_read_by_the_browser_alone_and_names_its_sender(
    gateways: Gateways, session: ClientSession
) -> None:
    browser, auth, where = ec.generate_private_key(ec.SECP256R1()), b"0123456789abcdef", uuid4().hex
    raw = browser.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    keys = {"p256dh": _text(raw), "auth": _text(auth)}
    settings = provider(gateways, "push")
    sent = message(f"{gateways.stack.url(A)}/push/{where}", channel="push", secret=json.dumps(keys))
    assert (await Push(settings, session, demonstration=True).send(sent)).verdict is Verdict.ACCEPTED
    [line] = gateways.lines(A, to=where)
    opened = http_ece.decrypt(base64.b64decode(line["body"]), private_key=browser, auth_secret=auth)
    assert json.loads(opened)["body"] == "Mød på stationen"
    assert (line["headers"]["Urgency"], line["headers"]["TTL"]) == ("high", "1800")
    assert settings.key_file
    assert line["credential"] == public_half(vapid_key(settings.key_file))


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


async def test_a_push_is_signed_for_its_service(gateways: Gateways, session: ClientSession) -> None:
    push = Push(provider(gateways, "push"), session, demonstration=True)
    token = push._token("http://127.0.0.1:1234/push/x")
    assert Vapid02.verify(token)
    assert push._token("http://127.0.0.1:1234/push/y") == token, "signed once for each push service"
    assert push._token("http://127.0.0.1:4321/push/y") != token


@pytest.mark.parametrize("secret", [None, "", "[]", "{}", '{"p256dh": "x", "auth": "y"}'])
async def test_a_subscription_that_nobody_can_write_to_is_dead(
    gateways: Gateways, session: ClientSession, secret: str | None
) -> None:
    sent = message(f"{gateways.stack.url(A)}/push/x", channel="push", secret=secret)
    assert (await Push(provider(gateways, "push"), session, demonstration=True).send(sent)).verdict is Verdict.GONE

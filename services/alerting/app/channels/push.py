"""Web Push (RFC 8030, 8291, 8292): encrypted for one browser, handed to the push service that the browser named."""

import base64
import time
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

import orjson
from aiohttp import ClientSession, ClientTimeout
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02, VapidException
from pywebpush import WebPusher, WebPushException

from services.alerting.app.channels.http import OK, handed_over, refusal
from services.alerting.app.channels.outward import require_usable
from services.alerting.app.channels.port import Message
from services.alerting.app.channels.settings import ProviderSettings
from services.alerting.domain.phone import kinds
from services.alerting.domain.providers import Outcome, Verdict

TTL_S = 1800
"""How long a push service keeps a message for a phone that is off: an older call-in misleads."""

GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})

TOKEN_LASTS_S = 12 * 3600
"""A signed token serves all messages to one push service for half of its day."""


def vapid_key(file: Path) -> ec.EllipticCurvePrivateKey:
    """Return the key by which push services know an installation; an exercise has another one."""
    return ec.derive_private_key(int.from_bytes(base64.b64decode(file.read_text(encoding="ascii"))), ec.SECP256R1())


def public_half(key: ec.EllipticCurvePrivateKey) -> str:
    """Return what a browser needs to subscribe (`applicationServerKey`)."""
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


class Push:
    """Every push service there is: the browser chooses which."""

    def __init__(self, settings: ProviderSettings, session: ClientSession, *, demonstration: bool) -> None:
        """Read the key."""
        if settings.key_file is None:
            raise ValueError(f"{settings.name}: key_file is missing")
        self.settings = settings
        self._session = session
        self._demonstration = demonstration
        self._vapid = Vapid02(vapid_key(settings.key_file))
        self._tokens: dict[str, tuple[float, str]] = {}
        self._timeout = ClientTimeout(total=settings.timeout_s, sock_connect=settings.connect_s)

    async def send(self, message: Message) -> Outcome:
        """Hand a message over; a subscription that is no more kills its route."""

        async def post() -> Outcome:
            require_usable(message.address, demonstration=self._demonstration)
            try:
                body, headers = self._sealed(message), self._headers(message)
            except (WebPushException, VapidException, ValueError, KeyError, TypeError):
                return Outcome(Verdict.GONE, failure="subscription_unusable")
            async with self._session.post(
                message.address, data=body, headers=headers, timeout=self._timeout, allow_redirects=False
            ) as answer:
                if answer.status in GONE:
                    return Outcome(Verdict.GONE, failure=f"http_{answer.status}")
                return Outcome(Verdict.ACCEPTED) if answer.status in OK else refusal(answer)

        return await handed_over(post)

    def _sealed(self, message: Message) -> bytes:
        shown = {
            "title": message.text.subject,
            "body": message.text.body,
            "url": message.link,
            "mode": message.mode,
            "answers": kinds(message.template) if message.link else (),
        }
        keys = orjson.loads(message.secret or "{}")
        to = {"endpoint": message.address, "keys": {name: keys[name] for name in ("p256dh", "auth")}}
        sealed: bytes = WebPusher(to).encode(orjson.dumps(shown))["body"]
        return sealed

    def _headers(self, message: Message) -> dict[str, str]:
        return {
            "Authorization": self._token(message.address),
            "Content-Type": "application/octet-stream",
            "Content-Encoding": "aes128gcm",
            "TTL": str(TTL_S),
            "Urgency": "high",
            # A later message about the same call takes the place of an earlier one that still waits.
            "Topic": sha256(message.call_id.bytes).hexdigest()[:32],
        }

    def _token(self, address: str) -> str:
        """Return the signed token for a push service, the same one for half a day."""
        url = urlsplit(address)
        origin = f"{url.scheme}://{url.netloc}"
        until, token = self._tokens.get(origin, (0.0, ""))
        if time.monotonic() > until:
            token = self._vapid.sign({"aud": origin, "sub": self.settings.sender})["Authorization"]
            self._tokens[origin] = (time.monotonic() + TOKEN_LASTS_S, token)
        return token

    async def close(self) -> None:
        """Leave the session to who made it."""

"""Webhooks by Standard Webhooks: signed, thin, and only a 2xx counts."""

import orjson
from aiohttp import ClientSession, ClientTimeout
from standardwebhooks import Webhook as Signer

from services.alerting.app.channels.http import OK, handed_over, refusal
from services.alerting.app.channels.outward import require_usable
from services.alerting.app.channels.port import Message
from services.alerting.app.channels.settings import ProviderSettings
from services.alerting.domain.providers import Outcome, Verdict

GONE = 410
"""By the standard, a receiver that wants nothing any more."""


class Webhook:
    """Every receiver that entered an address and holds its secret."""

    def __init__(self, settings: ProviderSettings, session: ClientSession, *, demonstration: bool) -> None:
        """Remember the session."""
        self.settings = settings
        self._session = session
        self._demonstration = demonstration
        self._timeout = ClientTimeout(total=settings.timeout_s, sock_connect=settings.connect_s)

    async def send(self, message: Message) -> Outcome:
        """Tell a receiver that somebody is called: which call, and how urgent; who and why it asks for itself."""

        async def post() -> Outcome:
            require_usable(message.address, demonstration=self._demonstration)
            if not message.secret:
                return Outcome(Verdict.REFUSED, failure="no_secret")
            body = self._body(message)
            async with self._session.post(
                message.address,
                data=body,
                headers=self._headers(message, body),
                timeout=self._timeout,
                allow_redirects=False,
            ) as answer:
                if answer.status == GONE:
                    return Outcome(Verdict.GONE, failure=f"http_{answer.status}")
                return Outcome(Verdict.DELIVERED) if answer.status in OK else refusal(answer)

        return await handed_over(post)

    def _body(self, message: Message) -> bytes:
        data = {"call_id": message.call_id, "alert_id": message.alert_id, "template": message.template}
        data |= {"urgency": message.urgency, "mode": message.mode}
        return orjson.dumps({"type": "alert.called", "timestamp": message.at, "data": data}, default=str)

    def _headers(self, message: Message, body: bytes) -> dict[str, str]:
        signature = Signer(message.secret or "").sign(message.key, message.at, body.decode())
        return {
            "Content-Type": "application/json",
            "webhook-id": message.key,
            "webhook-timestamp": str(int(message.at.timestamp())),
            "webhook-signature": signature,
        }

    async def close(self) -> None:
        """Leave the session to who made it."""

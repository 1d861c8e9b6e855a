"""SMS and voice by a gateway that speaks HTTP and honours an idempotency key."""

import re
from typing import Any

import orjson
from aiohttp import ClientSession, ClientTimeout

from services.alerting.app.channels.http import OK, handed_over, refusal
from services.alerting.app.channels.outward import require_loopback
from services.alerting.app.channels.port import Message
from services.alerting.app.channels.settings import ProviderSettings
from services.alerting.domain.providers import Outcome, Verdict

REFERENCE = re.compile(r"[\x21-\x7e]{1,200}")


class Gateway:
    """One provider; the session is shared by all of them."""

    def __init__(self, settings: ProviderSettings, session: ClientSession, *, demonstration: bool) -> None:
        """Refuse what is not on this machine, in a demonstration."""
        if demonstration:
            require_loopback(settings.name, settings.base)
        self.settings = settings
        self._session = session
        self._address = f"{settings.base.rstrip('/')}/messages"
        self._authorization = f"Bearer {settings.password}"
        self._timeout = ClientTimeout(total=settings.timeout_s, sock_connect=settings.connect_s)

    async def send(self, message: Message) -> Outcome:
        """Hand a message over."""

        async def post() -> Outcome:
            headers = {
                "Authorization": self._authorization,
                "Idempotency-Key": message.key,
                "Content-Type": "application/json",
            }
            async with self._session.post(
                self._address, data=self._body(message), headers=headers, timeout=self._timeout, allow_redirects=False
            ) as answer:
                if answer.status not in OK:
                    return refusal(answer)
                # An answer that was cut off says nothing: it is read before it counts.
                return Outcome(Verdict.ACCEPTED, _reference(await answer.read()))

        return await handed_over(post)

    def _body(self, message: Message) -> bytes:
        return orjson.dumps(
            {
                "key": message.key,
                "channel": message.channel,
                "to": message.address,
                "from": self.settings.sender,
                "text": message.text.body,
                "mode": message.mode,
            }
        )

    async def ask(self, key: str) -> dict[str, Any] | None:
        """Return where the provider says that a message is; None when it does not say."""
        found: dict[str, Any] | None = None

        async def get() -> Outcome:
            nonlocal found
            headers = {"Authorization": self._authorization}
            async with self._session.get(
                f"{self._address}/{key}", headers=headers, timeout=self._timeout, allow_redirects=False
            ) as answer:
                if answer.status in OK:
                    found = orjson.loads(await answer.read())
                return Outcome(Verdict.ACCEPTED)

        await handed_over(get)
        return found

    async def close(self) -> None:
        """Leave the session to who made it."""


def _reference(body: bytes) -> str | None:
    said = orjson.loads(body)
    reference = said.get("reference") if isinstance(said, dict) else None
    return reference if isinstance(reference, str) and REFERENCE.fullmatch(reference) else None

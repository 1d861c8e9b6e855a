"""Calls back, signed by Standard Webhooks, until it is believed: as patient as a provider is."""

import asyncio
import base64
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from uuid import uuid4

import orjson
from aiohttp import ClientError, ClientSession, ClientTimeout
from standardwebhooks import Webhook

AT_ONCE = 32
PATIENCE_S = 120.0


@dataclass(frozen=True, slots=True)
class Installation:
    """One of our customers: an installation of Samvirke, by its credential."""

    name: str
    credential: str
    callbacks: str
    """Where it is called back about a `{channel}`."""
    secret: str

    @classmethod
    def read(cls, row: Mapping[str, str]) -> "Installation":
        """Read it from a row of the environment, its secrets from their files."""
        return cls(row["name"], _text(row["credential_file"]), row["callbacks"], _text(row["secret_file"]))


def _text(file: str) -> str:
    return Path(file).read_text(encoding="ascii").strip()


class Caller:
    """Sends callbacks, many at a time."""

    def __init__(self) -> None:
        """Begin with nothing to tell."""
        self._http = ClientSession(timeout=ClientTimeout(total=10))
        self._open = asyncio.Semaphore(AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()
        self._run, self._numbers = uuid4().hex[:8], count(1)

    def tell(
        self, who: Installation, channel: str, body: dict[str, object], after_s: float = 0.0, message_id: str = ""
    ) -> None:
        """Tell an installation something about a channel, after a while."""
        where = who.callbacks.format(channel=channel)
        message_id = message_id or f"{self._run}-{next(self._numbers)}"
        task = asyncio.create_task(self._tell(where, who.secret, orjson.dumps(body), after_s, message_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _tell(self, where: str, secret: str, data: bytes, after_s: float, message_id: str) -> None:
        await asyncio.sleep(after_s)
        ends, pause = time.monotonic() + PATIENCE_S, 0.25
        while time.monotonic() < ends:
            async with self._open:
                if await self._believed(where, signed(secret, message_id, data), data):
                    return
            await asyncio.sleep(pause)
            pause = min(pause * 2, 5.0)

    async def _believed(self, where: str, headers: dict[str, str], data: bytes) -> bool:
        try:
            async with self._http.post(where, data=data, headers=headers) as answer:
                return answer.status < 500 and answer.status != 429  # noqa: PLR2004  what is refused for good is over
        except (ClientError, TimeoutError, OSError):
            return False

    async def close(self) -> None:
        """Tell nothing more."""
        for task in self._tasks:
            task.cancel()
        await self._http.close()


def signed(secret: str, message_id: str, data: bytes, at: datetime | None = None) -> dict[str, str]:
    """Return the headers of a signed callback."""
    moment = at or datetime.now(UTC)
    return {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": Webhook(base64.b64decode(secret)).sign(message_id, moment, data.decode()),
    }

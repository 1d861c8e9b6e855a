"""Asks over HTTP with the standard library alone: thousands of requests need little more than to be sent."""

import json
import time
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

IDLE_AT_MOST_S = 1.0
"""A connection that has been idle is not used again: the service lets go of it after five seconds."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    raw: bytes

    @property
    def text(self) -> str:
        """Return the body as a failing test shows it."""
        return self.raw.decode(errors="replace")

    @cached_property
    def body(self) -> Any:  # noqa: ANN401  any JSON
        """Return the body as what it says."""
        return json.loads(self.raw)


class Asking:
    """Connections to services that many threads share: each is used by one at a time."""

    def __init__(self) -> None:
        """Know nobody yet."""
        self._idle: dict[str, list[tuple[HTTPConnection, float]]] = defaultdict(list)

    def ask(
        self, method: str, address: str, query: dict[str, str], headers: dict[str, str], body: str | None
    ) -> Answer:
        """Send a request and return the whole answer, whatever it says."""
        parts = urlsplit(address)
        target = f"{parts.path}?{urlencode(query)}" if query else parts.path
        connection = self._to(parts.netloc)
        connection.request(method, target, None if body is None else body.encode(), headers)
        with connection.getresponse() as found:
            answer = Answer(found.status, {name.lower(): value for name, value in found.getheaders()}, found.read())
        self._idle[parts.netloc].append((connection, time.monotonic()))
        return answer

    def _to(self, netloc: str) -> HTTPConnection:
        try:
            connection, used_at = self._idle[netloc].pop()
        except IndexError:
            return HTTPConnection(netloc, timeout=60)
        if time.monotonic() - used_at > IDLE_AT_MOST_S:
            connection.close()
        return connection

    def close(self) -> None:
        """Let go of every connection."""
        for connections in self._idle.values():
            for connection, _ in connections:
                connection.close()

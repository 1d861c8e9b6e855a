"""The two stand-in providers as the processes that they are, and the hands of those who use and break them."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from deploy.local.gateways import GATEWAYS, callback_secret_file
from deploy.sandbox.gateway.callbacks import signed
from tests.stack import Stack

A, B = GATEWAYS


class Gateways:
    """Both providers."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.http = httpx.Client(timeout=10)
        for name in GATEWAYS:
            if name not in stack.processes:
                stack.start_service(name)

    def behave(self, name: str, mode: str = "ok", **more: object) -> None:
        """Let a provider behave so from now on."""
        self.http.post(f"{self.stack.url(name)}/behaviour", json={"mode": mode} | more).raise_for_status()

    @contextmanager
    def behaving(self, name: str, mode: str = "ok", **more: object) -> Iterator[None]:
        """Let a provider behave so for a while."""
        self.behave(name, mode, **more)
        try:
            yield
        finally:
            self.behave(name)

    def lines(self, name: str, **wanted: str) -> list[dict[str, Any]]:
        """Return the lines of a provider's ledger."""
        answer = self.http.get(f"{self.stack.url(name)}/ledger", params=wanted)
        lines: list[dict[str, Any]] = answer.raise_for_status().json()["lines"]
        return lines

    def taken(self, name: str, to: str, channel: str = "sms") -> list[dict[str, Any]]:
        """Return what a provider took for somebody."""
        return [one for one in self.lines(name, to=to) if one["channel"] == channel]

    def phone(self, number: str, **how: bool) -> None:
        """Let somebody's phone be off, or a machine take its calls, at both providers."""
        for name in GATEWAYS:
            self.http.post(f"{self.stack.url(name)}/phones/{number}", json=how).raise_for_status()

    def reply(self, number: str, text: str, name: str = A, **more: object) -> None:
        """Play an SMS from somebody's phone."""
        said = {"text": text, "installation": "alerting"} | more
        self.http.post(f"{self.stack.url(name)}/phones/{number}/reply", json=said).raise_for_status()

    def press(self, number: str, digits: str, name: str = A, **more: object) -> None:
        """Play keys that somebody presses during a call."""
        body = {"digits": digits} | more
        self.http.post(f"{self.stack.url(name)}/phones/{number}/keypad", json=body).raise_for_status()

    def secret(self, name: str = A) -> str:
        """Return what a provider signs with."""
        return callback_secret_file(self.stack.run, "alerting", name).read_text()

    def call_back(
        self,
        body: bytes,
        *,
        message_id: str,
        at: datetime | None = None,
        secret: str | None = None,
        provider: str = f"{A}-sms",
        **headers: str,
    ) -> httpx.Response:
        """Call alerting back as a provider, or as somebody who says so."""
        made = signed(secret or self.secret(), message_id, body, at) | headers
        return self.http.post(
            f"{self.stack.url('alerting')}/providers/{provider}/callbacks", content=body, headers=made
        )


def stranger() -> str:
    """Return a secret that no provider has."""
    return base64.b64encode(b"x" * 32).decode()


def ledger_file(run: Path, name: str) -> Path:
    """Return where a provider keeps its ledger."""
    return run / "gateway" / f"{name}.jsonl"

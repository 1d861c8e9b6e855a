"""One provider of messages, over HTTPS: hand over, and ask what became of it."""

import json
import ssl
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from deploy.nodudkald.listing import Refused
from services.alerting.domain.call_lists import Provider

WITHIN_S = 5.0
"""How long a provider may take to answer before another try is made."""

ACCEPTED, GONE_FOR_GOOD = {200, 201, 202}, range(400, 500)
ASK_AGAIN = {408, 425, 429}


class Away(Exception):
    """The provider did not take it; `sent` says whether it may have got it all the same."""

    def __init__(self, reason: str, *, sent: bool) -> None:
        super().__init__(reason)
        self.reason, self.sent = reason, sent


class Declined(Exception):
    """The provider refuses it for good."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Gateway:
    """A provider and the credential for it."""

    provider: Provider
    credential: str

    def hand_over(self, key: str, message: dict[str, str]) -> str:
        """Hand a message over under its key and return the provider's reference; Away or Declined when it does not."""
        status, body = self._ask("POST", "/messages", json.dumps({"key": key} | message).encode(), key)
        if status in ACCEPTED:
            return str(body.get("reference", ""))
        if status in GONE_FOR_GOOD and status not in ASK_AGAIN:
            raise Declined(f"{status} {body.get('code', '')}".strip())
        raise Away(str(status), sent=False)

    def look(self, key: str) -> dict[str, Any] | None:
        """Return what the provider knows of a message; None when it never got it; Away when it does not say."""
        status, body = self._ask("GET", f"/messages/{key}", None, key)
        if status in ACCEPTED:
            return body
        if status in {404, 410}:
            return None
        raise Away(str(status), sent=False)

    def _ask(self, method: str, path: str, body: bytes | None, key: str) -> tuple[int, dict[str, Any]]:
        connection, sent = self._connection(), False
        headers = {"Authorization": f"Bearer {self.credential}", "Idempotency-Key": key}
        headers |= {"Content-Type": "application/json"} if body else {}
        try:
            connection.connect()
            sent = True
            connection.request(method, urlsplit(self.provider.base).path.rstrip("/") + path, body, headers)
            answer = connection.getresponse()
            said = answer.read(100_000)
        except (OSError, HTTPException) as error:
            raise Away(type(error).__name__, sent=sent) from error
        finally:
            connection.close()
        return answer.status, _json(said)

    def _connection(self) -> HTTPConnection:
        parts = urlsplit(self.provider.base)
        host = parts.hostname or ""
        if parts.scheme == "https":
            return HTTPSConnection(host, parts.port, timeout=WITHIN_S, context=ssl.create_default_context())
        return HTTPConnection(host, parts.port, timeout=WITHIN_S)


def _json(said: bytes) -> dict[str, Any]:
    try:
        found = json.loads(said)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def require_loopback(providers: tuple[Provider, ...]) -> None:
    """Refuse a demonstration's list that would reach the world outside, and plain HTTP to anywhere but here."""
    for provider in providers:
        parts = urlsplit(provider.base)
        if not _is_loopback(parts.hostname or ""):
            raise Refused(
                f"Listen er fra en demonstration, men udbyderen {provider.name} er ikke lokal. Intet er sendt."
            )


def require_https(providers: tuple[Provider, ...]) -> None:
    """Refuse to send numbers and texts in the clear to anywhere but this machine."""
    for provider in providers:
        parts = urlsplit(provider.base)
        if parts.scheme != "https" and not _is_loopback(parts.hostname or ""):
            raise Refused(f"Udbyderen {provider.name} skal nås over https. Intet er sendt.")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

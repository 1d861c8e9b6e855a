"""A signed personal link: whoever holds it may answer one call, and nothing else.

It holds no personal data and no time: whether it still answers is decided by the alert's state, so that a link sent an
hour before the power failed is as good as a new one. It ends with its alert.
"""

import base64
import binascii
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from contracts.refusal import Refusal

ID_BYTES, SIGNATURE_BYTES = 16, 10
"""80 bits of HMAC-SHA256 (RFC 2104 §5 allows half): a guess costs a request, and the token must fit into an SMS."""

TOKEN_LENGTH = 35

BASE_MAX = 21
"""Characters of a live installation's base address (`https://lbs.politi.dk`), so that a link fits into an SMS."""

LINK_MAX = BASE_MAX + len("/s/") + TOKEN_LENGTH

PURPOSE = b"samvirke alerting link v1"
"""Signed with the id: the key makes nothing that could be taken for something else."""

SHOWN_AFTER_ITS_END = timedelta(hours=24)
"""How long somebody who answered still sees that, and what, after the alert has ended; then nothing is shown."""

KEY_BYTES = 32

Keys = bytes | Sequence[bytes]
"""One key, or several while a new one takes the place of an old one: the first signs, all are accepted."""


class LinkUnknown(Refusal):
    """A link that nobody here has signed, or whose call is no longer there: the two look exactly alike."""

    slug = "link-unknown"
    status = 404
    title = "Linket virker ikke."
    todo = "Åbn linket i den seneste besked igen, eller svar på SMS'en. Er du i tvivl, så ring til vagtcentralen."


class LinkEnded(Refusal):
    """A link whose alert has ended."""

    slug = "link-ended"
    status = 410
    title = "Kaldet er afsluttet."
    todo = "Du skal ikke gøre mere. Er du i tvivl, så ring til vagtcentralen."


@dataclass(frozen=True, slots=True)
class Links:
    """Links as one installation makes and reads them."""

    base: str
    """Where its pages lie, without a slash at the end."""
    keys: tuple[bytes, ...]

    def address(self, call_id: UUID) -> str:
        """Return the link that goes into a message."""
        return f"{self.base}/s/{token_of(call_id, self.keys)}"

    def call_of(self, token: str) -> UUID:
        """Return the call of a token; LinkUnknown where it has none."""
        found = call_of(token, self.keys)
        if found is None:
            raise LinkUnknown
        return found


def keys_of(text: str) -> tuple[bytes, ...]:
    """Read a key file: one key a line in base64, the one that signs first; ValueError for one that is too short."""
    keys = tuple(base64.b64decode(line, validate=True) for line in text.split())
    if not keys or any(len(one) < KEY_BYTES for one in keys):
        raise ValueError(f"a link key has {KEY_BYTES} bytes")
    return keys


def require_shown(state: str, closed_at: datetime | None, answer: str | None, now: datetime) -> None:
    """Refuse to show anything of an alert that has ended, but for a while to those who answered it."""
    if state == "open":
        return
    if answer is None or closed_at is None or now > closed_at + SHOWN_AFTER_ITS_END:
        raise LinkEnded


def token_of(call_id: UUID, key: Keys) -> str:
    """Return the token by which one person answers one call."""
    return _text(call_id.bytes + _signature(call_id.bytes, _several(key)[0]))


def call_of(token: str, key: Keys) -> UUID | None:
    """Return the call that a token answers; None where it is garbled or signed by nobody we know."""
    signed = _bytes(token)
    if signed is None:
        return None
    call_id, signature = signed[:ID_BYTES], signed[ID_BYTES:]
    # Every key is tried, so that the time taken does not say which one is in use.
    known = [hmac.compare_digest(_signature(call_id, one), signature) for one in _several(key)]
    return UUID(bytes=call_id) if any(known) else None


def _several(key: Keys) -> Sequence[bytes]:
    return [key] if isinstance(key, bytes) else key


def _signature(call_id: bytes, key: bytes) -> bytes:
    return hmac.digest(key, PURPOSE + call_id, sha256)[:SIGNATURE_BYTES]


def _text(signed: bytes) -> str:
    return base64.urlsafe_b64encode(signed).decode().rstrip("=")


def _bytes(token: str) -> bytes | None:
    """Return what a token holds; None where another text would hold the same, so that each call has one token."""
    if len(token) != TOKEN_LENGTH or not token.isascii():
        return None
    try:
        signed = base64.urlsafe_b64decode(token + "=")
    except (binascii.Error, ValueError):
        return None
    return signed if _text(signed) == token else None

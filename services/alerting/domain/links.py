"""A signed personal link: whoever holds it may answer one call, and nothing else.

It holds no personal data and no time: whether it still answers is decided by the alert's state, so that a link sent an
hour before the power failed is as good as a new one. It ends with its alert.
"""

import base64
import binascii
import hmac
from collections.abc import Sequence
from hashlib import sha256
from uuid import UUID

ID_BYTES, SIGNATURE_BYTES = 16, 10
"""80 bits of HMAC-SHA256 (RFC 2104 §5 allows half): a guess costs a request, and the token must fit into an SMS."""

TOKEN_LENGTH = 35

PURPOSE = b"samvirke alerting link v1"
"""Signed with the id: the key makes nothing that could be taken for something else."""

Keys = bytes | Sequence[bytes]
"""One key, or several while a new one takes the place of an old one: the first signs, all are accepted."""


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

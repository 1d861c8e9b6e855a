"""Ids that grow with time (UUIDv7, RFC 9562), so that indexes grow at one end."""

import secrets
import time
from uuid import UUID

_VERSION_AND_VARIANT = (0x7 << 76) | (0b10 << 62)


def new_id() -> UUID:
    """Return a new UUIDv7: 48 bits of milliseconds, then chance."""
    milliseconds = time.time_ns() // 1_000_000
    chance = secrets.randbits(74)
    return UUID(int=(milliseconds << 80) | _VERSION_AND_VARIANT | ((chance >> 62) << 64) | (chance & ((1 << 62) - 1)))

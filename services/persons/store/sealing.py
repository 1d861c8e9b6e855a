"""Sealing and look-up hashes: AES-256-GCM under one key a person, HMAC-SHA256 under one key for all.

What is sealed is bound to the person and the kind of thing that it is, so that a row moved elsewhere does not open.
"""

import hashlib
import hmac
import os
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
NONCE_BYTES = 12


class Kind(bytes, Enum):
    """What a sealed value is."""

    NUMBER = b"number"
    IDENTITY = b"identity"
    TEXT = b"text"


class Place(bytes, Enum):
    """What a keyed hash is of; the same text gives different hashes for different places."""

    NUMBER = b"number"
    DWELLING = b"dwelling"
    BUILDING = b"building"
    BODY = b"body"


@dataclass(frozen=True, slots=True)
class Secrets:
    """The two keys that are in no database, and during a rotation the two that they take the place of."""

    kek: bytes = field(repr=False)
    """The key-encryption key: wraps the key of every person."""
    hash_key: bytes = field(repr=False)
    """Makes hashes that only this installation can compute."""
    other_keks: tuple[bytes, ...] = field(default=(), repr=False)
    """They open what they have wrapped, and wrap nothing."""
    other_hash_keys: tuple[bytes, ...] = field(default=(), repr=False)
    """They find what they have hashed, and hash nothing."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Secrets":
        """Read `PERSONS_KEK` (32 bytes in base64) and `PERSONS_HASH_KEY` (at least 32 characters).

        Each may name several keys with a space between: the first is used, the others are known. Instead of a key,
        `PERSONS_KEK_FILE` and `PERSONS_HASH_KEY_FILE` may name the file in which it stands.
        """
        kek, *other_keks = map(b64decode, _given(environment, "PERSONS_KEK"))
        hash_key, *other_hash_keys = (key.encode() for key in _given(environment, "PERSONS_HASH_KEY"))
        wrong = [one for one in (kek, *other_keks) if len(one) != KEY_BYTES]
        if wrong or min(map(len, (hash_key, *other_hash_keys))) < KEY_BYTES:
            message = "PERSONS_KEK must be 32 bytes in base64, PERSONS_HASH_KEY at least 32 characters"
            raise ValueError(message)
        return cls(kek, hash_key, tuple(other_keks), tuple(other_hash_keys))

    @property
    def kek_name(self) -> str:
        """Return which key-encryption key this is, without telling anything of it."""
        return _name(self.kek)

    @property
    def hash_key_name(self) -> str:
        """Return which hash key this is, without telling anything of it."""
        return _name(self.hash_key)

    def hash_of(self, place: Place, text: str) -> bytes:
        """Return the keyed hash of a text."""
        return hmac.digest(self.hash_key, place.value + b":" + text.encode(), "sha256")

    def all_hashes_of(self, place: Place, text: str) -> list[bytes]:
        """Return the keyed hashes of a text by every known key, the first one's first."""
        keys = (self.hash_key, *self.other_hash_keys)
        return [hmac.digest(key, place.value + b":" + text.encode(), "sha256") for key in keys]

    def opaque(self, place: Place, name: str) -> str:
        """Return another name for a dwelling or building: the same for the same, and nothing to be read from it."""
        return self.hash_of(place, name)[:16].hex()

    def wrap(self, person_id: UUID, key: bytes) -> bytes:
        """Return a person's key as it may be stored."""
        return _seal(self.kek, person_id.bytes, key)

    def unwrap(self, person_id: UUID, wrapped: bytes, wrapped_by: str) -> bytes:
        """Return a person's key from what was stored; KeyError when the key that wrapped it is not known."""
        keks = {_name(kek): kek for kek in (self.kek, *self.other_keks)}
        return _unseal(keks[wrapped_by], person_id.bytes, wrapped)


def _given(environment: Mapping[str, str], name: str) -> list[str]:
    file = environment.get(f"{name}_FILE")
    return (Path(file).read_text(encoding="utf-8") if file else environment[name]).split()


def _name(secret: bytes) -> str:
    return hashlib.sha256(secret).hexdigest()[:8]


def new_keys(count: int) -> list[bytes]:
    """Return that many new keys."""
    chance = os.urandom(KEY_BYTES * count)
    return [chance[place : place + KEY_BYTES] for place in range(0, len(chance), KEY_BYTES)]


def document_key(key: bytes, document_id: UUID) -> bytes:
    """Return the key for a person's part of one document: it opens that part, and nothing else of the person."""
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"document:" + document_id.bytes).derive(key)


def seal(key: bytes, person_id: UUID, kind: Kind, text: str) -> bytes:
    """Return a text about a person as it may be stored."""
    return _seal(key, person_id.bytes + kind.value, text.encode())


def unseal(key: bytes, person_id: UUID, kind: Kind, sealed: bytes) -> str:
    """Return the text from what was stored."""
    return _unseal(key, person_id.bytes + kind.value, sealed).decode()


def _seal(key: bytes, bound_to: bytes, plain: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound_to)


def _unseal(key: bytes, bound_to: bytes, sealed: bytes) -> bytes:
    return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to)

"""Signing keys and signed tokens."""

import json
import os
import time
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

AUDIENCE = "samvirke"
LIFETIME_S = 3600


class KeyFile:
    """The signing keys of one issuer: the first signs, all are published. Whoever holds it sees every change of it."""

    def __init__(self, path: Path) -> None:
        """Make a first key when there is none."""
        self.path = path
        self._read_at = -1
        self._keys: list[ECKey] = []
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._write([_new_key()])

    @property
    def keys(self) -> list[ECKey]:
        """Return the keys that lie in the file now."""
        changed_at = self.path.stat().st_mtime_ns
        if changed_at != self._read_at:
            data = json.loads(self.path.read_text())
            self._keys, self._read_at = [ECKey.import_key(key) for key in data.get("keys", [data])], changed_at
        return self._keys

    @property
    def has_one_before(self) -> bool:
        """Tell whether a key is published that signs no more."""
        return self._changed_at() is not None

    @property
    def before_is_needed_until(self) -> float:
        """Return when the last token has ended that the key before has signed."""
        return (self._changed_at() or 0.0) + LIFETIME_S

    def publish_next(self) -> None:
        """Publish a new key besides the one that signs; one that was published before stays the next."""
        if len(self.keys) == 1:
            self._write([*self.keys, _new_key()])

    def use_next(self) -> None:
        """Sign by the new key; the one before stays published."""
        self._write(self.keys[::-1], changed_at=time.time())

    def drop_before(self) -> None:
        """Publish the key that signs, and no other."""
        self._write(self.keys[:1])

    def _changed_at(self) -> float | None:
        changed_at: float | None = json.loads(self.path.read_text()).get("changed_at")
        return changed_at

    def _write(self, keys: list[ECKey], changed_at: float | None = None) -> None:
        half = self.path.with_suffix(".half")
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as handle:
            json.dump({"keys": [key.as_dict(private=True) for key in keys], "changed_at": changed_at}, handle)
        half.replace(self.path)


class Signer:
    """Signs tokens of one issuer with the keys of a file."""

    def __init__(self, issuer: str, key_file: Path) -> None:
        """Read the keys, or make one when there is none."""
        self.issuer = issuer
        self._file = KeyFile(key_file)

    def jwks(self) -> dict[str, Any]:
        """Return the public keys, as `/jwks` shows them."""
        return dict(KeySet([*self._file.keys]).as_dict(private=False))

    def access_token(self, claims: dict[str, Any], lifetime_s: int = LIFETIME_S) -> str:
        """Return an access token for Samvirke's services."""
        return self._signed(claims | {"aud": AUDIENCE}, "at+jwt", lifetime_s)

    def id_token(self, claims: dict[str, Any], application: str, nonce: str) -> str:
        """Return the token that tells an application who signed in."""
        return self._signed(claims | {"aud": application} | ({"nonce": nonce} if nonce else {}), "JWT", LIFETIME_S)

    def _signed(self, claims: dict[str, Any], kind: str, lifetime_s: int) -> str:
        now = int(time.time())
        key = self._file.keys[0]
        header = {"alg": "ES256", "typ": kind, "kid": key.kid}
        return jwt.encode(header, claims | {"iss": self.issuer, "iat": now, "exp": now + lifetime_s}, key)


def _new_key() -> ECKey:
    return ECKey.generate_key("P-256", auto_kid=True, private=True, parameters={"use": "sig", "alg": "ES256"})

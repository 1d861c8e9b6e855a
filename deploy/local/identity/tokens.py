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


class Signer:
    """Signs tokens of one issuer with a key that lies in the run folder."""

    def __init__(self, issuer: str, key_file: Path) -> None:
        """Read the key, or make it when there is none."""
        self.issuer = issuer
        self._key = _read_key(key_file) if key_file.exists() else _new_key(key_file)

    def jwks(self) -> dict[str, Any]:
        """Return the public keys, as `/jwks` shows them."""
        return dict(KeySet([self._key]).as_dict(private=False))

    def access_token(self, claims: dict[str, Any], lifetime_s: int = LIFETIME_S) -> str:
        """Return an access token for Samvirke's services."""
        return self._signed(claims | {"aud": AUDIENCE}, "at+jwt", lifetime_s)

    def id_token(self, claims: dict[str, Any], application: str, nonce: str) -> str:
        """Return the token that tells an application who signed in."""
        return self._signed(claims | {"aud": application} | ({"nonce": nonce} if nonce else {}), "JWT", LIFETIME_S)

    def _signed(self, claims: dict[str, Any], kind: str, lifetime_s: int) -> str:
        now = int(time.time())
        header = {"alg": "ES256", "typ": kind, "kid": self._key.kid}
        return jwt.encode(header, claims | {"iss": self.issuer, "iat": now, "exp": now + lifetime_s}, self._key)


def _read_key(key_file: Path) -> ECKey:
    return ECKey.import_key(json.loads(key_file.read_text()))


def _new_key(key_file: Path) -> ECKey:
    """Make a key that only its owner may read."""
    key = ECKey.generate_key("P-256", auto_kid=True, private=True, parameters={"use": "sig", "alg": "ES256"})
    key_file.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
        json.dump(key.as_dict(private=True), handle)
    return key

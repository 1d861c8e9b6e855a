"""The identity provider, as a page needs it: where people sign in, and what a code is worth (OpenID Connect Core 1.0).

The code flow with PKCE (RFC 7636). What one attempt needs to know is made of 256 random bits that only the browser
holds, so that nothing is kept here for whoever never comes back, and no other browser can finish what this one began.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx

from chassis.identity import IdentityAway, NotSignedIn, Principal, Tokens
from chassis.issuer import discovered_at
from chassis.settings import Settings

PATIENCE_S = 3.0
"""How long the identity provider may take: who waits longer is shown the emergency sign-in."""
ANSWER = "/login/svar"


@dataclass(frozen=True)
class Attempt:
    """One attempt to sign in, as the browser that makes it holds it."""

    seed: str
    til: str
    """Where to go afterwards."""

    @classmethod
    def new(cls, til: str) -> "Attempt":
        """Return a new attempt."""
        return cls(secrets.token_urlsafe(32), til)

    @classmethod
    def read(cls, cookie: str, state: str) -> "Attempt | None":
        """Return the attempt in a cookie; None where it is none, or not the one that was answered."""
        seed, _, til = cookie.partition(".")
        try:
            found = cls(seed, base64.urlsafe_b64decode(til.encode()).decode())
        except ValueError:
            return None
        return found if hmac.compare_digest(found.state.encode(), state.encode()) else None

    @property
    def cookie(self) -> str:
        """Return the attempt as a cookie's value."""
        return f"{self.seed}.{base64.urlsafe_b64encode(self.til.encode()).decode()}"

    @cached_property
    def state(self) -> str:
        """Return what must come back with the answer."""
        return self._made("state")

    @cached_property
    def nonce(self) -> str:
        """Return what must stand in the ID token."""
        return self._made("nonce")

    @cached_property
    def verifier(self) -> str:
        """Return what proves that who has the code has asked for it."""
        return self._made("verifier")

    @property
    def challenge(self) -> str:
        """Return what is shown of the verifier beforehand."""
        return _text(hashlib.sha256(self.verifier.encode()).digest())

    def _made(self, word: str) -> str:
        return _text(hmac.digest(self.seed.encode(), word.encode(), "sha256"))


def _text(digest: bytes) -> str:
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


@dataclass(frozen=True, slots=True)
class Provider:
    """Where one identity provider does what (OpenID Connect Discovery 1.0)."""

    authorization: str
    token: str

    def address(self, settings: Settings, attempt: Attempt) -> str:
        """Return where a browser is sent to sign in."""
        asked = {
            "response_type": "code",
            "client_id": settings.web_client,
            "redirect_uri": settings.own_address + ANSWER,
            "scope": "openid",
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": attempt.challenge,
            "code_challenge_method": "S256",
        }
        joint = "&" if urlsplit(self.authorization).query else "?"
        return f"{self.authorization}{joint}{urlencode(asked)}"


async def discovered(issuer: str) -> Provider:
    """Ask the identity provider where it does what, at each sign-in: so we know that it is there."""
    try:
        async with httpx.AsyncClient(timeout=PATIENCE_S) as client:
            said = await discovered_at(issuer, client)
        return Provider(str(said["authorization_endpoint"]), str(said["token_endpoint"]))
    except (httpx.HTTPError, ValueError, KeyError) as error:
        raise IdentityAway from error


async def signed_in_by(code: str, attempt: Attempt, settings: Settings, tokens: Tokens) -> Principal:
    """Return who has signed in; NotSignedIn for a code that is not ours, was used, or speaks of no person."""
    provider = await discovered(settings.issuer)
    form = {
        "grant_type": "authorization_code",
        "client_id": settings.web_client,
        "redirect_uri": settings.own_address + ANSWER,
        "code": code,
        "code_verifier": attempt.verifier,
    }
    granted = await _asked(provider.token, form)
    principal = await tokens.principal(str(granted.get("access_token", "")))
    subject = await tokens.subject_at(settings.web_client, str(granted.get("id_token", "")), attempt.nonce)
    if subject != principal.subject or principal.kind != "person":
        raise NotSignedIn
    return principal


async def _asked(address: str, form: dict[str, str]) -> dict[str, Any]:
    """Return the JSON of an answer; NotSignedIn where it is a refusal, IdentityAway where there is none."""
    try:
        async with httpx.AsyncClient(timeout=PATIENCE_S) as client:
            answer = await client.post(address, data=form)
            if answer.is_client_error:
                raise NotSignedIn
            found = answer.raise_for_status().json()
    except (httpx.HTTPError, ValueError) as error:
        raise IdentityAway from error
    if not isinstance(found, dict):
        raise IdentityAway
    return found

"""Who asks: principals, read from OIDC access tokens."""

import asyncio
import time
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from math import isfinite
from typing import Any, ClassVar
from uuid import UUID

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from chassis.clock import ClockOf
from chassis.issuer import address_of
from contracts.refusal import Refusal

AUDIENCE = "samvirke"
REMEMBERED_TOKENS = 2000
KEYS_AGAIN_AFTER_S = 10.0
"""How soon the issuer's keys are read again for a token that none of them has signed."""
KEYS_AT_MOST_S = 300.0
"""How long keys are believed without being read again: a key that is dropped opens nothing after that."""

LEEWAY_S = 5
"""How long a token counts beyond its end, and before its beginning: the issuer tells its time in whole seconds."""


class NotSignedIn(Refusal):
    """No valid token came with the request."""

    slug = "not-signed-in"
    status = 401
    title = "Du er ikke logget ind, eller dit adgangsbevis er udløbet."
    todo = "Hent et nyt adgangsbevis, og prøv igen."


class Forbidden(Refusal):
    """The role does not allow it."""

    slug = "forbidden"
    status = 403
    title = "Din rolle giver ikke adgang til dette."
    todo = "Bed en kollega med den rette rolle om at gøre det."


class IdentityAway(Refusal):
    """The identity provider's keys cannot be read just now."""

    slug = "identity-away"
    status = 503
    title = "Login-tjenesten svarer ikke lige nu."
    todo = "Prøv igen om lidt. Intet er gået tabt."


@dataclass(frozen=True, slots=True)
class Principal:
    """A person, system or service on whose behalf something is done."""

    subject: str
    authority: str
    office: str = ""
    roles: frozenset[str] = field(default_factory=frozenset)
    kind: str = "person"
    """`person`, `system`, `service`, or `worker`: the service's own work, which no token can be."""
    person_id: UUID | None = None
    """A person's own id in persons, where the identity provider knows it: nobody opens a case about themselves."""

    @classmethod
    def worker(cls, service: str) -> "Principal":
        """Return the principal of a service's own work."""
        return cls(subject=service, authority="samvirke", kind="worker")

    def require(self, *roles: str) -> None:
        """Refuse when the principal has none of the roles."""
        if self.roles.isdisjoint(roles):
            raise Forbidden


class Tokens:
    """Checks access tokens against the issuer's published keys."""

    algorithms: ClassVar[list[str]] = ["ES256", "RS256"]

    def __init__(self, issuer: str) -> None:
        """Remember the issuer; its keys are read at the first token."""
        self.issuer = issuer
        self.keys_again_after_s = KEYS_AGAIN_AFTER_S
        self.keys_at_most_s = KEYS_AT_MOST_S
        self._issuers = ClockOf()
        self._keys: KeySet | None = None
        self._read_at = 0.0
        self._reading = asyncio.Lock()
        self._known: OrderedDict[str, tuple[float, Principal]] = OrderedDict()

    async def principal(self, token: str) -> Principal:
        """Return whom a token speaks for; NotSignedIn when it speaks for nobody."""
        known = self._known.get(token)
        if known and known[0] > self._issuers.now():
            return known[1]
        claims = await self._claims(token, AUDIENCE, authority={"essential": True})
        principal = _principal(claims)
        self._known[token] = (float(claims["exp"]), principal)
        if len(self._known) > REMEMBERED_TOKENS:
            self._known.popitem(last=False)
        return principal

    async def subject_at(self, client: str, id_token: str, nonce: str) -> str:
        """Return who has signed in through a client, by an ID token; NotSignedIn for another client or nonce."""
        claims = await self._claims(id_token, client, nonce={"essential": True, "value": nonce})
        return str(claims["sub"])

    async def _claims(self, token: str, audience: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401  joserfc's options
        try:
            decoded = await self._decode(token)
            self._learn_time(decoded.claims.get("iat"))
            rules = jwt.JWTClaimsRegistry(
                now=int(self._issuers.now()),
                leeway=LEEWAY_S,
                iss={"essential": True, "value": self.issuer},
                aud={"essential": True, "value": audience},
                exp={"essential": True},
                sub={"essential": True},
                **more,
            )
            rules.validate(decoded.claims)
        except (JoseError, ValueError) as error:
            raise NotSignedIn from error
        return decoded.claims

    def _learn_time(self, issued_at: object) -> None:
        """Believe the issuer that its clock has come to what it signed: on a loaded machine its answer may be old."""
        if isinstance(issued_at, int | float) and isfinite(issued_at):
            self._issuers.has_reached(issued_at)

    async def _decode(self, token: str) -> jwt.Token:
        await self._forget_dropped_keys()
        known = self._keys
        try:
            return jwt.decode(token, known or await self._read_keys(known), algorithms=self.algorithms)
        except (JoseError, ValueError):
            # The issuer may have changed its keys since they were read.
            if time.monotonic() - self._read_at < self.keys_again_after_s:
                raise
            return jwt.decode(token, await self._read_keys(known), algorithms=self.algorithms)

    async def _forget_dropped_keys(self) -> None:
        """Read the keys again after a while: one that the issuer publishes no more signs nothing that counts."""
        if self._keys and time.monotonic() - self._read_at > self.keys_at_most_s:
            # While the issuer is away, those that are known go on.
            with suppress(IdentityAway):
                await self._read_keys(self._keys)

    async def _read_keys(self, known: KeySet | None) -> KeySet:
        """Read the keys, once for all who wait: after a start, a hundred clients with a TLS context each cost 80 MB."""
        async with self._reading:
            if self._keys is None or self._keys is known:
                self._keys, self._read_at = await self._published_keys(), time.monotonic()
            return self._keys

    async def _published_keys(self) -> KeySet:
        try:
            async with httpx.AsyncClient(timeout=5) as client:
                address = await address_of("jwks_uri", self.issuer, client)
                asked_at = time.monotonic()
                answer = (await client.get(address)).raise_for_status()
        except (httpx.HTTPError, ValueError) as error:
            raise IdentityAway from error
        # Without it, or with one that nobody can read, the own clock goes on.
        with suppress(KeyError, ValueError):
            # A second begins when it is told: what is meant is half a second later, give or take.
            self._issuers.hear(parsedate_to_datetime(answer.headers["date"]).timestamp() + 0.5, asked_at)
        return KeySet.import_key_set(answer.json())


def _principal(claims: dict[str, Any]) -> Principal:
    roles = frozenset(str(role) for role in claims.get("roles", ()))
    kind = "service" if "service" in roles else "system" if "client_id" in claims else "person"
    return Principal(
        subject=str(claims["sub"]),
        authority=str(claims.get("authority", "")),
        office=str(claims.get("office", "") or ""),
        roles=roles,
        kind=kind,
        person_id=_own_id(claims.get("person_id")),
    )


def _own_id(claim: object) -> UUID | None:
    try:
        return UUID(str(claim)) if claim else None
    except ValueError as error:
        raise NotSignedIn from error

"""HTTP for services: who asks, and commands that may be sent twice.

A command carries an `Idempotency-Key`. It is scoped by authority, method and path and kept for 30 days with a hash of
the body and the answer: status, ids and version, never personal data. See docs/architecture/commands.md.
"""

import asyncio
import hashlib
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Annotated, TypeVar
from uuid import UUID

import asyncpg
import orjson
from fastapi import Depends, Header, Request
from fastapi.responses import Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from chassis.database import Database, Tx, literal
from chassis.identity import NotSignedIn, Principal, Tokens
from chassis.infrastructure import is_lost_race
from chassis.openapi import IDEMPOTENCY_KEY, USABLE_KEY
from contracts.refusal import Refusal

if TYPE_CHECKING:
    from chassis.service import Service

TRIES = 4
"""A lost race is run again three times."""


class KeyMissing(Refusal):
    """A command came without a usable Idempotency-Key."""

    slug = "idempotency-key-missing"
    status = 400
    title = "Kommandoen mangler en brugbar Idempotency-Key."
    todo = "Send Idempotency-Key med en ny tilfældig værdi: højst 200 tegn, uden mellemrum. Intet er gemt."


class KeyReused(Refusal):
    """The Idempotency-Key belongs to another command."""

    slug = "idempotency-key-reused"
    status = 422
    title = "Idempotency-Key er brugt før til noget andet."
    todo = "Brug en ny nøgle til en ny kommando. Intet er gemt."


class KeyInFlight(Refusal):
    """The same command is being carried out right now, or waits for somebody else's."""

    slug = "command-in-flight"
    title = "Den samme kommando, eller en på samme sag, er i gang."
    todo = "Vent et øjeblik, og send igen med samme Idempotency-Key."


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command answers, and all that is kept of it."""

    status: int = 200
    ids: dict[str, UUID | str | list[str]] = field(default_factory=dict)
    version: int | None = None

    def body(self) -> dict[str, object]:
        """Return what the caller gets."""
        ids: dict[str, object] = {
            name: value if isinstance(value, list) else str(value) for name, value in self.ids.items()
        }
        return ids if self.version is None else ids | {"version": self.version}


Work = Callable[[Tx], Awaitable[Answer]]

T = TypeVar("T")


async def unless_lost_race(once: Callable[[], Awaitable[T]]) -> T:
    """Do something that is one transaction, and do it again where another one got in its way."""
    for attempt in range(TRIES - 1):
        try:
            return await once()
        except asyncpg.PostgresError as error:
            if not is_lost_race(error):
                raise
            await asyncio.sleep(0.01 * 2**attempt)
    return await once()


class Command:
    """One command on its way: its principal, its key and a hash of its body."""

    def __init__(self, database: Database, principal: Principal, scope: str, body_hash: str) -> None:
        """Name the command; `run` carries it out."""
        self.database = database
        self.principal = principal
        self.scope = scope
        self.body_hash = body_hash

    def require(self, *roles: str) -> None:
        """Refuse when the principal has none of the roles."""
        self.principal.require(*roles)

    def act_for(self, authority: str) -> None:
        """Let a service's command reach the rows of the authority on whose behalf it asks; its key stays its own."""
        if self.principal.kind == "service":
            self.principal = replace(self.principal, authority=authority)

    async def run(self, work: Work) -> Response:
        """Carry the command out once; the same key gets the same answer."""
        return _response(await self.carry_out(work))

    async def carry_out(self, work: Work) -> Answer:
        """Carry the command out once and return its answer, from now or from then."""
        try:
            return await unless_lost_race(partial(self._once, work))
        except asyncpg.LockNotAvailableError as error:
            raise KeyInFlight(retry_after=1) from error

    async def _once(self, work: Work) -> Answer:
        claim = (
            f"insert into idempotency (scope, body_hash) values ('{self.scope}', '{self.body_hash}')"
            " on conflict do nothing"
        )
        async with self.database.tx(self.principal, first=claim) as tx:
            if tx.first_status == "INSERT 0 0":
                return await self._earlier(tx)
            answer = await work(tx)
            # asyncpg's UUIDs are a subclass, which orjson does not know.
            kept = orjson.dumps({"status": answer.status, "ids": answer.ids, "version": answer.version}, default=str)
            tx.last_words += f"select keep_answer('{self.scope}', {literal(kept.decode())});"
            return answer

    async def _earlier(self, tx: Tx) -> Answer:
        row = await tx.fetchrow("select body_hash, answer from idempotency where scope = $1", self.scope)
        if row is None or row["answer"] is None:
            raise KeyInFlight(retry_after=1)
        if row["body_hash"] != self.body_hash:
            raise KeyReused
        return Answer(**orjson.loads(row["answer"]))


def _response(answer: Answer) -> Response:
    headers = {} if answer.version is None else {"ETag": f'"{answer.version}"'}
    return Response(orjson.dumps(answer.body(), default=str), answer.status, headers, media_type="application/json")


def service_of(request: Request) -> "Service":
    """Return the service that answers this request."""
    service: Service = request.app.state.service
    return service


bearer = HTTPBearer(
    scheme_name="token",
    bearerFormat="JWT",
    description="An access token of the identity provider, by client credentials or by the code flow with PKCE.",
    auto_error=False,
)


async def signed_in(
    request: Request, said: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
) -> Principal:
    """Return whom the request's bearer token speaks for; refuse when it has none."""
    if said is None:
        raise NotSignedIn
    tokens: Tokens = service_of(request).tokens
    principal = await tokens.principal(said.credentials.strip())
    request.state.principal = principal
    return principal


async def command(
    request: Request,
    principal: Annotated[Principal, Depends(signed_in)],
    key: Annotated[str, Header(alias=IDEMPOTENCY_KEY, description="A new random value for each new command.")] = "",
) -> Command:
    """Return the command that the request carries."""
    if not re.fullmatch(USABLE_KEY, key):
        raise KeyMissing
    return command_of(request, principal, key, hashlib.sha256(await request.body()).hexdigest())


def command_of(request: Request, principal: Principal, key: str, body_hash: str) -> Command:
    """Return the command of a request whose body was read elsewhere: by its key and a hash of what was read."""
    if not re.fullmatch(USABLE_KEY, key):
        raise KeyMissing
    scope = _digest(principal.authority, request.method, request.url.path, key)
    return Command(service_of(request).database, principal, scope, body_hash)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()

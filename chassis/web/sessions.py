"""Sessions: what a browser holds after sign-in, so that a page knows who asks without asking the identity provider.

A browser holds 256 random bits in a cookie that no script reads; the database holds their SHA-256 and for whom they
speak. Lifetimes are time-outs by the real clock: a demonstration's clock that jumps signs nobody out.
"""

import hashlib
import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode, urlsplit

from fastapi import Depends, Header, Request
from fastapi.responses import RedirectResponse, Response
from fastapi.security import HTTPAuthorizationCredentials

from chassis.database import Database, Tx
from chassis.http import Command, bearer, command, service_of, signed_in
from chassis.identity import NotSignedIn, Principal
from chassis.openapi import IDEMPOTENCY_KEY
from chassis.settings import Settings
from chassis.web.forms import form_of, require_own_form

SHIFT = "12 hours"
"""How long a session lasts after its last use."""
LONGEST = "72 hours"
"""How long it lasts at most, however much it is used: then roles are read anew from the identity provider."""
NOTED_EVERY = "1 minute"
"""How often its use is written down."""

READS = frozenset({"GET", "HEAD"})
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
OWN_PATH = re.compile(r"/(?!/)[!-\[\]-~]{0,500}")
"""A path of this service: no other host (`//`), no backslash, which browsers read as a slash, and no control sign."""
KEY_FIELD = "noegle"
"""The hidden field by which a form that is sent twice is done once."""


class SignedOut(NotSignedIn):
    """Nobody is signed in in this browser, or no more: the same refusal, in words for a person."""

    title = "Du er ikke logget ind."
    todo = "Log ind, og gør det igen. Intet er gemt."


@dataclass(frozen=True, slots=True)
class Session:
    """For whom a browser speaks."""

    principal: Principal
    emergency: bool


def cookie_name(settings: Settings, what: str = "session") -> str:
    """Return a cookie's name: cookies are shared by all ports of a host, so that each installation has its own."""
    prefix = "__Host-" if is_secure(settings) else ""
    return f"{prefix}{settings.identity}-{what}"


def is_secure(settings: Settings) -> bool:
    """Say whether browsers reach this service by https."""
    return settings.own_address.startswith("https://")


def set_cookie(answer: Response, settings: Settings, name: str, value: str, seconds: int | None = None) -> None:
    """Let a browser keep a value; it comes along when somebody follows a link to here, and with no foreign form."""
    secure = is_secure(settings)
    answer.set_cookie(name, value, max_age=seconds, path="/", secure=secure, httponly=True, samesite="lax")


def drop_cookie(answer: Response, settings: Settings, name: str) -> None:
    """Let a browser forget a value."""
    answer.delete_cookie(name, path="/", secure=is_secure(settings), httponly=True, samesite="lax")


def own_path(path: str, otherwise: str) -> str:
    """Return a path where it is one of this service, as a browser reads it; else the other one."""
    return path if OWN_PATH.fullmatch(path) else otherwise


def digest(token: str) -> str:
    """Return what the database holds of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _holder(token: str) -> Principal:
    """Return the principal who may reach one session and nothing else."""
    return Principal(subject=digest(token), authority="session", kind="session")


async def begin(database: Database, principal: Principal, before: str) -> str:
    """Begin a session of somebody who has signed in, end the one that the browser held before, and return the token."""
    await end(database, before)
    token = secrets.token_urlsafe(32)
    async with database.tx(_holder(token)) as tx:
        await keep(tx, token, Session(principal, emergency=False))
    return token


async def keep(tx: Tx, token: str, session: Session) -> None:
    """Keep a new session; who may is decided by the policies of `web_session`."""
    who = session.principal
    await tx.execute(
        "insert into web_session (token_sha256, subject, authority, office, roles, person_id, emergency, ends_at)"
        " values ($1, $2, $3, $4, $5, $6, $7, clock_timestamp() + $8::text::interval)",
        *(digest(token), who.subject, who.authority, who.office, sorted(who.roles), who.person_id),
        *(session.emergency, SHIFT),
    )


async def find(database: Database, token: str) -> Session | None:
    """Return the session of a token, and let it last; None where there is none, or no more."""
    if not TOKEN.fullmatch(token):
        return None
    async with database.tx(_holder(token)) as tx:
        row = await tx.fetchrow(
            "select subject, authority, office, roles, person_id, emergency,"
            " last_used_at < clock_timestamp() - $2::text::interval as is_old from web_session"
            " where token_sha256 = $1 and ended_at is null and ends_at > clock_timestamp()",
            *(digest(token), NOTED_EVERY),
        )
        if row is None:
            return None
        if row["is_old"]:
            await _note_use(tx, token)
    roles = frozenset(row["roles"])
    who = Principal(row["subject"], row["authority"], row["office"], roles, person_id=row["person_id"])
    return Session(who, row["emergency"])


async def _note_use(tx: Tx, token: str) -> None:
    """Let a session last a shift from now; one that began in an emergency ends when it was said."""
    await tx.execute(
        "update web_session set last_used_at = clock_timestamp(), ends_at = case when emergency then ends_at else"
        " least(clock_timestamp() + $2::text::interval, began_at + $3::text::interval) end where token_sha256 = $1",
        *(digest(token), SHIFT, LONGEST),
    )


async def end(database: Database, token: str) -> None:
    """End a session at once, wherever its token is; nothing happens for what is no token."""
    if not TOKEN.fullmatch(token):
        return
    async with database.tx(_holder(token)) as tx:
        await tx.execute(
            "update web_session set ended_at = clock_timestamp() where token_sha256 = $1 and ended_at is null",
            digest(token),
        )


def token_of(request: Request) -> str:
    """Return what the browser holds as its session; empty where it holds nothing."""
    return request.cookies.get(cookie_name(service_of(request).settings), "")


async def signed_in_page(
    request: Request, said: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
) -> Principal:
    """Return who asks, by bearer token or by session; a browser of nobody is sent to sign in.

    What changes something must come from a page of our own, where a session says who asks.
    """
    if said is not None:
        return await signed_in(request, said)
    database, token = service_of(request).database, token_of(request)
    session = await find(database, token)
    if session is None:
        raise SignedOut
    if request.method not in READS:
        require_own_form(request)
    request.state.principal, request.state.emergency = session.principal, session.emergency

    async def still() -> bool:
        return await find(database, token) is not None

    request.state.still_signed_in = still
    return session.principal


Still = Callable[[], Awaitable[bool]]
"""Whether who asked is signed in still, for an answer that lasts: `request.state.still_signed_in`."""


async def page_command(
    request: Request,
    principal: Annotated[Principal, Depends(signed_in_page)],
    key: Annotated[str, Header(alias=IDEMPOTENCY_KEY, description="A new random value for each new command.")] = "",
) -> Command:
    """Return the command that a request carries; a form carries its key in the hidden field `noegle`."""
    is_form = request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
    own = (await form_of(request)).get(KEY_FIELD, "") if is_form and not key else key
    return await command(request, principal, own)


def way_to_sign_in(request: Request) -> Response | None:
    """Return how a browser of nobody is sent to sign in and back; None where it must be told instead.

    What it has filled in cannot be sent along, so a form is answered by the refusal. A part of a page is fetched by
    htmx, which takes the whole page there.
    """
    if request.method not in READS:
        return None
    if request.headers.get("hx-request"):
        page = urlsplit(request.headers.get("hx-current-url", ""))
        return Response(status_code=401, headers={"HX-Redirect": _login(page.path, page.query)})
    if "text/html" not in request.headers.get("accept", ""):
        return None
    return RedirectResponse(_login(request.url.path, request.url.query), 303)


def _login(path: str, query: str) -> str:
    return "/login?" + urlencode({"til": own_path(path + (f"?{query}" if query else ""), "/")})

"""The emergency sign-in: by a sealed code, without the identity provider, alarmed and recorded (O-5.3-09).

Codes are made in peacetime by a command of the service and printed once. Each opens one session of twelve hours for an
authority, an office and roles that were decided then; who used it says their name, which a review reads afterwards.
"""

import asyncio
import hashlib
import hmac
import logging
import secrets
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from chassis import metrics
from chassis.access import record_access
from chassis.database import Database, Tx
from chassis.http import service_of
from chassis.identity import Principal
from chassis.problems import noted, retry_after
from chassis.web import sessions
from chassis.web.forms import form_of, require_own_form
from chassis.web.pages import HEADERS, Pages
from contracts.codes import Mode, Purpose
from contracts.refusal import Refusal

if TYPE_CHECKING:
    from asyncpg import Record

log = logging.getLogger(__name__)

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: none is taken for another when it is read from paper."""
READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": ""})
SELECTOR, SECRET = 4, 16
"""How many signs say which code it is, and how many open it: 80 bits."""
TRIES_A_MINUTE = 5
"""For the whole installation: a try costs work, and nobody types faster."""
NAME_AT_MOST = 100


class CodeUnreadable(Refusal):
    """What was typed is no code, or no name came with it."""

    slug = "emergency-code-unreadable"
    status = 422
    title = "Koden eller navnet mangler noget."
    todo = "Skriv dit navn og alle kodens 20 tegn; mellemrum, bindestreger og små bogstaver er lige meget."


class CodeWrong(Refusal):
    """The code opens nothing, or was used before."""

    slug = "emergency-code-wrong"
    status = 403
    title = "Koden virker ikke."
    todo = "Kontrollér tegnene. Er koden brugt før, så tag den næste i kuverten: hver kode virker én gang."


class TooManyTries(Refusal):
    """More codes are tried than people type."""

    slug = "too-many-tries"
    status = 429
    title = "Der er prøvet for mange koder lige nu."
    todo = "Vent et minut, og prøv igen. Koden er ikke brugt."


@dataclass(frozen=True, slots=True)
class Code:
    """A code as it is printed: which one it is, and what opens it."""

    selector: str
    secret: str

    @classmethod
    def new(cls) -> "Code":
        """Return a new code."""
        signs = "".join(secrets.choice(SIGNS) for _ in range(SELECTOR + SECRET))
        return cls(signs[:SELECTOR], signs[SELECTOR:])

    @classmethod
    def read(cls, typed: str) -> "Code":
        """Return the code that somebody typed; CodeUnreadable where it is none."""
        signs = typed.upper().translate(READ_AS)
        if len(signs) != SELECTOR + SECRET or not set(signs) <= set(SIGNS):
            raise CodeUnreadable
        return cls(signs[:SELECTOR], signs[SELECTOR:])

    def __str__(self) -> str:
        signs = self.selector + self.secret
        return "-".join(signs[place : place + 4] for place in range(0, len(signs), 4))

    async def hash(self, salt: bytes) -> bytes:
        """Return what the database holds of the secret; it costs 16 MB and a twentieth of a second."""
        return await asyncio.to_thread(hashlib.scrypt, self.secret.encode(), salt=salt, n=2**14, r=8, p=1)


@dataclass(frozen=True, slots=True)
class Opens:
    """What a code opens."""

    authority: str
    office: str
    roles: tuple[str, ...]


async def make_codes(database: Database, opens: Opens, count: int) -> list[Code]:
    """Make codes in place of those that open the same and were not used, and return them this once."""
    codes = [Code.new() for _ in range(count)]
    async with database.tx(Principal.worker(database.settings.service)) as tx:
        await tx.execute(
            "delete from emergency_code where used_at is null and authority = $1 and office = $2 and roles = $3",
            *(opens.authority, opens.office, list(opens.roles)),
        )
        for code in codes:
            salt = secrets.token_bytes(16)
            await tx.execute(
                "insert into emergency_code (selector, salt, hash, authority, office, roles)"
                " values ($1, $2, $3, $4, $5, $6)",
                *(code.selector, salt, await code.hash(salt), opens.authority, opens.office, list(opens.roles)),
            )
    return codes


async def uses(database: Database) -> "list[Record]":
    """Return who used a code, when, and what it opened."""
    async with database.tx(Principal.worker(database.settings.service)) as tx:
        return await tx.fetch(
            "select selector, used_at, used_by, authority, office, roles from emergency_code"
            " where used_at is not null order by used_at"
        )


class EmergencySignIn:
    """The page where a sealed code is typed."""

    def __init__(self, pages: Pages, home: str) -> None:
        """Remember how pages look, and where people land."""
        self.pages = pages
        self.home = home

    async def show(self, request: Request) -> Response:
        """Show the form."""
        return self.pages.render(request, "emergency.html", fault=None, name="")

    async def sign_in(self, request: Request) -> Response:
        """Begin a session by a code, or say what is wrong on the same page."""
        require_own_form(request)
        form = await form_of(request)
        try:
            token = await use_code(service_of(request).database, form.get("kode", ""), form.get("navn", ""))
        except (CodeUnreadable, CodeWrong, TooManyTries) as refusal:
            noted(refusal)
            again = {"fault": refusal, "name": form.get("navn", "")}
            return self.pages.render(request, "emergency.html", refusal.status, retry_after(refusal), **again)
        settings = service_of(request).settings
        await sessions.end(service_of(request).database, sessions.token_of(request))
        answer = RedirectResponse(self.home, HTTPStatus.SEE_OTHER, HEADERS)
        sessions.set_cookie(answer, settings, sessions.cookie_name(settings), token)
        return answer


async def use_code(database: Database, typed: str, name: str) -> str:
    """Use a code up and return the token of the session that it opens."""
    code, name = Code.read(typed), " ".join(name.split())
    if not 1 < len(name) <= NAME_AT_MOST or not name.isprintable():
        raise CodeUnreadable
    holder = Principal(subject=code.selector, authority="emergency", kind="emergency")
    async with database.tx(holder) as tx:
        row = await _tried(tx, code)
    # The same work where there is no such code, so that its time tells nothing.
    made = await code.hash(row["salt"] if row else b"nobody's salt")
    if not hmac.compare_digest(made, row["hash"] if row else b"") or row is None:
        log.warning("an emergency code was refused")
        raise CodeWrong
    token = secrets.token_urlsafe(32)
    async with database.tx(holder) as tx:
        await _use_up(tx, code, name)
        await _begin(tx, token, code, row)
    metrics.EMERGENCY_SIGN_INS.inc()
    log.warning("somebody signed in by a sealed code", extra={"authority": row["authority"], "office": row["office"]})
    return token


async def _tried(tx: Tx, code: Code) -> "Record | None":
    """Note a try, and return the code that was meant; TooManyTries where others have tried too often."""
    await tx.execute("select pg_advisory_xact_lock(hashtext('emergency_try'))")
    tried = await tx.fetchval(
        "select count(*) from emergency_try where tried_at > clock_timestamp() - interval '1 minute'"
    )
    if tried >= TRIES_A_MINUTE:
        raise TooManyTries(retry_after=60)
    await tx.execute("insert into emergency_try default values")
    return await tx.fetchrow(
        "select salt, hash, authority, office, roles from emergency_code where selector = $1 and used_at is null",
        code.selector,
    )


async def _use_up(tx: Tx, code: Code, name: str) -> None:
    status = await tx.execute(
        "update emergency_code set used_at = clock(), used_by = $2 where selector = $1 and used_at is null",
        *(code.selector, name),
    )
    if status != "UPDATE 1":
        raise CodeWrong


async def _begin(tx: Tx, token: str, code: Code, opened: "Record") -> None:
    """Begin the session and record it, as the session's own subject: what is done in it bears the same name."""
    roles = frozenset(opened["roles"])
    who = Principal(f"noedlogin-{code.selector}", opened["authority"], opened["office"], roles)
    await sessions.keep(tx, token, sessions.Session(who, emergency=True))
    if tx.mode is Mode.LIVE:
        # An exercise has nobody's data, and tells nothing of its use.
        tx.principal = who
        await record_access(tx, operation="emergency.sign_in", purpose=Purpose.LAWFULNESS_CONTROL, persons=[])

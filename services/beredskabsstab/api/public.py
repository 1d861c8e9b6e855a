"""What anybody may read without signing in: the page, each message, its CAP document byte for byte, and the feed."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from chassis.database import Tx
from chassis.http import service_of
from chassis.identity import Principal
from chassis.web.pages import HEADERS
from contracts.refusal import NotFound
from services.beredskabsstab.api.common import Id
from services.beredskabsstab.api.messages import outlet_of
from services.beredskabsstab.api.web import PAGES
from services.beredskabsstab.domain.cap import MEDIA_TYPE
from services.beredskabsstab.domain.feed import FEED_TYPE, Entry, feed
from services.beredskabsstab.domain.information import Form, State
from services.beredskabsstab.domain.information_sending import banner
from services.beredskabsstab.domain.message_words import STATES
from services.beredskabsstab.store import publications
from services.beredskabsstab.store.publications import Published

router = APIRouter(route_class=PAGES.route(), include_in_schema=False)

ANYBODY = Principal(subject="", authority="public", kind="public")
"""Whoever has not signed in: row-level security shows them what was published, and nothing else."""

READ = ["GET", "HEAD"]
SHOWN_AT_MOST = 50
KEPT_S = 10
"""How long a cache may answer in our place: a warning is on its way to everybody at once, and never late by more."""
OPENED = datetime(2026, 1, 1, tzinfo=UTC)
"""When the feed began."""


@router.api_route("/varsler", methods=READ)
async def page(request: Request) -> Response:
    """Show whether the population has been warned, in the largest type, and what holds now."""
    async with service_of(request).database.tx(ANYBODY) as tx:
        newest, current = await publications.newest(tx, SHOWN_AT_MOST), await publications.in_force(tx)
    holds = [one for one in newest if one.state is State.SENT]
    holds += [one for one in current if one not in holds]
    earlier = [one for one in newest if one.state is not State.SENT]
    shown: dict[str, Any] = {"banner": banner(current), "holds": holds, "earlier": earlier}
    answer = PAGES.render(request, "message_public.html", sender=_sender(request), **shown)
    return _cached(request, bytes(answer.body), "text/html; charset=utf-8", [*newest, *current])


@router.api_route("/varsler.atom", methods=READ)
async def atom(request: Request) -> Response:
    """Return the feed of what was published."""
    own, publisher = service_of(request).settings.own_address, outlet_of(request).publisher
    async with service_of(request).database.tx(ANYBODY) as tx:
        newest = await publications.newest(tx, SHOWN_AT_MOST)
    body = feed([_entry(one, own) for one in newest], publisher, f"{own}/varsler.atom", OPENED)
    return _cached(request, body, f"{FEED_TYPE}; charset=utf-8", newest)


def _entry(one: Published, own: str) -> Entry:
    address = f"{own}/varsler/{one.information_id}"
    cap = f"{address}.cap" if one.cap else ""
    state = STATES[one.state]
    return Entry(one.identifier, one.danish.headline, one.sent_at, one.changed_at, address, cap, state)


@router.api_route("/varsler/{information_id}.cap", methods=READ)
async def cap(information_id: Id, request: Request) -> Response:
    """Return a warning as CAP 1.2, the bytes that were sent."""
    async with service_of(request).database.tx(ANYBODY) as tx:
        one = await _found(tx, information_id)
    if one.cap is None:
        raise NotFound
    return _cached(request, one.cap, MEDIA_TYPE, [one])


@router.api_route("/varsler/{information_id}", methods=READ)
async def show(information_id: Id, request: Request) -> Response:
    """Show one message, also when it holds no more, with the way to what has taken its place."""
    async with service_of(request).database.tx(ANYBODY) as tx:
        one = await _found(tx, information_id)
        later = await publications.successor(tx, information_id)
        current = await publications.in_force(tx)
    is_in_force = one.form is Form.WARNING and one.state is State.SENT
    said = banner([one]) if is_in_force else banner(current)
    shown: dict[str, Any] = {"banner": said, "one": one, "later": later}
    answer = PAGES.render(request, "message_public_one.html", sender=_sender(request), **shown)
    return _cached(request, bytes(answer.body), "text/html; charset=utf-8", [one, *current])


async def _found(tx: Tx, information_id: UUID) -> Published:
    one = await publications.find(tx, information_id)
    if one is None:
        raise NotFound
    return one


def _sender(request: Request) -> str:
    return outlet_of(request).publisher.sender_name


def _cached(request: Request, body: bytes, media_type: str, shown: Iterable[Published]) -> Response:
    """Answer with what a cache may keep for a moment; where the caller has it already, with that alone."""
    changed = max((one.changed_at for one in shown), default=OPENED).astimezone(UTC).replace(microsecond=0)
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = HEADERS | {
        "ETag": tag,
        "Last-Modified": format_datetime(changed, usegmt=True),
        "Cache-Control": f"public, max-age={KEPT_S}",
    }
    # A tag alone says that nothing is new: of two changes within one second, a time would hide the second.
    known = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
    if known & {tag, "*"}:
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=media_type)

"""The mailboxes over HTTP: the same events in the same order as the topic, each system its own."""

import json
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from prometheus_client import Counter, Gauge

from chassis.http import service_of, signed_in
from chassis.identity import Principal
from chassis.openapi import refusing
from contracts.codes import Mailbox, Role, authorities
from services.exchange.domain import (
    Bounds,
    CursorTooOld,
    CursorUnknown,
    InvalidQuery,
    Polls,
    TooManyPolls,
    chosen,
    cursor_before,
    own_mailboxes,
    window,
)
from services.exchange.store import Mailboxes, Page

READS = Counter("mailbox_reads", "Polls of a mailbox that were answered", ["authority"])
READ_AT = Gauge("mailbox_read_timestamp_seconds", "When a mailbox of the authority was last read", ["authority"])
SHOWN = Counter("mailbox_events_shown", "Events shown to a mailbox's reader", ["authority"])
UNREADABLE = Counter("mailbox_unreadable", "Records shown without content, because they cannot be read", ["authority"])
OPEN = Gauge("mailbox_polls_open", "Polls that are being answered or held open")
NAMES = Gauge(
    "authority_info",
    "1 for each authority, with the name by which alarms and dashboards call it",
    ["authority", "name"],
)
for one in authorities().values():
    NAMES.labels(one.id, one.name).set(1)

NOTICE = {"notice": "Demonstration, ikke en myndighed"}
SystemPrincipal = Annotated[Principal, Depends(signed_in)]


def feed(mailboxes: Mailboxes, polls: Polls, *, demonstration: bool) -> APIRouter:
    """Return the routes of the feed."""
    router = APIRouter(tags=["postkasser"])
    notice = NOTICE if demonstration else {}

    @router.get("/mailboxes")
    async def list_mailboxes(principal: SystemPrincipal) -> Response:
        """List the caller's own mailboxes and what each keeps."""
        principal.require(Role.SYSTEM)
        own = own_mailboxes(principal.authority, principal.office, principal.roles)
        return _json(notice | {"mailboxes": [_listed(each, await mailboxes.bounds(each)) for each in own]})

    @router.get(
        "/mailboxes/{name}/events",
        responses=refusing(InvalidQuery, CursorTooOld, CursorUnknown, TooManyPolls),
    )
    async def read_events(
        name: str,
        request: Request,
        principal: SystemPrincipal,
        after: str | None = None,
        wait: str | None = None,
        limit: str | None = None,
    ) -> Response:
        """Show the events after a cursor; with `wait`, hold the answer back until there is one."""
        mailbox = chosen(name, own_mailboxes(principal.authority, principal.office, principal.roles))
        asked = window(after, wait, limit)

        async def nobody_waits() -> bool:
            """Tell whether to stop waiting: the caller has hung up, or this process is told to end."""
            return service_of(request).stopping or await request.is_disconnected()

        with polls.one(principal.subject), OPEN.track_inprogress():
            page = await mailboxes.poll(mailbox, asked, nobody_waits)
        _count(mailbox, page)
        return _json(notice | {"events": page.entries, "next": cursor_before(page.next_offset)})

    return router


def _listed(mailbox: Mailbox, bounds: Bounds) -> dict[str, Any]:
    empty = bounds.earliest == bounds.end
    return {
        "mailbox": str(mailbox),
        "earliest": None if empty else bounds.earliest,
        "next": cursor_before(bounds.end),
        "events": f"/mailboxes/{mailbox}/events",
    }


def _count(mailbox: Mailbox, page: Page) -> None:
    READS.labels(mailbox.authority).inc()
    READ_AT.labels(mailbox.authority).set_to_current_time()
    SHOWN.labels(mailbox.authority).inc(len(page.entries))
    UNREADABLE.labels(mailbox.authority).inc(sum(each["event"] is None for each in page.entries))


def _json(body: Mapping[str, Any]) -> Response:
    """Answer with JSON; the standard library's, because a value may hold a number larger than 64 bits."""
    return Response(
        json.dumps(body, ensure_ascii=False, allow_nan=False),
        media_type="application/json",
        headers={"Cache-Control": "no-store"},
    )

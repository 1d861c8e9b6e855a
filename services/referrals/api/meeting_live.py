"""A meeting that is watched: who is in the room now, and that something else has changed; forms stay as they are."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from chassis.database import Database, Tx
from chassis.http import service_of
from chassis.identity import Principal
from chassis.service import Service
from chassis.web.live import Live, Topic, VersionOf
from contracts.refusal import NotFound
from services.referrals.api.grouping import require_member, seat_of
from services.referrals.api.meeting_pages import Colleague, in_words
from services.referrals.api.meeting_view import STATES
from services.referrals.api.meetings import told
from services.referrals.api.web import PAGES
from services.referrals.store import meetings

pages = APIRouter(route_class=PAGES.route(), include_in_schema=False)

Loaded = Annotated[str, Query(alias="version", max_length=40, pattern=r"^[0-9]+-[0-9]+$")]


def versions(service: Service) -> VersionOf:
    """Return what reads the version of a meeting and of all its cases."""

    async def version_of(meeting_id: str) -> str:
        async with service.database.tx(service.worker) as tx:
            return await meetings.watched(tx, UUID(meeting_id)) or ""

    return version_of


@pages.get("/moeder/{meeting_id}/live")
async def watch(meeting_id: UUID, request: Request, who: Colleague, loaded: Loaded) -> Response:
    """Let a meeting be watched by whoever is called to it and has loaded a version."""
    require_member(who)
    database = service_of(request).database
    async with database.tx(who) as tx:
        await _room(tx, meeting_id, loaded)
    live = request.app.state.live
    assert isinstance(live, Live)  # noqa: S101  the wiring says so
    return await live.stream(
        request, _topic(meeting_id, who, loaded), lambda: _render(database, who, meeting_id, loaded)
    )


def _topic(meeting_id: UUID, who: Principal, loaded: str) -> Topic:
    roles = " ".join(sorted(who.roles))
    return Topic(str(meeting_id), f"{seat_of(who)} {loaded} {roles}")


async def _render(database: Database, who: Principal, meeting_id: UUID, loaded: str) -> str:
    async with database.tx(who) as tx:
        return PAGES.part("meeting_live.html", **await _room(tx, meeting_id, loaded))


async def _room(tx: Tx, meeting_id: UUID, loaded: str) -> dict[str, Any]:
    """Return who is in the room, as far as the reader may know, and whether their page is an old one."""
    meeting, said = await told(tx, meeting_id)
    now = await meetings.watched(tx, meeting_id)
    if now is None:
        raise NotFound
    seat = in_words(meeting)
    return {
        "path": f"/moeder/{meeting_id}",
        "state": STATES[meeting.state],
        "present": [seat(one) for one in said["present"]],
        "is_old": now != loaded,
    }

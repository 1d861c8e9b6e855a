"""A roster's calendar, read by its secret key: calendars on phones sign in nowhere."""

from hashlib import sha256
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import Response

from chassis.http import service_of
from chassis.identity import Principal
from contracts.codes import Mode
from contracts.refusal import NotFound
from services.alerting.api.common import Id
from services.alerting.api.duty import roster_with_names
from services.alerting.api.rosters import digest
from services.alerting.domain.calendar import AHEAD, BACK, Told, calendar
from services.alerting.store import alerts, rosters

router = APIRouter(tags=["vagt"])

UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "The calendar is as the caller knows it."}}


class Calendar(Response):
    """An answer that calendars read (RFC 5545)."""

    media_type = "text/calendar; charset=utf-8"


@router.get("/rosters/{roster_id}/calendar.ics", response_class=Calendar, responses=UNCHANGED)
async def read_calendar(
    roster_id: Id,
    request: Request,
    key: Annotated[str, Query(max_length=100)] = "",
    known: Annotated[str, Header(alias="If-None-Match", max_length=500)] = "",
) -> Response:
    """Show a roster as iCalendar; a wrong key looks like a roster that is not there."""
    service = service_of(request)
    async with service.database.tx(_reader(key)) as tx:
        now, row = await alerts.now(tx), await rosters.find(tx, roster_id)
        if row is None:
            raise NotFound
        found, names = await roster_with_names(tx, roster_id, now - BACK, now + AHEAD)
    settings = service.settings
    changed_at = row["changed_at"] or now
    told = Told(row["name"], row["version"], changed_at, settings.mode == Mode.EXERCISE, settings.demonstration)
    body = calendar(found, names, told, now)
    tag = f'"{sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if tag in {one.strip().removeprefix("W/") for one in known.split(",")}:
        return Response(status_code=304, headers=headers)
    return Calendar(body, headers=headers)


def _reader(key: str) -> Principal:
    """Return the principal that sees the one roster of a key, and nothing where the key is nobody's."""
    return Principal(subject=f"feed:{digest(key)}", authority="feed", kind="link")

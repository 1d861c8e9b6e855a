"""What users did: one user's accesses, and each week what a leader's people opened outside their work lists."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response

from chassis.access import accessing
from chassis.clients import ServiceClient, ServiceRefused
from chassis.http import service_of
from chassis.identity import Principal
from contracts.codes import Purpose, Role
from contracts.form import Moment
from contracts.refusal import NotFound
from services.audit.api.common import Asking, confidential, persons_of, record_reading, shown
from services.audit.store import lookups

router = APIRouter(tags=["brugere"])

Subject = Annotated[str, Path(min_length=1, max_length=200)]
After = Annotated[int, Query(ge=0, le=2**62)]
DENMARK = ZoneInfo("Europe/Copenhagen")
FIRST, LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2199, 12, 31, tzinfo=UTC)
_WEEK = re.compile(r"(\d{4})-W(\d{2})")


@router.get("/users/{subject}/accesses", dependencies=[Depends(accessing("audit.user.read"))])
async def read_accesses(
    subject: Subject,
    request: Request,
    principal: Asking,
    start: Annotated[Moment, Query(alias="from")] = FIRST,
    end: Annotated[Moment, Query(alias="to")] = LAST,
    after: After = 0,
) -> Response:
    """Return what a user did with personal data and was refused; a leader and an adviser see their own authority's."""
    principal.require(Role.DATA_PROTECTION, Role.LEADER)
    async with service_of(request).database.tx(principal) as tx:
        lines = await lookups.of_user(tx, subject, start, end, after)
        if Role.DATA_PROTECTION not in principal.roles:
            lines = [one for one in lines if one.value["authority"] == principal.authority]
        await record_reading(tx, "audit.user.read", persons_of(lines), purpose=Purpose.LAWFULNESS_CONTROL)
    return confidential({"lines": [shown(one) for one in lines], "next": _next(lines)})


@router.get("/weeks/{week}/outside", dependencies=[Depends(accessing("audit.week.read"))])
async def read_outside(week: str, request: Request, principal: Asking) -> Response:
    """Return what the leader's own people opened outside their work lists in an ISO week, with their words."""
    principal.require(Role.LEADER)
    service, (start, end) = service_of(request), _bounds(week)
    async with service.database.tx(principal) as tx:
        lines = await lookups.outside_work_list(tx, principal.authority, start, end)
        await record_reading(
            tx, "audit.week.read", persons_of(lines), purpose=Purpose.LAWFULNESS_CONTROL, case_id=_case(week, principal)
        )
    # No transaction is open while persons is asked; it records that the words were read.
    words = await _words(service.clients, lines, _case(week, principal), principal)
    return confidential({"week": week, "opened": [shown(one) | {"words": words.get(_words_id(one))} for one in lines]})


def _next(lines: Sequence[lookups.Line]) -> int | None:
    return lines[-1].position if len(lines) == lookups.MOST_LINES else None


def _bounds(week: str) -> tuple[datetime, datetime]:
    """Return when an ISO week begins and ends by the clock in Denmark; what is no week is not there."""
    found = _WEEK.fullmatch(week)
    if found is None:
        raise NotFound
    try:
        monday = datetime.fromisocalendar(int(found[1]), int(found[2]), 1)
    except ValueError as error:
        raise NotFound from error
    return monday.replace(tzinfo=DENMARK), (monday + timedelta(days=7)).replace(tzinfo=DENMARK)


def _case(week: str, principal: Principal) -> UUID:
    """Return the id of a leader's review of a week, the same each time."""
    return uuid5(NAMESPACE_URL, f"https://samvirke.example/weeks/{principal.authority}/{week}")


def _words_id(line: lookups.Line) -> str:
    return str(line.value.get("words_id") or "")


async def _words(
    clients: ServiceClient, lines: Sequence[lookups.Line], case_id: UUID, reader: Principal
) -> dict[str, str]:
    """Return the words by their ids; those of a person whose key is gone are gone too."""
    asked = list(dict.fromkeys(_words_id(one) for one in lines if _words_id(one)))
    if not asked:
        return {}
    try:
        return await _read(clients, asked, case_id, reader)
    except ServiceRefused:
        return {key: text for one in asked for key, text in (await _read_one(clients, one, case_id, reader)).items()}


async def _read_one(clients: ServiceClient, text_id: str, case_id: UUID, reader: Principal) -> dict[str, str]:
    try:
        return await _read(clients, [text_id], case_id, reader)
    except ServiceRefused:
        return {}


async def _read(clients: ServiceClient, text_ids: Sequence[str], case_id: UUID, reader: Principal) -> dict[str, str]:
    body: dict[str, Any] = {
        "text_ids": text_ids,
        "purpose": Purpose.LAWFULNESS_CONTROL,
        "case_id": case_id,
        "on_behalf_of": {"subject": reader.subject, "authority": reader.authority},
    }
    answered = await clients.post("persons", "/read", body)
    return {one["text_id"]: one["text"] for one in answered["texts"]}

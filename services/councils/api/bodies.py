"""Who sits on the councils, for everyone: by office, with the names of those who hold public office, and when."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from chassis.database import Tx
from chassis.http import service_of
from contracts.codes import authorities
from contracts.form import Day
from contracts.refusal import NotFound
from services.councils.api.common import Asking, answer, is_of_council_office
from services.councils.api.public import EVERYONE, as_public_json
from services.councils.api.public_views import CouncilsView, HistoryView, SeatedCouncilView
from services.councils.domain.bodies import Body
from services.councils.domain.kredsraad import district_municipalities
from services.councils.domain.lokalraad import Side
from services.councils.domain.seating import Member
from services.councils.store import bodies, links, naming, requests, seats, vice_chairs

router = APIRouter(tags=["råd"])

BodyId = Annotated[UUID, Path()]
RED = 503


@router.get("/bodies", response_model=CouncilsView)
async def read_bodies(request: Request) -> Response:
    """List the kredsraad and the lokalraad, without login."""
    async with service_of(request).database.tx(EVERYONE) as tx:
        found = await bodies.every(tx)
    return as_public_json(request, {"bodies": [_body(one) for one in found]})


@router.get("/bodies/{body_id}", response_model=SeatedCouncilView)
async def read_body(body_id: BodyId, request: Request, on: Day | None = None) -> Response:
    """Show a council with its seats on a day, today where none is given: only public office-holders by name."""
    async with service_of(request).database.tx(EVERYONE) as tx:
        body, members = await _found(tx, body_id)
        day = on or await seats.today(tx)
        chair = await _chair(tx, body_id, day)
        vice = next((one for one in await vice_chairs.every(tx, body_id) if _is_vice(one, day)), None)
    sitting = [_public(one) for one in members if one.covers(day)]
    shown = {"on": day, "chair_side": chair, "vice_chair": vice.authority if vice else None, "seats": sitting}
    return as_public_json(request, _body(body) | shown)


@router.get("/bodies/{body_id}/history", response_model=HistoryView)
async def read_history(body_id: BodyId, request: Request) -> Response:
    """Show who held the public offices of a council from when to when, and who was its vice chair."""
    async with service_of(request).database.tx(EVERYONE) as tx:
        body, members = await _found(tx, body_id)
        elected = await vice_chairs.every(tx, body_id)
    chairs = [
        {"authority": one.authority, "from": one.elected_on, "to": one.vacated_on, "by_lot": one.by_lot}
        for one in elected
    ]
    shown = {"terms": [_public(one) for one in members], "vice_chairs": chairs}
    return as_public_json(request, _body(body) | shown)


@router.get("/bodies/{body_id}/members")
async def read_members(body_id: BodyId, request: Request, principal: Asking, on: Day | None = None) -> Response:
    """Show everybody who sits on a council on a day to those who sit on it; addresses to its secretariats alone."""
    async with service_of(request).database.tx(principal) as tx:
        body, members = await _seated(tx, body_id)
        day = on or await seats.today(tx)
        sitting = [one for one in members if one.covers(day)]
        reached = await seats.contacts(tx, [one.id for one in sitting])
        chair = await seats.chair_on(tx, body_id, day)
    shown = [
        _public(one)
        | {"member_id": one.id, "kind": one.kind, "chair": chair is not None and chair.id == one.id}
        | ({"contact": reached[one.id]} if one.id in reached else {})
        for one in sitting
    ]
    return answer(_body(body) | {"on": day, "members": shown})


@router.get("/bodies/{body_id}/name-corrections")
async def read_corrections(body_id: BodyId, request: Request, principal: Asking) -> Response:
    """Show those who sit on a council which names were misspelt: by whom they were put right, when and why."""
    async with service_of(request).database.tx(principal) as tx:
        await _seated(tx, body_id)
        return answer({"corrections": await naming.of_body(tx, body_id)})


@router.get("/bodies/{body_id}/links")
async def read_links(body_id: BodyId, request: Request, principal: Asking) -> Response:
    """Show a council's secretariat which personal links still open something, and for whom; no token."""
    async with service_of(request).database.tx(principal) as tx:
        body, _ = await _seated(tx, body_id)
        if principal.authority not in body.secretariats:
            raise NotFound
        return answer({"links": await links.of_body(tx, body_id)})


@router.get("/bodies/{body_id}/meeting-requests")
async def read_requests(body_id: BodyId, request: Request, principal: Asking) -> Response:
    """Show who asked for extraordinary meetings to the chair's secretariat, and to each municipality its own."""
    async with service_of(request).database.tx(principal) as tx:
        await _seated(tx, body_id)
        return answer({"requests": await requests.of_body(tx, body_id)})


@router.get("/health/lokalraad_coverage", include_in_schema=False)
async def coverage(request: Request) -> Response:
    """Answer 200 while each of the district's municipalities has a lokalraad that works, and else 503 (O-2-06)."""
    wanted = district_municipalities()
    async with service_of(request).database.tx(EVERYONE) as tx:
        missing = await seats.without_lokalraad(tx, wanted)
    shown = {"lokalraad_coverage": f"{len(wanted) - len(missing)}/{len(wanted)}", "missing": missing}
    status = RED if missing else 200
    return Response(orjson.dumps(shown), status, {"Cache-Control": "no-store"}, media_type="application/json")


async def _found(tx: Tx, body_id: UUID) -> tuple[Body, list[Member]]:
    body = await bodies.found(tx, body_id)
    if body is None:
        raise NotFound
    return body, await seats.of_body(tx, body_id)


async def _seated(tx: Tx, body_id: UUID) -> tuple[Body, list[Member]]:
    """Return a council to whom sits on it; to anybody else who is signed in it is not there to be looked into."""
    body, members = await _found(tx, body_id)
    if not is_of_council_office(tx.principal, body):
        raise NotFound
    return body, members


async def _chair(tx: Tx, body_id: UUID, day: date) -> str:
    """Return the side that chairs: the police's unless somebody else is entered (ledger 2.1)."""
    chairs = [one for one in await seats.chairs(tx, body_id) if one.covers(day)]
    return chairs[0].side if chairs else Side.POLITI


def _is_vice(one: vice_chairs.ViceChair, day: date) -> bool:
    return one.elected_on <= day and (one.vacated_on is None or day < one.vacated_on)


def _body(body: Body) -> dict[str, Any]:
    return {
        "body_id": body.id,
        "kind": body.kind,
        "kommunekode": body.kommunekode,
        "title": body.title,
        "in_service": body.in_service,
        "active": body.active,
        "version": body.version,
        "parties": body.parties,
    }


def _public(one: Member) -> dict[str, Any]:
    return {
        "authority": one.authority or None,
        "from_whom": authorities()[one.authority].name if one.authority else "Civilsamfundet",
        "side": one.side,
        "function": one.function,
        "holder": one.holder,
        "valid_from": one.valid_from,
        "valid_to": one.valid_to,
    }

"""Personal links: made and taken back by a secretary, and the page behind one, without login.

To open it changes nothing, whoever opens it and however often: only a button of the page itself acts.
"""

from typing import Annotated
from uuid import UUID

import orjson
from fastapi import APIRouter, Path, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import StringConstraints

from chassis.database import Tx
from chassis.http import Answer, service_of, unless_lost_race
from chassis.openapi import refusing
from chassis.web.forms import form_of, require_own_form
from chassis.web.pages import HEADERS
from contracts.codes import Role
from contracts.form import Moment
from contracts.refusal import NotFound
from services.councils.api.common import Call, Sent, kept_body
from services.councils.api.web import PAGES
from services.councils.domain.links import LinkInThePast, NotOnTheCouncil
from services.councils.handlers.links import PURPOSES, Issued, issue, opened, principal_of, purpose_of, revoke
from services.councils.handlers.seats import member_of
from services.councils.store import bodies, seats

router = APIRouter(tags=["råd"])
pages = APIRouter(route_class=PAGES.route(), include_in_schema=False)

BodyId = Annotated[UUID, Path()]
MemberId = Annotated[UUID, Path()]
Token = Annotated[str, Path(max_length=100)]


class LinkBody(Sent):
    """What a personal link is for, and until when."""

    purpose: Annotated[str, StringConstraints(pattern=r"^[a-z]+(_[a-z]+)*$", max_length=40)]
    subject: UUID
    until: Moment


@router.post(
    "/bodies/{body_id}/members/{member_id}/links",
    status_code=201,
    responses=refusing(NotOnTheCouncil, LinkInThePast, NotFound),
)
async def make(body_id: BodyId, member_id: MemberId, body: LinkBody, call: Call) -> Response:
    """Make a personal link for a member; its address is shown now and never again."""
    call.require(Role.SECRETARY)
    made: list[Issued] = []

    async def work(tx: Tx) -> Answer:
        kept = await kept_body(tx, body_id)
        await member_of(tx, kept.id, member_id)
        if body.purpose not in PURPOSES or not await PURPOSES[body.purpose].belongs(tx, kept, body.subject):
            raise NotFound
        made[:] = [await issue(tx, member_id, body.purpose, body.subject, body.until)]
        return Answer(201, {"link_id": made[0].id})

    given = await call.carry_out(work)
    shown = {name: str(value) for name, value in given.ids.items()} | ({"address": made[0].path} if made else {})
    return Response(orjson.dumps(shown), given.status, {"Cache-Control": "no-store"}, media_type="application/json")


@router.post("/bodies/{body_id}/members/{member_id}/links/revoke")
async def take_back(body_id: BodyId, member_id: MemberId, call: Call) -> Response:
    """Take back every link of a member: a telephone was lost, or a message went to somebody else."""
    call.require(Role.SECRETARY)

    async def work(tx: Tx) -> Answer:
        kept = await kept_body(tx, body_id)
        member = await member_of(tx, kept.id, member_id)
        return Answer(200, {"revoked": str(await revoke(tx, member.id))})

    return await call.run(work)


@pages.api_route("/l/{token}", methods=["GET", "HEAD"])
async def show(token: Token, request: Request) -> Response:
    """Show what a link is about and what its holder can do."""
    async with service_of(request).database.tx(principal_of(token)) as tx:
        link = await opened(tx)
        shown = await purpose_of(link).show(tx, link)
        body, member = await bodies.found(tx, link.body_id), await seats.found(tx, link.member_id)
    council, holder = body.title if body else "", member.holder if member else ""
    return PAGES.render(request, "link.html", token=token, shown=shown, council=council, holder=holder)


@pages.post("/l/{token}")
async def act(token: Token, request: Request) -> Response:
    """Do what a button of the page says, for the member whose link it is."""
    require_own_form(request)
    holder, form = principal_of(token), await form_of(request)

    async def acted() -> None:
        async with service_of(request).database.tx(holder) as tx:
            link = await opened(tx)
            await purpose_of(link).act(tx, link, form.get("svar", ""), form.get("ord", ""))

    await unless_lost_race(acted)
    return RedirectResponse(f"/l/{token}", 303, HEADERS)

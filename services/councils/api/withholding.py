"""Information on a point that the chief withholds from the kredsraad for weighty reasons, and its release (L-29)."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from chassis.database import Tx
from chassis.http import Command, service_of
from chassis.openapi import refusing
from contracts.refusal import NotFound, StaleVersion
from services.councils.api.agendas import Reasoned
from services.councils.api.common import Asking, Call, answer
from services.councils.api.meeting_common import change, keeps, seated_meeting
from services.councils.domain.agendas import Item, may_read
from services.councils.domain.bodies import Body, BodyKind
from services.councils.domain.meeting_refusals import MeetingNotInThisState
from services.councils.domain.meetings import Meeting
from services.councils.domain.withholding import NothingWithheld, WithheldAlready
from services.councils.handlers import agendas as acts
from services.councils.store import agendas
from services.councils.store import withholding as store

router = APIRouter(tags=["dagsorden"])

Step = Callable[[Tx, Meeting, Item, str, int], Awaitable[Meeting]]


@router.post(
    "/meetings/{meeting_id}/items/{item_id}/withholding",
    responses=refusing(WithheldAlready, MeetingNotInThisState, StaleVersion),
)
async def withhold(meeting_id: UUID, item_id: UUID, body: Reasoned, call: Call) -> Response:
    """Record, for the chief, that information on a point of the kredsraad is withheld for weighty reasons (L-29)."""
    return await _step(meeting_id, item_id, body, call, acts.withhold)


@router.post(
    "/meetings/{meeting_id}/items/{item_id}/withholding/release",
    responses=refusing(NothingWithheld, MeetingNotInThisState, StaleVersion),
)
async def release(meeting_id: UUID, item_id: UUID, body: Reasoned, call: Call) -> Response:
    """Release, for the chief, what was withheld on a point, with the reason."""
    return await _step(meeting_id, item_id, body, call, acts.release)


@router.get("/meetings/{meeting_id}/released")
async def released(meeting_id: UUID, request: Request, principal: Asking) -> Response:
    """List what was withheld on a meeting's points and has been released, for whoever reads the point."""
    async with service_of(request).database.tx(principal) as tx:
        body, _ = await seated_meeting(tx, meeting_id)
        items = await agendas.of_meeting(tx, meeting_id)
        found = await store.released(tx, meeting_id)
    mine = {one.id for one in items if may_read(one, principal.roles, keeps=keeps(body, principal))}
    return answer({"meeting_id": meeting_id, "released": [one for one in found if one["item_id"] in mine]})


async def _step(meeting_id: UUID, item_id: UUID, said: Reasoned, call: Command, step: Step) -> Response:
    async def work(tx: Tx, council: Body, meeting: Meeting) -> Meeting:
        item = await acts.item_of(tx, meeting, item_id)
        if council.kind is not BodyKind.KREDSRAAD:
            raise NotFound
        return await step(tx, meeting, item, said.reason, said.version)

    return await change(call, meeting_id, work)

"""The groups over HTTP: which there are, how often each meets, and who stands in for its convener."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import Field, StringConstraints

from chassis.database import Tx
from chassis.http import Answer, service_of
from chassis.identity import Forbidden
from chassis.openapi import refusing
from contracts.codes import Kommunekode, Role
from contracts.form import WHOLE, Day, Moment
from contracts.referrals.v1 import ProgrammeCode
from contracts.refusal import NotFound, StaleVersion
from services.referrals.api.common import Asking, Body, Call, answer
from services.referrals.api.grouping import Version, require_convener, require_member, seat_of
from services.referrals.domain.group_refusals import FrequencyNeeded, MeetingInThePast
from services.referrals.domain.groups import Group, convener_of, group, next_due
from services.referrals.handlers.convening import Frequency, name_convener, set_frequency
from services.referrals.store import clock, forums

router = APIRouter(tags=["gruppemøde"])

Reason = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=r"^[^\x00-\x1f\x7f]*$")]


class OfForum(Body):
    """Which group: the programme, and the municipality unless the group is the district's."""

    programme: ProgrammeCode
    kommune: Kommunekode | None = None

    @property
    def where(self) -> tuple[Group, str]:
        """Return the kind of group, and its municipality or none; NotFound where there is no such group."""
        return group(self.programme), self.kommune or ""


class FrequencySaid(OfForum):
    """How often a group meets at the least, decided when and why; no number of days: as needed."""

    version: Version
    interval_days: Annotated[int, Field(ge=1, le=366), WHOLE] | None = None
    reason: Reason
    decided_on: Day


class DeputyNamed(OfForum):
    """Who of the convener's own office convenes until a time."""

    subject: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:@-]{1,200}$")]
    until: Moment


class ConvenerSaid(OfForum):
    """Who has the role that convenes a group; empty: nobody has."""

    version: Version
    subject: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:@-]{0,200}$")]


@router.get("/forums")
async def listed(request: Request, principal: Asking) -> Response:
    """List the groups in which the own office sits; first those that should have met."""
    require_member(principal)
    async with service_of(request).database.tx(principal) as tx:
        rows = await forums.listed(tx)
        reasons = await forums.frequencies(tx, [row["forum_id"] for row in rows])
    return answer([shown(row) | {"frequency": reasons.get(row["forum_id"])} for row in rows])


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """Return a group with its name, and by when it meets."""
    due = next_due(row["last_held_at"] or row["founded_at"], row["interval_days"])
    return row | {"name": group(row["programme"]).of.name, "meet_by": due, "overdue": row["overdue_since"] is not None}


@router.post("/forums/frequency", responses=refusing(FrequencyNeeded, StaleVersion))
async def frequency(body: FrequencySaid, call: Call) -> Response:
    """Say how often a group meets at the least, with the reason; the last word counts and the earlier ones are kept."""
    require_member(call.principal)
    of, kommune = body.where

    async def work(tx: Tx) -> Answer:
        await require_convener(tx, of, kommune)
        said = Frequency(body.interval_days, body.reason, body.decided_on)
        forum = await set_frequency(tx, of, kommune, said, body.version)
        return Answer(200, {"forum_id": forum.id}, forum.version + 1)

    return await call.run(work)


@router.post("/forums/convener", responses=refusing(StaleVersion))
async def convener(body: ConvenerSaid, call: Call) -> Response:
    """Say who of the own office convenes a group, as its leader; a vacant role is told at once, and shows."""
    call.require(Role.LEADER)
    of, kommune = body.where
    of.check_place(kommune)
    if convener_of(of, kommune) != seat_of(call.principal):
        raise NotFound if of.of.confidential else Forbidden

    async def work(tx: Tx) -> Answer:
        forum = await name_convener(tx, of, kommune, body.subject, body.version)
        return Answer(200, {"forum_id": forum.id}, forum.version + 1)

    return await call.run(work)


@router.post("/forums/deputies", status_code=201, responses=refusing(MeetingInThePast))
async def deputy(body: DeputyNamed, call: Call) -> Response:
    """Name who of the own office convenes while the convener is away."""
    require_member(call.principal)
    of, kommune = body.where

    async def work(tx: Tx) -> Answer:
        await require_convener(tx, of, kommune)
        if body.until <= await clock.now(tx):
            raise MeetingInThePast
        deputy_id = await forums.name_deputy(tx, of.programme, kommune, body.subject, body.until)
        return Answer(201, {"deputy_id": deputy_id})

    return await call.run(work)

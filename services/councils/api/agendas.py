"""Agendas over HTTP: built, proposed to, ordered, left out with a reason, and what became of each point."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response
from pydantic import Field

from chassis.database import Tx
from chassis.http import Answer, service_of
from chassis.identity import Principal
from chassis.openapi import refusing
from contracts.alerting.v1 import AuthorityId
from contracts.codes import Role
from contracts.form import Day, Truth
from contracts.refusal import StaleVersion
from services.councils.api.common import Asking, Call, Sent, answer
from services.councils.api.meeting_common import (
    Version,
    Versioned,
    change,
    keeps,
    kept_meeting,
    seated_body,
    seated_meeting,
    shown,
)
from services.councils.domain import meeting_refusals as refusals
from services.councils.domain.agendas import Item, ItemKind, ItemState, connection, may_read
from services.councils.domain.bodies import Body
from services.councils.domain.corrections import CorrectionsOpen
from services.councils.domain.matters import MatterNotReady
from services.councils.domain.meetings import Meeting
from services.councils.domain.minutes import Outcome, Result
from services.councils.domain.wording import Line, Text
from services.councils.handlers import agendas as acts
from services.councils.handlers import meeting_actions
from services.councils.handlers.agendas import Words
from services.councils.handlers.minutes import Agreed, close_item
from services.councils.store import agendas as store

router = APIRouter(tags=["dagsorden"])

Year = Annotated[int, Path(ge=2000, le=2999)]
Reader = Literal[Role.COUNCIL_MEMBER, Role.PLAN_APPROVER, Role.LEADER]
"""To whom a confidential point can be opened."""


class Point(Sent):
    """A point; one about sammenhaeng names a task of the police and one of the municipality (O-1-07)."""

    title: Line
    kind: ItemKind
    responsible: Line | None = None
    sammenhaeng: Truth = False
    police_task: Line | None = None
    municipal_task: Line | None = None
    confidential: Truth = False
    readers: Annotated[tuple[Reader, ...], Field(max_length=3)] = (Role.COUNCIL_MEMBER,)

    @property
    def words(self) -> Words:
        """Return what it says; SammenhaengNeedsBoth where a task is missing."""
        flagged = self.sammenhaeng or self.police_task or self.municipal_task
        both = connection(self.police_task, self.municipal_task) if flagged else None
        readers = tuple(role.value for role in self.readers) if self.confidential else ()
        return Words(self.title, self.kind, self.responsible or "", both, self.confidential, readers)


class PointChanged(Point):
    """Other words of a point that somebody has seen."""

    version: Version


class Ordered(Versioned):
    """All points in their new order."""

    items: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=200)]


class Reasoned(Versioned):
    """Why."""

    reason: Text


class AgreedSaid(Sent):
    """What an authority agreed to do, and by when."""

    task: Line
    owner: AuthorityId
    due: Day


class OutcomeSaid(Versioned):
    """What became of a point; decisions are by consensus, so no vote is counted."""

    outcome: Outcome
    text: Text
    decision: Text | None = None
    put_off_to: Day | None = None
    to_carry_out: Truth = False
    actions: Annotated[tuple[AgreedSaid, ...], Field(max_length=50)] = ()

    @property
    def result(self) -> Result:
        """Return what became of it."""
        return Result(self.outcome, self.text, self.decision or "", self.put_off_to, self.to_carry_out)


@router.get("/meetings/{meeting_id}/agenda")
async def read(meeting_id: UUID, request: Request, principal: Asking) -> Response:
    """Return the agenda in order, numbered; of a confidential point that is not for the reader the number alone."""
    async with service_of(request).database.tx(principal) as tx:
        body, meeting = await seated_meeting(tx, meeting_id)
        items = await store.of_meeting(tx, meeting_id)
        results = await store.results(tx, meeting_id)
        agreed = await meeting_actions.listed(tx, body, keeps=keeps(body, principal))
    standing = [one for one in items if one.state is not ItemState.WITHDRAWN]
    left_out = [one for one in items if one.state is ItemState.WITHDRAWN]
    see = _Reader(principal, body)
    return answer(
        shown(meeting)
        | {
            "items": [see.point(one, results[one.id]) | {"no": number} for number, one in enumerate(standing, 1)],
            "left_out": [see.point(one, results[one.id]) for one in left_out],
            "open_actions": agreed,
        }
    )


@router.post("/meetings/{meeting_id}/agenda", responses=refusing(refusals.MeetingNotInThisState, StaleVersion))
async def build(meeting_id: UUID, body: Versioned, call: Call) -> Response:
    """Put on the agenda what belongs there by itself: formal points, topics, what waits, what was left open."""

    async def work(tx: Tx, _: Body, meeting: Meeting) -> Meeting:
        return await acts.build(tx, meeting, body.version)

    return await change(call, meeting_id, work, 201)


@router.post(
    "/meetings/{meeting_id}/proposals",
    status_code=201,
    responses=refusing(refusals.SammenhaengNeedsBoth, refusals.MeetingNotInThisState),
)
async def propose(meeting_id: UUID, body: Point, call: Call) -> Response:
    """Put a point forward for an agenda that is not sent, as its secretary or a member."""
    call.require(Role.SECRETARY, Role.COUNCIL_MEMBER)
    words = body.words

    async def work(tx: Tx) -> Answer:
        council, meeting = await seated_meeting(tx, meeting_id)
        if keeps(council, call.principal):
            _, meeting = await kept_meeting(tx, meeting_id)
        return Answer(201, {"item_id": (await acts.propose(tx, meeting, words)).id})

    return await call.run(work)


@router.post("/meetings/{meeting_id}/agenda/order", responses=refusing(refusals.OrderIncomplete, StaleVersion))
async def reorder(meeting_id: UUID, body: Ordered, call: Call) -> Response:
    """Put the points in another order; formal points and sammenhaeng stay in front (O-1-07)."""

    async def work(tx: Tx, _: Body, meeting: Meeting) -> Meeting:
        return await acts.reorder(tx, meeting, list(body.items), body.version)

    return await change(call, meeting_id, work)


@router.put(
    "/meetings/{meeting_id}/items/{item_id}",
    responses=refusing(refusals.SammenhaengNeedsBoth, refusals.PointTreated, StaleVersion),
)
async def reword(meeting_id: UUID, item_id: UUID, body: PointChanged, call: Call) -> Response:
    """Change a point before the meeting: its words, who presents it, who reads it."""
    call.require(Role.SECRETARY)
    words = body.words

    async def work(tx: Tx, _: Body, meeting: Meeting) -> Meeting:
        item = await acts.item_of(tx, meeting, item_id)
        return await acts.change(tx, meeting, item, words, body.version)

    return await change(call, meeting_id, work)


@router.post(
    "/meetings/{meeting_id}/items/{item_id}/leaving-out",
    responses=refusing(refusals.MandatoryPoint, refusals.PointTreated, StaleVersion),
)
async def leave_out(meeting_id: UUID, item_id: UUID, body: Reasoned, call: Call) -> Response:
    """Leave a point out with the reason; a mandatory point of the plan's §4 stays."""

    async def work(tx: Tx, _: Body, meeting: Meeting) -> Meeting:
        item = await acts.item_of(tx, meeting, item_id)
        return await acts.leave_out(tx, meeting, item, body.reason, body.version)

    return await change(call, meeting_id, work)


@router.post(
    "/meetings/{meeting_id}/items/{item_id}/outcome",
    responses=refusing(
        *(refusals.OutcomeDoesNotFit, refusals.NotQuorate, refusals.PointTreated, MatterNotReady, refusals.NotASeat),
        *(CorrectionsOpen, StaleVersion),
    ),
)
async def close(meeting_id: UUID, item_id: UUID, body: OutcomeSaid, call: Call) -> Response:
    """Record what became of a point: what was said and decided, and who does what by when."""
    call.require(Role.SECRETARY)

    async def work(tx: Tx) -> Answer:
        council, meeting = await kept_meeting(tx, meeting_id)
        item = await acts.item_of(tx, meeting, item_id)
        agreed = [Agreed(one.task, one.owner, one.due) for one in body.actions]
        for one in agreed:
            if one.owner not in council.parties:
                raise refusals.NotASeat(seat=one.owner)
        after, decision_id = await close_item(tx, council, meeting, item, body.result, agreed, body.version)
        ids: dict[str, UUID | str | list[str]] = {"item_id": item_id}
        return Answer(200, ids | ({"decision_id": decision_id} if decision_id else {}), after.version)

    return await call.run(work)


@router.get("/bodies/{body_id}/sammenhaeng/{year}")
async def connections(body_id: UUID, year: Year, request: Request, principal: Asking) -> Response:
    """Return the year's points about sammenhaeng between both sides' tasks, and what became of them (O-1-07)."""
    async with service_of(request).database.tx(principal) as tx:
        body = await seated_body(tx, body_id)
        rows = await store.sammenhaeng(tx, body_id, year)
    open_to_me = [
        row
        for row in rows
        if not row["confidential"] or keeps(body, principal) or principal.roles & set(row["readers"])
    ]
    return answer({"body_id": body_id, "year": year, "rule": "O-1-07", "items": open_to_me})


class _Reader:
    """How one reader sees points."""

    def __init__(self, principal: Principal, body: Body) -> None:
        self.roles = principal.roles
        self.keeps = keeps(body, principal)

    def point(self, item: Item, result: dict[str, Any]) -> dict[str, Any]:
        """Return a point as the reader sees it."""
        if not may_read(item, self.roles, keeps=self.keeps):
            return {"item_id": item.id, "confidential": True, "title": "Lukket punkt", "state": item.state}
        both = item.sammenhaeng
        tasks = {"police_task": both.police_task, "municipal_task": both.municipal_task} if both else None
        names = ("came_by", "code", "title", "kind", "responsible", "confidential", "readers", "mandatory", "paragraph")
        facts = {name: getattr(item, name) for name in (*names, "state", "reason", "matter_id", "carried_from")}
        return facts | {"sammenhaeng": tasks} | result

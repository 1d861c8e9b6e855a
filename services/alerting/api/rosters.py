"""Rosters over HTTP: a planner makes them, lets the duty go round, and lets somebody take over."""

import secrets
from datetime import date, datetime, time
from hashlib import sha256
from typing import TYPE_CHECKING, Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import Field, StringConstraints

from chassis.database import Tx
from chassis.http import Answer
from chassis.ids import new_id
from contracts.codes import Role
from contracts.hverdage import DANISH_TIME
from contracts.refusal import NotFound
from services.alerting.api.common import Body, Call, Day, Id, Moment, RoleName, Version, answered_once, office_of
from services.alerting.domain import planning as rules
from services.alerting.domain.rosters import Override, Rotation
from services.alerting.handlers.changes import tell_new, tell_roster
from services.alerting.store import alerts, rosters, staff, swaps
from services.alerting.store.rosters import Draft

if TYPE_CHECKING:
    from asyncpg import Record

router = APIRouter(tags=["vagt"])

Words = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$", strip_whitespace=True)]
RosterName = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]
Line = Annotated[int, Field(ge=1, le=9)]


class Round(Body):
    """How the duty goes round from a day on, with the time in Danish time at which it is handed over."""

    starts_on: Day
    kind: Literal["fixed", "daily", "weekly"]
    turn_at: time = time(8)
    members: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=60)]

    def rotation(self) -> Rotation:
        """Return it as it is kept."""
        return Rotation(self.starts_on, self.kind, self.turn_at.replace(tzinfo=None), self.members)


class Making(Body):
    """A line of duty of the planner's office, from a day on, with how it goes round first where that is known."""

    name: RosterName
    role: RoleName = "vagt"
    hours: Literal["office_hours", "outside", "always"]
    line: Line = 1
    in_service: Day
    rotation: Round | None = None


class Renaming(Body):
    """What a roster is called from now on."""

    name: RosterName
    version: Version


class Ending(Body):
    """The first day on which a roster has no duty any more."""

    ended_on: Day
    version: Version


class Basis(Body):
    """The version that a change is based on."""

    version: Version


class Turning(Round):
    """How the duty goes round in a new way."""

    version: Version


class TakingOver(Body):
    """Somebody else has the duty for a while, from now where no beginning is said; nobody, with a reason."""

    starts_at: Moment | None = None
    ends_at: Moment
    staff_id: UUID | None
    reason: Words = ""
    version: Version


@router.post("/rosters", status_code=201)
async def make_one(body: Making, call: Call) -> Response:
    """Make a roster; the key of its calendar is shown here and never again."""
    call.require(Role.DUTY_PLANNER)
    key, shown = secrets.token_urlsafe(32), dict[str, str]()
    draft = _draft(body, office_of(call.principal), key)

    async def work(tx: Tx) -> Answer:
        now = await alerts.now(tx)
        if body.in_service < _day(now):
            raise rules.InThePast
        if any(rules.overlaps(body.hours, taken) for taken in await rosters.hours_taken(tx, draft)):
            raise rules.RosterOverlaps
        await rosters.add(tx, draft, now)
        if body.rotation:
            await _begin(tx, draft, body.rotation, now)
        await tell_new(tx, draft)
        shown["feed_key"] = key
        return Answer(201, {"roster_id": draft.roster_id}, version=1)

    return answered_once(await call.carry_out(work), shown)


def _draft(body: Making, place: tuple[str, str], key: str) -> Draft:
    return Draft(
        new_id(), *place, body.role, body.name, body.hours, body.line, body.in_service, feed_key_sha256=digest(key)
    )


async def _begin(tx: Tx, draft: Draft, begins: Round, now: datetime) -> None:
    """Let a roster that is being made go round."""
    rules.require_rotation_to_come((), begins.starts_on, draft.in_service, _day(now))
    rules.require_staff(begins.members, await staff.with_role(tx, draft.authority, draft.office, draft.role))
    await rosters.add_rotation(tx, draft.roster_id, begins.rotation(), now)


def digest(key: str) -> str:
    """Return what is kept of a calendar's key."""
    return sha256(key.encode()).hexdigest()


def _day(moment: datetime) -> date:
    return moment.astimezone(DANISH_TIME).date()


async def to_change(tx: Tx, roster_id: UUID, version: int | None = None) -> "Record":
    """Return a roster that goes on, its row locked."""
    row = await rosters.lock(tx, roster_id)
    if row is None:
        raise NotFound
    if row["ended_on"] is not None and row["ended_on"] <= _day(await alerts.now(tx)):
        raise rules.RosterEnded
    if version is not None:
        rules.require_version(row["version"], version)
    return row


@router.put("/rosters/{roster_id}")
async def rename_one(roster_id: Id, body: Renaming, call: Call) -> Response:
    """Call a roster something else."""
    call.require(Role.DUTY_PLANNER)

    async def work(tx: Tx) -> Answer:
        await to_change(tx, roster_id, body.version)
        await rosters.rename(tx, roster_id, body.name)
        return Answer(ids={"roster_id": roster_id}, version=await tell_roster(tx, roster_id))

    return await call.run(work)


@router.post("/rosters/{roster_id}/end")
async def end_one(roster_id: Id, body: Ending, call: Call) -> Response:
    """Let a roster have no duty from a day on, at the earliest tomorrow."""
    call.require(Role.DUTY_PLANNER)

    async def work(tx: Tx) -> Answer:
        await to_change(tx, roster_id, body.version)
        if body.ended_on <= _day(await alerts.now(tx)):
            raise rules.InThePast
        await rosters.end(tx, roster_id, body.ended_on)
        return Answer(ids={"roster_id": roster_id}, version=await tell_roster(tx, roster_id))

    return await call.run(work)


@router.post("/rosters/{roster_id}/feed-key")
async def renew_key(roster_id: Id, body: Basis, call: Call) -> Response:
    """Let the calendar be read by a new key alone; it is shown here and never again."""
    call.require(Role.DUTY_PLANNER)
    key, shown = secrets.token_urlsafe(32), dict[str, str]()

    async def work(tx: Tx) -> Answer:
        row = await to_change(tx, roster_id, body.version)
        await rosters.renew_feed(tx, roster_id, digest(key))
        shown["feed_key"] = key
        return Answer(ids={"roster_id": roster_id}, version=row["version"])

    return answered_once(await call.carry_out(work), shown)


@router.post("/rosters/{roster_id}/rotations", status_code=201)
async def turn_one(roster_id: Id, body: Turning, call: Call) -> Response:
    """Let the duty go round in a new way from a day on; what was on duty stays as it was."""
    call.require(Role.DUTY_PLANNER)
    rotation = body.rotation()

    async def work(tx: Tx) -> Answer:
        row, now = await to_change(tx, roster_id, body.version), await alerts.now(tx)
        [roster] = await rosters.laid_out(tx, [row], now, now)
        rules.require_rotation_to_come(roster.rotations, body.starts_on, row["in_service"], _day(now))
        await _require_members(tx, row, body.members)
        await rosters.add_rotation(tx, roster_id, rotation, now)
        return Answer(201, {"roster_id": roster_id}, version=await tell_roster(tx, roster_id))

    return await call.run(work)


async def _require_members(tx: Tx, row: "Record", members: tuple[UUID, ...]) -> None:
    rules.require_staff(members, await staff.with_role(tx, row["authority"], row["office"], row["role"]))


@router.post("/rosters/{roster_id}/overrides", status_code=201)
async def take_over(roster_id: Id, body: TakingOver, call: Call) -> Response:
    """Let somebody else have the duty for a while, or nobody, on purpose and with a reason."""
    call.require(Role.DUTY_PLANNER)
    override_id = new_id()

    async def work(tx: Tx) -> Answer:
        row, now = await to_change(tx, roster_id, body.version), await alerts.now(tx)
        span = body.starts_at or now, body.ends_at
        rules.require_to_come(*span, now)
        if body.staff_id is None and not body.reason:
            raise rules.ReasonMissing
        await _require_members(tx, row, (body.staff_id,) if body.staff_id else ())
        await require_free(tx, row, span)
        await rosters.add_override(tx, roster_id, Override(*span, body.staff_id, override_id, None, body.reason), now)
        return Answer(201, {"override_id": override_id}, version=await tell_roster(tx, roster_id))

    return await call.run(work)


async def require_free(tx: Tx, row: "Record", span: tuple[datetime, datetime]) -> None:
    """Refuse a span in which somebody takes over, or which is offered to colleagues."""
    [roster] = await rosters.laid_out(tx, [row], *span)
    rules.require_free(roster.overrides, *span)
    offers = await swaps.offered(tx, row["roster_id"])
    rules.require_free([Override(one["starts_at"], one["ends_at"], None) for one in offers], *span)


@router.post("/overrides/{override_id}/withdraw")
async def withdraw(override_id: Id, body: Basis, call: Call) -> Response:
    """Take an override back, or what is left of it: who had the duty until now stays so."""
    call.require(Role.DUTY_PLANNER)

    async def work(tx: Tx) -> Answer:
        found = await rosters.lock_override(tx, override_id)
        if found is None:
            raise NotFound
        await to_change(tx, found["roster_id"], body.version)
        now = await alerts.now(tx)
        if found["ends_at"] <= now:
            raise rules.OverrideOver
        await rosters.withdraw_override(tx, override_id, now)
        return Answer(ids={"override_id": override_id}, version=await tell_roster(tx, found["roster_id"]))

    return await call.run(work)

"""What every route of meetings needs: which council, who may look, and how a change of a meeting runs."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from pydantic import Field

from chassis.database import Tx
from chassis.http import Answer, Command, service_of
from chassis.identity import Principal
from contracts.codes import Office, Role
from contracts.form import WHOLE
from contracts.refusal import NotFound
from services.councils.api.common import Sent, kept_body
from services.councils.domain.bodies import Body
from services.councils.domain.meetings import Meeting
from services.councils.handlers.meetings import locked
from services.councils.store import bodies, meetings

Version = Annotated[int, Field(ge=0, le=2**31 - 1), WHOLE]
"""The version that the caller saw."""

SEATED = (Role.SECRETARY, Role.COUNCIL_MEMBER, Role.PLAN_APPROVER, Role.LEADER)
"""The roles that read what a council that their authority sits on works with."""

EVERYONE = Principal(subject="everyone", authority="")
"""Whoever reads without login."""

Work = Callable[[Tx, Body, Meeting], Awaitable[Meeting]]


class Versioned(Sent):
    """A change of what somebody has seen at a version."""

    version: Version


async def seated_body(tx: Tx, body_id: UUID) -> Body:
    """Return a council for whoever sits on it or keeps its papers; NotFound for others."""
    tx.principal.require(*SEATED)
    body = await bodies.found(tx, body_id)
    who = tx.principal
    if body is None or who.authority not in {*body.parties, *body.secretariats} or who.office not in {"", Office.RAAD}:
        raise NotFound
    return body


async def seated_meeting(tx: Tx, meeting_id: UUID) -> tuple[Body, Meeting]:
    """Return a meeting and its council for whoever sits on it or keeps its papers; NotFound for others."""
    tx.principal.require(*SEATED)
    meeting = await meetings.found(tx, meeting_id)
    if meeting is None:
        raise NotFound
    return await seated_body(tx, meeting.body_id), meeting


async def kept_meeting(tx: Tx, meeting_id: UUID) -> tuple[Body, Meeting]:
    """Return a meeting and its council, both locked, for a secretary who keeps its papers."""
    tx.principal.require(Role.SECRETARY)
    meeting = await meetings.found(tx, meeting_id)
    if meeting is None:
        raise NotFound
    body = await kept_body(tx, meeting.body_id)
    return body, await locked(tx, meeting_id)


def keeps(body: Body, principal: Principal) -> bool:
    """Say whether somebody keeps a council's papers."""
    return Role.SECRETARY in principal.roles and principal.authority in body.secretariats


async def change(call: Command, meeting_id: UUID, work: Work, status: int = 200) -> Response:
    """Run a change of a meeting as its secretary, and answer its new version."""
    call.require(Role.SECRETARY)

    async def run(tx: Tx) -> Answer:
        after = await work(tx, *await kept_meeting(tx, meeting_id))
        return Answer(status, {"meeting_id": meeting_id, "state": after.state.value}, after.version)

    return await call.run(run)


async def reading(request: Request, principal: Principal, meeting_id: UUID) -> tuple[Body, Meeting]:
    """Return a meeting and its council, to look at."""
    async with service_of(request).database.tx(principal) as tx:
        return await seated_meeting(tx, meeting_id)


def shown(meeting: Meeting) -> dict[str, Any]:
    """Return a meeting as who sits on the council sees it."""
    found = asdict(meeting) | {"meeting_id": meeting.id, "title": meeting.title, "year": meeting.year}
    return {name: value for name, value in found.items() if name not in {"id", "told", "of"}}


def for_everyone(meeting: Meeting) -> dict[str, Any]:
    """Return a meeting as everyone sees it: when, where and how far, without any reason."""
    names = ("meeting_id", "starts_at", "ends_at", "place", "ordinary", "state", "title", "open_to_public")
    found = shown(meeting)
    return {name: found[name] for name in names}

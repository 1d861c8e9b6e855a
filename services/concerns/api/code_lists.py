"""The code list: a version is proposed by one officer and released by the approval of two."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from chassis.database import Tx
from chassis.http import Answer, Command, command, service_of, signed_in
from chassis.identity import Principal
from chassis.ids import new_id
from chassis.outbox import append
from contracts.codes import Role as Who
from contracts.concerns.v1 import CodeListApproved
from contracts.form import WHOLE, Day, Truth
from contracts.refusal import NotFound
from services.concerns.domain import codes
from services.concerns.domain.codes import CodeEntry, CodeList, CodeListReleased, Role
from services.concerns.store import clock, code_lists

router = APIRouter()

Number = Annotated[int, Field(ge=1, le=9999)]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Z]\d{2}$")]


class Entry(BaseModel):
    """One code as it is proposed."""

    model_config = ConfigDict(extra="forbid")

    label: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    roles: frozenset[Role]
    solo: Truth
    window: Annotated[int, Field(ge=1, le=240), WHOLE]


class Proposal(BaseModel):
    """A version of the list as it is proposed."""

    model_config = ConfigDict(extra="forbid")

    number: Annotated[Number, WHOLE]
    valid_from: Day
    reason: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    entries: dict[Code, Entry] = Field(min_length=1, max_length=500, json_schema_extra={"additionalProperties": False})

    def as_list(self) -> CodeList:
        """Return it as the rules read it."""
        return CodeList(self.number, {code: CodeEntry(**dict(entry)) for code, entry in self.entries.items()})


@router.get("/code-lists")
async def show(request: Request, principal: Annotated[Principal, Depends(signed_in)]) -> list[Mapping[str, Any]]:
    """Answer the versions, newest first: they hold nothing about anybody."""
    async with service_of(request).database.tx(principal) as tx:
        return [dict(row) for row in await code_lists.listed(tx)]


@router.post("/code-lists", status_code=201)
async def propose(body: Proposal, call: Annotated[Command, Depends(command)]) -> Response:
    """Propose a version, with its reason; what it would have matched last quarter is counted for the approvers."""
    call.require(Who.KEY_OFFICER, Who.APPROVER)
    return await call.run(lambda tx: _propose(tx, body))


async def _propose(tx: Tx, body: Proposal) -> Answer:
    proposed = body.as_list()
    codes.check_entries(proposed.entries)
    if await code_lists.exists(tx, body.number):
        raise CodeListReleased(version=body.number)
    matched = await code_lists.matched_since(tx, sorted(proposed.entries), await clock.now(tx))
    code_list_id = new_id()
    await code_lists.add(tx, code_list_id, proposed, body.valid_from, body.reason, matched)
    return Answer(201, {"code_list_id": code_list_id})


@router.post("/code-lists/{number}/approve")
async def approve(number: Annotated[Number, Path()], call: Annotated[Command, Depends(command)]) -> Response:
    """Approve a version; the second approval, by another person, releases it."""
    call.require(Who.KEY_OFFICER, Who.APPROVER)
    return await call.run(lambda tx: _approve(tx, number, call.principal))


async def _approve(tx: Tx, number: int, principal: Principal) -> Answer:
    found = await code_lists.locked(tx, number)
    if found is None:
        raise NotFound
    code_list_id, draft, proposed, now = found
    approved = codes.approve(draft, principal.subject)
    await code_lists.save(tx, approved, now)
    if approved.released:
        event = CodeListApproved(
            code_list_id=code_list_id, number=number, valid_from=draft.valid_from, codes=tuple(sorted(proposed.entries))
        )
        await append(tx, event, version=1, correlation_id=code_list_id, time=now)
    return Answer(200, {"code_list_id": code_list_id}, int(approved.released))

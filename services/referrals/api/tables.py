"""Versions of decision tables: proposed by a leader of the police, released or rejected by another one."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import StringConstraints

from chassis.database import Tx
from chassis.http import Answer, service_of
from chassis.identity import Principal
from chassis.openapi import refusing
from contracts.refusal import NotFound
from services.referrals.api.common import Asking, Body, Call, answer
from services.referrals.api.rules import shown
from services.referrals.domain.releases import (
    MOST_TEXT,
    RELEASE_ROLE,
    RELEASERS,
    AlreadyDecided,
    ColumnLost,
    NotInTime,
    NotLater,
    OneIsProposed,
    SamePerson,
    TableDoesNotHold,
    TableUnreadable,
    UnknownTable,
    check_releaser,
    proposed,
)
from services.referrals.domain.rulebook import rulebook, versions
from services.referrals.domain.table_effect import CONFIDENTIAL, effect_of, is_confidential
from services.referrals.domain.tables import Table
from services.referrals.handlers import releasing
from services.referrals.store import releases
from services.referrals.store.releases import Version

router = APIRouter(tags=["regler"])


class Proposed(Body):
    """A new version of a table, as the text of its file."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=MOST_TEXT, pattern=r"^[^\x00]*$")]


class Rejected(Body):
    """Why a proposal is rejected; nothing about anybody."""

    reason: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$"),
    ]


@router.post(
    "/tables",
    status_code=201,
    responses=refusing(
        TableUnreadable, TableDoesNotHold, UnknownTable, NotInTime, NotLater, ColumnLost, OneIsProposed, NotFound
    ),
)
async def propose(body: Proposed, call: Call) -> Response:
    """Propose a new version of a rule; it is proved before it is kept."""
    _require_releaser(call.principal)
    # A proof of the largest table takes half a second, in which others are answered.
    table = await asyncio.to_thread(proposed, body.text)
    return await call.run(lambda tx: _propose(tx, table, body.text))


async def _propose(tx: Tx, table: Table, text: str) -> Answer:
    rule_table_id = await releasing.propose(tx, table, text)
    return Answer(201, {"rule_table_id": rule_table_id, "sha256": table.version}, 1)


def _require_releaser(principal: Principal) -> None:
    principal.require(RELEASE_ROLE)
    check_releaser(principal.authority)


@router.get("/tables")
async def listed(request: Request, principal: Asking) -> Response:
    """Answer every rule with its versions and from when to when each holds; to those who release, the proposals too."""
    async with service_of(request).database.tx(principal) as tx:
        await releases.learn_released(tx)
        stored = await releases.listed(tx) if _releases(principal) else []
    rules = {name: [shown(table, rows=False) for table in versions(name)] for name in sorted(rulebook())}
    return answer({"tables": rules, "proposals": [_told(one) for one in stored]})


def _releases(principal: Principal) -> bool:
    return RELEASE_ROLE in principal.roles and principal.authority in RELEASERS


@router.get("/tables/{rule_table_id}", responses=refusing(NotFound))
async def read(rule_table_id: UUID, request: Request, principal: Asking) -> Response:
    """Answer one version with its text and its rows."""
    _require_releaser(principal)
    async with service_of(request).database.tx(principal) as tx:
        one = await _found(tx, rule_table_id)
    return answer(_told(one) | {"text": one.proposal.text, "table": shown(one.proposal.table)})


@router.get("/tables/{rule_table_id}/effect", responses=refusing(NotFound))
async def effect(rule_table_id: UUID, request: Request, principal: Asking) -> Response:
    """Answer how many existing referrals the version would have decided otherwise, by row; no number from 1 to 4."""
    _require_releaser(principal)
    async with service_of(request).database.tx(principal) as tx:
        one = await _found(tx, rule_table_id)
        decided = [] if is_confidential(one.name) else await releases.decided_by(tx, one.name)
    counted = CONFIDENTIAL if is_confidential(one.name) else effect_of(one.proposal.table, decided).shown()
    return answer({"rule_table_id": one.id, "name": one.name, **counted})


async def _found(tx: Tx, rule_table_id: UUID) -> Version:
    one = await releases.found(tx, rule_table_id)
    if one is None:
        raise NotFound
    return one


@router.post(
    "/tables/{rule_table_id}/release",
    responses=refusing(SamePerson, AlreadyDecided, NotInTime, NotLater, ColumnLost, NotFound),
)
async def release(rule_table_id: UUID, call: Call) -> Response:
    """Release a version that somebody else proposed: it holds from its first day, in every process."""
    _require_releaser(call.principal)

    async def work(tx: Tx) -> Answer:
        return Answer(200, {"rule_table_id": rule_table_id}, await releasing.release(tx, rule_table_id))

    return await call.run(work)


@router.post("/tables/{rule_table_id}/reject", responses=refusing(SamePerson, AlreadyDecided, NotFound))
async def reject(rule_table_id: UUID, body: Rejected, call: Call) -> Response:
    """Reject a version that somebody else proposed, with a reason."""
    _require_releaser(call.principal)

    async def work(tx: Tx) -> Answer:
        return Answer(200, {"rule_table_id": rule_table_id}, await releasing.reject(tx, rule_table_id, body.reason))

    return await call.run(work)


def _told(one: Version) -> dict[str, Any]:
    return {
        "rule_table_id": one.id,
        "name": one.name,
        "valid_from": one.valid_from,
        "sha256": one.sha256,
        "state": one.proposal.state,
        "authority": one.authority,
        "proposed_at": one.proposed_at,
        "decided_at": one.decided_at,
        "reason": one.reason,
        "version": one.version,
    }

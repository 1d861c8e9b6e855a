"""What follows an activation, over HTTP: how long it took, what was found, the conclusion, and all of it in a file."""

import hashlib
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import StringConstraints, model_validator

from chassis.database import Tx
from chassis.http import Answer, service_of
from contracts.beredskabsstab.v1 import Step
from contracts.codes import Role
from contracts.refusal import NotFound
from services.beredskabsstab.api.common import (
    POLICE,
    SEES,
    Asking,
    AuthorityName,
    Body,
    Call,
    Id,
    Moment,
    answer,
    require_police,
)
from services.beredskabsstab.domain.evaluation import timings
from services.beredskabsstab.handlers import evaluating
from services.beredskabsstab.store import activations, evaluations, keeping, plans

if TYPE_CHECKING:
    from datetime import datetime

    from asyncpg import Record

    from chassis.identity import Principal

router = APIRouter(tags=["evaluering"])

FINDS = (Role.STAFF_CHAIR, Role.STAFF_MEMBER, Role.DUTY_OFFICER)
Text = Annotated[
    str,
    StringConstraints(
        min_length=1, max_length=1000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*\S[^\x00-\x08\x0b-\x1f\x7f]*$"
    ),
]


class Finding(Body):
    """What was found; with an owner it has a time, too."""

    words: Text
    owner: AuthorityName | None = None
    due_at: Moment | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> "Finding":
        if (self.owner is None) != (self.due_at is None):
            raise ValueError("an owner and a time, or neither")
        return self


class Giving(Body):
    """Who follows it up, and by when."""

    owner: AuthorityName
    due_at: Moment


class Resolving(Body):
    """What was done about it, or what the evaluation says in the end."""

    words: Text


@router.get("/activations/{activation_id}/evaluation")
async def read(activation_id: Id, request: Request, principal: Asking) -> Response:
    """Show how long everything took for each authority, in seconds since the activation, and what was found."""
    principal.require(*SEES)
    async with service_of(request).database.tx(principal) as tx:
        row = await activations.find(tx, activation_id)
        if row is None:
            raise NotFound
        evaluation = await evaluations.find(tx, activation_id)
        found = await evaluations.findings(tx, activation_id)
        took, now = await _timings(tx, row), await plans.now(tx)
    shown = [_finding(one) | {"overdue": _is_late(one, now)} for one in found]
    return answer({"evaluation": _shown(evaluation, now), "findings": shown} | took)


async def _timings(tx: Tx, row: "Record") -> dict[str, Any]:
    activation_id, began = row["activation_id"], row["starts_at"]
    reached = await evaluations.quorum_reached(tx, activation_id)
    steps = [(Step(row["step"]), began), *((Step(one["step"]), one["changed_at"]) for one in reached)]
    called, said = await evaluations.called(tx, activation_id), await evaluations.answers(tx, activation_id)
    found = timings(plans.document(row), steps, frozenset(row["municipalities"]), called, said)
    return {
        "began_at": began,
        "quorum_reached_s": {one["step"]: max(0, int((one["changed_at"] - began).total_seconds())) for one in reached},
        "timings": [asdict(one) for one in found],
    }


def _is_late(row: "Record", now: "datetime") -> bool:
    return row["state"] == "open" and row["due_at"] is not None and row["due_at"] < now


def _shown(row: "Record | None", now: "datetime") -> dict[str, Any] | None:
    names = ("owner", "due_at", "state", "conclusion", "opened_at", "concluded_at", "overdue_at")
    return {name: row[name] for name in names} | {"overdue": _is_late(row, now)} if row else None


def _finding(row: "Record") -> dict[str, Any]:
    names = ("finding_id", "words", "owner", "due_at", "state", "recorded_by_authority", "recorded_at", "overdue_at")
    return {name: row[name] for name in (*names, "resolution", "resolved_at")}


@router.post("/activations/{activation_id}/findings", status_code=201)
async def find(activation_id: Id, body: Finding, call: Call) -> Response:
    """Record what was found; only the chair gives it an owner."""
    call.require(*FINDS)
    owned = (body.owner, body.due_at) if body.owner and body.due_at else None
    if owned:
        require_police(call.principal, Role.STAFF_CHAIR)

    async def work(tx: Tx) -> Answer:
        finding_id, version = await evaluating.find(tx, activation_id, body.words, owned, call.principal)
        return Answer(201, {"finding_id": finding_id, "activation_id": activation_id}, version=version)

    return await call.run(work)


@router.put("/activations/{activation_id}/findings/{finding_id}/owner")
async def give(activation_id: Id, finding_id: Id, body: Giving, call: Call) -> Response:
    """Give what was found to an authority of the staff, with a time."""
    require_police(call.principal, Role.STAFF_CHAIR)

    async def work(tx: Tx) -> Answer:
        version = await evaluating.give(tx, activation_id, finding_id, body.owner, body.due_at)
        return Answer(ids={"finding_id": finding_id}, version=version)

    return await call.run(work)


@router.post("/activations/{activation_id}/findings/{finding_id}/resolve")
async def resolve(activation_id: Id, finding_id: Id, body: Resolving, call: Call) -> Response:
    """Say that it is followed up, and how: its owner does, or the chair."""
    call.require(*FINDS)
    leads = is_chair(call.principal)

    async def work(tx: Tx) -> Answer:
        version = await evaluating.resolve(tx, activation_id, finding_id, body.words, call.principal, leads=leads)
        return Answer(ids={"finding_id": finding_id}, version=version)

    return await call.run(work)


def is_chair(principal: "Principal") -> bool:
    """Say whether somebody is the chair: that is a role at an authority of the police."""
    return Role.STAFF_CHAIR in principal.roles and principal.authority in POLICE


@router.post("/activations/{activation_id}/evaluation/conclude")
async def conclude(activation_id: Id, body: Resolving, call: Call) -> Response:
    """Conclude the evaluation: everything that was found has an owner."""
    require_police(call.principal, Role.STAFF_CHAIR)

    async def work(tx: Tx) -> Answer:
        version = await evaluating.conclude(tx, activation_id, call.principal.subject, body.words)
        return Answer(ids={"activation_id": activation_id}, version=version)

    return await call.run(work)


@router.get("/activations/{activation_id}/export")
async def export(activation_id: Id, request: Request, principal: Asking) -> Response:
    """Hand over everything of an activation as one file, with the SHA-256 of what is in it.

    The digest is that of `document` as compact JSON with sorted keys, in UTF-8.
    """
    require_police(principal, Role.STAFF_CHAIR)
    async with service_of(request).database.tx(principal) as tx:
        row = await activations.find(tx, activation_id)
        if row is None:
            raise NotFound
        document = {"activation_id": activation_id, "exported_at": await plans.now(tx)}
        document |= {"tables": await keeping.whole(tx, row)}
    return _file(orjson.dumps(document, default=str, option=orjson.OPT_SORT_KEYS), f"aktivering-{activation_id}.json")


def _file(document: bytes, name: str) -> Response:
    digest = hashlib.sha256(document).hexdigest()
    body = b'{"sha256":"' + digest.encode() + b'","document":' + document + b"}"
    headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, headers=headers, media_type="application/json")

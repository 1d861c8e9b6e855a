"""The situation picture over HTTP: the draft with each authority's section, approving it, and what was approved."""

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Request
from fastapi.responses import Response
from pydantic import Field, StringConstraints

from chassis.database import Tx
from chassis.http import Answer, service_of
from contracts.beredskabsstab.v1 import Code
from contracts.codes import Role
from contracts.refusal import NotFound
from services.beredskabsstab.api.common import SEES, Asking, AuthorityName, Body, Call, Id, answer, require_police
from services.beredskabsstab.api.log import WRITES
from services.beredskabsstab.handlers import picture as acts
from services.beredskabsstab.handlers.picture import section
from services.beredskabsstab.store import activations, plans
from services.beredskabsstab.store import picture as pictures

router = APIRouter(tags=["situationsbillede"])

Paragraph = Annotated[str, StringConstraints(max_length=4000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]
Version = Annotated[int, Field(ge=0, le=2**31 - 1)]


class WritingSection(Body):
    """An authority's section, by heading, over the version that the writer has seen: 0 for the first."""

    texts: Annotated[
        dict[Code, Paragraph],
        Field(min_length=1, max_length=12, json_schema_extra={"additionalProperties": False}),
    ]
    version: Version


class Approving(Body):
    """The versions of the sections that the chair has seen, by authority."""

    seen: Annotated[dict[AuthorityName, Version], Field(max_length=60)]


@router.get("/activations/{activation_id}/picture")
async def read_draft(activation_id: Id, request: Request, principal: Asking) -> Response:
    """Show the picture as it stands now: a section for each authority, empty where it has written nothing."""
    principal.require(*SEES)
    async with service_of(request).database.tx(principal) as tx:
        row = await activations.find(tx, activation_id)
        if row is None:
            raise NotFound
        written = {one["authority"]: section(one) for one in await pictures.sections(tx, activation_id)}
        newest = await pictures.newest(tx, activation_id)
    plan = plans.document(row)
    empty: dict[str, Any] = {"version": 0, "written_at": None, "texts": {}}
    sections = [
        {"sector": one.sector} | written.get(one.authority, {"authority": one.authority} | empty)
        for one in plan.parties
    ]
    headings = [one.model_dump() for one in plan.headings]
    approved = newest["number"] if newest else None
    return answer({"headings": headings, "sections": sections, "approved": approved})


@router.put("/activations/{activation_id}/picture/sections/{authority}")
async def write_section(
    activation_id: Id, body: WritingSection, call: Call, authority: Annotated[str, Path(max_length=60)]
) -> Response:
    """Write the own authority's section; nobody writes another's (sektoransvar)."""
    call.require(*WRITES)

    async def work(tx: Tx) -> Answer:
        version = await acts.write(tx, activation_id, authority, body.texts, body.version)
        return Answer(ids={"authority": authority}, version=version)

    return await call.run(work)


@router.post("/activations/{activation_id}/picture/versions", status_code=201)
async def approve(activation_id: Id, body: Approving, call: Call) -> Response:
    """Approve what the chair has seen as the next version; what was written meanwhile is not in it."""
    require_police(call.principal, Role.STAFF_CHAIR)

    async def work(tx: Tx) -> Answer:
        number = await acts.approve(tx, activation_id, dict(body.seen))
        return Answer(201, {"activation_id": activation_id}, version=number)

    return await call.run(work)


@router.get("/activations/{activation_id}/picture/versions/{number}")
async def read_version(
    activation_id: Id, request: Request, principal: Asking, number: Annotated[int, Path(ge=1, le=2**31 - 1)]
) -> Response:
    """Show a version as it was approved."""
    principal.require(*SEES)
    async with service_of(request).database.tx(principal) as tx:
        row = await pictures.approved(tx, activation_id, number)
    if row is None:
        raise NotFound
    shown = {"number": row["number"], "approved_at": row["approved_at"]}
    return answer(shown | orjson.loads(row["content"]))

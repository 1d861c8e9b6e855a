"""Initiatives and the chain over HTTP (O-0-03, O-2-02, O-3-03)."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response
from pydantic import StringConstraints

from chassis.database import Tx
from chassis.http import service_of
from chassis.openapi import refusing
from contracts.refusal import NotFound, StaleVersion
from services.councils.api.common import Asking, Call
from services.councils.api.following import of_body, of_thing, read
from services.councils.api.following_views import InitiativesView
from services.councils.api.public import EVERYONE, as_public_json
from services.councils.domain.chain import LinkEndUnknown, LinkInACircle, LinkKind, LinkMakesNoSense, LinkSaid
from services.councils.domain.following import DecisionOfAnotherCouncil, NeedsDecision, WrongStep
from services.councils.domain.initiatives import (
    Closing,
    GoalOrLocalFocus,
    InitiativeChange,
    InitiativeIsTheSame,
    InitiativeReasonNeeded,
    InitiativeSaid,
    LevelMissing,
    OneSided,
    OwnerTakesNoPart,
    Progress,
    ResultMissing,
    levels_missing,
)
from services.councils.domain.wording import LooksLikeAPerson
from services.councils.handlers import chaining, initiatives
from services.councils.store import initiatives as kept
from services.councils.store import rows
from services.councils.store.rows import INITIATIVE

router = APIRouter(tags=["opfølgning"])

Year = Annotated[int | None, Query(ge=2000, le=2999)]
InPath = Annotated[int, Path(ge=2000, le=2999)]
Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f.-]{1,36}$")]


@router.post(
    "/bodies/{body_id}/initiatives",
    status_code=201,
    responses=refusing(
        *(OneSided, GoalOrLocalFocus, LevelMissing, OwnerTakesNoPart, NeedsDecision, DecisionOfAnotherCouncil),
        LooksLikeAPerson,
    ),
)
async def plan_initiative(body_id: UUID, said: InitiativeSaid, call: Call) -> Response:
    """Plan an initiative with its parties, owner and measure."""
    return await of_body(call, body_id, lambda tx, body: initiatives.plan(tx, body, said))


@router.put(
    "/initiatives/{initiative_id}",
    responses=refusing(InitiativeIsTheSame, InitiativeReasonNeeded, OwnerTakesNoPart, WrongStep, StaleVersion),
)
async def change_initiative(initiative_id: UUID, said: InitiativeChange, call: Call) -> Response:
    """Change owner, measure or legal basis; once the plan is no draft any more only with a reason, which is kept."""
    return await of_thing(
        call, INITIATIVE, initiative_id, said, lambda tx, body, row: initiatives.change(tx, body, row, said)
    )


@router.post("/initiatives/{initiative_id}/progress", responses=refusing(WrongStep, StaleVersion))
async def note_progress(initiative_id: UUID, said: Progress, call: Call) -> Response:
    """Note how an initiative goes, and that it has begun."""
    return await of_thing(
        call, INITIATIVE, initiative_id, said, lambda tx, body, row: initiatives.progress(tx, body, row, said)
    )


@router.post("/initiatives/{initiative_id}/close", responses=refusing(ResultMissing, WrongStep, StaleVersion))
async def close_initiative(initiative_id: UUID, said: Closing, call: Call) -> Response:
    """Close an initiative: done with what was measured, or stopped with the reason."""
    return await of_thing(
        call, INITIATIVE, initiative_id, said, lambda tx, body, row: initiatives.close(tx, body, row, said)
    )


@router.get("/bodies/{body_id}/initiatives")
async def list_initiatives(body_id: UUID, request: Request, principal: Asking, year: Year = None) -> Response:
    """List a council's initiatives: what is late first; and the focus areas that lack a level."""
    return await read(request, principal, lambda tx: _listed(tx, body_id, year))


async def _listed(tx: Tx, body_id: UUID, year: int | None) -> dict[str, Any]:
    found = await kept.listed(tx, body_id, year)
    levels = levels_missing((row["focus_area"], row["level"]) for row in found if row["focus_area"] and row["level"])
    by_purpose: dict[str, int] = {}
    for row in found:
        by_purpose[row["purpose"]] = by_purpose.get(row["purpose"], 0) + 1
    warnings = [{"focus_area": area, "missing": missing} for area, missing in levels.items()]
    return {"initiatives": found, "by_purpose": by_purpose, "warnings": warnings}


@router.get("/initiatives/{initiative_id}")
async def read_initiative(initiative_id: UUID, request: Request, principal: Asking) -> Response:
    """Return an initiative with its notes, what was changed in it and what came of it."""
    return await read(request, principal, lambda tx: _one(tx, initiative_id))


async def _one(tx: Tx, initiative_id: UUID) -> dict[str, Any]:
    row = await rows.found(tx, INITIATIVE, initiative_id)
    if row is None:
        raise NotFound
    found = {"notes": await kept.notes(tx, initiative_id), "result": await kept.result(tx, initiative_id)}
    return row | found | {"changes": await kept.changes(tx, row["body_id"], initiative_id)}


@router.get("/plans/{year}/initiatives", response_model=InitiativesView)
async def published_initiatives(year: InPath, request: Request) -> Response:
    """List the initiatives of a plan that is published; everyone may read them."""
    async with service_of(request).database.tx(EVERYONE) as tx:
        found = await rows.where(tx, "initiative", "body_id, target_on, initiative_id", year=year)
    return as_public_json(request, found)


@router.post(
    "/bodies/{body_id}/links", status_code=201, responses=refusing(LinkMakesNoSense, LinkEndUnknown, LinkInACircle)
)
async def link(body_id: UUID, said: LinkSaid, call: Call) -> Response:
    """Say that one thing led to another."""
    return await of_body(call, body_id, lambda tx, body: chaining.link_seen(tx, body, said))


@router.get("/chain/{kind}/{its_id}")
async def walk(kind: LinkKind, its_id: Id, request: Request, principal: Asking) -> Response:
    """Return what something came from and what it led to, with titles and states."""
    return await read(request, principal, lambda tx: chaining.walked(tx, kind, its_id))

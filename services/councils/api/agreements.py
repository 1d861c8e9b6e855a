"""The political agreement and the samarbejdsmodel over HTTP (O-3-04, O-3-05, O-4-01..04, O-4.3-02)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from chassis.database import Tx
from chassis.http import service_of
from chassis.openapi import refusing
from contracts.refusal import NotFound, StaleVersion
from services.councils.api.common import Asking, Call
from services.councils.api.following import of_body, of_kredsraad, of_thing, read
from services.councils.api.following_views import AgreementStatusView, AgreementsView
from services.councils.api.public import EVERYONE, as_public_json
from services.councils.domain.agreement import (
    AgreementKnown,
    AgreementSaid,
    AreaSaid,
    NotAsStated,
    OutsideThePeriod,
    PlansSaid,
    StatusSaid,
)
from services.councils.domain.cooperation import (
    Adoption,
    AnsweredAlready,
    ModelKnown,
    ModelSaid,
    PartyTypeMissing,
    ReasonNeeded,
    RequirementAnswer,
    RequirementSaid,
    RequirementsOpen,
)
from services.councils.handlers import agreements, cooperation
from services.councils.store import agreements as kept
from services.councils.store import rows
from services.councils.store.rows import AGREEMENT, AGREEMENT_INITIATIVE, MODEL

router = APIRouter(tags=["opfølgning"])

Year = Annotated[int, Path(ge=2000, le=2999)]
PlanYear = Annotated[int | None, Query(ge=2000, le=2999)]
Place = Annotated[int, Path(ge=1, le=100)]


@router.post("/agreements", status_code=201, responses=refusing(NotAsStated, AgreementKnown))
async def register(said: AgreementSaid, call: Call) -> Response:
    """Enter a political agreement with its marks, areas and initiatives."""
    return await of_kredsraad(call, lambda tx, body: agreements.register(tx, body, said))


@router.post("/agreements/{agreement_id}/areas/{place}", responses=refusing(StaleVersion))
async def set_area(agreement_id: UUID, place: Place, said: AreaSaid, call: Call) -> Response:
    """Say what an area of an agreement is called, and whether the district chose it."""
    return await of_thing(
        call, AGREEMENT, agreement_id, said, lambda tx, body, row: agreements.set_area(tx, body, row, place, said)
    )


@router.post("/agreements/{agreement_id}/plans", responses=refusing(StaleVersion))
async def set_plans(agreement_id: UUID, said: PlansSaid, call: Call) -> Response:
    """Say which years' plans lead to an agreement."""
    return await of_thing(
        call, AGREEMENT, agreement_id, said, lambda tx, body, row: agreements.set_plans(tx, body, row, said)
    )


@router.post("/agreement-initiatives/{agreement_initiative_id}/status", responses=refusing(OutsideThePeriod))
async def set_status(agreement_initiative_id: UUID, said: StatusSaid, call: Call) -> Response:
    """Say how far an initiative of an agreement is in a year."""
    return await of_thing(
        *(call, AGREEMENT_INITIATIVE, agreement_initiative_id, said),
        lambda tx, body, row: agreements.set_status(tx, body, row, said),
    )


@router.get("/agreements", response_model=AgreementsView)
async def list_agreements(request: Request, plan_year: PlanYear = None) -> Response:
    """List the agreements, or those to which a year's plan leads; everyone may read them."""
    async with service_of(request).database.tx(EVERYONE) as tx:
        found = await kept.listed(tx, plan_year)
    return as_public_json(request, found)


@router.get("/agreements/{agreement_id}/status/{year}", response_model=AgreementStatusView)
async def read_status(agreement_id: UUID, year: Year, request: Request) -> Response:
    """Return how far each initiative of an agreement is in a year; everyone may read it."""
    async with service_of(request).database.tx(EVERYONE) as tx:
        its = await rows.found(tx, AGREEMENT, agreement_id)
        if its is None:
            raise NotFound
        statuses = await kept.statuses(tx, agreement_id, year)
    return as_public_json(request, {"agreement": its, "initiatives": statuses})


# --- the samarbejdsmodel ----------------------------------------------------------------------------------------------


@router.post("/bodies/{body_id}/cooperation-models", status_code=201, responses=refusing(PartyTypeMissing, ModelKnown))
async def begin_model(body_id: UUID, said: ModelSaid, call: Call) -> Response:
    """Begin a samarbejdsmodel that municipality, police and region own together."""
    return await of_body(call, body_id, lambda tx, body: cooperation.begin_model(tx, body, said))


@router.post("/cooperation-models/{model_id}/requirements", status_code=201, responses=refusing(StaleVersion))
async def register_requirement(model_id: UUID, said: RequirementSaid, call: Call) -> Response:
    """Enter something that is required of a samarbejdsmodel from outside."""
    return await of_thing(
        call, MODEL, model_id, said, lambda tx, body, row: cooperation.register_requirement(tx, body, row, said)
    )


@router.post("/cooperation-models/{model_id}/answers", responses=refusing(ReasonNeeded, AnsweredAlready, StaleVersion))
async def answer_requirement(model_id: UUID, said: RequirementAnswer, call: Call) -> Response:
    """Say that a requirement was worked in, or why it is not relevant."""
    return await of_thing(
        call, MODEL, model_id, said, lambda tx, body, row: cooperation.answer_requirement(tx, body, row, said)
    )


@router.post("/cooperation-models/{model_id}/editions", responses=refusing(PartyTypeMissing, RequirementsOpen))
async def adopt(model_id: UUID, said: Adoption, call: Call) -> Response:
    """Adopt a version of a samarbejdsmodel, by municipality, police and region."""
    return await of_thing(call, MODEL, model_id, said, lambda tx, body, row: cooperation.adopt(tx, body, row, said))


@router.get("/bodies/{body_id}/cooperation-models")
async def list_models(body_id: UUID, request: Request, principal: Asking) -> Response:
    """List a council's samarbejdsmodeller with their versions and requirements: those that are overdue first."""
    return await read(request, principal, lambda tx: _models(tx, body_id))


async def _models(tx: Tx, body_id: UUID) -> list[rows.Row]:
    found = await rows.where(tx, "cooperation_model", "overdue desc, year desc, title", body_id=body_id)
    for row in found:
        its = {"cooperation_model_id": row["cooperation_model_id"]}
        row["editions"] = await rows.where(tx, "model_edition", "number", **its)
        row["requirements"] = await rows.where(tx, "external_requirement", "state desc, recorded_at", **its)
    return found

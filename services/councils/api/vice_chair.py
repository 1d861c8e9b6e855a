"""The kredsraad's vice chair, elected by a decision, and extraordinary meetings that its members ask for."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from fastapi.responses import Response
from pydantic import Field, StringConstraints

from chassis.database import Tx
from chassis.http import Answer
from chassis.openapi import refusing
from contracts.codes import Role
from contracts.form import WHOLE
from contracts.refusal import NotFound, StaleVersion
from services.councils.api.common import Call, Sent, is_of_council_office, kept_body, require_version
from services.councils.domain.election import LotOfNoTie, TieWithoutLot, ViceChairIsNoMayor, VotesDoNotAddUp
from services.councils.domain.seating import NotTheKredsraad
from services.councils.domain.wording import Text
from services.councils.handlers.requests import AskedAlready, NotAMunicipalMember, ask
from services.councils.handlers.vice_chair import Ballot, DecisionDoesNotElect, elect_one
from services.councils.store import bodies

router = APIRouter(tags=["råd"])

BodyId = Annotated[UUID, Path()]
Version = Annotated[int, Field(ge=0, le=2**31), WHOLE]
Authority = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,60}$")]
Votes = Annotated[int, Field(ge=0, le=1000), WHOLE]
ELECTING = (
    *(NotTheKredsraad, ViceChairIsNoMayor, VotesDoNotAddUp, TieWithoutLot, LotOfNoTie),
    *(DecisionDoesNotElect, StaleVersion),
)


class ViceChairBody(Sent):
    """How the kredsraad voted on its vice chair, by which decision."""

    version: Version
    decision_id: UUID
    votes: Annotated[
        dict[Authority, Votes], Field(min_length=1, max_length=50, json_schema_extra={"additionalProperties": False})
    ]
    lot: Authority | None = None


class RequestBody(Sent):
    """What an extraordinary meeting is to be about."""

    reason: Text


@router.post("/bodies/{body_id}/vice-chair", status_code=201, responses=refusing(*ELECTING))
async def elect(body_id: BodyId, body: ViceChairBody, call: Call) -> Response:
    """Record whom the kredsraad has elected among its mayors, with the votes and the decision (O-1-05)."""
    call.require(Role.SECRETARY)

    async def work(tx: Tx) -> Answer:
        kept = await kept_body(tx, body_id)
        require_version(body.version, kept.version)
        elected, changed = await elect_one(tx, kept, Ballot(body.decision_id, body.votes, body.lot))
        return Answer(201, {"vice_chair_id": elected.id, "authority": elected.authority}, changed.version)

    return await call.run(work)


@router.post(
    "/bodies/{body_id}/meeting-requests",
    status_code=201,
    responses=refusing(NotTheKredsraad, NotAMunicipalMember, AskedAlready),
)
async def ask_for_meeting(body_id: BodyId, body: RequestBody, call: Call) -> Response:
    """Ask for an extraordinary meeting of the kredsraad, for the own municipality that sits on it (L-29)."""
    call.require(Role.COUNCIL_MEMBER, Role.SECRETARY)

    async def work(tx: Tx) -> Answer:
        found = await bodies.found(tx, body_id)
        if found is None:
            raise NotFound
        if not is_of_council_office(tx.principal, found):
            raise NotAMunicipalMember
        return Answer(201, {"request_id": await ask(tx, found, tx.principal.authority, body.reason)})

    return await call.run(work)

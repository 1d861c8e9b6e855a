"""Candidates: listed without personal data, reviewed by one officer, approved by another."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from chassis.access import OutsideWorkList, accessing, record_access
from chassis.database import Tx
from chassis.http import Answer, Command, command, service_of, signed_in
from chassis.identity import Principal
from chassis.kinship import require_known, require_stranger
from chassis.outbox import append
from chassis.service import Service
from contracts.codes import Role
from contracts.concerns.v1 import CandidateReviewed, Review
from contracts.disclosure import LogKind
from contracts.form import Truth, Whole
from contracts.refusal import NotFound
from services.concerns.api import words
from services.concerns.api.reach import reach
from services.concerns.api.sending import Approval, approve_and_send, known_for_sending
from services.concerns.api.words import Words
from services.concerns.domain import worklist
from services.concerns.domain.calendar import Week
from services.concerns.domain.candidate import Assessment, State, require_version, review
from services.concerns.domain.wording import (
    Concern,
    Confidentiality,
    FamilyContact,
    LegalGround,
    Relation,
    read_all,
    read_code,
    read_some,
)
from services.concerns.handlers.keeping import keep_candidate
from services.concerns.store import candidates, registrations

router = APIRouter()

OFFICERS = (Role.KEY_OFFICER, Role.APPROVER)
MOST_LISTED = 1000


class ReviewBody(BaseModel):
    """What the reviewing officer decided, in codes."""

    model_config = ConfigDict(extra="forbid")

    outcome: str
    reason: str | None = None
    ground: str | None = None
    relation: str | None = None
    concerns: tuple[str, ...] = ()
    family_contact: str | None = None
    confidentiality: tuple[str, ...] = ()
    version: Whole | None = None

    def assessment(self) -> Assessment:
        """Return what the officer adds to the facts; an unknown code is refused by field."""
        return Assessment(
            ground=read_some(LegalGround, "ground", self.ground),
            relation=read_some(Relation, "relation", self.relation),
            concerns=read_all(Concern, "concerns", self.concerns),
            family_contact=read_some(FamilyContact, "family_contact", self.family_contact),
            confidentiality=read_all(Confidentiality, "confidentiality", self.confidentiality),
        )


class ApproveBody(BaseModel):
    """The approver's answer to 'Kan barnet være i fare nu?'."""

    model_config = ConfigDict(extra="forbid")

    acute: Truth
    version: Whole | None = None


@router.get("/candidates")
async def listed(
    request: Request,
    principal: Annotated[Principal, Depends(signed_in)],
    state: str | None = None,
    search_id: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=MOST_LISTED)] = 200,
) -> list[dict[str, Any]]:
    """Answer candidates, newest first: rules and states, nothing about anybody."""
    principal.require(*OFFICERS, Role.OPERATOR)
    wanted = read_code(State, "state", state) if state else None
    async with service_of(request).database.tx(reach(principal)) as tx:
        rows = await candidates.listed(tx, wanted, search_id, limit)
    return [_item(row, principal) for row in rows]


def _item(row: dict[str, Any], principal: Principal) -> dict[str, Any]:
    told = {name: value for name, value in row.items() if name != "monday"}
    mine = worklist.has_candidate(principal.roles, State(row["state"]))
    return told | _week(row) | {"purpose": worklist.CANDIDATE_PURPOSE, "on_my_list": mine}


def _week(row: dict[str, Any]) -> dict[str, str]:
    return {"week": str(Week.of(row["monday"]))}


@router.get("/candidates/{candidate_id}", dependencies=[Depends(accessing("candidate.read", "candidate_id"))])
async def show(
    candidate_id: UUID, request: Request, principal: Annotated[Principal, Depends(signed_in)]
) -> dict[str, Any]:
    """Answer why a child was found, in sentences; this is a read of data about the child."""
    principal.require(*OFFICERS)
    about = await _no_kin(service_of(request), principal, candidate_id)
    if not worklist.has_candidate(principal.roles, about.state):
        raise worklist.NotOnWorkList(open=f"/candidates/{candidate_id}/open")
    return await _shown(service_of(request), principal, candidate_id, None)


@router.post("/candidates/{candidate_id}/open", dependencies=[Depends(accessing("candidate.read", "candidate_id"))])
async def open_one(
    candidate_id: UUID, said: Words, request: Request, principal: Annotated[Principal, Depends(signed_in)]
) -> dict[str, Any]:
    """Answer the same about a candidate that is not on the caller's list; a leader will see that, and the words why."""
    principal.require(*OFFICERS)
    service = service_of(request)
    about = await _no_kin(service, principal, candidate_id)
    mine = worklist.has_candidate(principal.roles, about.state)
    return await _shown(
        service, principal, candidate_id, None if mine else await words.keep(service, about.child, said)
    )


@dataclass(frozen=True, slots=True)
class About:
    """How far a candidate has come, and which child and case it is about."""

    state: State
    child: UUID
    case_id: UUID


async def _no_kin(service: Service, principal: Principal, candidate_id: UUID) -> About:
    """Return what a candidate is about, to somebody who is no kin of anybody in it; to others it is not there."""
    require_known(principal)
    async with service.database.tx(principal) as tx:
        row = await candidates.shown(tx, candidate_id)
        if row is None:
            raise NotFound
        people = await _people(tx, row)
    await require_stranger(service, principal, people, row["case_id"])
    return About(State(row["state"]), row["person_id"], row["case_id"])


async def _people(tx: Tx, row: dict[str, Any]) -> list[UUID]:
    """Return the child, and those whose registrations led to it."""
    told = await registrations.newest(tx, [*row["current"], *row["history"]])
    return [row["person_id"], *(one.person for one in told.values())]


async def _shown(
    service: Service, principal: Principal, candidate_id: UUID, outside: OutsideWorkList | None
) -> dict[str, Any]:
    async with service.database.tx(principal) as tx:
        row = await candidates.shown(tx, candidate_id)
        if row is None:
            raise NotFound
        await record_access(
            tx,
            operation="candidate.read",
            purpose=worklist.CANDIDATE_PURPOSE,
            persons=await _people(tx, row),
            case_id=row["case_id"],
            outside=outside,
        )
    names = (
        *("candidate_id", "search_id", "case_id", "child", "unborn", "rules", "current", "history", "known"),
        *("turns_18", "explanation", "family_id", "review_together", "merged_weeks", "merged_into", "state"),
        *("outcome", "reason", "acute", "code_list", "underretning_id", "version"),
    )
    return {name: row[name] for name in names} | _week(row) | {"purpose": worklist.CANDIDATE_PURPOSE}


@router.post("/candidates/{candidate_id}/review", dependencies=[Depends(accessing("candidate.review", "candidate_id"))])
async def review_one(
    candidate_id: UUID, body: ReviewBody, request: Request, call: Annotated[Command, Depends(command)]
) -> Response:
    """Review a candidate: relevant, not relevant, or more information is needed."""
    call.require(Role.KEY_OFFICER)
    await _no_kin(service_of(request), call.principal, candidate_id)
    return await call.run(lambda tx: _review(tx, candidate_id, body, call.principal))


async def _review(tx: Tx, candidate_id: UUID, body: ReviewBody, principal: Principal) -> Answer:
    loaded = await candidates.locked(tx, candidate_id)
    if loaded is None:
        raise NotFound
    one, outcome = loaded.candidate, read_code(Review, "outcome", body.outcome)
    require_version(one.version, body.version)
    state = review(one, outcome, body.reason)
    await candidates.reviewed(tx, one, state, principal.subject, outcome, body.reason, body.assessment())
    if state is State.REJECTED:
        await keep_candidate(tx, one.id, loaded.case_id, loaded.now)
    event = CandidateReviewed(candidate_id=one.id, outcome=outcome)
    await append(tx, event, version=one.version + 1, correlation_id=loaded.case_id, time=loaded.now)
    await _record_change(tx, "candidate.review", loaded.child.person, loaded.case_id)
    return Answer(200, {"candidate_id": one.id, "state": state}, one.version + 1)


async def _record_change(tx: Tx, operation: str, child: UUID, case_id: UUID) -> None:
    await record_access(
        tx,
        operation=operation,
        purpose=worklist.CANDIDATE_PURPOSE,
        persons=[child],
        kind=LogKind.ALTERATION,
        case_id=case_id,
    )


@router.post(
    "/candidates/{candidate_id}/approve",
    status_code=201,
    responses={200: {"description": "Nothing is sent: the ground fell, or all of it is known."}},
    dependencies=[Depends(accessing("candidate.approve", "candidate_id"))],
)
async def approve_one(
    candidate_id: UUID, body: ApproveBody, request: Request, call: Annotated[Command, Depends(command)]
) -> Response:
    """Approve a candidate: it is sent in the same transaction, to whom the facts of this day say."""
    call.require(Role.APPROVER)
    service = service_of(request)
    about = await _no_kin(service, call.principal, candidate_id)
    known = await known_for_sending(service, call.principal, candidate_id)
    approval = Approval(call.principal.subject, body.acute, body.version, known, service.settings.demonstration)
    return await call.run(lambda tx: _approve(tx, candidate_id, approval, about))


async def _approve(tx: Tx, candidate_id: UUID, approval: Approval, about: About) -> Answer:
    answer = await approve_and_send(tx, candidate_id, approval)
    await _record_change(tx, "candidate.approve", about.child, about.case_id)
    return answer

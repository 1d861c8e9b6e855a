"""Corrections and retractions: prepared by comparing with the source, seen and sent by a person."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from chassis.access import accessing, record_access
from chassis.database import Tx
from chassis.deadlines import cancel_deadline
from chassis.http import Answer, Command, command, service_of, signed_in
from chassis.identity import Principal
from chassis.kinship import require_known, require_stranger
from chassis.outbox import append
from chassis.service import Service
from contracts.codes import Purpose, Role
from contracts.concerns.v1 import UnderretningKind
from contracts.disclosure import LogKind
from contracts.refusal import NotFound
from services.concerns.api.reach import reach
from services.concerns.api.sending import Known, sent_event
from services.concerns.domain.calendar import danish_day
from services.concerns.domain.candidate import require_version
from services.concerns.domain.correction import Correction, CorrectionDecided, FamilyNotice, read_family
from services.concerns.domain.correction_document import CorrectionMessage, write_correction
from services.concerns.domain.underretning import law_at
from services.concerns.handlers.correcting import judge
from services.concerns.handlers.deadlines import ACKNOWLEDGEMENT
from services.concerns.store import corrections, households, parts, registrations, underretninger
from services.concerns.store.corrections import Question, Waiting
from services.concerns.store.parts import Reader
from services.concerns.store.underretninger import New

router = APIRouter()

OFFICERS = (Role.KEY_OFFICER, Role.APPROVER)
MOST_LISTED = 1000


class SendBody(BaseModel):
    """Whether the family must be told, and by whom; a retraction must say."""

    model_config = ConfigDict(extra="forbid")

    family: str | None = None
    version: int | None = None


@router.get("/corrections")
async def listed(
    request: Request,
    principal: Annotated[Principal, Depends(signed_in)],
    state: Annotated[str | None, Query(pattern="^(found|sent|dropped)$")] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_LISTED)] = 200,
) -> list[dict[str, Any]]:
    """Answer corrections, oldest first, without personal data: `found` waits for a person."""
    principal.require(*OFFICERS, Role.OPERATOR)
    async with service_of(request).database.tx(reach(principal)) as tx:
        return await corrections.listed(tx, state, limit)


@router.get("/corrections/{correction_id}", dependencies=[Depends(accessing("correction.read", "correction_id"))])
async def show(
    correction_id: UUID, request: Request, principal: Annotated[Principal, Depends(signed_in)]
) -> dict[str, Any]:
    """Answer what has changed, by the source's references; this is a read of data about the child."""
    principal.require(*OFFICERS)
    await _no_kin(service_of(request), principal, correction_id)
    async with service_of(request).database.tx(principal) as tx:
        row = await corrections.shown(tx, correction_id)
        if row is None:
            raise NotFound
        await record_access(
            tx,
            operation="correction.read",
            purpose=Purpose.UNDERRETNING,
            persons=[row["person_id"], *await corrections.persons_of(tx, row["because"])],
            case_id=row["case_id"],
        )
    names = ("correction_id", "underretning_id", "case_id", "kind", "receiver", "because", "changes", "state")
    return {name: row[name] for name in (*names, "family", "sent_as", "found_at", "decided_at", "version")}


@router.post(
    "/corrections/{correction_id}/send",
    status_code=201,
    responses={200: {"description": "Nothing is sent: the source says again what was told."}},
    dependencies=[Depends(accessing("correction.send", "correction_id"))],
)
async def send_one(
    correction_id: UUID, body: SendBody, request: Request, call: Annotated[Command, Depends(command)]
) -> Response:
    """Send it to the municipality that received what it corrects; what the source says at this moment decides."""
    call.require(Role.APPROVER)
    service = service_of(request)
    child, case_id = await _no_kin(service, call.principal, correction_id)
    known = await _known(service, call.principal, correction_id)
    sending = Sending(call.principal.subject, body, known, demonstration=service.settings.demonstration)

    async def send(tx: Tx) -> Answer:
        answer = await sending.send(tx, correction_id)
        await record_access(
            tx,
            operation="correction.send",
            purpose=Purpose.UNDERRETNING,
            persons=[child],
            kind=LogKind.ALTERATION,
            case_id=case_id,
        )
        return answer

    return await call.run(send)


async def _no_kin(service: Service, principal: Principal, correction_id: UUID) -> tuple[UUID, UUID]:
    """Return child and case of a correction, to somebody who is no kin of anybody in it; to others it is not there."""
    require_known(principal)
    async with service.database.tx(principal) as tx:
        row = await corrections.shown(tx, correction_id)
        if row is None:
            raise NotFound
        people = [row["person_id"], *await corrections.persons_of(tx, row["because"])]
    await require_stranger(service, principal, people, row["case_id"])
    return row["person_id"], row["case_id"]


async def _known(service: Service, principal: Principal, correction_id: UUID) -> Known:
    """Ask persons about the child and its adults; ServiceAway when it does not answer."""
    async with service.database.tx(principal) as tx:
        waiting = await corrections.locked(tx, correction_id)
        asked = await corrections.question(tx, waiting.underretning_id) if waiting else None
    if waiting is None:
        raise NotFound
    if asked is None:
        raise CorrectionDecided
    facts = households.facts_of(await households.ask(service.clients, asked.people, asked.case_id))
    return Known(facts, await parts.sealing_for(service.clients, Reader(principal, asked.case_id), asked.people))


class Sending:
    """One correction on its way out: what the approver said, and what persons answered."""

    def __init__(self, by: str, body: SendBody, known: Known, *, demonstration: bool) -> None:
        """Remember who sends, and what was said."""
        self.by = by
        self.body = body
        self.known = known
        self.demonstration = demonstration

    async def send(self, tx: Tx, correction_id: UUID) -> Answer:
        """Judge again, write, save and tell, all at once."""
        waiting = await corrections.locked(tx, correction_id)
        asked = await corrections.question(tx, waiting.underretning_id) if waiting else None
        if waiting is None:
            raise NotFound
        require_version(waiting.version, self.body.version)
        if waiting.state != "found" or asked is None:
            raise CorrectionDecided
        found = judge(asked, self.known.facts)
        await corrections.judged(tx, asked)
        if found is None:
            await corrections.drop(tx, asked.underretning_id)
            return Answer(200, {"correction_id": waiting.id, "kind": "not_sent"}, waiting.version + 1)
        return await self._tell(tx, waiting, asked, found)

    async def _tell(self, tx: Tx, waiting: Waiting, asked: Question, found: Correction) -> Answer:
        family = read_family(found.kind, self.body.family)
        new = await self._new(tx, asked, found, family)
        await underretninger.add(tx, new)
        await parts.add(tx, new.id, self.known.sealing.parts(new.content))
        await corrections.sent(tx, waiting, found, family, self.by, new.id)
        if found.kind is UnderretningKind.RETRACTION:
            await corrections.retracted(tx, asked)
            await cancel_deadline(tx, kind=ACKNOWLEDGEMENT, subject=asked.underretning_id)
        else:
            await corrections.known(tx, asked)
        await append(tx, sent_event(new, asked.receiver), version=1, correlation_id=asked.case_id, time=asked.now)
        ids: dict[str, UUID | str | list[str]] = {
            "correction_id": waiting.id,
            "underretning_id": new.id,
            "kind": str(found.kind),
            "receiver": asked.receiver,
            "because": found.because,
        }
        return Answer(201, ids, waiting.version + 1)

    async def _new(self, tx: Tx, asked: Question, found: Correction, family: FamilyNotice | None) -> New:
        day, child = danish_day(asked.now), asked.child
        message = CorrectionMessage(
            id=self.known.sealing.document_id,
            corrects=asked.underretning_id,
            approved_on=asked.approved_on,
            child=child,
            correction=found,
            told=asked.told,
            newest=asked.newest,
            sources=await registrations.sources(tx, found.because),
            family=family,
            acute=asked.acute,
            protected_address=self.known.facts.is_protected(child.person, day),
            approved_at=asked.now,
            codes=asked.codes,
            demonstration=self.demonstration,
        )
        return New(
            id=message.id,
            candidate_id=None,
            case_id=asked.case_id,
            child=child,
            kind=found.kind,
            registrations=found.because,
            refers_to=[asked.underretning_id],
            receiver=asked.receiver,
            undecided=None,
            protected_address=message.protected_address,
            acute=asked.acute,
            law=law_at(day),
            content=write_correction(message),
            approved_at=asked.now,
        )

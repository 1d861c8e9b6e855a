"""Approval is sending: the ground asked again, the receiver decided, the underretning written, all at once."""

from dataclasses import dataclass
from uuid import UUID

from chassis.database import Tx
from chassis.http import Answer
from chassis.identity import Principal
from chassis.outbox import append
from chassis.service import Service
from contracts.concerns.v1 import CandidateApproved, UnderretningSent
from contracts.refusal import NotFound
from services.concerns.domain.calendar import danish_day
from services.concerns.domain.candidate import Assessment, State, approve, require_version
from services.concerns.domain.document import Message, people_of, write
from services.concerns.domain.family import Facts
from services.concerns.domain.receiver import receiver
from services.concerns.domain.rules import Ground
from services.concerns.domain.sending import kind_of, standing_ground
from services.concerns.domain.underretning import law_at
from services.concerns.handlers.keeping import keep_candidate, keep_underretning
from services.concerns.store import (
    candidates,
    code_lists,
    corrections,
    households,
    parts,
    registrations,
    underretninger,
)
from services.concerns.store.candidates import Loaded
from services.concerns.store.parts import Reader, Sealing
from services.concerns.store.underretninger import EarlierRow, New


@dataclass(frozen=True, slots=True)
class Approval:
    """Who approved, what the approver said, and the facts of the day, fetched before the transaction."""

    by: str
    acute: bool
    version: int | None
    known: "Known"
    demonstration: bool


@dataclass(frozen=True, slots=True)
class Known:
    """What persons answered before the transaction: families, and what the document is sealed with."""

    facts: Facts
    sealing: Sealing


async def known_for_sending(service: Service, principal: Principal, candidate_id: UUID) -> Known:
    """Ask persons about the child and its adults as they stand today; ServiceAway when it does not answer."""
    async with service.database.tx(principal) as tx:
        loaded = await candidates.locked(tx, candidate_id)
        if loaded is None:
            raise NotFound
        newest = await registrations.newest(tx, loaded.registrations)
    child, adults = loaded.child, {one.person for one in newest.values()}
    facts = households.facts_of(await households.ask(service.clients, {child.person, *adults}, loaded.case_id))
    people = people_of(child, adults, facts, danish_day(loaded.now))
    return Known(facts, await parts.sealing_for(service.clients, Reader(principal, loaded.case_id), people))


async def approve_and_send(tx: Tx, candidate_id: UUID, approval: Approval) -> Answer:
    """Decide on an approval: sent, waiting for a receiver, or not sent because the ground has fallen."""
    loaded = await candidates.locked(tx, candidate_id)
    if loaded is None:
        raise NotFound
    require_version(loaded.candidate.version, approval.version)
    said = approve(loaded.candidate, approval.by)
    newest = await registrations.newest(tx, loaded.registrations)
    codes = await code_lists.numbered(tx, loaded.code_list)
    ground = standing_ground(loaded.child, loaded.found, newest, approval.known.facts, codes)
    earlier = (await underretninger.earlier_of(tx, [loaded.child])).get(loaded.child, [])
    told = frozenset[str]().union(*(one.registrations for one in earlier))
    if ground is None or told.issuperset(one.id for one in ground.used):
        return await _not_sent(tx, loaded, approval, "ground_fell" if ground is None else "suppressed_known")
    new = await _new(tx, loaded, approval, said, ground, earlier)
    await candidates.approved(tx, loaded.candidate, State.APPROVED, approval.by, acute=approval.acute)
    await underretninger.add(tx, new)
    await corrections.told(tx, new.id, ground.used)
    born = approval.known.facts.births.get(loaded.child.person)
    await keep_underretning(tx, new.id, new.case_id, loaded.now, born, unborn=loaded.child.unborn)
    await parts.add(tx, new.id, approval.known.sealing.parts(new.content))
    await _tell(tx, loaded, new)
    return Answer(201, _answered(loaded, new), loaded.candidate.version + 1)


async def _not_sent(tx: Tx, loaded: Loaded, approval: Approval, reason: str) -> Answer:
    await candidates.approved(tx, loaded.candidate, State.GROUND_FELL, approval.by, acute=approval.acute)
    await keep_candidate(tx, loaded.candidate.id, loaded.case_id, loaded.now)
    ids: dict[str, UUID | str | list[str]] = {"candidate_id": loaded.candidate.id, "kind": "not_sent"}
    return Answer(200, ids | {"reason": reason}, loaded.candidate.version + 1)


async def _new(
    tx: Tx, loaded: Loaded, approval: Approval, said: Assessment, ground: Ground, earlier: list[EarlierRow]
) -> New:
    day, child = danish_day(loaded.now), loaded.child
    to = receiver(child, approval.known.facts, day)
    kind = kind_of([one.as_previous() for one in earlier], to)
    registered = sorted(one.id for one in ground.used)
    message = Message(
        id=approval.known.sealing.document_id,
        kind=kind,
        child=child,
        ground=ground,
        current=frozenset(name for each in loaded.found for name in each.current),
        sources=await registrations.sources(tx, registered),
        assessment=said,
        acute=approval.acute,
        earlier=[one.as_mentioned() for one in earlier],
        approved_at=loaded.now,
        codes=await code_lists.numbered(tx, loaded.code_list),
        facts=approval.known.facts,
        demonstration=approval.demonstration,
    )
    return New(
        id=message.id,
        candidate_id=loaded.candidate.id,
        case_id=loaded.case_id,
        child=child,
        kind=kind,
        registrations=registered,
        refers_to=[one.id for one in earlier],
        receiver=to.kommune,
        undecided=to.undecided,
        protected_address=approval.known.facts.is_protected(child.person, day),
        acute=approval.acute,
        law=law_at(day),
        content=write(message, to.kommune),
        approved_at=loaded.now,
    )


async def _tell(tx: Tx, loaded: Loaded, new: New) -> None:
    event = CandidateApproved(candidate_id=loaded.candidate.id, underretning_id=new.id)
    version = loaded.candidate.version + 1
    approved = await append(tx, event, version=version, correlation_id=new.case_id, time=loaded.now)
    if new.receiver:
        await append(
            tx, sent_event(new, new.receiver), version=1, correlation_id=new.case_id, time=loaded.now,
            causation_id=approved,
        )  # fmt: skip


def sent_event(new: New, kommune: str) -> UnderretningSent:
    """Return the thin event: what happened and where to fetch, nothing about the child."""
    return UnderretningSent(
        underretning_id=new.id,
        receiver=kommune,
        child_person_id=new.child.person,
        kind=new.kind,
        urgent=new.acute,
        document_path=f"/underretninger/{new.id}",
    )


def _answered(loaded: Loaded, new: New) -> dict[str, UUID | str | list[str]]:
    ids: dict[str, UUID | str | list[str]] = {
        "candidate_id": loaded.candidate.id,
        "underretning_id": new.id,
        "kind": str(new.kind),
        "receiver": new.receiver or "human",
        "registrations": new.registrations,
        "refers_to": [str(one) for one in new.refers_to],
    }
    return ids | ({"reason": new.undecided} if new.undecided else {})

"""Erasing one thing: rows deleted, a tombstone left, the case ended with its last part, all in one transaction."""

from collections.abc import Collection
from uuid import UUID

from chassis.access import record_access
from chassis.database import Tx
from chassis.deadlines import cancel_deadline
from chassis.erasure import Why, bury, bury_case, erase_history
from chassis.outbox import append
from contracts.audit.v1 import MAX_PERSONS
from contracts.codes import Purpose
from contracts.concerns.v1 import CaseErased
from contracts.disclosure import LogKind
from services.concerns.domain.retention import Kind
from services.concerns.handlers.deadlines import ACKNOWLEDGEMENT
from services.concerns.handlers.running import told_id
from services.concerns.store import clock, retention


async def erase_candidate(tx: Tx, candidate_id: UUID, case_id: UUID, why: Why) -> None:
    """Erase a candidate with those that were merged into it."""
    await _erase_candidate(tx, candidate_id, case_id, why)
    await _end(tx, case_id, why)


async def _erase_candidate(tx: Tx, candidate_id: UUID, case_id: UUID, why: Why) -> None:
    ids = await retention.with_merged(tx, candidate_id)
    persons = await retention.erase_candidates(tx, ids)
    await _buried(tx, Kind.CANDIDATE, ids, case_id, why)
    await _recorded(tx, persons, case_id)


async def erase_underretning(tx: Tx, underretning_id: UUID, case_id: UUID, why: Why) -> None:
    """Erase an underretning with its corrections, and the candidate that it became of."""
    await _erase_underretning(tx, underretning_id, case_id, why)
    await _end(tx, case_id, why)


async def _erase_underretning(tx: Tx, underretning_id: UUID, case_id: UUID, why: Why) -> None:
    ids = await retention.with_corrections(tx, underretning_id)
    candidate_id = await retention.candidate_of(tx, underretning_id)
    persons = await retention.erase_underretninger(tx, ids)
    for one in ids:
        await cancel_deadline(tx, kind=ACKNOWLEDGEMENT, subject=one)
    await _buried(tx, Kind.UNDERRETNING, ids, case_id, why)
    await _recorded(tx, persons, case_id)
    if candidate_id:
        await _erase_candidate(tx, candidate_id, case_id, why)


async def erase_case(tx: Tx, case_id: UUID, why: Why) -> None:
    """Erase all of a case, whatever state it is in."""
    for one in await retention.underretninger_of(tx, case_id):
        await _erase_underretning(tx, one, case_id, why)
    for one in await retention.candidates_of(tx, case_id):
        await _erase_candidate(tx, one, case_id, why)
    await _end(tx, case_id, why)


async def erase_registrations(tx: Tx, names: Collection[str], why: Why) -> None:
    """Erase registrations with all their revisions."""
    persons = await retention.erase_registrations(tx, names)
    await bury(tx, Kind.REGISTRATION, [told_id(name) for name in names], why)
    await _recorded(tx, persons)


async def erase_papers(tx: Tx, search_id: UUID, why: Why) -> None:
    """Erase what a run was answered and noted; its counts and its checksum stay."""
    persons = await retention.erase_papers(tx, search_id)
    await bury(tx, Kind.PAPERS, [search_id], why, search_id)
    await _recorded(tx, persons, search_id)


async def _buried(tx: Tx, kind: Kind, ids: Collection[UUID], case_id: UUID, why: Why) -> None:
    await bury(tx, kind, ids, why, case_id)
    for one in ids:
        await erase_history(tx, kind, one)


async def _recorded(tx: Tx, persons: Collection[UUID], case_id: UUID | None = None) -> None:
    """Log the erasure (L-13), and remember whom persons may be told about."""
    about = sorted(set(persons))
    await retention.note_let_go(tx, about)
    for start in range(0, len(about), MAX_PERSONS):
        some = about[start : start + MAX_PERSONS]
        await record_access(
            tx,
            operation="retention.erase",
            purpose=Purpose.RETENTION,
            persons=some,
            kind=LogKind.ERASURE,
            case_id=case_id,
        )


async def _end(tx: Tx, case_id: UUID, why: Why) -> None:
    """End a case of which nothing is left: its history goes, and that it is gone is told."""
    if await retention.has_parts(tx, case_id):
        return
    await bury_case(tx, case_id, why)
    event = CaseErased(case_id=case_id)
    await append(tx, event, version=1, correlation_id=case_id, time=await clock.now(tx))

"""Until when things are kept: the deadline of each is set in the transaction that gives it its state."""

from datetime import date, datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from chassis.database import Tx
from chassis.deadlines import set_deadline
from services.concerns.domain.retention import PAPERS, candidate_due, underretning_due

CANDIDATE_RETENTION, UNDERRETNING_RETENTION = "candidate_retention", "underretning_retention"
RUN_PAPERS, REGISTRATION_RETENTION, CASE_ERASURE = "run_papers", "registration_retention", "case_erasure"
SWEPT = uuid5(NAMESPACE_URL, "samvirke:registration-retention")
"""The one deadline under which all registrations are looked through."""


async def keep_candidate(tx: Tx, candidate_id: UUID, case_id: UUID, decided_at: datetime) -> None:
    """Keep a candidate that led to nothing for its period."""
    await set_deadline(
        tx,
        kind=CANDIDATE_RETENTION,
        subject=candidate_id,
        due_at=candidate_due(decided_at),
        correlation_id=case_id,
    )


async def keep_underretning(
    tx: Tx, underretning_id: UUID, case_id: UUID, sent_at: datetime, born: date | None, *, unborn: bool
) -> None:
    """Keep an underretning 5 years, or until the child is 18."""
    await set_deadline(
        tx,
        kind=UNDERRETNING_RETENTION,
        subject=underretning_id,
        due_at=underretning_due(sent_at, born, unborn=unborn),
        correlation_id=case_id,
    )


async def keep_papers(tx: Tx, search_id: UUID, completed_at: datetime) -> None:
    """Keep a run's papers as long as it can be run again."""
    due_at = completed_at + PAPERS
    await set_deadline(tx, kind=RUN_PAPERS, subject=search_id, due_at=due_at, correlation_id=search_id)


async def look_through_registrations(tx: Tx, due_at: datetime) -> None:
    """Look through the registrations at a time."""
    await set_deadline(tx, kind=REGISTRATION_RETENTION, subject=SWEPT, due_at=due_at)


async def erase_on_order(tx: Tx, case_id: UUID, now: datetime) -> None:
    """Erase a case as two people have ordered: the service's own work does it at once."""
    await set_deadline(tx, kind=CASE_ERASURE, subject=case_id, due_at=now, correlation_id=case_id)

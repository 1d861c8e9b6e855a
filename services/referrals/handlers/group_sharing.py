"""What is shared with a circle is a disclosure to each other authority in it, recorded for the citizen (O-6.1-04)."""

from datetime import datetime
from uuid import UUID

from chassis.access import record_access
from chassis.database import Tx
from chassis.deadlines import due, set_deadline
from contracts.codes import Purpose
from contracts.disclosure import Category, Disclosure, LogKind, Necessity
from services.referrals.domain.group_cases import GroupCase
from services.referrals.domain.groups import parted
from services.referrals.domain.offers import basis_of
from services.referrals.store import clock, group_cases, group_work

GIVEN, TOLD, ANSWERED = "contribution_shared", "update_shared", "answer_shared"
"""The deadlines, due at once, under which the disclosures are recorded: a command leaves one record of its own."""


async def shared(tx: Tx, kind: str, subject: UUID, case: GroupCase) -> None:
    """Let it be recorded to whom something was disclosed."""
    now = await clock.now(tx)
    await set_deadline(tx, kind=kind, subject=subject, due_at=now, correlation_id=case.case_id, at_once=True)


@due(GIVEN)
async def somebody_contributed(contribution_id: UUID, _: datetime, tx: Tx) -> None:
    """Record to whom a contribution was disclosed, with why its giver finds that necessary."""
    await _record(tx, await group_work.sharer(tx, "contribution", contribution_id))


@due(TOLD)
async def somebody_told(update_id: UUID, _: datetime, tx: Tx) -> None:
    """Record to whom an update was disclosed."""
    await _record(tx, await group_work.sharer(tx, "update", update_id))


@due(ANSWERED)
async def somebody_answered(question_id: UUID, _: datetime, tx: Tx) -> None:
    """Record to whom an answer was disclosed."""
    await _record(tx, await group_work.sharer(tx, "question", question_id))


async def _record(tx: Tx, sharer: group_work.Sharer | None) -> None:
    case = await group_cases.found(tx, sharer.case) if sharer else None
    if sharer is None or case is None:
        return
    for receiver in dict.fromkeys(parted(seat)[0] for seat in await group_cases.circle_with_actors(tx, case)):
        if receiver != sharer.authority:
            await record_access(
                tx,
                operation="group_case.shared",
                purpose=Purpose(case.of.of.purpose),
                persons=[case.person] if case.person else [],
                kind=LogKind.DISCLOSURE,
                case_id=case.case_id,
                on_behalf_of_authority=sharer.authority,
                disclosure=_disclosure(case, sharer, receiver),
            )


def _disclosure(case: GroupCase, sharer: group_work.Sharer, receiver: str) -> Disclosure:
    return Disclosure(
        basis=basis_of(case.of.of),
        reference=case.of.of.hjemmel,
        necessity=Necessity(sharer.necessity),
        sender=sharer.authority,
        receiver=receiver,
        categories=(Category.ASSESSMENT,),
    )

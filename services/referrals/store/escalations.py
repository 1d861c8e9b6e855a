"""Cases of an operativgruppe that the district's group looks at, and what it answers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.database import Tx


@dataclass(frozen=True, slots=True)
class Escalation:
    """One case that was passed upwards."""

    id: UUID
    from_case: UUID
    to_referral: UUID
    answered_at: datetime | None


async def add(tx: Tx, one: Escalation, reason_text_id: UUID | None) -> None:
    """Save that a case is escalated."""
    await tx.execute(
        "insert into escalation (escalation_id, from_case_id, to_referral_id, reason_text_id) values ($1, $2, $3, $4)",
        *(one.id, one.from_case, one.to_referral, reason_text_id),
    )


async def to(tx: Tx, referral_id: UUID) -> Escalation | None:
    """Return the escalation that led to a referral."""
    row = await tx.fetchrow(
        "select escalation_id, from_case_id, to_referral_id, answered_at from escalation where to_referral_id = $1",
        referral_id,
    )
    return Escalation(*row) if row else None


async def answered(tx: Tx, one: Escalation, code: str, text_id: UUID | None) -> None:
    """Save what the district's group answers; a later decision replaces an earlier one."""
    await tx.change_one(
        "update escalation set answer = $2, answer_text_id = $3, answered_at = clock() where escalation_id = $1",
        *(one.id, code, text_id),
    )


async def of_case(tx: Tx, case: UUID, referral: UUID) -> list[dict[str, Any]]:
    """Return what links a case with the other group's."""
    rows = await tx.fetch(
        "select escalation_id, from_case_id, to_referral_id, reason_text_id as text_id, escalated_at, answer as code,"
        " answer_text_id, answered_at from escalation where from_case_id = $1 or to_referral_id = $2"
        " order by escalated_at, escalation_id",
        *(case, referral),
    )
    return [dict(row) for row in rows]

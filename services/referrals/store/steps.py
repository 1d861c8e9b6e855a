"""What the receiver has noted of a course, which nobody but the receiver reads."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from chassis.database import Tx
from services.referrals.domain.following import Step


async def noted(tx: Tx, referral_id: UUID) -> frozenset[Step]:
    """Return what is noted of a referral, as far as the asker may see it."""
    rows = await tx.fetch("select kind from step where referral_id = $1", referral_id)
    return frozenset(Step(row["kind"]) for row in rows)


async def add(tx: Tx, referral_id: UUID, step: Step, on: date, due_at: datetime | None) -> None:
    """Note something of a referral, and until when the next is due."""
    await tx.execute(
        "insert into step (referral_id, kind, noted_on, due_at) values ($1, $2, $3, $4)", referral_id, step, on, due_at
    )


async def forget(tx: Tx, referral_id: UUID) -> None:
    """Delete what is noted of a referral that was taken back."""
    await tx.execute("delete from step where referral_id = $1", referral_id)


async def late(tx: Tx, referral_ids: Sequence[UUID]) -> frozenset[UUID]:
    """Return those of some referrals whose treatment should have started, as far as the asker may see it."""
    rows = await tx.fetch(
        "select referral_id from step s join referral r using (referral_id) where referral_id = any($1)"
        " and s.due_at < clock() and r.state in ('in_progress', 'on_hold') and not exists (select from step done"
        " where done.referral_id = s.referral_id and done.kind = 'treatment_started')",
        referral_ids,
    )
    return frozenset(row["referral_id"] for row in rows)

"""The SQL of information that is withheld on a point, and of its release; the point says what holds now."""

from typing import Any
from uuid import UUID

from chassis.database import Tx
from chassis.ids import new_id
from services.councils.domain.agendas import Item


async def add(tx: Tx, item: Item, reason: str) -> bool:
    """Save that information on a point is withheld, and the reason; False where it is already."""
    status = await tx.execute(
        "insert into withholding (withholding_id, item_id, body_id, reason, withheld_by) values ($1, $2, $3, $4, $5)"
        " on conflict do nothing",
        *(new_id(), item.id, item.body_id, reason, tx.principal.subject),
    )
    if status == "INSERT 0 0":
        return False
    await tx.change_one("update agenda_item set withheld = $2 where item_id = $1", item.id, reason)
    return True


async def release(tx: Tx, item_id: UUID, why: str) -> bool:
    """Save that what was withheld on a point is released, and why; False where nothing is withheld."""
    status = await tx.execute(
        "update withholding set released_at = clock(), released_by = $3, released_why = $2"
        " where item_id = $1 and released_at is null",
        *(item_id, why, tx.principal.subject),
    )
    if status == "UPDATE 0":
        return False
    await tx.change_one("update agenda_item set withheld = '' where item_id = $1", item_id)
    return True


async def released(tx: Tx, meeting_id: UUID) -> list[dict[str, Any]]:
    """Return what was withheld on a meeting's points and has been released, the oldest first."""
    rows = await tx.fetch(
        "select w.item_id, w.reason, withheld_at, released_why, released_at from withholding w"
        " join agenda_item using (item_id) where meeting_id = $1 and released_at is not null"
        " order by withheld_at, withholding_id",
        meeting_id,
    )
    return [dict(row) for row in rows]

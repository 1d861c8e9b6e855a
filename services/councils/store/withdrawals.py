"""The SQL of who has an invitation to a meeting, and of who was told to be moved out of it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chassis.database import Tx

_TOLD = (
    "(select max(w.edition) from mailing w join council_invitee o using (invitee_id) where w.subject = $1"
    " and w.kind = 'withdrawal' and w.state <> 'dropped' and {who})"
)


async def invited(tx: Tx, meeting_id: UUID) -> list[dict[str, Any]]:
    """Return to whom an invitation went or may have gone, and who was not told since to be moved out.

    `has_it` is false where it waits and surely has not gone out, or was refused.
    """
    rows = await tx.fetch(
        "select i.invitee_id, i.member_id, i.address, i.removed_at is not null as removed,"  # noqa: S608  no value from outside
        " bool_or(m.state = 'sent' or (m.tries > 0 and m.failure in ('', 'time_out', 'cut_off'))) as has_it"
        " from mailing m join council_invitee i using (invitee_id)"
        " where m.subject = $1 and m.kind = 'invitation' and i.address <> ''"
        f" and m.edition > coalesce({_TOLD.format(who='w.invitee_id = i.invitee_id')}, -1)"
        " group by i.invitee_id, i.member_id, i.address, i.removed_at order by i.invitee_id",
        meeting_id,
    )
    return [dict(row) for row in rows]


async def have_it(tx: Tx, meeting_id: UUID, answers_from: int) -> set[UUID]:
    """Return those whose invitation says the present time and place, and that nothing at their address took back."""
    rows = await tx.fetch(
        "select distinct i.invitee_id from mailing m join council_invitee i using (invitee_id)"  # noqa: S608  as above
        " where m.subject = $1 and m.kind = 'invitation' and m.state <> 'dropped' and m.edition >= $2"
        f" and m.edition > coalesce({_TOLD.format(who='o.address = i.address')}, -1)",
        *(meeting_id, answers_from),
    )
    return {row["invitee_id"] for row in rows}


async def drop_of(tx: Tx, meeting_id: UUID, invitees: Sequence[UUID]) -> None:
    """Let what waits for those who are moved out of a meeting stay at home."""
    await tx.execute(
        "update mailing set state = 'dropped' where subject = $1 and invitee_id = any($2)"
        " and kind <> 'withdrawal' and state in ('waiting', 'failed')",
        *(meeting_id, invitees),
    )


async def take_back(tx: Tx, meeting_id: UUID, invitees: Sequence[UUID]) -> None:
    """Let those not be told to be moved out who are invited again before that has gone out."""
    await tx.execute(
        "update mailing set state = 'dropped' where subject = $1 and invitee_id = any($2)"
        " and kind = 'withdrawal' and state in ('waiting', 'failed') and tries = 0",
        *(meeting_id, invitees),
    )

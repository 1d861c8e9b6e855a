"""The SQL of extraordinary meetings that a municipal member of the kredsraad has asked for."""

from typing import Any
from uuid import UUID

from chassis.database import Tx


async def add(tx: Tx, request_id: UUID, body_id: UUID, authority: str, reason: str) -> None:
    """Save that a municipality's member asks for a meeting."""
    await tx.execute(
        "insert into meeting_request (request_id, body_id, authority, reason, asked_by) values ($1, $2, $3, $4, $5)",
        *(request_id, body_id, authority, reason, tx.principal.subject),
    )


async def found(tx: Tx, request_id: UUID) -> dict[str, Any] | None:
    """Return a request."""
    row = await tx.fetchrow("select * from meeting_request where request_id = $1", request_id)
    return None if row is None else dict(row)


async def waiting_of(tx: Tx, body_id: UUID, authority: str) -> UUID | None:
    """Return the request of a municipality that no meeting has answered yet."""
    request_id: UUID | None = await tx.fetchval(
        "select request_id from meeting_request where body_id = $1 and authority = $2 and met_at is null limit 1",
        *(body_id, authority),
    )
    return request_id


async def is_open(tx: Tx, request_id: UUID) -> bool:
    """Say whether a request still has no meeting, or one that was called off."""
    return bool(
        await tx.fetchval(
            "select exists (select from meeting_request r left join meeting m using (meeting_id)"
            " where r.request_id = $1 and r.met_at is null and coalesce(m.state, 'cancelled') = 'cancelled')",
            request_id,
        )
    )


async def plan(tx: Tx, request_id: UUID, meeting_id: UUID) -> None:
    """Save which meeting is to answer a request."""
    await tx.change_one(
        "update meeting_request set meeting_id = $2 where request_id = $1 and met_at is null", request_id, meeting_id
    )


async def meet(tx: Tx, request_id: UUID, meeting_id: UUID) -> None:
    """Save at which meeting a request was answered."""
    await tx.execute(
        "update meeting_request set met_at = clock(), meeting_id = $2 where request_id = $1 and met_at is null",
        *(request_id, meeting_id),
    )


async def of_body(tx: Tx, body_id: UUID) -> list[dict[str, Any]]:
    """Return who asked for meetings of a council, the newest first, as far as the asker may see them."""
    rows = await tx.fetch(
        "select request_id, authority, reason, asked_at, meeting_id, met_at from meeting_request"
        " where body_id = $1 order by asked_at desc, request_id",
        body_id,
    )
    return [dict(row) for row in rows]


async def unmet(tx: Tx, body_id: UUID) -> list[dict[str, Any]]:
    """Return the requests that no meeting has answered, the oldest first, with the meeting that is to, if any."""
    rows = await tx.fetch(
        "select request_id, authority, r.reason, asked_at, m.meeting_id, m.starts_at from meeting_request r"
        " left join meeting m on m.meeting_id = r.meeting_id and m.state <> 'cancelled'"
        " where r.body_id = $1 and met_at is null order by asked_at, request_id",
        body_id,
    )
    return [dict(row) for row in rows]

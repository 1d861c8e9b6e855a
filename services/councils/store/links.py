"""The SQL of personal links: the checksum of each token, what it opens and until when."""

from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.database import Tx
from services.councils.domain.links import Link
from services.councils.domain.seating import Member


async def add(tx: Tx, link: Link, member: Member, token_sha256: str, by: str) -> None:
    """Save a link, and who had it made."""
    await tx.execute(
        "insert into member_link (link_id, token_sha256, member_id, body_id, authority, purpose, subject, until,"
        " issued_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        *(link.id, token_sha256, member.id, member.body_id, member.authority, link.purpose, link.subject, link.until),
        by,
    )


async def held(tx: Tx) -> tuple[Link, datetime] | None:
    """Return the link that this transaction's principal holds, unless it was taken back, and what time it is."""
    row = await tx.fetchrow("select *, clock() as now from member_link where token_sha256 = linked_token()")
    if row is None or row["revoked_at"] is not None:
        return None
    names = ("link_id", "member_id", "body_id", "authority", "purpose", "subject", "until")
    return Link(*(row[name] for name in names)), row["now"]


async def revoke(tx: Tx, member_id: UUID, link_id: UUID | None = None) -> int:
    """Take back a member's links, or one of them; return how many."""
    status = await tx.execute(
        "update member_link set revoked_at = clock() where member_id = $1 and link_id = coalesce($2, link_id)"
        " and revoked_at is null",
        *(member_id, link_id),
    )
    return int(status.rpartition(" ")[2])


async def of_body(tx: Tx, body_id: UUID) -> list[dict[str, Any]]:
    """Return the links of a council's members that still open something; of no token is anything said."""
    rows = await tx.fetch(
        "select link_id, member_id, purpose, subject, until, issued_at from member_link"
        " where body_id = $1 and revoked_at is null and until > clock() order by until, link_id",
        body_id,
    )
    return [dict(row) for row in rows]

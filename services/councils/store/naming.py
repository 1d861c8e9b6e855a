"""The SQL of names that were put right: what stood there stays readable, with who changed it, when and why."""

from typing import Any
from uuid import UUID

from chassis.database import Tx
from services.councils.domain.naming import Correction, Noted
from services.councils.store.seats import table_of


async def correct(tx: Tx, made: Correction) -> None:
    """Save how a member's name is spelt from now on, and what it was."""
    before = made.member
    await tx.execute(
        "insert into name_correction (correction_id, member_id, body_id, was, holder, reason, public_office,"
        " authority, corrected_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        *(made.id, before.id, before.body_id, before.holder, made.holder, made.reason, before.public_office),
        *(tx.principal.authority, tx.principal.subject),
    )
    await tx.change_one(
        f"update {table_of(before)} set holder = $2 where member_id = $1",  # noqa: S608  one of two
        *(before.id, made.holder),
    )


async def of_body(tx: Tx, body_id: UUID) -> list[dict[str, Any]]:
    """Return the corrections of names on a council, the newest first, as far as the asker may see the names."""
    rows = await tx.fetch(
        "select correction_id, member_id, was, holder, reason, authority, corrected_by, corrected_at"
        " from name_correction where body_id = $1 order by corrected_at desc, correction_id",
        body_id,
    )
    return [dict(row) for row in rows]


async def under_plan(tx: Tx, signed: dict[str, Any]) -> list[Noted]:
    """Return which names under an edition of the kredsraad's plan have been put right since."""
    names = {(one["authority"], one["office"], one["name"]) for one in signed["signatures"]}
    rows = await tx.fetch(
        "select t.authority, t.office, c.was, t.holder, max(c.corrected_at) from name_correction c"
        " join office_term t using (member_id) where c.was = any($1) and t.holder <> c.was"
        " group by t.authority, t.office, c.was, t.holder order by t.authority, t.office",
        [name for *_, name in names],
    )
    return [Noted(*row) for row in rows if tuple(row)[:3] in names]


async def under_local_plan(tx: Tx, kommunekode: str, approvals: list[dict[str, Any]]) -> list[Noted]:
    """Return which names of approvers have been put right since, as far as everyone may read them."""
    names = {(one["side"], one["holder"]) for one in approvals}
    rows = await tx.fetch(
        "select m.authority, m.side, c.was, m.holder, max(c.corrected_at) from name_correction c"
        " join council_member m using (member_id) join body b on b.body_id = m.body_id"
        " where b.kommunekode = $1 and c.was = any($2) and m.public_office and m.holder <> c.was"
        " group by m.authority, m.side, c.was, m.holder order by m.side, c.was",
        *(kommunekode, [name for _, name in names]),
    )
    return [Noted(*row) for row in rows if tuple(row)[1:3] in names]

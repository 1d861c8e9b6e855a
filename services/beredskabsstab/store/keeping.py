"""Everything of an activation, found by the database's own catalogue: to hand it over whole, and to delete it whole.

Tables that come later are found as these are: by a column `activation_id`, or by a row of such a table that they name.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson

from chassis.database import Tx
from services.beredskabsstab.domain.keeping import Link, belonging, emptied_in_order

if TYPE_CHECKING:
    from asyncpg import Record

OF_INCIDENT = ("activation_request", "warning", "incident")
"""What belongs to an incident, and goes with the last activation because of it."""


async def links(tx: Tx) -> list[Link]:
    """Return which tables name a row of another one by one column."""
    rows = await tx.fetch(
        "select k.conrelid::regclass::text as child, quote_ident(c.attname) as child_column,"
        " k.confrelid::regclass::text as parent, quote_ident(p.attname) as parent_column from pg_constraint k"
        " join pg_attribute c on c.attrelid = k.conrelid and c.attnum = k.conkey[1]"
        " join pg_attribute p on p.attrelid = k.confrelid and p.attnum = k.confkey[1]"
        " where k.contype = 'f' and cardinality(k.conkey) = 1 and k.connamespace = 'public'::regnamespace"
    )
    return [Link(**row) for row in rows]


async def own_tables(tx: Tx) -> list[str]:
    """Return the tables that have the id of an activation."""
    rows = await tx.fetch(
        "select c.oid::regclass::text as name from pg_class c join pg_attribute a on a.attrelid = c.oid"
        " where a.attname = 'activation_id' and not a.attisdropped and c.relkind in ('r', 'p')"
        " and not c.relispartition and c.relnamespace = 'public'::regnamespace order by 1"
    )
    return [row["name"] for row in rows]


async def tables(tx: Tx) -> tuple[dict[str, str], list[Link]]:
    """Return the tables that belong to an activation with the condition of their rows, and how tables name another."""
    found = await links(tx)
    return belonging(await own_tables(tx), found, "activation"), found


async def rows_of(tx: Tx, wanted: Mapping[str, str], its_id: UUID) -> dict[str, list[Any]]:
    """Return the rows of tables that the caller sees, each table in an order that is the same each time."""
    found = {}
    for name, where in sorted(wanted.items()):
        rows = await tx.fetch(f"select to_jsonb(t) as row from {name} t where {where} order by 1", its_id)  # noqa: S608  names of the catalogue
        found[name] = [orjson.loads(row["row"]) for row in rows]
    return found


async def whole(tx: Tx, activation: "Record") -> dict[str, list[Any]]:
    """Return every row of an activation and of its incident that the caller sees, by table."""
    wanted, _ = await tables(tx)
    of_incident = await rows_of(tx, dict.fromkeys(OF_INCIDENT, "incident_id = $1"), activation["incident_id"])
    return await rows_of(tx, wanted, activation["activation_id"]) | of_incident


async def erase(tx: Tx, activation_id: UUID) -> None:
    """Delete every row of an activation."""
    wanted, found = await tables(tx)
    for name in emptied_in_order(wanted, found):
        await tx.execute(f"delete from {name} where {wanted[name]}", activation_id)  # noqa: S608  names of the catalogue


async def erase_incident(tx: Tx, incident_id: UUID) -> bool:
    """Delete an incident with its warnings and what was asked for; False where another activation is because of it."""
    await tx.execute("select 1 from incident where incident_id = $1 for update", incident_id)
    if await tx.fetchval("select exists (select from activation where incident_id = $1)", incident_id):
        return False
    its_warnings = "(select warning_id from warning where incident_id = $1)"
    for statement in (
        f"delete from warning_reference where warning_id in {its_warnings}",  # noqa: S608  a constant of the code
        f"update warning set ended_by = null where ended_by in {its_warnings}",  # noqa: S608  as above
        "delete from warning where incident_id = $1",
        "delete from activation_request where incident_id = $1",
        "delete from incident where incident_id = $1",
    ):
        await tx.execute(statement, incident_id)
    return True


async def warnings_of(tx: Tx, incident_id: UUID) -> list[UUID]:
    """Return the warnings of an incident."""
    rows = await tx.fetch("select warning_id from warning where incident_id = $1", incident_id)
    return [row["warning_id"] for row in rows]


async def forget_names(tx: Tx, activation_id: UUID) -> None:
    """Delete the names and telephone numbers of those who were called; that a role was called and answered stays."""
    for statement in (
        "delete from member_contact where call_id in (select call_id from member where activation_id = $1)",
        "update member set name = null where activation_id = $1",
        "update relief_shift set who = null where activation_id = $1",
        "update errand set body = '{}' where activation_id = $1 and kind = 'ad_hoc'",
    ):
        await tx.execute(statement, activation_id)


async def ended_before(tx: Tx, before: datetime) -> int:
    """Count the activations that ended before a moment and still hold names: there should be none."""
    count: int = await tx.fetchval(
        "select count(distinct activation_id)::int from activation a join member m using (activation_id)"
        " where a.ended_at < $1 and m.name is not null",
        before,
    )
    return count

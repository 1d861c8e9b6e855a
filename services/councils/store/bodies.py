"""The SQL of bodies: each council as all its work sees it."""

from typing import Any
from uuid import UUID

from chassis.database import Tx
from services.councils.domain.bodies import Body, BodyKind


async def add(tx: Tx, new: Body) -> None:
    """Save a council as a body."""
    await tx.execute(
        "insert into body (body_id, kind, kommunekode, secretariats, parties, in_service)"
        " values ($1, $2, $3, $4, $5, $6)",
        *(new.id, new.kind, new.kommunekode, list(new.secretariats), list(new.parties), new.in_service),
    )


async def found(tx: Tx, body_id: UUID) -> Body | None:
    """Return a council."""
    return _body(await tx.fetchrow("select * from body where body_id = $1", body_id))


async def locked(tx: Tx, body_id: UUID) -> Body | None:
    """Return a council with its row locked, for its own secretariat; none where it is another's."""
    return _body(await tx.fetchrow("select * from body where body_id = $1 for update", body_id))


async def every(tx: Tx) -> list[Body]:
    """Return every council: the kredsraad, and the lokalraad by kommunekode."""
    rows = await tx.fetch("select * from body order by kommunekode nulls first")
    return [body for row in rows if (body := _body(row))]


async def of_municipality(tx: Tx, kommunekode: str) -> Body | None:
    """Return the lokalraad of a municipality."""
    return _body(await tx.fetchrow("select * from body where kommunekode = $1", kommunekode))


async def the_kredsraad(tx: Tx) -> Body | None:
    """Return the kredsraad."""
    return _body(await tx.fetchrow("select * from body where kind = 'kredsraad'"))


async def told(tx: Tx, body: Body) -> int:
    """Count one more event of a locked council; return its number."""
    await tx.change_one(
        "update body set version = version + 1 where body_id = $1 and version = $2", body.id, body.version
    )
    return body.version + 1


def _body(row: Any) -> Body | None:  # noqa: ANN401  a record of asyncpg, which has no types
    if row is None:
        return None
    return Body(
        row["body_id"],
        BodyKind(row["kind"]),
        row["kommunekode"],
        tuple(row["secretariats"]),
        tuple(row["parties"]),
        row["in_service"],
        row["version"],
        row["active"],
    )

"""The situation picture: its sections, and the versions that were approved."""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson

from chassis.database import Tx

if TYPE_CHECKING:
    from asyncpg import Record


async def sections(tx: Tx, activation_id: UUID) -> "list[Record]":
    """Return the sections that somebody has written."""
    return await tx.fetch("select * from picture_section where activation_id = $1 order by authority", activation_id)


async def version_of(tx: Tx, activation_id: UUID, authority: str) -> int:
    """Return the version of a section; 0 where nobody has written it."""
    found: int | None = await tx.fetchval(
        "select version from picture_section where activation_id = $1 and authority = $2", activation_id, authority
    )
    return found or 0


async def write(tx: Tx, activation_id: UUID, authority: str, texts: dict[str, str], by: str, at: datetime) -> int:
    """Save a section and return its version; the activation's row is locked."""
    version: int = await tx.fetchval(
        "insert into picture_section (activation_id, authority, texts, written_by, written_at, version)"
        " values ($1, $2, $3::jsonb, $4, $5, 1) on conflict (activation_id, authority) do update"
        " set texts = $3::jsonb, written_by = $4, written_at = $5, version = picture_section.version + 1"
        " returning version",
        *(activation_id, authority, orjson.dumps(texts).decode(), by, at),
    )
    return version


async def newest(tx: Tx, activation_id: UUID) -> "Record | None":
    """Return the version that was approved last."""
    return await tx.fetchrow(
        "select * from picture_version where activation_id = $1 order by number desc limit 1", activation_id
    )


async def approved(tx: Tx, activation_id: UUID, number: int) -> "Record | None":
    """Return a version that was approved."""
    return await tx.fetchrow(
        "select * from picture_version where activation_id = $1 and number = $2", activation_id, number
    )


async def freeze(tx: Tx, activation_id: UUID, number: int, content: dict[str, Any], by: str, at: datetime) -> None:
    """Save a copy of the picture as an approved version."""
    await tx.execute(
        "insert into picture_version (activation_id, number, content, approved_by, approved_at)"
        " values ($1, $2, $3::jsonb, $4, $5)",
        *(activation_id, number, orjson.dumps(content, default=str).decode(), by, at),
    )

"""Texts for foreseeable events: drafted by one, cleared by the sectors and approved by another, in peacetime."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from pydantic import TypeAdapter

from chassis.database import Tx
from services.beredskabsstab.domain.cap import Words
from services.beredskabsstab.domain.standards import Standard
from services.beredskabsstab.store.information import as_json

if TYPE_CHECKING:
    from asyncpg import Record

_WORDS = TypeAdapter(Words)


async def add(
    tx: Tx, standard_id: UUID, title: str, words: tuple[Words, Words | None], by: tuple[str, str], at: datetime
) -> None:
    """Save a new text as a draft; `by` is who, and for which authority."""
    await tx.execute(
        "insert into standard_text (standard_id, title, danish, english, state, drafted_by, authority, drafted_at,"
        " version) values ($1, $2, $3::jsonb, $4::jsonb, 'draft', $5, $6, $7, 1)",
        *(standard_id, title, as_json(words[0]), as_json(words[1]), *by, at),
    )


async def find(tx: Tx, standard_id: UUID) -> "Record | None":
    """Return a text with the authorities that have cleared it."""
    return await tx.fetchrow(f"{_ALL} where s.standard_id = $1", standard_id)


async def newest(tx: Tx) -> "list[Record]":
    """Return every text, by its title."""
    return await tx.fetch(f"{_ALL} order by s.title, s.drafted_at desc")


_ALL = (
    "select s.*, array(select authority from standard_clearance c where c.standard_id = s.standard_id"
    " order by authority) as cleared_by from standard_text s"
)


async def clear(tx: Tx, standard_id: UUID, authority: str, person: str, at: datetime) -> None:
    """Save that an authority clears a text for its own sector; said twice is said once."""
    await tx.execute(
        "insert into standard_clearance (standard_id, authority, person, said_at) values ($1, $2, $3, $4)"
        " on conflict do nothing",
        *(standard_id, authority, person, at),
    )


async def approve(tx: Tx, standard_id: UUID, by: str, at: datetime, until: datetime) -> int | None:
    """Approve a text that is a draft; returns its version, None where it is no draft any more."""
    version: int | None = await tx.fetchval(
        "update standard_text set state = 'approved', approved_by = $2, approved_at = $3, holds_until = $4,"
        " version = version + 1 where standard_id = $1 and state = 'draft' returning version",
        *(standard_id, by, at, until),
    )
    return version


def standard(row: "Record") -> Standard:
    """Return an approved text, as it is filled in."""
    danish, english = words(row)
    return Standard(
        str(row["standard_id"]),
        danish,
        english,
        frozenset(row["cleared_by"]),
        row["approved_at"],
        row["holds_until"],
    )


def words(row: "Record") -> tuple[Words, Words | None]:
    """Return the Danish and the English words."""
    english = _WORDS.validate_json(row["english"]) if row["english"] else None
    return _WORDS.validate_json(row["danish"]), english

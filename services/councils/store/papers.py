"""The SQL of papers: their content in pieces, and where each belongs."""

from collections.abc import AsyncIterator, Iterable
from typing import Any
from uuid import UUID

from chassis.database import Tx
from services.councils.domain.papers import Content, Paper, PaperType

PIECE = 1024 * 1024
"""Bytes of one piece."""


async def content(tx: Tx, sha256: str) -> Content | None:
    """Return what is known of a content that the asker may reach."""
    row = await tx.fetchrow("select sha256, media_type, size, pages from paper_content where sha256 = $1", sha256)
    return None if row is None else _content(row)


async def add_content(tx: Tx, new: Content, pieces: Iterable[bytes]) -> None:
    """Save a content piece by piece; one that is there already stays as it is."""
    status = await tx.execute(
        "insert into paper_content (sha256, media_type, size, pages) values ($1, $2, $3, $4) on conflict do nothing",
        *(new.sha256, new.type, new.size, new.pages),
    )
    if status == "INSERT 0 0":
        return
    for place, piece in enumerate(pieces):
        await tx.execute("insert into paper_piece (sha256, place, piece) values ($1, $2, $3)", new.sha256, place, piece)


async def pieces(tx: Tx, sha256: str) -> AsyncIterator[bytes]:
    """Go through the pieces of a content, one in memory at a time."""
    last: int = await tx.fetchval("select coalesce(max(place), -1) from paper_piece where sha256 = $1", sha256)
    for place in range(last + 1):
        yield await tx.fetchval("select piece from paper_piece where sha256 = $1 and place = $2", sha256, place)


async def add(tx: Tx, new: Paper) -> None:
    """Save where a paper belongs."""
    await tx.execute(
        "insert into paper (paper_id, body_id, item_id, title, sha256, confidential, supplement, signed_sheet,"
        " entered_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        *(new.id, new.body_id, new.item_id, new.title, new.content.sha256),
        *(new.confidential, new.supplement, new.signed_sheet, tx.principal.subject),
    )


_READ = """
select paper_id, body_id, title, item_id, confidential, supplement, signed_sheet, sha256, media_type, size, pages
from paper join paper_content using (sha256) where withdrawn_at is null and
"""


async def found(tx: Tx, paper_id: UUID) -> Paper | None:
    """Return a paper that has not been withdrawn."""
    row = await tx.fetchrow(f"{_READ} paper_id = $1", paper_id)
    return None if row is None else _paper(row)


async def is_entered(tx: Tx, body_id: UUID, sha256: str) -> bool:
    """Say whether a council has a paper with this content."""
    return bool(
        await tx.fetchval(
            "select exists (select from paper where body_id = $1 and sha256 = $2 and withdrawn_at is null)",
            *(body_id, sha256),
        )
    )


async def lies_at(tx: Tx, item_id: UUID, sha256: str) -> bool:
    """Say whether a point of an agenda has a paper with this content."""
    return bool(
        await tx.fetchval(
            "select exists (select from paper where item_id = $1 and sha256 = $2 and withdrawn_at is null)",
            *(item_id, sha256),
        )
    )


async def of_body(tx: Tx, body_id: UUID) -> list[Paper]:
    """Return a council's papers, the oldest first."""
    rows = await tx.fetch(f"{_READ} body_id = $1 order by entered_at, paper_id", body_id)
    return [_paper(row) for row in rows]


async def of_items(tx: Tx, item_ids: list[UUID]) -> list[Paper]:
    """Return the papers of points of an agenda, in the order in which they were entered: it never changes."""
    rows = await tx.fetch(f"{_READ} item_id = any($1) order by supplement, entered_at, paper_id", item_ids)
    return [_paper(row) for row in rows]


async def withdraw(tx: Tx, paper_id: UUID, why: str) -> None:
    """Say that a paper is withdrawn, and why; its content stays as long as the council's papers."""
    await tx.change_one(
        "update paper set withdrawn_at = clock(), withdrawn_why = $2 where paper_id = $1 and withdrawn_at is null",
        *(paper_id, why),
    )


def _content(row: Any) -> Content:  # noqa: ANN401  a record of asyncpg, which has no types
    return Content(row["sha256"], PaperType(row["media_type"]), row["size"], row["pages"])


def _paper(row: Any) -> Paper:  # noqa: ANN401  a record of asyncpg, which has no types
    names = ("item_id", "confidential", "supplement", "signed_sheet")
    return Paper(row["paper_id"], row["body_id"], row["title"], _content(row), *(row[name] for name in names))

"""The SQL of minutes: their editions, who answered them, and what is published."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from chassis.database import Tx
from services.councils.domain.meetings import Meeting
from services.councils.domain.minutes import Document, sha256_of


@dataclass(frozen=True, slots=True)
class Minutes:
    """One edition of a meeting's minutes."""

    meeting_id: UUID
    edition: int
    document: Document
    sha256: str
    note: str
    round_ends_at: datetime | None
    round_ended_at: datetime | None
    approved_at: datetime | None
    approved_how: str | None

    @property
    def round_is_open(self) -> bool:
        """Say whether members are asked just now."""
        return self.round_ends_at is not None and self.round_ended_at is None


async def add(tx: Tx, meeting: Meeting, edition: int, document: Document, note: str) -> str:
    """Save an edition; return its checksum."""
    sha256 = sha256_of(document)
    await tx.execute(
        "insert into minutes (meeting_id, edition, body_id, document, document_sha256, note, drafted_by)"
        " values ($1, $2, $3, $4, $5, $6, $7)",
        *(meeting.id, edition, meeting.body_id, orjson.dumps(document, default=str).decode(), sha256, note),
        tx.principal.subject,
    )
    return sha256


async def newest(tx: Tx, meeting_id: UUID) -> Minutes | None:
    """Return a meeting's newest minutes."""
    row = await tx.fetchrow("select * from minutes where meeting_id = $1 order by edition desc limit 1", meeting_id)
    return _minutes(row)


async def of_edition(tx: Tx, meeting_id: UUID, edition: int) -> Minutes | None:
    """Return one edition of a meeting's minutes."""
    row = await tx.fetchrow("select * from minutes where meeting_id = $1 and edition = $2", meeting_id, edition)
    return _minutes(row)


async def editions(tx: Tx, meeting_id: UUID) -> list[dict[str, Any]]:
    """Return which editions there were, and what each changed."""
    rows = await tx.fetch(
        "select edition, document_sha256, note, drafted_at, round_ends_at, round_ended_at, approved_at, approved_how"
        " from minutes where meeting_id = $1 order by edition",
        meeting_id,
    )
    return [dict(row) for row in rows]


async def open_rounds(tx: Tx, body_id: UUID) -> list[tuple[UUID, datetime]]:
    """Return the meetings of a council whose minutes go round in writing, with when each round ends."""
    rows = await tx.fetch(
        "select meeting_id, round_ends_at from minutes where body_id = $1 and round_ends_at is not null"
        " and round_ended_at is null order by round_ends_at, meeting_id",
        body_id,
    )
    return [(row["meeting_id"], row["round_ends_at"]) for row in rows]


async def open_round(tx: Tx, minutes: Minutes, ends_at: datetime) -> None:
    """Save that members are asked until a time."""
    await tx.change_one(
        "update minutes set round_ends_at = $3 where meeting_id = $1 and edition = $2 and round_ends_at is null",
        *(minutes.meeting_id, minutes.edition, ends_at),
    )


async def end_round(tx: Tx, minutes: Minutes) -> None:
    """Save that the round is over."""
    await tx.change_one(
        "update minutes set round_ended_at = clock() where meeting_id = $1 and edition = $2",
        *(minutes.meeting_id, minutes.edition),
    )


async def approve(tx: Tx, minutes: Minutes, how: str) -> None:
    """Save that they are approved, and how."""
    await tx.change_one(
        "update minutes set approved_at = clock(), approved_how = $3,"
        " round_ended_at = case when round_ends_at is null then null else coalesce(round_ended_at, clock()) end"
        " where meeting_id = $1 and edition = $2",
        *(minutes.meeting_id, minutes.edition, how),
    )


async def answer(tx: Tx, meeting: Meeting, edition: int, note: str, who: tuple[str, str]) -> bool:
    """Save what a member says of an edition, an approval where there is no note; False where it was said before."""
    status = await tx.execute(
        "insert into minutes_answer (meeting_id, edition, subject, body_id, authority, approves, note)"
        " values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing",
        *(meeting.id, edition, who[0], meeting.body_id, who[1], not note, note),
    )
    return status == "INSERT 0 1"


async def answers(tx: Tx, minutes: Minutes) -> list[dict[str, Any]]:
    """Return what each member answered, and when."""
    rows = await tx.fetch(
        "select subject, authority, approves, note, answered_at from minutes_answer"
        " where meeting_id = $1 and edition = $2 order by answered_at, subject",
        *(minutes.meeting_id, minutes.edition),
    )
    return [dict(row) for row in rows]


async def publish(tx: Tx, meeting: Meeting, document: Document) -> str:
    """Save what everyone reads from now on; return its checksum."""
    sha256 = sha256_of(document)
    await tx.execute(
        "insert into minutes_edition (meeting_id, body_id, document, document_sha256) values ($1, $2, $3, $4)",
        *(meeting.id, meeting.body_id, orjson.dumps(document, default=str).decode(), sha256),
    )
    return sha256


async def published(tx: Tx, meeting_id: UUID) -> dict[str, Any] | None:
    """Return the published minutes of a meeting."""
    row = await tx.fetchrow("select * from minutes_edition where meeting_id = $1", meeting_id)
    if row is None:
        return None
    names = ("meeting_id", "body_id", "document_sha256", "published_at")
    return {name: row[name] for name in names} | {"document": _document(row["document"])}


def _minutes(row: Any) -> Minutes | None:  # noqa: ANN401  a record of asyncpg, which has no types
    if row is None:
        return None
    names = ("document_sha256", "note", "round_ends_at", "round_ended_at", "approved_at", "approved_how")
    return Minutes(row["meeting_id"], row["edition"], _document(row["document"]), *(row[name] for name in names))


def _document(value: Any) -> Document:  # noqa: ANN401  jsonb comes as text or as what it says
    document: Document = orjson.loads(value) if isinstance(value, str) else value
    return document

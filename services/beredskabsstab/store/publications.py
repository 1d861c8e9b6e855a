"""What anybody may read: the messages to the population and the press, as they were sent."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import orjson
from pydantic import TypeAdapter

from chassis.database import Tx
from services.beredskabsstab.domain.cap import Info, Words
from services.beredskabsstab.domain.information import Form, Message, State
from services.beredskabsstab.store.information import Kept, as_json

if TYPE_CHECKING:
    from asyncpg import Record


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel outside of Samvirke by which the population was warned."""

    channel: str
    at: datetime
    received: bool | None


@dataclass(frozen=True, slots=True)
class Published:
    """One message, as anybody may read it."""

    information_id: UUID
    identifier: str
    number: int
    form: Form
    danish: Words
    english: Words | None
    info: Info | None
    sent_at: datetime
    state: State
    changed_at: datetime
    corrects: UUID | None
    warned: tuple[Channel, ...]
    cap: bytes | None


_WORDS, _INFO, _WARNED = TypeAdapter(Words), TypeAdapter(Info), TypeAdapter(tuple[Channel, ...])


async def add(tx: Tx, kept: Kept, sent: Message, identifier: str, corrects: UUID | None, cap: bytes | None) -> None:
    """Publish a message that is sent in this transaction."""
    await tx.execute(
        "insert into publication (information_id, identifier, number, form, danish, english, info, sent_at, state,"
        " changed_at, corrects, cap) values ($1, $2, $3, $4, $5::jsonb, $6::jsonb, $7::jsonb, $8, $9, $8, $10, $11)",
        *(kept.information_id, identifier, sent.number, sent.form, as_json(sent.danish), as_json(sent.english)),
        *(as_json(sent.info), sent.sent_at, sent.state, corrects, cap),
    )


async def change(tx: Tx, information_id: UUID, now: Message, at: datetime) -> None:
    """Show how a published message stands now; nothing happens for one that was never public."""
    warned = [{"channel": one.channel, "at": one.at, "received": one.received} for one in now.warned]
    await tx.execute(
        "update publication set state = $2, changed_at = $3, warned = $4::jsonb where information_id = $1",
        *(information_id, now.state, at, orjson.dumps(warned).decode()),
    )


async def newest(tx: Tx, at_most: int) -> list[Published]:
    """Return what was published, the newest first."""
    rows = await tx.fetch("select * from publication order by sent_at desc, number desc limit $1", at_most)
    return [_published(row) for row in rows]


async def in_force(tx: Tx) -> list[Published]:
    """Return the warnings that hold now, however old."""
    rows = await tx.fetch("select * from publication where form = 'warning' and state = 'sent' order by sent_at desc")
    return [_published(row) for row in rows]


async def find(tx: Tx, information_id: UUID) -> Published | None:
    """Return one published message."""
    row = await tx.fetchrow("select * from publication where information_id = $1", information_id)
    return _published(row) if row else None


async def successor(tx: Tx, information_id: UUID) -> UUID | None:
    """Return the message that has taken a published one's place."""
    found: UUID | None = await tx.fetchval(
        "select information_id from publication where corrects = $1 order by sent_at desc limit 1", information_id
    )
    return found


def _published(row: "Record") -> Published:
    return Published(
        information_id=row["information_id"],
        identifier=row["identifier"],
        number=row["number"],
        form=Form(row["form"]),
        danish=_WORDS.validate_json(row["danish"]),
        english=_WORDS.validate_json(row["english"]) if row["english"] else None,
        info=_INFO.validate_json(row["info"]) if row["info"] else None,
        sent_at=row["sent_at"],
        state=State(row["state"]),
        changed_at=row["changed_at"],
        corrects=row["corrects"],
        warned=_WARNED.validate_json(row["warned"]),
        cap=row["cap"],
    )

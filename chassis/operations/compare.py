"""Holds the topics against what a restored database knows: what it told and forgot, and what it never handled."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from chassis.consumers import heard_topics
from chassis.database import Database
from chassis.identity import Principal
from chassis.inbox import REACTIONS
from chassis.operations.restored import MARGIN, envelope_of, is_told_by
from chassis.operations.topics import MAILBOXES, every_topic, read_since

CLOCKS_DIFFER = timedelta(minutes=1)
"""By how much the broker's clock may be behind the database's."""


@dataclass(frozen=True, slots=True)
class Place:
    """An event as it stands on a topic: ids and codes, nothing of what it says."""

    event_id: UUID
    type: str
    topic: str
    key: str
    case: str
    at: datetime

    def __str__(self) -> str:
        """Return it as a line."""
        return f"{self.at:%Y-%m-%d %H:%M:%S}  {self.type}  {self.event_id}  of {self.key}  case {self.case}"


@dataclass(frozen=True, slots=True)
class Compared:
    """What does not agree."""

    strangers: list[Place] = field(default_factory=list)
    """Told by the service, held by others, and not in its history."""
    unheard: list[Place] = field(default_factory=list)
    """What the service reacts to and has neither handled nor parked."""


async def compare(database: Database, since: datetime) -> Compared:
    """Read what was told since a moment, and heard since a while before it, and ask the database for each."""
    settings = database.settings
    topics = [name for name in await every_topic(settings) if not name.startswith(MAILBOXES)]
    heard, types = heard_topics(REACTIONS, settings.mode), {event.type() for event in REACTIONS}
    told: dict[UUID, Place] = {}
    came: dict[UUID, Place] = {}
    async for record in read_since(settings, topics, since - MARGIN):
        envelope = envelope_of(record.headers)
        if envelope is None:
            # Nobody's for certain; whoever hears it has parked it.
            continue
        at = datetime.fromtimestamp(record.timestamp / 1000, UTC)
        place = Place(envelope.id, envelope.type, record.topic, envelope.subject, str(envelope.correlation_id), at)
        if is_told_by(envelope, settings) and at >= since - CLOCKS_DIFFER:
            told[envelope.id] = place
        if place.topic in heard and place.type in types:
            came[envelope.id] = place
    return Compared(
        _missing(told, await _known(database, _HISTORY, told)), _missing(came, await _known(database, _INBOX, came))
    )


_HISTORY = "select id from event where id = any($1::uuid[])"
_INBOX = "select event_id from inbox where event_id = any($1::uuid[])"


async def _known(database: Database, question: str, ids: Collection[UUID]) -> set[UUID]:
    async with database.tx(Principal.worker(database.settings.service)) as tx:
        return {row[0] for row in await tx.fetch(question, list(ids))}


def _missing(found: dict[UUID, Place], known: Iterable[UUID]) -> list[Place]:
    there = set(known)
    return [place for event_id, place in found.items() if event_id not in there]

"""Collects what a drill is reckoned by: reads databases and topics as they are, through no code under test."""

import asyncio
import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiokafka import AIOKafkaConsumer

from chassis.kafka import connection
from deploy.local.topics import wanted_topics
from tests.chaos import collect
from tests.drill.reckoning import Fact
from tests.drill.stage import PROBES, SERVICES, Stage

MAILBOX = "samvirke.mailbox."


@dataclass(frozen=True, slots=True)
class Found:
    """Everything that databases and topics hold; one taken before a drill is taken away from the one after it."""

    history: dict[str, Fact] = field(default_factory=dict)
    records: list[Fact] = field(default_factory=list)
    copies: list[Fact] = field(default_factory=list)
    effects: Counter[str] = field(default_factory=Counter)
    entries: Counter[str] = field(default_factory=Counter)

    def since(self, before: "Found") -> "Found":
        """Return what is new; mailboxes are looked at as a whole, since their numbers run on."""
        known = {one.event_id for one in before.records}
        return Found(
            {event_id: one for event_id, one in self.history.items() if event_id not in before.history},
            [one for one in self.records if one.event_id not in known],
            self.copies,
            self.effects - before.effects,
            self.entries - before.entries,
        )


def find(stage: Stage) -> Found:
    """Return what there is now."""
    records = [_record(one) for one in asyncio.run(_records(stage))]
    heard = stage.sql("hearer", "select note_id, version, number from heard")
    return Found(
        {fact.event_id: fact for name in (*PROBES, *SERVICES) for fact in _history(stage, name)},
        [one for one in records if not one.topic.startswith(MAILBOX)],
        [one for one in records if one.topic.startswith(MAILBOX)],
        Counter(f"{row['note_id']} {row['version']} {row['number']}" for row in heard),
        Counter(str(row["event_id"]) for row in stage.sql("audit", "select event_id from entry")),
    )


def known_commands(stage: Stage) -> frozenset[str]:
    """Return the names of all commands whose effect the databases know."""
    notes = stage.sql("teller", "select value from event where topic = $1", collect.NOTES)
    known = {f"note {json.loads(row['value'])['number']}" for row in notes}
    known |= {f"person {row['person_id']}" for row in stage.sql("persons", "select person_id from person")}
    referrals = stage.sql("referrals", "select referral_id, version from referral")
    known |= {
        f"referral {row['referral_id']} version {version}"
        for row in referrals
        for version in range(1, row["version"] + 1)
    }
    return frozenset(known)


async def _records(stage: Stage) -> list[Any]:
    topics = [*wanted_topics(), collect.NOTES]
    consumer = AIOKafkaConsumer(*topics, **connection(stage.stack.kafka), auto_offset_reset="earliest")
    await consumer.start()
    try:
        ends = await consumer.end_offsets(list(consumer.assignment()))
        found: list[Any] = []
        while [place for place in ends if await consumer.position(place) < ends[place]]:
            found += [one for several in (await consumer.getmany(timeout_ms=500)).values() for one in several]
        return found
    finally:
        await consumer.stop()


def _history(stage: Stage, service: str) -> list[Fact]:
    rows = stage.sql(
        service, "select id, type, topic, aggregate_id, aggregate_version, value, recorded_at from event order by place"
    )
    return [
        Fact(
            *(str(row["id"]), _name(row["type"]), service, row["topic"], str(row["aggregate_id"])),
            *(row["aggregate_version"], _digest(row["value"].encode()), row["recorded_at"]),
        )
        for row in rows
    ]


def _record(record: Any) -> Fact:  # noqa: ANN401  aiokafka is untyped
    said = {name: value.decode() for name, value in record.headers}
    key = record.key.decode()
    number = int(said.get("ce_mailboxsequence") or said["ce_aggregateversion"])
    is_note = record.topic == collect.NOTES
    return Fact(
        *(said["ce_id"], _name(said["ce_type"]), said["ce_source"].rpartition("/")[2], record.topic, key, number),
        *(_digest(record.value), datetime.fromtimestamp(record.timestamp / 1000, UTC)),
        effect=f"{key} {number} {json.loads(record.value)['number']}" if is_note else "",
    )


def _name(kind: str) -> str:
    return kind.split(".")[3]


def _digest(value: bytes) -> str:
    return hashlib.sha256(value).hexdigest()

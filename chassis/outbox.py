"""Events out: `append` writes the history and what is still to be published, in the caller's transaction.

See docs/architecture/outbox.md for what is guaranteed and why.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import orjson

from chassis import telemetry
from chassis.database import Tx
from chassis.ids import new_id
from contracts.cloudevents import to_headers
from contracts.codes import Mailbox, Mode
from contracts.event import Envelope, Event, is_exercised

VALUE_LIMIT = 900_000
"""Bytes; the broker refuses a record above a million, and nothing that is certain to fail may reach the relay."""

URGENT, BULK = 0, 1
"""The shards of every outbox: what a person waits for, and the rest."""

Sequences = dict[tuple[UUID, Mailbox], int]


class NotInExercises(ValueError):
    """An exercise would tell what only the live system tells."""


class EventTooLarge(ValueError):
    """An event's value is larger than the broker would take."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event with what the history says of it."""

    event: Event
    version: int
    """The aggregate's new version; 1 for its first event."""
    correlation_id: UUID
    """The case."""
    time: datetime
    """When it happened, by `clock()`."""
    causation_id: UUID | None = None


async def append(
    tx: Tx, event: Event, *, version: int, correlation_id: UUID, time: datetime, causation_id: UUID | None = None
) -> UUID:
    """Tell one event with the transaction's commit; the aggregate's row must be locked already. Returns its id."""
    return (await append_all(tx, [Recorded(event, version, correlation_id, time, causation_id)]))[0]


async def append_all(tx: Tx, recorded: Sequence[Recorded]) -> list[UUID]:
    """Tell thousands of events with the transaction's commit; returns their ids, in order.

    They are written as the last statements of the transaction, all in one round trip, under the locks that it holds.
    """
    tx.require_open()
    drafts = [_draft(tx, one) for one in recorded]
    if drafts and not tx.told:
        tx.before_commit.append(partial(_write_all, tx))
    tx.told.extend(drafts)
    return [draft.envelope.id for draft in drafts]


@dataclass(frozen=True, slots=True)
class Draft:
    """An event on its way into the tables."""

    event: Event
    envelope: Envelope
    value: str

    @property
    def audience(self) -> frozenset[Mailbox]:
        """Return the mailboxes that get a copy: an exercise stands in none, for nobody there could tell it apart."""
        return self.event.audience() if self.envelope.mode is Mode.LIVE else frozenset()


def _draft(tx: Tx, one: Recorded) -> Draft:
    if tx.mode is not Mode.LIVE and not is_exercised(type(one.event)):
        raise NotInExercises(one.event.type())
    value = one.event.value()
    if len(value) > VALUE_LIMIT:
        raise EventTooLarge(one.event.type())
    with telemetry.creating(one.event.topic(tx.mode, one.event.circle()), one.correlation_id) as traceparent:
        return Draft(one.event, _envelope(tx, one, traceparent), value.decode())


async def _write_all(tx: Tx) -> None:
    drafts: list[Draft] = tx.told
    sequences = await _last_sequences(tx, drafts)
    rows = _Rows()
    for draft in drafts:
        _lay_out(draft, sequences, rows)
    await tx.execute(_APPEND, *rows.history, *rows.outbox)


async def _last_sequences(tx: Tx, drafts: Sequence[Draft]) -> Sequences:
    """Reserve the numbers of all copies; returns what each aggregate and mailbox stood at."""
    wanted = Counter((draft.event.aggregate_id, mailbox) for draft in drafts for mailbox in draft.audience)
    if not wanted:
        return {}
    places = sorted(wanted)
    rows = await tx.fetch(
        "select * from reserve_mailbox_numbers($1, $2, $3)",
        [aggregate for aggregate, _ in places],
        [mailbox.topic for _, mailbox in places],
        [wanted[place] for place in places],
    )
    last = {(row["aggregate_id"], row["mailbox"]): row["last"] for row in rows}
    return {place: last[place[0], place[1].topic] - wanted[place] for place in places}


_APPEND = """
with history as (
    insert into event
        (id, type, topic, aggregate_id, aggregate_version, correlation_id, shard, headers, value, mailboxes)
    select * from unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::bigint[], $6::uuid[], $7::smallint[],
                         $8::text[], $9::text[], $10::jsonb[])
)
insert into outbox (shard, event_id, topic, key, headers, value)
select shard, event_id, topic, key, headers, value
from unnest($11::smallint[], $12::uuid[], $13::text[], $14::text[], $15::text[], $16::text[])
     with ordinality as o (shard, event_id, topic, key, headers, value, place)
order by place
"""


class _Rows:
    """Rows on their way to `unnest`, one list a column."""

    def __init__(self) -> None:
        self.history: list[list[Any]] = [[] for _ in range(10)]
        self.outbox: list[list[Any]] = [[] for _ in range(6)]


def _add(columns: list[list[Any]], *values: object) -> None:
    for column, value in zip(columns, values, strict=True):
        column.append(value)


def _lay_out(draft: Draft, sequences: Sequences, rows: _Rows) -> None:
    event, envelope, text = draft.event, draft.envelope, draft.value
    shard, topic, key = BULK if event.bulk else URGENT, event.topic(envelope.mode, event.circle()), envelope.subject
    headers, copies = as_text(envelope), dict[str, int]()
    _add(rows.outbox, shard, envelope.id, topic, key, headers, text)
    for mailbox in sorted(draft.audience):
        sequences[event.aggregate_id, mailbox] += 1
        copies[mailbox.topic] = sequences[event.aggregate_id, mailbox]
        copy = as_text(copy_for_mailbox(envelope, copies[mailbox.topic]))
        _add(rows.outbox, shard, envelope.id, mailbox.topic, key, copy, text)
    _add(
        rows.history,
        *(envelope.id, envelope.type, topic, event.aggregate_id, envelope.aggregate_version, envelope.correlation_id),
        *(shard, headers, text, orjson.dumps(copies).decode()),
    )


def _envelope(tx: Tx, one: Recorded, traceparent: str | None) -> Envelope:
    event = one.event
    legal_basis, purpose = event.grounds()
    return Envelope(
        id=new_id(),
        type=event.type(),
        source=f"/samvirke/{tx.service}",
        subject=str(event.aggregate_id),
        time=one.time,
        correlation_id=one.correlation_id,
        legal_basis=legal_basis,
        purpose=purpose,
        mode=tx.mode,
        causation_id=one.causation_id,
        aggregate_version=one.version,
        dataschema=f"/schemas/{event.schema_name()}.json",
        traceparent=traceparent,
    )


def copy_for_mailbox(envelope: Envelope, sequence: int) -> Envelope:
    """Return the envelope of a mailbox's copy: its own number instead of the aggregate's version."""
    return replace(envelope, aggregate_version=None, mailbox_sequence=sequence)


def as_text(envelope: Envelope) -> str:
    """Return an envelope's headers as the outbox keeps them: one JSON object."""
    return orjson.dumps({name: value.decode() for name, value in to_headers(envelope)}).decode()

"""What a transaction tells stands in history and outbox, or nothing does."""

import asyncio
import json
from uuid import UUID, uuid4

import pytest

from chassis.database import NoOpenTransaction, Tx
from chassis.outbox import EventTooLarge, Recorded, append, append_all
from contracts.cloudevents import from_headers
from contracts.concerns.v1 import UnderretningKind, UnderretningSent
from contracts.event import Envelope
from tests.component.chassis.house import House
from tests.component.chassis.kafka import NOON
from tests.probe.v1 import NoteWritten

HERNING, VIBORG = "0657", "0791"


def a_note(note_id: UUID | None = None, number: int = 1, filling: str = "") -> NoteWritten:
    return NoteWritten(note_id=note_id or uuid4(), number=number, filling=filling)


def an_underretning(receiver: str, underretning_id: UUID | None = None) -> UnderretningSent:
    the_id = underretning_id or uuid4()
    return UnderretningSent(
        underretning_id=the_id,
        receiver=receiver,
        child_person_id=uuid4(),
        kind=UnderretningKind.NEW,
        urgent=False,
        document_path=f"/underretninger/{the_id}/document",
    )


async def tell(tx: Tx, event: NoteWritten | UnderretningSent, version: int = 1) -> UUID:
    return await append(tx, event, version=version, correlation_id=event.aggregate_id, time=NOON)


async def copies(house: House, mailbox: str) -> list[Envelope]:
    rows = await house.rows(
        "select headers from outbox where topic like $1 order by id", f"samvirke.mailbox.%{mailbox}%"
    )
    return [from_headers([(name, value.encode()) for name, value in json.loads(row[0]).items()]) for row in rows]


async def test_an_event_stands_in_the_history_and_waits_in_the_outbox(teller: House) -> None:
    event = a_note()
    async with teller.tx() as tx:
        event_id = await tell(tx, event)
    assert await teller.rows("select id, type, aggregate_id, aggregate_version from event") == [
        (event_id, NoteWritten.type(), event.note_id, 1)
    ]
    assert await teller.rows("select event_id, topic, key, value from outbox") == [
        (event_id, NoteWritten.topic(), str(event.note_id), event.value().decode())
    ]


async def test_a_rollback_leaves_nothing(teller: House) -> None:
    async def then_fail() -> None:
        async with teller.tx() as tx:
            await tell(tx, an_underretning(HERNING))
            raise LookupError

    with pytest.raises(LookupError):
        await then_fail()
    assert [await teller.count(table) for table in ("event", "outbox", "mailbox_sequence")] == [0, 0, 0]


async def test_a_closed_transaction_is_refused(teller: House) -> None:
    async with teller.tx() as tx:
        pass
    with pytest.raises(NoOpenTransaction):
        await tell(tx, a_note())
    assert await teller.count("outbox") == 0


async def test_a_transaction_that_failed_is_refused(teller: House) -> None:
    kept: list[Tx] = []

    async def then_fail() -> None:
        async with teller.tx() as tx:
            kept.append(tx)
            raise LookupError

    with pytest.raises(LookupError):
        await then_fail()
    with pytest.raises(NoOpenTransaction):
        await tell(kept[0], a_note())


async def test_a_mailbox_gets_copies_numbered_per_aggregate_and_mailbox(teller: House) -> None:
    mine, yours = uuid4(), uuid4()
    for version, (receiver, underretning) in enumerate(
        [(HERNING, mine), (HERNING, yours), (HERNING, mine), (VIBORG, mine), (HERNING, mine)], start=1
    ):
        async with teller.tx() as tx:
            await tell(tx, an_underretning(receiver, underretning), version)
    found = [(one.subject, one.mailbox_sequence) for one in await copies(teller, HERNING)]
    assert found == [(str(mine), 1), (str(yours), 1), (str(mine), 2), (str(mine), 3)]
    assert [one.mailbox_sequence for one in await copies(teller, VIBORG)] == [1]


async def test_a_copy_tells_neither_the_version_nor_who_else_gets_one(teller: House) -> None:
    async with teller.tx() as tx:
        event_id = await tell(tx, an_underretning(HERNING), version=7)
    [copy] = await copies(teller, HERNING)
    assert (copy.id, copy.aggregate_version, copy.mailbox_sequence) == (event_id, None, 1)
    [(headers,)] = await teller.rows("select headers from outbox where topic like 'samvirke.mailbox.%'")
    assert "audience" not in headers
    assert "mailbox." not in headers


async def test_writers_of_one_aggregate_leave_no_gap_in_a_mailbox(teller: House) -> None:
    underretning = uuid4()
    await teller.eye.execute("insert into note (id, version, number) values ($1, 0, 0)", underretning)

    async def write() -> None:
        async with teller.tx() as tx:
            version = await tx.fetchval(
                "update note set version = version + 1 where id = $1 returning version", underretning
            )
            await tell(tx, an_underretning(HERNING, underretning), version)

    await asyncio.gather(*(write() for _ in range(24)))
    found = await copies(teller, HERNING)
    assert [one.mailbox_sequence for one in found] == list(range(1, 25))
    versions = await teller.rows("select aggregate_version from event order by place")
    assert versions == [(version,) for version in range(1, 25)]


async def test_thousands_at_once_keep_their_order(teller: House) -> None:
    events = [a_note(number=number) for number in range(3000)]
    async with teller.tx() as tx:
        ids = await append_all(tx, [Recorded(event, 1, event.note_id, NOON) for event in events])
    in_outbox = [row[0] for row in await teller.rows("select event_id from outbox order by id")]
    in_history = [row[0] for row in await teller.rows("select id from event order by place")]
    assert in_outbox == ids
    assert in_history == ids


async def test_telling_nothing_writes_nothing(teller: House) -> None:
    async with teller.tx() as tx:
        assert await append_all(tx, []) == []
    assert await teller.count("outbox") == 0


async def test_a_value_that_the_broker_would_refuse_is_refused_at_once(teller: House) -> None:
    async def tell_too_much() -> None:
        async with teller.tx() as tx:
            await tell(tx, a_note(filling="x" * 900_001))

    with pytest.raises(EventTooLarge):
        await tell_too_much()
    assert await teller.count("event") == 0

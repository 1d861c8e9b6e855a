"""Each record has its effect once, or is parked with all that comes after it in its key; nothing stops the others."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from chassis.database import Tx
from contracts.event import Envelope
from tests.component.chassis.house import Ear, House, Reacting
from tests.component.chassis.kafka import Broker, Headers, Record, note
from tests.probe.v1 import NoteWritten

POISON = 2**40
"""No `integer` column holds it: the handler fails, and for a reason of the record's own."""


async def parked(house: House) -> list[tuple[str | None, str]]:
    return [(row[0], row[1]) for row in await house.rows("select key, cause from parked_message order by id")]


async def keys(house: House) -> list[str]:
    return [row[0] for row in await house.rows("select key from parked_key order by parked_at")]


async def test_a_batch_is_handled_and_its_offset_committed(broker: Broker, hearer: House) -> None:
    topic = await broker.topic()
    await broker.send(topic, note(1), note(2), note(3))
    async with Ear(hearer, topic) as ear:
        await ear.hear(3)
        assert await hearer.heard() == [1, 2, 3]
        assert await ear.committed() == 3
    assert await hearer.rows("select distinct state from inbox") == [("handled",)]


async def test_the_same_event_at_another_offset_has_no_second_effect(broker: Broker, hearer: House) -> None:
    topic = await broker.topic()
    once = note(1)
    await broker.send(topic, once, note(2), once)
    await broker.send(topic, once)
    async with Ear(hearer, topic) as ear:
        await ear.hear(4)
    assert sorted(await hearer.heard()) == [1, 2]


async def test_records_that_come_again_change_nothing(broker: Broker, hearer: House) -> None:
    topic, key = await broker.topic(), uuid4()
    await broker.send(topic, note(1), note(POISON, key), note(2, key), note(3))
    async with Ear(hearer, topic) as ear:
        await ear.hear(4)
        before = await parked(hearer)
        await ear.again()
        await ear.hear(4)
    assert await parked(hearer) == before
    assert await hearer.heard() == [1, 3]


async def test_one_poison_record_parks_its_key_and_the_others_are_handled(broker: Broker, hearer: House) -> None:
    topic, key = await broker.topic(), uuid4()
    await broker.send(topic, note(1), note(POISON, key), note(3, key, 2), note(4), note(5, key, 3))
    async with Ear(hearer, topic) as ear:
        await ear.hear(5)
        assert await ear.committed() == 5
    assert await hearer.heard() == [1, 4]
    assert await parked(hearer) == [(str(key), "handler"), (str(key), "behind"), (str(key), "behind")]
    assert await keys(hearer) == [str(key)]


async def test_what_comes_later_waits_behind_its_parked_key(broker: Broker, hearer: House) -> None:
    topic, key = await broker.topic(), uuid4()
    async with Ear(hearer, topic) as ear:
        await broker.send(topic, note(POISON, key))
        await ear.hear(1)
        await broker.send(topic, note(2, key, 2), note(3))
        await ear.hear(2)
    assert await hearer.heard() == [3]
    assert await parked(hearer) == [(str(key), "handler"), (str(key), "behind")]


def without(record: Record, name: str) -> Headers:
    return [(other, value) for other, value in record.headers if other != name]


@pytest.mark.parametrize(
    ("spoilt", "cause"),
    [
        (lambda one: one.header("ce_id", b"\xff\xfe"), "envelope"),
        (lambda one: one.header("ce_time", None), "envelope"),
        (lambda one: one.header("ce_id", b"no uuid"), "envelope"),
        (lambda one: one.header("ce_time", b"9999-12-31T23:00:00+00:00"), "envelope"),
        (lambda one: one.header("ce_time", b"0001-01-01T01:00:00+00:00"), "envelope"),
        (lambda one: Record(one.key, one.value, []), "envelope"),
        (lambda one: Record(one.key, one.value, without(one, "ce_correlationid")), "envelope"),
        (lambda one: Record(one.key, b"\x80 no json", one.headers), "value"),
        (lambda one: Record(one.key, b'{"note_id": 1}', one.headers), "value"),
        (lambda one: one.header("ce_type", b"dk.samvirke.probe.NoteWritten.v9"), "version"),
    ],
    ids=[
        "header-not-utf8",
        "header-null",
        "id",
        "infinity",
        "minus-infinity",
        "no-headers",
        "no-case",
        "not-json",
        "fields",
        "version",
    ],
)
async def test_what_cannot_be_read_is_parked_with_its_key_and_the_others_pass(
    broker: Broker,
    hearer: House,
    spoilt: Any,  # noqa: ANN401  a function of a record
    cause: str,
) -> None:
    topic, key = await broker.topic(), uuid4()
    await broker.send(topic, note(1), spoilt(note(2, key)), note(3, key, 2), note(4))
    async with Ear(hearer, topic) as ear:
        await ear.hear(4)
        assert await ear.committed() == 4
    assert await hearer.heard() == [1, 4]
    assert await parked(hearer) == [(str(key), cause), (str(key), "behind")]


@pytest.mark.parametrize("key", [None, b"", b"\xff\xfe", b"a\x00b", b"k" * 5000])
async def test_without_a_readable_key_a_record_is_parked_alone_and_holds_nobody(
    broker: Broker, hearer: House, key: bytes | None
) -> None:
    topic = await broker.topic()
    one = note(1)
    unreadable = note(3).header("ce_id", None)
    await broker.send(
        topic, Record(key, one.value, one.headers), Record(key, unreadable.value, unreadable.headers), note(4)
    )
    async with Ear(hearer, topic) as ear:
        await ear.hear(3)
        assert await ear.committed() == 3
    assert await parked(hearer) == [(None, "key"), (None, "envelope")]
    assert await keys(hearer) == []
    assert await hearer.heard() == [4]


async def test_an_unknown_type_is_ignored_and_holds_nobody(broker: Broker, hearer: House) -> None:
    topic, key = await broker.topic(), uuid4()
    unknown = note(1, key).header("ce_type", b"dk.samvirke.probe.NoteBurnt.v1")
    await broker.send(topic, unknown, unknown.header("ce_id", b"no uuid"), note(2, key))
    async with Ear(hearer, topic) as ear:
        await ear.hear(3)
    assert await hearer.heard() == [2]
    assert await hearer.count("inbox") == 1
    assert await parked(hearer) == []


async def test_an_exercise_is_parked_alone_and_has_no_effect(broker: Broker, hearer: House) -> None:
    topic, key = await broker.topic(), uuid4()
    await broker.send(topic, note(1, key).header("ce_mode", b"exercise"), note(2, key, 2))
    async with Ear(hearer, topic) as ear:
        await ear.hear(2)
    assert await hearer.heard() == [2]
    assert await parked(hearer) == [(None, "exercise")]


@pytest.mark.parametrize("year", [1970, 2199])
async def test_an_event_of_any_day_finds_its_partition(broker: Broker, hearer: House, year: int) -> None:
    topic = await broker.topic()
    await broker.send(topic, note(1, time=datetime(year, 12, 31, 23, 59, tzinfo=UTC)), note(2))
    async with Ear(hearer, topic) as ear:
        await ear.hear(2)
        assert await ear.committed() == 2
    assert sorted(await hearer.heard()) == [1, 2]


async def test_a_settled_record_that_comes_again_does_not_hold_its_key(broker: Broker, hearer: House) -> None:
    topic, key = await broker.topic(), uuid4()
    unreadable = note(1, key).header("ce_type", b"dk.samvirke.probe.NoteWritten.v9")
    async with Ear(hearer, topic) as ear:
        await broker.send(topic, unreadable)
        await ear.hear(1)
        await hearer.eye.execute("truncate parked_message, parked_key; update inbox set state = 'skipped'")
        await broker.send(topic, unreadable, note(2, key, 2))
        await ear.hear(2)
    assert await hearer.heard() == [2]
    assert await keys(hearer) == []


async def test_what_a_handler_says_of_itself_is_kept_and_no_text_of_its_error(
    broker: Broker, hearer: House, reacting: Reacting
) -> None:
    async def fails(event: NoteWritten, _: Envelope, __: Tx) -> None:
        raise LookupError(f"secret {event.number}")

    reacting(fails)
    topic = await broker.topic()
    await broker.send(topic, note(71))
    async with Ear(hearer, topic) as ear:
        await ear.hear(1)
    assert await hearer.rows("select cause, reason, attempts from parked_message") == [("handler", "LookupError", 1)]


async def test_a_handlers_half_done_work_is_undone(broker: Broker, hearer: House, reacting: Reacting) -> None:
    half: list[UUID] = []

    async def fails_halfway(event: NoteWritten, _: Envelope, tx: Tx) -> None:
        await tx.execute("insert into heard (note_id, version, number) values ($1, 1, $2)", event.note_id, event.number)
        if event.number == 2:
            half.append(event.note_id)
            raise LookupError

    reacting(fails_halfway)
    topic = await broker.topic()
    await broker.send(topic, note(1), note(2), note(3))
    async with Ear(hearer, topic) as ear:
        await ear.hear(3)
    assert await hearer.heard() == [1, 3]
    assert len(half) == 2, "once in the batch, once alone"


async def test_an_error_that_a_handler_hides_cannot_lose_the_batch(
    broker: Broker, hearer: House, reacting: Reacting
) -> None:
    async def hides(event: NoteWritten, _: Envelope, tx: Tx) -> None:
        await tx.execute("insert into heard (note_id, version, number) values ($1, 1, $2)", event.note_id, event.number)
        if event.number == 2:
            with pytest.raises(Exception, match="division"):
                await tx.execute("select 1 / 0")

    reacting(hides)
    topic = await broker.topic()
    await broker.send(topic, note(1), note(2), note(3))
    async with Ear(hearer, topic) as ear:
        await ear.hear(3)
    assert await hearer.heard() == [1, 3]
    assert [cause for _, cause in await parked(hearer)] == ["handler"]

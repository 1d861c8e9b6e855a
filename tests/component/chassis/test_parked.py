"""Operators release or skip what waits, in its order and with a reason, and nothing is lost or done twice."""

import asyncio
from uuid import UUID, uuid4

import pytest

from chassis.database import Tx
from chassis.operations.release import MOST_ATTEMPTS, Choice, Decision, chosen, decide
from contracts.event import Envelope
from tests.component.chassis.house import Ear, House, Reacting
from tests.component.chassis.kafka import Broker, note
from tests.probe.hearer import keep
from tests.probe.v1 import NoteWritten

RELEASE = Decision("released", "the handler was mended", "test")
SKIP = Decision("skipped", "it says nothing", "test")


def failing_on(*numbers: int) -> "Failing":
    return Failing(set(numbers))


class Failing:
    """A handler that cannot do with some numbers until it is mended."""

    def __init__(self, numbers: set[int]) -> None:
        self.numbers = numbers

    async def __call__(self, event: NoteWritten, envelope: Envelope, tx: Tx) -> None:
        if event.number in self.numbers:
            raise LookupError
        await keep(event, envelope, tx)


async def settle(house: House, decision: Decision, choice: Choice | None = None) -> list[int]:
    return [await decide(house.database, group, decision) for group in await chosen(house.database, choice or Choice())]


async def park_three(broker: Broker, hearer: House, ear: Ear, first: int = 1) -> UUID:
    """Park three records of one key, the first of which fails."""
    key = uuid4()
    await broker.send(ear.topic, *(note(number, key, number) for number in range(first, first + 3)))
    await ear.hear(3)
    assert await hearer.count("parked_message", f"key = '{key}'") == 3
    return key


async def test_released_in_order_and_the_key_goes_with_the_last(
    broker: Broker, hearer: House, reacting: Reacting
) -> None:
    reacting(handler := failing_on(1))
    async with Ear(hearer, await broker.topic()) as ear:
        key = await park_three(broker, hearer, ear)
        handler.numbers.clear()
        assert await settle(hearer, RELEASE) == [3]
        assert await hearer.heard() == [1, 2, 3]
        assert [await hearer.count(table) for table in ("parked_message", "parked_key")] == [0, 0]
        assert await hearer.rows("select distinct state from inbox") == [("handled",)]
        await broker.send(ear.topic, note(4, key, 4))
        await ear.hear(1)
    assert await hearer.heard() == [1, 2, 3, 4]


async def test_each_record_is_released_in_a_transaction_of_its_own(
    broker: Broker, hearer: House, reacting: Reacting
) -> None:
    reacting(handler := failing_on(1, 3))
    async with Ear(hearer, await broker.topic()) as ear:
        await park_three(broker, hearer, ear)
    handler.numbers.remove(1)
    assert await settle(hearer, RELEASE) == [2]
    assert await hearer.heard() == [1, 2]
    assert await hearer.rows("select attempts, reason from parked_message") == [(2, "LookupError")]
    assert await hearer.count("parked_key") == 1


async def test_what_still_fails_stays_with_all_behind_it(broker: Broker, hearer: House, reacting: Reacting) -> None:
    reacting(failing_on(1))
    async with Ear(hearer, await broker.topic()) as ear:
        await park_three(broker, hearer, ear)
    assert await settle(hearer, RELEASE) == [0]
    assert await hearer.heard() == []
    assert [await hearer.count(table) for table in ("parked_message", "parked_key")] == [3, 1]
    assert await hearer.count("parked_decision") == 0


async def test_what_comes_during_a_release_stays_behind_it(broker: Broker, hearer: House, reacting: Reacting) -> None:
    releasing, go_on = asyncio.Event(), asyncio.Event()
    handler = failing_on(1)

    async def waits_at_the_last(event: NoteWritten, envelope: Envelope, tx: Tx) -> None:
        if event.number == 3:
            releasing.set()
            await go_on.wait()
        await handler(event, envelope, tx)

    reacting(waits_at_the_last)
    async with Ear(hearer, await broker.topic()) as ear:
        key = await park_three(broker, hearer, ear)
        handler.numbers.clear()
        release = asyncio.create_task(settle(hearer, RELEASE))
        await releasing.wait()
        await broker.send(ear.topic, note(4, key, 4))
        hearing = asyncio.create_task(ear.hear(1))
        done, _ = await asyncio.wait({hearing}, timeout=0.3)
        assert not done, "the batch waits for the key"
        go_on.set()
        await asyncio.wait_for(asyncio.gather(release, hearing), 20)
    assert await hearer.heard() == [1, 2, 3, 4]


async def test_what_is_skipped_has_no_effect_and_the_rest_can_be_released(
    broker: Broker, hearer: House, reacting: Reacting
) -> None:
    reacting(failing_on(1))
    async with Ear(hearer, await broker.topic()) as ear:
        await park_three(broker, hearer, ear)
    [(first,)] = await hearer.rows("select min(id) from parked_message")
    only_the_first = Decision("skipped", "it says nothing", "test", only=first)
    assert await settle(hearer, only_the_first, Choice(message=first)) == [1]
    assert await settle(hearer, RELEASE) == [2]
    assert await hearer.heard() == [2, 3]
    assert sorted(await hearer.rows("select state from inbox")) == [("handled",), ("handled",), ("skipped",)]
    decisions = await hearer.rows("select decision, reason, decided_by from parked_decision order by id")
    assert decisions == [("skipped", "it says nothing", "test"), *[("released", "the handler was mended", "test")] * 2]


async def test_one_that_has_others_before_it_is_not_taken_out_of_turn(
    broker: Broker, hearer: House, reacting: Reacting
) -> None:
    reacting(failing_on(1))
    async with Ear(hearer, await broker.topic()) as ear:
        await park_three(broker, hearer, ear)
    [(last,)] = await hearer.rows("select max(id) from parked_message")
    assert await settle(hearer, Decision("skipped", "too early", "test", only=last), Choice(message=last)) == [0]
    assert await hearer.count("parked_message") == 3


async def test_a_whole_key_can_be_skipped(broker: Broker, hearer: House, reacting: Reacting) -> None:
    reacting(failing_on(1, 11))
    async with Ear(hearer, await broker.topic()) as ear:
        key = await park_three(broker, hearer, ear)
        await park_three(broker, hearer, ear, first=11)
    assert await settle(hearer, SKIP, Choice(key=str(key))) == [3]
    assert await hearer.count("parked_key") == 1
    assert await hearer.heard() == []


async def test_all_of_one_cause_are_chosen_together(broker: Broker, hearer: House, reacting: Reacting) -> None:
    reacting(handler := failing_on(1))
    async with Ear(hearer, await broker.topic()) as ear:
        await park_three(broker, hearer, ear)
        await park_three(broker, hearer, ear)
        await broker.send(ear.topic, note(7).header("ce_mode", b"exercise"))
        await ear.hear(1)
    handler.numbers.clear()
    assert await settle(hearer, RELEASE, Choice(cause="handler")) == [3, 3]
    assert await hearer.rows("select cause from parked_message") == [("exercise",)]
    assert await settle(hearer, SKIP) == [1]


async def test_what_failed_too_often_is_not_even_tried_unless_asked(
    broker: Broker, hearer: House, reacting: Reacting
) -> None:
    reacting(handler := failing_on(1))
    async with Ear(hearer, await broker.topic()) as ear:
        await park_three(broker, hearer, ear)
    for _ in range(MOST_ATTEMPTS + 2):
        assert await settle(hearer, RELEASE) == [0]
    assert await hearer.rows("select max(attempts) from parked_message") == [(MOST_ATTEMPTS,)]
    handler.numbers.clear()
    assert await settle(hearer, RELEASE) == [0]
    assert await settle(hearer, Decision("released", "mended at last", "test", again=True)) == [3]


async def test_a_version_that_is_still_unreadable_keeps_its_reason(broker: Broker, hearer: House) -> None:
    async with Ear(hearer, await broker.topic()) as ear:
        await broker.send(ear.topic, note(1).header("ce_type", b"dk.samvirke.probe.NoteWritten.v9"))
        await ear.hear(1)
    assert await settle(hearer, RELEASE) == [0]
    assert await hearer.rows("select cause, reason from parked_message") == [
        ("version", "this service reads dk.samvirke.probe.NoteWritten.v1")
    ]


async def test_while_the_database_is_away_a_release_ends_and_blames_no_record(
    broker: Broker, hearer: House, reacting: Reacting
) -> None:
    errors: list[Exception] = [ConnectionResetError(), LookupError(), LookupError()]

    async def fails_in_turn(_: NoteWritten, __: Envelope, ___: Tx) -> None:
        raise errors.pop()

    reacting(fails_in_turn)
    async with Ear(hearer, await broker.topic()) as ear:
        await broker.send(ear.topic, note(1))
        await ear.hear(1)
    with pytest.raises(ConnectionResetError):
        await settle(hearer, RELEASE)
    assert await hearer.rows("select attempts, reason from parked_message") == [(1, "LookupError")]

"""A command has its effect once, whoever sends it how often, and loses no race in silence."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import asyncpg
import pytest

from chassis.database import NotOneRow, Tx
from chassis.http import Answer, Command, KeyInFlight, KeyReused
from chassis.identity import Principal
from chassis.maintenance import tidy
from contracts.refusal import StaleVersion
from tests.component.chassis.house import House

CASEWORKER = Principal("anne", "kommune-0657", "boern", frozenset({"caseworker"}))


def command(house: House, scope: str = "a", body: str = "b", principal: Principal = CASEWORKER) -> Command:
    return Command(house.database, principal, scope, body)


def writes(note_id: UUID, number: int = 1) -> Callable[[Tx], Awaitable[Answer]]:
    async def work(tx: Tx) -> Answer:
        await tx.execute("insert into heard (note_id, version, number) values ($1, 1, $2)", note_id, number)
        return Answer(201, {"note_id": note_id}, 1)

    return work


async def test_the_same_key_gets_the_same_answer_and_has_one_effect(teller: House) -> None:
    note_id = uuid4()
    first = await command(teller).carry_out(writes(note_id))
    again = await command(teller).carry_out(writes(uuid4()))
    assert (
        (again.status, again.body()) == (first.status, first.body()) == (201, {"note_id": str(note_id), "version": 1})
    )
    assert await teller.count("heard") == 1


async def test_the_same_key_with_another_body_is_refused(teller: House) -> None:
    await command(teller, body="b").carry_out(writes(uuid4()))
    with pytest.raises(KeyReused):
        await command(teller, body="c").carry_out(writes(uuid4()))
    assert await teller.count("heard") == 1


async def test_another_key_is_another_command(teller: House) -> None:
    await command(teller, "a").carry_out(writes(uuid4()))
    await command(teller, "c").carry_out(writes(uuid4()))
    assert await teller.count("heard") == 2


async def test_the_same_command_in_flight_waits_and_gets_its_answer(teller: House) -> None:
    note_id, under_way, go_on = uuid4(), asyncio.Event(), asyncio.Event()

    async def slow(tx: Tx) -> Answer:
        under_way.set()
        await go_on.wait()
        return await writes(note_id)(tx)

    first = asyncio.create_task(command(teller).carry_out(slow))
    await under_way.wait()
    second = asyncio.create_task(command(teller).carry_out(writes(uuid4())))
    done, _ = await asyncio.wait({second}, timeout=0.2)
    assert not done
    go_on.set()
    answers = await asyncio.gather(first, second)
    assert [answer.body()["note_id"] for answer in answers] == [str(note_id)] * 2
    assert await teller.count("heard") == 1


async def test_one_in_flight_for_long_is_told_when_to_come_back(teller: House) -> None:
    async with teller.database.tx(CASEWORKER) as tx:
        await tx.execute("insert into idempotency (scope, body_hash) values ('a', 'b')")
        with pytest.raises(KeyInFlight) as refused:
            await command(teller).carry_out(writes(uuid4()))
    assert refused.value.facts == {"retry_after": 1}
    assert await teller.count("heard") == 0


@pytest.mark.parametrize("error", [LookupError(), StaleVersion(version=3)], ids=["failure", "refusal"])
async def test_a_failure_or_refusal_is_not_kept_and_the_key_can_be_used_again(teller: House, error: Exception) -> None:
    async def fails(tx: Tx) -> Answer:
        await writes(uuid4())(tx)
        raise error

    with pytest.raises(type(error)):
        await command(teller).carry_out(fails)
    assert await teller.count("idempotency") == 0
    assert (await command(teller).carry_out(writes(uuid4()))).status == 201
    assert await teller.count("heard") == 1


@pytest.mark.parametrize("lost", [asyncpg.SerializationError("40001"), asyncpg.DeadlockDetectedError("40P01")])
async def test_a_lost_race_is_run_again(teller: House, lost: Exception) -> None:
    failures = [lost] * 3

    async def races(tx: Tx) -> Answer:
        if failures:
            raise failures.pop()
        return await writes(uuid4())(tx)

    assert (await command(teller).carry_out(races)).status == 201
    assert await teller.count("heard") == 1


async def test_a_race_that_is_always_lost_ends(teller: House) -> None:
    tries = []

    async def races(_: Tx) -> Answer:
        tries.append(1)
        raise asyncpg.SerializationError

    with pytest.raises(asyncpg.SerializationError):
        await command(teller).carry_out(races)
    assert len(tries) == 4


async def test_a_real_deadlock_is_run_again(teller: House) -> None:
    one, other = uuid4(), uuid4()
    await teller.eye.executemany("insert into note values ($1, 0, 0)", [(one,), (other,)])
    both_hold_one = asyncio.Barrier(2)
    tries = 0

    def work(first: UUID, second: UUID) -> Callable[[Tx], Awaitable[Answer]]:
        async def locks_both(tx: Tx) -> Answer:
            nonlocal tries
            tries += 1
            await tx.change_one("update note set number = number + 1 where id = $1", first)
            if tries <= 2:
                await both_hold_one.wait()
            await tx.change_one("update note set number = number + 1 where id = $1", second)
            return Answer()

        return locks_both

    await asyncio.gather(
        command(teller, "a").carry_out(work(one, other)), command(teller, "c").carry_out(work(other, one))
    )
    assert tries == 3
    assert await teller.rows("select number from note") == [(2,), (2,)]


async def test_an_update_that_meets_no_row_or_several_ends_the_transaction(teller: House) -> None:
    await teller.eye.executemany("insert into note values ($1, 1, 0)", [(uuid4(),), (uuid4(),)])

    async def change(where: str) -> None:
        async with teller.tx() as tx:
            await tx.change_one(f"update note set number = 9 where {where}")

    for where in ("version = 7", "version = 1"):
        with pytest.raises(NotOneRow):
            await change(where)
    assert await teller.count("note", "number = 9") == 0


async def test_what_is_kept_is_status_ids_and_version(teller: House) -> None:
    note_id = uuid4()
    await command(teller).carry_out(writes(note_id))
    [(kept,)] = await teller.rows("select answer from idempotency")
    assert kept == f'{{"ids": {{"note_id": "{note_id}"}}, "status": 201, "version": 1}}'


async def test_answers_are_forgotten_after_thirty_days(teller: House) -> None:
    for scope, days in (("old", 31), ("young", 29)):
        await command(teller, scope).carry_out(writes(uuid4()))
        await teller.eye.execute(
            "update idempotency set created_at = now() - make_interval(days => $2) where scope = $1", scope, days
        )
    await tidy(teller.database)
    assert await teller.rows("select scope from idempotency") == [("young",)]

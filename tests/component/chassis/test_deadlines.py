"""A deadline is set with the state that it guards and fires once, by the service's own clock."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from chassis import database
from chassis.database import Tx
from chassis.deadlines import _NEXT, DUTIES, Deadlines, cancel_deadline, due, move_deadlines, set_deadline
from tests.component.chassis.house import House, until

KIND = "test-acknowledgement"


class Duty:
    """Notes what was due, and fails as long as it is told to."""

    def __init__(self) -> None:
        self.fails = False
        self.tries = 0

    async def __call__(self, subject: UUID, due_at: datetime, tx: Tx) -> None:
        self.tries += 1
        await hold(tx, subject)
        await tx.execute("insert into heard (note_id, version, number) values ($1, 1, $2)", subject, due_at.year)
        if self.fails:
            raise LookupError("secret")


async def hold(tx: Tx, subject: UUID) -> None:
    """Take what a duty needs and a command may have: whoever comes second waits."""
    await tx.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", str(subject))


@pytest.fixture
def duty() -> Iterator[Duty]:
    one = Duty()
    due(KIND)(one)
    yield one
    del DUTIES[KIND]


@asynccontextmanager
async def watching(house: House) -> AsyncIterator[None]:
    task = asyncio.create_task(Deadlines(house.database, house.settings).run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def set_one(house: House, after: timedelta = timedelta(0), subject: UUID | None = None) -> UUID:
    the_subject = subject or uuid4()
    async with house.tx() as tx:
        now = await tx.fetchval("select clock()")
        await set_deadline(tx, kind=KIND, subject=the_subject, due_at=now + after)
    return the_subject


async def fired(house: House, count: int) -> None:
    async def enough() -> bool:
        return await house.count("heard") >= count

    await until(enough, f"{count} fired")


async def test_what_is_due_fires_once_beside_other_processes(hearer: House, duty: Duty) -> None:
    for _ in range(20):
        await set_one(hearer)
    async with watching(hearer), watching(hearer), watching(hearer):
        await fired(hearer, 20)
    assert await hearer.count("deadline") == 0
    assert await hearer.rows("select count(*), count(distinct note_id) from heard") == [(20, 20)]


async def test_what_is_not_due_waits_until_the_clock_is_moved(hearer: House, duty: Duty) -> None:
    await set_one(hearer, timedelta(days=8))
    assert not await Deadlines(hearer.database, hearer.settings).fire_next()
    await hearer.eye.execute("select set_clock_offset('9 days')")
    async with watching(hearer):
        await fired(hearer, 1)


async def test_it_is_set_with_its_state_or_not_at_all(hearer: House, duty: Duty) -> None:
    async def then_fail() -> None:
        async with hearer.tx() as tx:
            await set_deadline(tx, kind=KIND, subject=uuid4(), due_at=await tx.fetchval("select clock()"))
            raise LookupError

    with pytest.raises(LookupError):
        await then_fail()
    assert await hearer.count("deadline") == 0


async def test_a_cancelled_deadline_never_fires_and_cancelling_twice_is_no_matter(hearer: House, duty: Duty) -> None:
    subject = await set_one(hearer)
    for _ in range(2):
        async with hearer.tx() as tx:
            await cancel_deadline(tx, kind=KIND, subject=subject)
    assert not await Deadlines(hearer.database, hearer.settings).fire_next()


async def test_setting_it_again_moves_it(hearer: House, duty: Duty) -> None:
    subject = await set_one(hearer)
    await set_one(hearer, timedelta(days=1), subject)
    assert await hearer.count("deadline") == 1
    assert not await Deadlines(hearer.database, hearer.settings).fire_next()


async def test_a_duty_that_fails_is_overdue_for_all_to_see_and_tried_again(hearer: House, duty: Duty) -> None:
    duty.fails = True
    await set_one(hearer)
    deadlines = Deadlines(hearer.database, hearer.settings)
    assert await deadlines.fire_next()
    assert await hearer.rows("select attempts, failure from deadline") == [(1, "LookupError")]
    assert await hearer.count("heard") == 0, "its half-done work is undone"
    assert not await deadlines.fire_next(), "not before its time to try again"
    duty.fails = False
    async with watching(hearer):
        await fired(hearer, 1)
    assert await hearer.count("deadline") == 0


async def test_one_that_fails_does_not_hold_the_others(hearer: House, duty: Duty) -> None:
    duty.fails = True
    await set_one(hearer, timedelta(seconds=-10))
    deadlines = Deadlines(hearer.database, hearer.settings)
    await deadlines.fire_next()
    duty.fails = False
    subject = await set_one(hearer, timedelta(seconds=-5))
    await deadlines.fire_next()
    assert await hearer.rows("select note_id from heard") == [(subject,)]


async def test_the_clock_follows_its_offset(hearer: House) -> None:
    before = await hearer.eye.fetchval("select clock()")
    moved = await hearer.eye.fetchval("select set_clock_offset('8 days')")
    after = await hearer.eye.fetchval("select clock()")
    assert timedelta(days=8) <= moved - before < timedelta(days=8, minutes=1)
    assert moved <= after
    async with hearer.tx() as tx:
        assert await tx.fetchval("select clock()") >= after


async def test_outside_a_demonstration_the_clock_stands_fast(hearer: House) -> None:
    await hearer.eye.execute("update installation set demonstration = false")
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await hearer.eye.execute("select set_clock_offset('1 day')")
        with pytest.raises(asyncpg.CheckViolationError):
            await hearer.eye.execute("update installation set clock_offset = '1 day'")
    finally:
        await hearer.eye.execute("update installation set demonstration = true")


def test_one_kind_has_one_duty(duty: Duty) -> None:
    with pytest.raises(ValueError, match="has a duty already"):
        due(KIND)(duty)


@pytest.fixture
def no_lock_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "LOCK_TIMEOUT", "5min")


@pytest.mark.usefixtures("no_lock_is_given_up")
async def test_a_duty_gives_way_to_a_command_that_sets_its_deadline_again(hearer: House, duty: Duty) -> None:
    subject = await set_one(hearer)
    async with nobody_is_killed_for_a_deadlock(hearer), hearer.tx() as tx:
        await hold(tx, subject)
        async with watching(hearer):
            await until(lambda: _tried(duty), "the duty waits for the command")
            async with asyncio.timeout(30):
                await set_deadline(tx, kind=KIND, subject=subject, due_at=await tx.fetchval("select clock()"))


@asynccontextmanager
async def nobody_is_killed_for_a_deadlock(house: House) -> AsyncIterator[None]:
    """Let PostgreSQL look for deadlocks after minutes, and not after a second: who is in one stays in it."""
    await house.eye.execute("alter system set deadlock_timeout = '5 min'")
    await house.eye.execute("select pg_reload_conf()")
    try:
        await until(lambda: _looks_after(house, "5min"), "it looks for deadlocks later")
        yield
    finally:
        await house.eye.execute("alter system reset deadlock_timeout")
        await house.eye.execute("select pg_reload_conf()")


async def _looks_after(house: House, wanted: str) -> bool:
    return bool(await house.eye.fetchval("show deadlock_timeout") == wanted)


async def _tried(duty: Duty) -> bool:
    return duty.tries > 0


async def _tried_again(duty: Duty) -> bool:
    return duty.tries > 1


async def test_a_duty_that_had_to_give_way_is_done_as_soon_as_it_can(hearer: House, duty: Duty) -> None:
    subject = await set_one(hearer)
    async with AsyncExitStack() as stack:
        async with hearer.tx() as tx:
            await hold(tx, subject)
            await stack.enter_async_context(watching(hearer))
            await until(lambda: _tried_again(duty), "the duty has given way")
            assert await hearer.count("heard") == 0
        await fired(hearer, 1)
    assert await hearer.rows("select count(*) from deadline") == [(0,)]


async def test_several_deadlines_of_a_subject_are_set_moved_and_cancelled_together(hearer: House) -> None:
    subject, case = uuid4(), uuid4()
    async with hearer.tx() as tx:
        now = await tx.fetchval("select clock()")
        await set_deadline(tx, kind="answer", subject=subject, due_at=now)
        await set_deadline(tx, kind="look", subject=subject, due_at=now)
        later = now + timedelta(days=1)
        await move_deadlines(tx, subject, {"answer": later, "look": None, "forget": later, "never": None}, case)
        rows = await tx.fetch(
            "select kind, due_at, correlation_id from deadline where subject = $1 order by kind", subject
        )
    assert [tuple(row) for row in rows] == [("answer", later, case), ("forget", later, case)]


async def test_looking_for_what_is_due_reads_nothing_that_is_not(hearer: House) -> None:
    for _ in range(20):
        await set_one(hearer, timedelta(days=1))
    async with hearer.tx() as tx:
        # So few rows are sorted in any case; of many, the index by time is read, and it must end at the clock.
        for way in ("seqscan", "bitmapscan", "sort"):
            await tx.execute(f"set local enable_{way} = off")
        plan = [row[0] for row in await tx.fetch(f"explain (analyze) {_NEXT}", [KIND])]
    assert not [line for line in plan if "Rows Removed" in line], "\n".join(plan)

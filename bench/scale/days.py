"""What a case's look-up costs after years of inbox: it goes through all tables, of days and of gathered months."""

import asyncio
import time
from statistics import median
from uuid import uuid4

import asyncpg

from tests.probe.world import database_of
from tests.stack import Stack

YEAR = 365
AT_ONCE, LOOK_UPS, MOST_HELD = 50, 20, 40
LOOK_UP = "select event_id, topic, state, handled_at from inbox where correlation_id = $1 order by handled_at"
"""As /operations/messages asks."""


def days(stack: Stack) -> dict[str, float]:
    """Return the look-up's time after five years against its time after the first week."""
    return asyncio.run(_days(database_of(stack, "hearer")))


async def _days(database: str) -> dict[str, float]:
    week = await _look_up(database)
    await _age(database, YEAR)
    year = await _look_up(database)
    await _age(database, 5 * YEAR)
    late = await _look_up(database)
    return {"inbox_year_ratio": round(year / week, 1), "inbox_five_years_ratio": round(late / week, 1)}


async def _age(database: str, back: int) -> None:
    con = await asyncpg.connect(database)
    try:
        for first in range(0, back, AT_ONCE):
            sql = "select provide_inbox_day(current_date - n) from generate_series($1::int, $2::int) n"
            await con.execute(sql, first, min(first + AT_ONCE, back) - 1)
        while await con.fetchval("select gather_inbox_month()"):
            continue
    finally:
        await con.close()


async def _look_up(database: str) -> float:
    con = await asyncpg.connect(database)
    try:
        took = []
        for _ in range(LOOK_UPS):
            began = time.perf_counter()
            await con.fetch(LOOK_UP, uuid4())
            took.append((time.perf_counter() - began) * 1000)
        async with con.transaction():
            await con.fetch(LOOK_UP, uuid4())
            locks = await con.fetchval("select count(*) from pg_locks where pid = pg_backend_pid()")
        tables = await con.fetchval("select count(*) from pg_inherits where inhparent = 'inbox'::regclass")
        taken = await con.fetchval("select current_setting('max_locks_per_transaction')::int")
        slots = taken * await con.fetchval("select current_setting('max_connections')::int")
    finally:
        await con.close()
    held = await _held_at_once(database)
    fit = held if held < MOST_HELD else f"{MOST_HELD} or more"
    print(
        f"inbox of {tables} tables: first look-up {took[0]:.0f} ms, later {median(took):.1f} ms,"
        f" {locks} locks of {slots}, transactions at once {fit}",
        flush=True,
    )
    return median(took)


async def _held_at_once(database: str) -> int:
    """Return how many transactions can have looked, before one is refused for want of shared memory."""
    held: list[asyncpg.Connection[asyncpg.Record]] = []
    try:
        while len(held) < MOST_HELD:
            con = await asyncpg.connect(database)
            held.append(con)
            await con.execute("begin")
            await con.fetch(LOOK_UP, uuid4())
    except asyncpg.OutOfMemoryError:
        return len(held) - 1
    finally:
        for each in held:
            await each.close()
    return MOST_HELD

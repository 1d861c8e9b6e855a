"""A transaction runs as somebody: with that role's rights, and a name that ends with it."""

import asyncio
from collections.abc import Awaitable
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chassis import database
from chassis.database import RolledBack
from chassis.http import unless_lost_race
from chassis.identity import Principal
from chassis.infrastructure import DATABASE_ERRORS, is_of_the_house
from tests.component.chassis.house import House, until

ANNE = Principal("anne", "kommune-0657", "boern", frozenset({"caseworker"}))
WHO = (
    "select current_setting('samvirke.authority'), current_setting('samvirke.office'),"
    " current_setting('samvirke.subject'), current_user"
)


async def test_a_request_runs_as_the_role_for_requests(teller: House) -> None:
    async with teller.database.tx(ANNE) as tx:
        assert tuple(await tx.fetchrow(WHO) or ()) == ("kommune-0657", "boern", "anne", "teller_api")


async def test_the_services_own_work_runs_as_the_worker(teller: House) -> None:
    async with teller.tx() as tx:
        assert tuple(await tx.fetchrow(WHO) or ()) == ("samvirke", "", "teller", "teller_worker")


async def test_the_name_ends_with_the_transaction(teller: House) -> None:
    async with teller.database.tx(ANNE):
        pass
    async with teller.database._pools["api"].acquire() as con:
        assert tuple(await con.fetchrow(WHO) or ())[:3] == ("", "", "")


async def test_no_statement_starts_workers_or_compiles(teller: House) -> None:
    async with teller.database.tx(ANNE) as tx:
        assert await tx.fetchval("select current_setting('max_parallel_workers_per_gather')") == "0"
        assert await tx.fetchval("select current_setting('jit')") == "off"


async def test_one_connection_asks_for_all_what_a_built_in_type_is_and_each_about_our_own(
    teller: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    ask: Any = vars(asyncpg.Connection)["_introspect_types"]

    async def noting(con: object, types: list[int], timeout_s: float | None) -> object:
        asked.append(types)
        return await ask(con, types, timeout_s)

    monkeypatch.setattr(asyncpg.Connection, "_introspect_types", noting)
    monkeypatch.setattr(database, "_BUILT_IN_TYPES", {})
    pool = teller.database._pools["api"]
    async with pool.acquire() as one, pool.acquire() as other:
        for con in (one, other):
            assert await con.fetchval("select $1::int2[]", [1, 2]) == [1, 2]
        assert len(asked) == 1
        for con in (one, other):
            assert await con.fetchval("select array(select n from note n limit 0)") == []
        assert len(asked) == 3


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=60)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(subject=TEXTS, authority=TEXTS)
async def test_any_name_is_a_name_and_never_a_statement(teller: House, subject: str, authority: str) -> None:
    async with teller.database.tx(Principal(subject, authority)) as tx:
        assert await tx.fetchval("select current_setting('samvirke.subject')") == subject
        assert await tx.fetchval("select current_setting('samvirke.authority')") == authority


async def test_a_name_that_no_database_can_hold_is_refused(teller: House) -> None:
    async def begin() -> None:
        async with teller.database.tx(Principal("a\x00b", "kommune-0657")):
            pass

    with pytest.raises(ValueError, match="NUL"):
        await begin()


@pytest.mark.parametrize(
    "statement",
    [
        "update event set value = ''",
        "delete from event",
        "truncate event",
        "delete from {partition}",
        "update {partition} set value = ''",
        "insert into {partition} select * from event",
        "update installation set demonstration = true",
        "delete from outbox",
        "delete from parked_key",
        "create table mine (id int)",
        "alter table note disable row level security",
        "drop table note",
    ],
)
async def test_a_request_cannot_rewrite_what_has_happened(teller: House, statement: str) -> None:
    partition = await teller.eye.fetchval("select relid::regclass::text from pg_partition_tree('event') where isleaf")

    async def try_it() -> None:
        async with teller.database.tx(ANNE) as tx:
            await tx.execute(statement.format(partition=partition))

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await try_it()


@pytest.mark.parametrize("statement", ["update event set value = ''", "delete from event", "delete from {partition}"])
async def test_not_even_the_worker_rewrites_the_history(teller: House, statement: str) -> None:
    partition = await teller.eye.fetchval("select relid::regclass::text from pg_partition_tree('event') where isleaf")

    async def try_it() -> None:
        async with teller.tx() as tx:
            await tx.execute(statement.format(partition=partition))

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await try_it()


async def test_another_services_database_is_closed(teller: House) -> None:
    url = teller.settings.api_url.rpartition("/")[0] + "/hearer"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await asyncpg.connect(url)


async def test_a_commit_that_the_database_turns_into_a_rollback_is_an_error(teller: House) -> None:
    async def hide_an_error() -> None:
        async with teller.tx() as tx:
            await tx.execute("insert into note values ($1, 1, 1)", uuid4())
            with pytest.raises(asyncpg.DivisionByZeroError):
                await tx.execute("select 1 / 0")

    with pytest.raises(RolledBack):
        await hide_an_error()
    assert await teller.count("note") == 0


async def test_a_beginning_that_fails_leaves_a_connection_that_works(teller: House) -> None:
    async def begin_badly() -> None:
        async with teller.database.tx(ANNE, first="select 1 / 0"):
            pass

    for _ in range(teller.settings.database_pool + 1):
        with pytest.raises(asyncpg.DivisionByZeroError):
            await begin_badly()
    async with teller.database.tx(ANNE) as tx:
        assert await tx.fetchval("select 1") == 1


async def test_a_lock_that_is_not_given_ends_the_wait(teller: House) -> None:
    note_id = uuid4()
    await teller.eye.execute("insert into note values ($1, 1, 1)", note_id)
    change = "update note set number = 2 where id = $1"

    async def wait_for_it() -> Awaitable[None] | None:
        async with teller.tx() as tx:
            await tx.execute("set local lock_timeout = '100ms'")
            await tx.execute(change, note_id)
        return None

    async with teller.tx() as holder:
        await holder.execute(change, note_id)
        assert await holder.fetchval("show lock_timeout") == "5s"
        with pytest.raises(asyncpg.LockNotAvailableError):
            await wait_for_it()


async def test_whenever_a_connection_is_lost_it_is_a_fault_of_the_house(teller: House) -> None:
    async def use() -> None:
        async with teller.database.tx(ANNE) as tx:
            await tx.fetchval("select 1")
            await asyncio.sleep(0)
            await tx.fetchval("select 2")

    errors: list[BaseException] = []
    for _ in range(25):
        ending = asyncio.create_task(
            teller.eye.execute("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'teller_api'")
        )
        for _ in range(4):
            ended = await asyncio.gather(*(use() for _ in range(4)), return_exceptions=True)
            errors += [one for one in ended if one is not None]
        await ending
    assert errors
    assert [one for one in errors if not is_of_the_house(one)] == []

    async def works() -> bool:
        try:
            await use()
        except DATABASE_ERRORS as error:  # one that ended last may still lie in the pool
            if not is_of_the_house(error):
                raise
            return False
        return True

    await until(works, "connections are made again")


async def test_a_table_that_a_migration_changes_between_two_commands_is_read_again(teller: House) -> None:
    tried = []

    async def read() -> list[str]:
        tried.append(1)
        async with teller.tx() as tx:
            return [column for row in await tx.fetch("select * from shape") for column in row.keys()]  # noqa: SIM118  asyncpg's row iterates over values

    await teller.eye.execute("create table shape as select 1 as a; grant select on shape to teller_worker")
    try:
        assert await unless_lost_race(read) == ["a"]
        await teller.eye.execute("alter table shape add column b int")
        assert await unless_lost_race(read) == ["a", "b"]
        assert len(tried) == 3
    finally:
        await teller.eye.execute("drop table shape")

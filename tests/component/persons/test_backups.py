"""Base copies of running servers: what was committed is in them, and a server starts on them elsewhere."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from chassis.database import Tx
from chassis.outbox import append
from contracts.persons.v1 import PersonShredded
from deploy.local.backup import copy_cluster, restored
from deploy.local.databases import in_database
from deploy.local.processes import start, stop, wait_until
from deploy.local.ready import postgres_is_ready
from tests.component.persons.numbers import new_numbers
from tests.component.persons.test_holds import within
from tests.component.persons.test_reading import question
from tests.component.persons.test_shredding import keys_left, rows, shred, write
from tests.component.persons.test_who_is_who import resolve
from tests.stack import Stack

pytestmark = pytest.mark.component

SERVERS = {"data": "persons", "keys": "persons_keys"}
TABLE = {"data": "person", "keys": "data_key"}


@contextmanager
def on_a_copy(copy: Path, kind: str, port: int) -> Iterator[str]:
    """Start a server on a copy for a while; gives its address."""
    command = restored(copy, kind, port)
    server = f"postgresql://127.0.0.1:{port}"
    process = start(command, copy.parent / f"{kind}.log")
    try:
        wait_until(lambda: postgres_is_ready(server), "the copy takes connections")
        yield server
    finally:
        stop(process, command.stop_signal)


def all_ids(server: str, kind: str) -> set[str]:
    """Return the ids of everybody in a server's table."""
    return asyncio.run(_all_ids(server, kind))


async def _all_ids(server: str, kind: str) -> set[str]:
    connection = await asyncpg.connect(in_database(server, SERVERS[kind]))
    rows = await connection.fetch(f"select person_id from {TABLE[kind]}")
    await connection.close()
    return {str(row["person_id"]) for row in rows}


@pytest.mark.parametrize("kind", ["data", "keys"])
def test_a_copy_made_under_load_holds_all_that_was_committed_before_its_end(
    stack: Stack, persons: httpx.Client, kind: str
) -> None:
    server = stack.database_url if kind == "data" else stack.keys_url
    known = set(resolve(persons, *new_numbers(1000)))
    copy = stack.run / "copies" / kind
    with ThreadPoolExecutor(1) as pool:
        copying = pool.submit(lambda: asyncio.run(copy_cluster(server, copy)))
        while not copying.done():
            resolve(persons, *new_numbers(100))
        copying.result()
    with on_a_copy(copy, kind, stack.ports.base + 60) as restored_server:
        found = all_ids(restored_server, kind)
    assert known <= found <= all_ids(server, kind)


@pytest.mark.ledger("L-16")
def test_what_a_backup_of_the_data_holds_of_a_shredded_person_no_key_opens(stack: Stack, persons: httpx.Client) -> None:
    [runa] = resolve(persons, *new_numbers(1))
    text_id = write(persons, runa, "Kanariefuglen blev hentet")
    copy = stack.run / "copies" / "before-shredding"
    asyncio.run(copy_cluster(stack.database_url, copy))
    shred(persons, runa).raise_for_status()
    with on_a_copy(copy, "data", stack.ports.base + 61) as restored_server:
        sealed = asyncio.run(sealed_text(restored_server, text_id))
    assert sealed
    assert b"Kanarie" not in sealed
    assert keys_left(stack, runa) == 0


def test_a_shredding_that_restored_data_do_not_know_is_done_again_when_it_is_heard(
    stack: Stack, persons: httpx.Client
) -> None:
    number = new_numbers(1)
    [forgotten] = resolve(persons, *number)
    within(stack, partial(tell_of_the_shredding, forgotten))
    read = partial(persons.post, "/read", json=question(forgotten))
    wait_until(lambda: read().status_code == httpx.codes.GONE, "shredded again")
    assert resolve(persons, *number) != [forgotten]
    rows(stack, "update deadline set due_at = clock() where kind = 'shred'")
    wait_until(lambda: keys_left(stack, forgotten) == 0, "the key is destroyed")


def test_a_shredding_of_whom_restored_data_do_not_know_at_all_is_no_matter(stack: Stack, persons: httpx.Client) -> None:
    event_id = within(stack, partial(tell_of_the_shredding, str(uuid4())))
    states = partial(rows, stack, "select state from inbox where event_id = $1", event_id)
    wait_until(lambda: bool(states()), "heard")
    assert [row["state"] for row in states()] == ["handled"]


async def tell_of_the_shredding(person_id: str, tx: Tx) -> UUID:
    """Tell what was told before data were restored that do not know it."""
    event = PersonShredded(person_id=UUID(person_id), unreadable_by=datetime(2026, 3, 2, tzinfo=UTC))
    now = await tx.fetchval("select clock()")
    return await append(tx, event, version=1, correlation_id=event.person_id, time=now)


async def sealed_text(server: str, text_id: str) -> bytes:
    """Return what a server's table holds of a text."""
    connection = await asyncpg.connect(in_database(server, "persons"))
    sealed: bytes = await connection.fetchval("select sealed from text where text_id = $1", text_id)
    await connection.close()
    return sealed

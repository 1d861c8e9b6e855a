"""Holds: nobody is shredded while a service needs them, and whoever nobody needs is, thirty days later."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

import httpx
import pytest

from chassis.database import Database, Tx
from chassis.identity import Principal
from chassis.ids import new_id
from chassis.outbox import append
from chassis.settings import Settings
from contracts.persons.v1 import PersonsReleased
from deploy.local.processes import wait_until
from tests.component.persons.numbers import new_number, new_numbers
from tests.component.persons.test_household_facts import SINCE, home, load
from tests.component.persons.test_shredding import keys_left, rows, shred, told
from tests.component.persons.test_who_is_who import merge, resolve
from tests.stack import Stack

pytestmark = pytest.mark.component

ASKER = "test-service-samvirke"
Given = TypeVar("Given")


def within(stack: Stack, work: Callable[[Tx], Awaitable[Given]]) -> Given:
    """Do something in one transaction of the service's own work, from outside its process."""
    return asyncio.run(_within(stack, work))


async def _within(stack: Stack, work: Callable[[Tx], Awaitable[Given]]) -> Given:
    database = Database(settings_of(stack))
    await database.start()
    try:
        async with database.tx(Principal.worker("persons")) as tx:
            return await work(tx)
    finally:
        await database.stop()


def settings_of(stack: Stack) -> Settings:
    """Return the settings of persons for code that runs in the test's own process."""
    where: dict[str, Any] = {"database_url": stack.database_url, "kafka_bootstrap": stack.bootstrap}
    return Settings(service="persons", issuer=stack.issuer, http_port=1, **where)


def release(stack: Stack, *ids: str, as_of: datetime | None = None, service: str = ASKER) -> None:
    """Tell that a service needs persons no more, and wait until persons has heard it."""
    event_id = within(stack, lambda tx: _release(tx, ids, as_of, service))
    heard = "select state from inbox where event_id = $1"
    wait_until(lambda: [row["state"] for row in rows(stack, heard, event_id)] == ["handled"], "the release is heard")


async def _release(tx: Tx, ids: tuple[str, ...], as_of: datetime | None, service: str) -> UUID:
    now = await tx.fetchval("select clock()")
    event = PersonsReleased(release_id=new_id(), service=service, person_ids=tuple(map(UUID, ids)), as_of=as_of or now)
    return await append(tx, event, version=1, correlation_id=event.release_id, time=now)


def deadline(stack: Stack, person_id: str) -> list[timedelta]:
    """Return in how long a person is shredded, if at all."""
    sql = "select due_at - clock() from deadline where kind = 'unheld' and subject = $1"
    return [row[0] for row in rows(stack, sql, UUID(person_id))]


@pytest.fixture
def later(stack: Stack) -> Iterator[Callable[[str], None]]:
    """Let the clock of persons go forward; it is put right at the end."""
    yield lambda shift: void(rows(stack, f"select set_clock_offset('{shift}')"))
    rows(stack, "select set_clock_offset('0')")


def void(_: object) -> None:
    """Return nothing."""


@pytest.mark.ledger("L-16")
def test_whoever_nobody_holds_any_more_is_shredded_after_thirty_days_and_not_before(
    stack: Stack, persons: httpx.Client, later: Callable[[str], None]
) -> None:
    runa, held, asked_again = resolve(persons, *(numbers := new_numbers(3)))
    release(stack, runa, asked_again)
    [left] = deadline(stack, runa)
    assert timedelta(days=29, hours=23) < left <= timedelta(days=30)
    assert deadline(stack, held) == []
    later("29 days")
    assert resolve(persons, numbers[2]) == [asked_again]
    later("31 days")
    wait_until(lambda: len(told(stack, runa)) == 1, "it is shredded and told")
    wait_until(lambda: deadline(stack, asked_again) == [], "the deadline of who was asked for again has passed")
    assert (keys_left(stack, runa), keys_left(stack, held, asked_again)) == (0, 2)
    assert told(stack, held, asked_again) == []


def test_a_person_whom_another_service_holds_stays(stack: Stack, persons: httpx.Client, persons_url: str) -> None:
    number = new_number()
    [runa] = resolve(persons, number)
    with httpx.Client(base_url=persons_url, headers=stack.bearer("service", "samvirke", subject="other")) as other:
        assert resolve(other, number) == [runa]
    release(stack, runa)
    assert deadline(stack, runa) == []
    release(stack, runa, service="other")
    assert len(deadline(stack, runa)) == 1


def test_a_release_takes_nothing_from_a_need_that_is_newer(stack: Stack, persons: httpx.Client) -> None:
    [(before,)] = rows(stack, "select clock()")
    [runa] = resolve(persons, new_number())
    release(stack, runa, as_of=before)
    assert deadline(stack, runa) == []
    release(stack, runa)
    release(stack, runa, as_of=before)
    assert len(deadline(stack, runa)) == 1


def test_relatives_are_held_by_whoever_asked_for_the_household(
    stack: Stack, persons: httpx.Client, register: httpx.Client
) -> None:
    parent, child = numbers = new_numbers(2)
    load(
        register, numbers, custody=[{"child": child, "holder": parent, "from": SINCE}], dwellings=[home(parent, parent)]
    )
    [parent_id] = resolve(persons, parent)
    facts = persons.post("/household-facts", json={"person_ids": [parent_id]}).raise_for_status().json()
    [child_id] = [one["child"] for one in facts["custody"]]
    sql = "select service from person_hold where person_id = $1 and held"
    assert [row["service"] for row in rows(stack, sql, UUID(child_id))] == [ASKER]


def test_a_merged_person_is_held_until_both_ids_are_let_go(stack: Stack, persons: httpx.Client) -> None:
    before, after = resolve(persons, *new_numbers(2))
    release(stack, after)
    merge(persons, after, before, 0).raise_for_status()
    release(stack, after)
    assert deadline(stack, before) == []
    # The service has heard of the merge: what it keeps stands under the survivor's id now.
    release(stack, before)
    [(still_held,)] = rows(stack, "select held from person_hold where person_id = $1", UUID(after))
    assert still_held
    release(stack, after)
    assert len(deadline(stack, after)) == 1


def test_merging_two_whom_nobody_holds_waits_thirty_days_from_then(stack: Stack, persons: httpx.Client) -> None:
    before, after = resolve(persons, *new_numbers(2))
    release(stack, before, after)
    rows(stack, "delete from deadline where subject = $1", UUID(after))
    merge(persons, after, before, 0).raise_for_status()
    assert len(deadline(stack, after)) == 1


def test_a_release_of_nobody_and_of_the_shredded_is_no_matter(stack: Stack, persons: httpx.Client) -> None:
    [runa] = resolve(persons, new_number())
    shred(persons, runa).raise_for_status()
    release(stack, runa, str(uuid4()))
    assert deadline(stack, runa) == []

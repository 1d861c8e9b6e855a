"""The daily tidying: keys of nobody go, unless there are so many that something else is wrong."""

from collections.abc import Callable
from uuid import UUID, uuid4

import httpx
import pytest
from prometheus_client import REGISTRY

from chassis.database import Tx
from services.persons.store import tidying
from services.persons.store.sealing import Secrets
from services.persons.store.vault import Vault, keys_database
from tests.component.persons.numbers import new_number
from tests.component.persons.test_holds import deadline, within
from tests.component.persons.test_shredding import keys_left, rows, shred
from tests.component.persons.test_who_is_who import resolve
from tests.stack import Stack

pytestmark = pytest.mark.component

Tidy = Callable[[], None]


@pytest.fixture
def tidy(stack: Stack, persons_url: str) -> Tidy:
    """Return the tidying, done at once in the test's own process."""

    async def once(tx: Tx) -> None:
        vault = Vault(keys_database(stack.keys_url), Secrets.from_environment(stack.environment("persons")))
        await tidying.tidy(tx, vault)
        await vault.close()

    return lambda: within(stack, once)


def left_over(stack: Stack, *ids: UUID, age: str = "2 days") -> None:
    """Leave keys behind, as a crash does."""
    sql = (
        "insert into data_key (person_id, wrapped, wrapped_by, created_at)"
        f" select id, '\\x00', 'nobody', clock_timestamp() - interval '{age}' from unnest($1::uuid[]) as one (id)"
    )
    rows(stack, sql, list(ids), database="persons_keys")


def test_a_key_of_nobody_goes_after_a_day_and_is_counted(stack: Stack, persons: httpx.Client, tidy: Tidy) -> None:
    old, young, [runa] = uuid4(), uuid4(), resolve(persons, new_number())
    left_over(stack, old)
    left_over(stack, young, age="1 hour")
    rows(stack, "update data_key set created_at = created_at - interval '2 days'", database="persons_keys")
    rows(
        stack, "update data_key set created_at = clock_timestamp() where person_id = $1", young, database="persons_keys"
    )
    tidy()
    assert (REGISTRY.get_sample_value("persons_orphaned_keys") or 0) >= 1
    assert keys_left(stack, str(old)) == 0
    assert keys_left(stack, str(young), runa) == 2


@pytest.mark.ledger("L-16")
def test_a_shredded_persons_key_from_a_restored_backup_goes_again(
    stack: Stack, persons: httpx.Client, tidy: Tidy
) -> None:
    [runa] = resolve(persons, new_number())
    shred(persons, runa).raise_for_status()
    left_over(stack, UUID(runa))
    tidy()
    assert keys_left(stack, runa) == 0


def test_so_many_orphans_are_the_wrong_database_and_nothing_is_removed(
    stack: Stack, persons: httpx.Client, tidy: Tidy
) -> None:
    [(keys,)] = rows(stack, "select count(*) from data_key", database="persons_keys")
    many = [uuid4() for _ in range(max(101, keys // 50))]
    left_over(stack, *many)
    try:
        tidy()
        assert keys_left(stack, *map(str, many)) == len(many)
    finally:
        rows(stack, "delete from data_key where person_id = any($1::uuid[])", many, database="persons_keys")


def test_a_person_whom_everybody_forgot_gets_a_deadline(stack: Stack, persons: httpx.Client, tidy: Tidy) -> None:
    [runa] = resolve(persons, new_number())
    rows(stack, "delete from person_hold where person_id = $1", UUID(runa))
    tidy()
    assert len(deadline(stack, runa)) == 1


def test_the_file_of_the_keys_is_written_anew(stack: Stack, persons: httpx.Client, tidy: Tidy) -> None:
    place = "select pg_relation_filenode('data_key')"
    before = rows(stack, place, database="persons_keys")
    tidy()
    assert rows(stack, place, database="persons_keys") != before


def test_the_service_awaits_its_next_tidying(stack: Stack, persons_url: str) -> None:
    assert len(rows(stack, "select from deadline where kind = 'tidying' and due_at > clock()")) == 1

"""Rotations on the real service and databases: nobody is lost before, during and after, killed in the middle."""

import asyncio
import base64
import os
import secrets
import subprocess
import sys
from dataclasses import replace
from uuid import UUID

import httpx
import pytest

from chassis.database import Database
from chassis.identity import Principal
from deploy.local.processes import wait_until
from deploy.local.rotate import Rotation
from deploy.local.services import secret_file
from services.persons.store import people
from services.persons.store.sealing import Place, Secrets
from services.persons.store.vault import KeysAway, Vault, keys_database
from tests.component.persons.numbers import new_numbers
from tests.component.persons.test_document_keys import keys_for
from tests.component.persons.test_holds import settings_of
from tests.component.persons.test_reading import question
from tests.component.persons.test_shredding import rows
from tests.component.persons.test_who_is_who import resolve
from tests.stack import Stack

pytestmark = [pytest.mark.component, pytest.mark.timeout(180)]

OTHERS = {
    "kek": ("persons_keys", "select count(*) from data_key where wrapped_by <> $1"),
    "hash-key": ("persons", "select count(*) from number where hashed_by is distinct from $1"),
}
FILES = {"kek": "kek", "hash-key": "hash"}
MANY, ENOUGH = 3000, 600
"""So many that a rotation is killed in the middle; and where it is not killed."""

each = pytest.mark.parametrize("what", list(OTHERS))


def others(stack: Stack, what: str) -> int:
    """Return how many rows still need another key than the present one."""
    known = Secrets.from_environment(stack.environment("persons"))
    database, sql = OTHERS[what]
    name = known.kek_name if what == "kek" else known.hash_key_name
    return int(rows(stack, sql, name, database=database)[0][0])


def command(stack: Stack, what: str, *options: str) -> "subprocess.Popen[bytes]":
    """Start the command as an operator does."""
    argv = [sys.executable, "-m", "services.persons", "rotate", what, *options]
    return subprocess.Popen(argv, env=os.environ | stack.environment("persons"), stdout=subprocess.DEVNULL)


def rotation(stack: Stack, what: str, redo: list[str]) -> Rotation:
    """Return the rotation of a secret in a stack of processes that no manager watches."""

    def restart() -> None:
        stack.stop_process("persons")
        stack.start_service("persons")

    def redo_all() -> None:
        redo.append(what)
        assert command(stack, what).wait() == 0

    return Rotation(secret_file(stack.run, FILES[what]), restart, redo_all)


@pytest.fixture
def known(request: pytest.FixtureRequest, persons: httpx.Client) -> dict[str, str]:
    """Return numbers with their ids, known before the rotation."""
    numbers = new_numbers(MANY if "killed" in request.node.name else ENOUGH)
    return dict(zip(numbers, resolve(persons, *numbers), strict=True))


def all_are_there(persons: httpx.Client, known: dict[str, str]) -> bool:
    """Tell whether everybody is found by number, and can be opened."""
    numbers, ids = list(known), list(known.values())
    read = persons.post("/read", json=question(*ids[:500], fields=["cpr"])).raise_for_status().json()["persons"]
    return resolve(persons, *numbers) == ids and [one["cpr"] for one in read] == [[number] for number in numbers[:500]]


@pytest.mark.ledger("L-19")
@each
def test_nobody_is_lost_before_during_and_after_a_rotation_that_is_killed_in_the_middle(
    stack: Stack, persons: httpx.Client, known: dict[str, str], what: str
) -> None:
    file = secret_file(stack.run, FILES[what])
    old, document = file.read_text(), known[next(iter(known))]
    key = keys_for(persons, document, document)
    new = base64.b64encode(secrets.token_bytes(32)).decode()
    for keys in (f"{old} {new}", f"{new} {old}"):
        file.write_text(keys)
        stack.stop_process("persons")
        stack.start_service("persons")
        assert all_are_there(persons, known)
    before = others(stack, what)
    assert before >= MANY
    killed = command(stack, what, "--at-once", "20")
    wait_until(lambda: others(stack, what) < before - 100, "some rows are done", step=0.01)
    killed.kill()
    killed.wait()
    assert 0 < others(stack, what) < before
    assert all_are_there(persons, known)
    [met_meanwhile] = resolve(persons, *(number := new_numbers(1)))
    assert command(stack, what).wait() == 0
    assert others(stack, what) == 0
    file.write_text(new)
    stack.stop_process("persons")
    stack.start_service("persons")
    assert all_are_there(persons, known)
    assert resolve(persons, *number) == [met_meanwhile]
    assert keys_for(persons, document, document) == key


@each
def test_the_local_command_does_all_of_it_and_the_old_key_is_of_no_use(
    stack: Stack, persons: httpx.Client, known: dict[str, str], what: str
) -> None:
    file, done = secret_file(stack.run, FILES[what]), list[str]()
    before = file.read_text()
    rotation(stack, what, done).run()
    assert (done, others(stack, what)) == ([what], 0)
    assert file.read_text() != before
    assert file.with_suffix(".before").read_text() == before
    assert not file.with_suffix(".next").exists()
    assert all_are_there(persons, known)
    assert not opens(stack, before, what, known)


def opens(stack: Stack, before: str, what: str, known: dict[str, str]) -> bool:
    """Tell whether the key before opens or finds anybody."""
    present = Secrets.from_environment(stack.environment("persons"))
    if what == "hash-key":
        old = replace(present, hash_key=before.encode())
        hashes = [old.hash_of(Place.NUMBER, number) for number in known]
        return bool(rows(stack, "select from number where hash = any($1::bytea[])", hashes))
    return asyncio.run(_opens(stack, replace(present, kek=base64.b64decode(before)), known))


async def _opens(stack: Stack, old: Secrets, known: dict[str, str]) -> bool:
    vault = Vault(keys_database(stack.keys_url), old)
    try:
        return bool(await vault.keys([UUID(one) for one in known.values()]))
    except KeysAway:
        return False
    finally:
        await vault.close()


def test_the_local_command_ended_in_the_middle_goes_on_with_the_same_key(
    stack: Stack, persons: httpx.Client, known: dict[str, str]
) -> None:
    class PowerCut(Exception):
        """The machine is gone."""

    def cut() -> None:
        raise PowerCut

    whole = rotation(stack, "kek", [])
    with pytest.raises(PowerCut):
        Rotation(whole.file, whole.restart, cut).run()
    chosen = whole.file.with_suffix(".next").read_text()
    assert all_are_there(persons, known)
    whole.run()
    assert whole.file.read_text() == chosen
    assert others(stack, "kek") == 0
    assert all_are_there(persons, known)


def test_two_processes_that_hash_by_different_keys_do_not_meet_the_same_person_twice(
    stack: Stack, persons_url: str
) -> None:
    for ids in asyncio.run(met_by_both(stack, new_numbers(40))):
        assert len(set(ids)) == 1


async def met_by_both(stack: Stack, numbers: list[str]) -> list[tuple[UUID, ...]]:
    """Let processes of the two steps of a rotation meet the same people at the same time; gives each one's ids."""
    kek = Secrets.from_environment(stack.environment("persons")).kek
    one, other = (secrets.token_bytes(32) for _ in range(2))
    both = [Secrets(kek, first, (), (second,)) for first, second in ((one, other), (other, one))]
    vaults = [Vault(keys_database(stack.keys_url), known) for known in both]
    database = Database(settings_of(stack))
    await database.start()

    async def meet(vault: Vault, asked: list[str]) -> dict[str, UUID]:
        async with database.tx(Principal.worker("persons")) as tx:
            return dict(zip(asked, await people.resolve(tx, vault, asked), strict=True))

    try:
        met = await asyncio.gather(*(meet(vault, numbers[n::2] + numbers[:n:2]) for n in range(4) for vault in vaults))
    finally:
        await database.stop()
        for vault in vaults:
            await vault.close()
    return [tuple(each[number] for each in met if number in each) for number in numbers]

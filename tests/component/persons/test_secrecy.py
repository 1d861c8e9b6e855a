"""Nothing that names a citizen can be read from a table or a log, and nothing is answered while the keys are away."""

import asyncio
import base64
import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import asyncpg
import httpx
import pytest

from deploy.local.databases import in_database
from tests.component.persons.numbers import new_number
from tests.component.persons.test_reading import question
from tests.component.persons.test_who_is_who import key, resolve, slug
from tests.stack import Stack

pytestmark = pytest.mark.component

JSON = {"content-type": "application/json"}
NAME, TEXT = "Kanariefugl Skovlyst", "Kanariefuglens mor har slået hende."


def in_every_writing(number: str) -> list[str]:
    """Return a number as it could stand somewhere: plain, with hyphen, in base64, in UTF-16, as a plain hash."""
    plain, hyphen = number, f"{number[:6]}-{number[6:]}"
    digests = [
        hashlib.sha256(f'{{"number":"{number}"}}'.encode()).hexdigest(),
        hashlib.sha256(number.encode()).hexdigest(),
    ]
    coded = [base64.b64encode(one.encode()).decode().rstrip("=") for one in (plain, hyphen)]
    wide = [one.encode("utf-16-le").hex() for one in (plain, hyphen)]
    return [plain, hyphen, plain.encode().hex(), hyphen.encode().hex(), *coded, *wide, *digests]


def everything_in(stack: Stack, database: str) -> str:
    """Return every row of every table, as text."""
    return asyncio.run(_everything_in(stack.keys_url if database == "persons_keys" else stack.database_url, database))


async def _everything_in(server: str, database: str) -> str:
    connection = await asyncpg.connect(in_database(server, database))
    tables = await connection.fetch("select tablename from pg_tables where schemaname = 'public'")
    rows = [row for (table,) in tables for (row,) in await connection.fetch(f'select t::text from "{table}" t')]
    await connection.close()
    assert rows
    return "\n".join(rows)


@pytest.mark.ledger("L-19")
def test_no_number_name_or_text_can_be_read_from_a_table_or_log(
    stack: Stack, persons: httpx.Client, register: httpx.Client
) -> None:
    number, second = new_number(), new_number()
    register.post("/facts", json={"persons": [{"number": number, "name": NAME, "born": "2014-05-05"}]})
    [canary] = resolve(persons, number)
    written = persons.post("/texts", json={"person_id": canary, "text": TEXT}, headers=key())
    persons.post(
        f"/people/{canary}/numbers", content=f'{{"number":"{second}"}}', headers=key() | JSON
    ).raise_for_status()
    persons.post("/people", json={"name": NAME, "address": NAME}, headers=key()).raise_for_status()
    persons.post("/household-facts", json={"person_ids": [canary]}).raise_for_status()
    read = persons.post("/read", json=question(canary, text_ids=[written.json()["text_id"]])).json()
    assert (read["persons"][0]["name"], read["texts"][0]["text"]) == (NAME, TEXT)
    secrets = [*in_every_writing(number), *in_every_writing(second), NAME, TEXT]
    secrets += [secret.encode().hex() for secret in (NAME, TEXT)]
    places = {name: everything_in(stack, name) for name in ("persons", "persons_keys")}
    places |= {name: stack.log(name) for name in ("persons", "register")}
    found = {(place, secret) for place, content in places.items() for secret in secrets if secret in content}
    assert not found


def test_a_copied_table_does_not_tell_whether_somebody_is_in_it(stack: Stack, persons: httpx.Client) -> None:
    number = new_number()
    resolve(persons, number)
    content = everything_in(stack, "persons")
    hashes = re.findall(r"\\x([0-9a-f]{64})\b", content)
    assert hashes
    assert hashlib.sha256(number.encode()).hexdigest() not in hashes


@contextmanager
def keys_away(stack: Stack) -> Iterator[None]:
    """Let nobody into the keys database for a while."""
    away = "select pg_terminate_backend(pid) from pg_stat_activity where datname = 'persons_keys'"
    try:
        asyncio.run(_as_admin(stack, "alter database persons_keys allow_connections false", away))
        yield
    finally:
        asyncio.run(_as_admin(stack, "alter database persons_keys allow_connections true"))


async def _as_admin(stack: Stack, *statements: str) -> None:
    admin = await asyncpg.connect(in_database(stack.keys_url, "postgres"))
    for statement in statements:
        await admin.execute(statement)
    await admin.close()


def test_while_the_keys_are_away_nothing_is_written_and_the_caller_is_told_when_to_come_back(
    stack: Stack, persons: httpx.Client
) -> None:
    number, known = new_number(), new_number()
    [somebody] = resolve(persons, known)
    with keys_away(stack):
        refused = persons.post("/resolve", json={"numbers": [number]})
        assert (refused.status_code, slug(refused)) == (503, "keys-away")
        assert int(refused.headers["retry-after"]) > 0
        assert persons.post("/read", json=question(somebody)).status_code == 503
        # Whom it knows already it finds without any key.
        assert resolve(persons, known) == [somebody]
    assert len(resolve(persons, number, known)) == 2


def test_the_metrics_speak_of_the_keys_server_and_are_there_while_it_is_away(
    stack: Stack, persons: httpx.Client
) -> None:
    both = {f'database_log_unsaved_seconds{{server="{server}"}} 0.0' for server in ("data", "keys")}
    assert both <= set(persons.get("/metrics").text.splitlines())
    with keys_away(stack):
        answer = persons.get("/metrics")
        assert (answer.status_code, "database_answers 1.0" in answer.text) == (200, True)


def test_while_the_register_is_away_the_caller_is_told_when_to_come_back(stack: Stack, persons: httpx.Client) -> None:
    [somebody] = resolve(persons, new_number())
    stack.stop_process("register")
    try:
        for path, body in (("/read", question(somebody)), ("/household-facts", {"person_ids": [somebody]})):
            refused = persons.post(path, json=body)
            assert (refused.status_code, slug(refused)) == (503, "register-away")
            assert int(refused.headers["retry-after"]) > 0
        assert resolve(persons, new_number())
    finally:
        stack.start_service("register")


def test_the_register_remembers_its_people_after_a_restart(
    stack: Stack, persons: httpx.Client, register: httpx.Client
) -> None:
    number = new_number()
    register.post("/facts", json={"persons": [{"number": number, "name": NAME, "born": "2014-05-05"}]})
    stack.kill("register")
    stack.start_service("register")
    [somebody] = resolve(persons, number)
    assert persons.post("/read", json=question(somebody)).json()["persons"][0]["name"] == NAME


def test_an_unknown_field_of_a_body_is_refused(persons: httpx.Client) -> None:
    refused = persons.post("/read", json=question(str(uuid4()), everything=True))
    assert slug(refused) == "invalid-input"

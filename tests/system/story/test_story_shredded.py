"""A journey's people are shredded: nobody reads them any more, not even from a backup of the data made before."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from deploy.local.backup import copy_cluster, restored
from deploy.local.processes import start, stop, wait_until
from deploy.local.ready import postgres_is_ready
from tests.system.played import FREE_TEXT, Played

pytestmark = [pytest.mark.system, pytest.mark.timeout(400), pytest.mark.ledger("L-18"), pytest.mark.ledger("L-19")]

GONE = {404, 410}
RESTORED, PERSONS_THEN, CONCERNS_THEN = 61, 62, 63
"""Offsets of the ports of what runs on the restored copy."""


@pytest.fixture(scope="module")
def shredded(played: Played) -> Played:
    """Copy the data of the story, and shred everybody in it; nothing is asked of the story itself after this."""
    assert FREE_TEXT in str(_text(played, "").json()), "before it is shredded, it can be read"
    assert _document(played, played.stack.url("concerns")).is_success
    asyncio.run(copy_cluster(played.servers[0], _copy(played)))
    for person in played.ids:
        _shred(played, person)
    wait_until(lambda: _document(played, played.stack.url("concerns")).status_code in GONE, "concerns has heard", 60)
    return played


def test_the_shredded_are_read_by_nobody(shredded: Played) -> None:
    assert {_read(shredded, person, "").status_code for person in shredded.ids} == {410}
    assert _text(shredded, "").status_code in GONE


def test_the_answer_says_when_no_copy_can_be_read_any_more(shredded: Played) -> None:
    assert _shred(shredded, shredded.ids[0]).json()["unreadable_by"]


def test_no_raw_file_holds_one(shredded: Played) -> None:
    assert shredded.files_with_canaries() == {}


def test_the_restored_backup_of_the_data_shows_nobody(shredded: Played) -> None:
    with _persons_of_then(shredded) as then:
        answers = [_read(shredded, person, then) for person in shredded.ids]
        assert [answer.status_code for answer in answers] == [200] * len(answers), "the copy still knows the ids"
        assert not any(shredded.scanner.hits(answer.content) for answer in answers)
        assert _text(shredded, then).status_code in GONE


def test_the_restored_backup_of_the_data_holds_no_readable_document(shredded: Played) -> None:
    with _on_the_copy(shredded) as server:
        env = {"DATABASE_URL": server}
        with _service(shredded, "concerns", CONCERNS_THEN, env) as then:
            answer = _document(shredded, then)
            assert answer.status_code in GONE, answer.text
            assert not shredded.scanner.hits(answer.content)


def _copy(played: Played) -> Path:
    return played.stack.run / "backups" / "data"


def _shred(played: Played, person: str) -> httpx.Response:
    body = {"reason": "erasure-ordered", "on_behalf_of": {"subject": "hanne-post", "authority": "politi-mvj"}}
    headers = played.service() | {"Idempotency-Key": f"shred-{person}"}
    address = f"{played.stack.url('persons')}/people/{person}/shred"
    return httpx.post(address, json=body, headers=headers, timeout=30).raise_for_status()


def _read(played: Played, person: str, base: str) -> httpx.Response:
    return _ask(played, {"person_ids": [person], "fields": ["cpr", "name", "born", "address"]}, base)


def _text(played: Played, base: str) -> httpx.Response:
    return _ask(played, {"text_ids": [str(played.text_id)]}, base)


def _ask(played: Played, body: dict[str, object], base: str) -> httpx.Response:
    grounds = {
        "purpose": "underretning",
        "case_id": played.ids[0],
        "on_behalf_of": {"subject": "mette-lund", "authority": "kommune-0657"},
    }
    address = f"{base or played.stack.url('persons')}/read"
    return httpx.post(address, json=body | grounds, headers=played.service(), timeout=30)


def _document(played: Played, base: str) -> httpx.Response:
    headers = played.stack.bearer("system", "kommune-0657", "boern")
    return httpx.get(base + played.document, params={"purpose": "underretning"}, headers=headers, timeout=30)


@contextmanager
def _persons_of_then(played: Played) -> Iterator[str]:
    """Run persons on the restored data, with the keys of today."""
    with _on_the_copy(played) as server, _service(played, "persons", PERSONS_THEN, {"DATABASE_URL": server}) as then:
        yield then


@contextmanager
def _on_the_copy(played: Played) -> Iterator[str]:
    port = played.stack.ports.base + RESTORED
    command, server = restored(_copy(played), "data", port), f"postgresql://127.0.0.1:{port}"
    process = start(command, played.stack.run / "log" / "restored.log")
    try:
        wait_until(lambda: postgres_is_ready(server), "the copy takes connections")
        yield server
    finally:
        stop(process, command.stop_signal)


@contextmanager
def _service(played: Played, name: str, offset: int, env: dict[str, str]) -> Iterator[str]:
    port, as_name = played.stack.ports.base + offset, f"{name}-then"
    base = f"http://127.0.0.1:{port}"
    played.stack.start_service(name, env | {"HTTP_PORT": str(port)}, as_name=as_name, wait=False)
    try:
        wait_until(lambda: _is_ready(base), f"{as_name} is ready", 60)
        yield base
    finally:
        played.stack.stop_process(as_name)


def _is_ready(base: str) -> bool:
    try:
        return httpx.get(f"{base}/health/ready", timeout=5).is_success
    except httpx.TransportError:
        return False

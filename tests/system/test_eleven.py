"""Eleven municipalities times eleven over HTTP: each reaches its own underretninger and mailbox, and nobody else's."""

import asyncio
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from contracts.codes import municipalities
from tests.component.concerns.families import Family, approved, found
from tests.stack import Stack
from tests.system.playing import World

pytestmark = [pytest.mark.system, pytest.mark.ledger("L-22"), pytest.mark.timeout(300)]

DISTRICT = sorted(one.code for one in municipalities().values() if one.in_district)
AT_ONCE = 12

COMMANDS: dict[str, dict[str, Any]] = {
    "receipt": {"sha256": "0" * 64},
    "acknowledge": {},
    "feedback": {"feedback_kind": "no_measures"},
    "close": {},
}
"""What a receiver may do; with its own it may be too early (409) or a wrong checksum (422), and never a stranger's."""

Sent = dict[str, str]
"""Each municipality's underretning."""


@pytest.fixture(scope="module")
def sent(stack: Stack) -> Iterator[Sent]:
    """Send each municipality an underretning about a child who lives there."""
    stack.start_services("register", "persons", "concerns", "exchange")
    world = World(stack)
    rows = found(world, *(Family(world, kommune=code) for code in DISTRICT))
    made = [approved(world, row) for row in rows]
    yield {one["receiver"]: one["underretning_id"] for one in made}
    world.http.close()


async def asked(
    http: httpx.AsyncClient,
    stack: Stack,
    who: tuple[str, str],
    path: str,
    body: object = None,
    service: str = "concerns",
) -> httpx.Response:
    """Ask as a municipality's caseworker or system."""
    headers = stack.bearer(who[0], f"kommune-{who[1]}", "boern", f"eleven-{'-'.join(who)}")
    headers |= {"Idempotency-Key": str(uuid4())}
    return await http.request("GET" if body is None else "POST", stack.url(service) + path, json=body, headers=headers)


def seen(answer: httpx.Response) -> tuple[int, dict[str, Any], dict[str, str]]:
    """Return all that a caller sees of an answer, but its trace and its time."""
    body = {name: value for name, value in answer.json().items() if name != "trace_id"}
    return answer.status_code, body, {name: value for name, value in answer.headers.items() if name != "date"}


async def test_each_reaches_its_own_underretning_and_no_other(stack: Stack, sent: Sent) -> None:
    assert sorted(sent) == DISTRICT
    leaks, shut, turns = [], [], asyncio.Semaphore(AT_ONCE)

    async def pair(http: httpx.AsyncClient, role: str, reader: str, owner: str) -> None:
        async with turns:
            for path, body in _requests():
                there = await asked(http, stack, (role, reader), f"/underretninger/{sent[owner]}{path}", body)
                place = f"{role} {reader} -> {owner} {path}"
                if reader == owner:
                    shut.extend([f"{place}: {there.status_code}"] if there.status_code in {403, 404} else [])
                else:
                    nowhere = await asked(http, stack, (role, reader), f"/underretninger/{uuid4()}{path}", body)
                    leaks.extend([f"{place}: {there.status_code}"] if seen(there) != seen(nowhere) else [])
                    leaks.extend([f"{place}: allowed"] if there.status_code != 404 else [])

    async with httpx.AsyncClient(timeout=60) as http:
        pairs = [(role, a, b) for role in ("caseworker", "system") for a in DISTRICT for b in DISTRICT]
        await asyncio.gather(*(pair(http, *one) for one in pairs))
    assert (leaks, shut) == ([], [])


def _requests() -> list[tuple[str, dict[str, Any] | None]]:
    return [
        ("?purpose=underretning", None),
        ("/status", None),
        *((f"/{name}", body) for name, body in COMMANDS.items()),
    ]


async def test_no_list_or_count_holds_anothers(stack: Stack, sent: Sent) -> None:
    leaks, queries = [], ["", "?limit=1", "?limit=1000", "?state=sent", "?state=acknowledged", "?state=closed"]
    async with httpx.AsyncClient(timeout=60) as http:
        for role in ("caseworker", "system"):
            for reader in DISTRICT:
                for query in queries:
                    answer = await asked(http, stack, (role, reader), f"/underretninger{query}")
                    ids = {row["underretning_id"] for row in answer.json()}
                    leaks += [(role, reader, query, one) for one in ids - {sent[reader]}]
                    leaks += [(role, reader, query, "none")] if query in {"", "?limit=1000"} and not ids else []
    assert leaks == []


async def test_each_reads_its_own_mailbox_and_no_other(stack: Stack, sent: Sent) -> None:
    leaks = []
    async with httpx.AsyncClient(timeout=60) as http:
        for reader in DISTRICT:
            nowhere = await asked(
                http, stack, ("system", reader), "/mailboxes/kommune-9999.boern/events", service="exchange"
            )
            for owner in DISTRICT:
                path = f"/mailboxes/kommune-{owner}.boern/events"
                answer = await asked(http, stack, ("system", reader), path, service="exchange")
                if reader != owner:
                    leaks += [(reader, owner)] if seen(answer) != seen(nowhere) or answer.status_code != 404 else []
                    continue
                about = {row["event"]["subject"] for row in answer.json()["events"] if row["event"]}
                leaks += [(reader, owner)] if about & (set(sent.values()) - {sent[owner]}) else []
    assert leaks == []


def test_the_ids_are_ids(sent: Sent) -> None:
    assert len({UUID(one) for one in sent.values()}) == len(DISTRICT)

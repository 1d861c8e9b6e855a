"""Who reads leaves one record, who is refused leaves one too, and everybody else leaves none."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import orjson
import pytest

from contracts.audit.v1 import AccessRecorded, AccessRefused
from tests.component.chassis.house import House, until
from tests.component.chassis.processes import Running, ready
from tests.component.chassis.test_http import post, problem
from tests.stack import Stack

READ, REFUSED = AccessRecorded.type(), AccessRefused.type()

NOTE = UUID(int=1)


@pytest.fixture(scope="module")
def telling(probe: Stack) -> Iterator[Running]:
    with ready(probe, "teller", 4) as one:
        yield one


@pytest.fixture
def outside(telling: Running, teller: House) -> Iterator[httpx.Client]:
    """Return somebody before an empty house."""
    with httpx.Client(base_url=telling.address, timeout=30) as client:
        yield client


def get(client: httpx.Client, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
    return client.get(path, headers=headers)


async def told(teller: House) -> list[tuple[str, dict[str, Any]]]:
    rows = await teller.rows("select type, value from event where type = any($1) order by place", [READ, REFUSED])
    return [(kind, orjson.loads(value)) for kind, value in rows]


async def written(probe: Stack, outside: httpx.Client, teller: House) -> UUID:
    note = uuid4()
    post(outside, f"/notes/{note}", headers=probe.bearer("system", "kommune-0657", "boern")).raise_for_status()
    await teller.eye.execute("delete from event")
    return note


async def test_a_read_leaves_one_record_of_who_and_whom(probe: Stack, outside: httpx.Client, teller: House) -> None:
    note = await written(probe, outside, teller)
    mette = probe.bearer("caseworker", "kommune-0657", "boern", "mette")
    assert get(outside, f"/notes/{note}", headers=mette).status_code == 200
    [(kind, value)] = await told(teller)
    said = (kind, value["subject"], value["authority"], value["office"], value["person_ids"], value["kind"])
    assert said == (READ, "mette", "kommune-0657", "boern", [str(note)], "consultation")


@pytest.mark.parametrize(
    ("role", "is_there", "status", "slug"),
    [
        ("operator", True, 403, "forbidden"),
        ("operator", False, 403, "forbidden"),
        ("caseworker", False, 404, "not-found"),
    ],
)
async def test_a_refusal_leaves_one_record_of_who_and_what(
    probe: Stack, outside: httpx.Client, teller: House, role: str, is_there: bool, status: int, slug: str
) -> None:
    note = await written(probe, outside, teller) if is_there else uuid4()
    answer = get(outside, f"/notes/{note}", headers=probe.bearer(role, "kommune-0791", "boern", "soren"))
    assert problem(answer) == (status, slug)
    [(kind, value)] = await told(teller)
    assert (kind, value["operation"], value["subject"], value["target_id"]) == (
        REFUSED,
        "note.read",
        "soren",
        str(note),
    )
    assert value["problem"] == slug


@pytest.mark.parametrize("path", ["/notes/no-id", f"/notes/{NOTE}?number=x", "/nowhere", f"/else/{NOTE}"])
async def test_what_asks_for_nobodys_data_leaves_no_record(
    probe: Stack, outside: httpx.Client, teller: House, path: str
) -> None:
    assert get(outside, path, headers=probe.bearer("caseworker", "kommune-0657")).status_code in {404, 422}
    assert await told(teller) == []


async def test_a_stranger_without_a_token_leaves_no_record(outside: httpx.Client, teller: House) -> None:
    assert problem(get(outside, f"/notes/{uuid4()}")) == (401, "not-signed-in")
    assert await told(teller) == []


async def test_a_refusal_that_cannot_be_recorded_is_not_answered(
    probe: Stack, outside: httpx.Client, teller: House
) -> None:
    operator = probe.bearer("operator", "samvirke")
    await teller.shut_out()
    try:
        assert problem(get(outside, f"/notes/{uuid4()}", headers=operator)) == (503, "temporarily-unavailable")
    finally:
        await teller.let_in()

    async def refused() -> bool:
        return get(outside, f"/notes/{uuid4()}", headers=operator).status_code == 403

    await until(refused, "the refusal is recorded and answered")

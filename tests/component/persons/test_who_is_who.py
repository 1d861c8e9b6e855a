"""Resolving numbers, several numbers, none, and merging; on the real service and its two databases."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from random import Random
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from deploy.local.databases import in_database
from tests.component.persons.numbers import new_number, new_numbers
from tests.stack import Stack

pytestmark = pytest.mark.component


def key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}


def resolve(persons: httpx.Client, *numbers: str) -> list[str]:
    answer = persons.post("/resolve", json={"numbers": numbers})
    answer.raise_for_status()
    ids: list[str] = answer.json()["ids"]
    return ids


def merge(persons: httpx.Client, survivor: str, merged: str, version: int) -> httpx.Response:
    body = {"merged_person_id": merged, "version": version}
    return persons.post(f"/people/{survivor}/merge", json=body, headers=key())


def slug(answer: httpx.Response) -> str:
    kind: str = answer.json()["type"]
    return kind.rpartition("/")[2]


@pytest.mark.ledger("L-19")
def test_a_number_gives_the_same_id_always_and_another_number_another(persons: httpx.Client) -> None:
    anna, bo = new_numbers(2)
    written = f"{anna[:6]}-{anna[6:]}"
    ids = resolve(persons, anna, bo, written, anna)
    assert ids == [ids[0], ids[1], ids[0], ids[0]]
    assert ids[0] != ids[1]
    assert resolve(persons, bo, anna) == [ids[1], ids[0]]
    assert all(UUID(one) for one in ids)


def test_batches_with_common_numbers_at_the_same_time_agree(persons: httpx.Client) -> None:
    random, numbers = Random(20260308), new_numbers(400)  # noqa: S311  a seed, so that a failure comes again
    batches = [random.sample(numbers, 300) for _ in range(12)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda batch: resolve(persons, *batch), batches))
    seen = {
        (number, one)
        for batch, ids in zip(batches, answers, strict=True)
        for number, one in zip(batch, ids, strict=True)
    }
    assert len({number for number, _ in seen}) == len(seen) == len({one for _, one in seen})


def test_ten_thousand_numbers_are_one_call_and_one_more_is_refused(persons: httpx.Client) -> None:
    numbers = new_numbers(10_000)
    assert len(set(resolve(persons, *numbers))) == 10_000
    refused = persons.post("/resolve", json={"numbers": [*numbers, new_number()]})
    assert (refused.status_code, slug(refused), refused.json()["most"]) == (422, "too-many-numbers", 10_000)


@pytest.mark.parametrize("wrong", ["9999991234", "nobody", "", 6101901234])
def test_what_is_no_number_is_refused_in_danish_and_never_said_back(persons: httpx.Client, wrong: object) -> None:
    refused = persons.post("/resolve", json={"numbers": [new_number(), wrong]})
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    assert slug(refused) in {"not-a-cpr-number", "invalid-input"}
    assert not wrong or str(wrong) not in refused.text


@pytest.mark.parametrize("role", ["system", "key_officer", "caseworker", "operator", "registrar"])
def test_only_services_are_answered(stack: Stack, persons_url: str, role: str) -> None:
    stranger = stack.bearer(role, "kommune-0657", "boern")
    for path in ("/resolve", "/read", "/household-facts"):
        assert httpx.post(persons_url + path, json={}, headers=stranger).status_code == 403
    assert httpx.post(f"{persons_url}/texts", json={}, headers=stranger | key()).status_code == 403
    assert httpx.post(f"{persons_url}/resolve", json={"numbers": []}).status_code == 401


def test_several_numbers_belong_to_one_person(persons: httpx.Client) -> None:
    before, after = new_numbers(2)
    [anna] = resolve(persons, before)
    for _ in range(2):
        attached = persons.post(f"/people/{anna}/numbers", json={"number": after}, headers=key())
        assert attached.json() == {"person_id": anna}
    assert resolve(persons, after, before) == [anna, anna]


def test_a_number_of_somebody_else_is_not_taken_over(persons: httpx.Client) -> None:
    number, other = new_numbers(2)
    anna, bo = resolve(persons, number, other)
    refused = persons.post(f"/people/{anna}/numbers", json={"number": other}, headers=key())
    assert (refused.status_code, slug(refused), refused.json()["current_id"]) == (409, "number-of-another-person", bo)
    assert other not in refused.text


def test_a_person_without_a_number_gets_an_id_and_later_a_number(persons: httpx.Client) -> None:
    created = persons.post("/people", json={"name": "Runa Skovlyst"}, headers=key())
    assert created.status_code == 201
    runa, number = created.json()["person_id"], new_number()
    assert persons.post(f"/people/{runa}/numbers", json={"number": number}, headers=key()).is_success
    assert resolve(persons, number) == [runa]


def test_the_same_key_creates_one_person(persons: httpx.Client) -> None:
    again = key()
    answers = [persons.post("/people", json={"name": "Runa Skovlyst"}, headers=again) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    other = persons.post("/people", json={"name": "Ylva Skovlyst"}, headers=again)
    assert (other.status_code, slug(other)) == (422, "idempotency-key-reused")


def test_after_a_merge_every_number_gives_the_survivor_through_any_chain(persons: httpx.Client) -> None:
    numbers = new_numbers(3)
    anna, bo, carl = resolve(persons, *numbers)
    assert merge(persons, bo, anna, 0).json() == {"person_id": bo, "version": 1}
    assert merge(persons, carl, bo, 0).json() == {"person_id": carl, "version": 2}
    assert resolve(persons, *numbers) == [carl] * 3


def test_a_merge_tells_every_id_that_ended_in_order(persons: httpx.Client, stack: Stack) -> None:
    anna, bo, carl = resolve(persons, *new_numbers(3))
    merge(persons, bo, anna, 0)
    merge(persons, carl, bo, 0)
    assert asyncio.run(_told(stack, carl)) == [(1, anna), (2, bo)]


async def _told(stack: Stack, survivor: str) -> list[tuple[int, str]]:
    connection = await asyncpg.connect(in_database(stack.database_url, "persons"))
    told = await connection.fetch(
        "select aggregate_version, value::json ->> 'merged_person_id' as merged from event"
        " where aggregate_id = $1 order by aggregate_version",
        UUID(survivor),
    )
    await connection.close()
    return [(row["aggregate_version"], row["merged"]) for row in told]


def test_merging_twice_is_harmless_and_a_merged_id_is_never_used_again(persons: httpx.Client) -> None:
    anna, bo, carl = resolve(persons, *new_numbers(3))
    assert merge(persons, anna, bo, 0).json()["version"] == 1
    assert merge(persons, anna, bo, 0).json()["version"] == 1
    refused = merge(persons, bo, carl, 0)
    assert (refused.status_code, slug(refused), refused.json()["current_id"]) == (409, "already-merged", anna)


def test_a_stale_version_an_unknown_person_and_the_same_person_are_refused(persons: httpx.Client) -> None:
    anna, bo = resolve(persons, *new_numbers(2))
    stale = merge(persons, anna, bo, 4)
    assert (stale.status_code, slug(stale), stale.json()["current"]) == (409, "stale-version", 0)
    unknown = merge(persons, anna, str(uuid4()), 0)
    assert (unknown.status_code, slug(unknown)) == (404, "unknown-person")
    assert slug(merge(persons, anna, anna, 0)) == "same-person"


def test_two_merges_at_the_same_time_leave_no_chain(persons: httpx.Client) -> None:
    for _ in range(5):
        numbers = new_numbers(3)
        anna, bo, carl = resolve(persons, *numbers)
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda pair: merge(persons, pair[0], pair[1], 0), [(bo, anna), (carl, bo)]))
        now = resolve(persons, *numbers)
        # Either both happened, or the second one found its person merged already.
        assert now in ([carl] * 3, [anna, carl, carl], [bo, bo, carl])

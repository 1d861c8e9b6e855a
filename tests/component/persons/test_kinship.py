"""Kinship over HTTP: yes or no, for services, recorded; and no second CPR grows from the question."""

import asyncio
from uuid import uuid4

import asyncpg
import httpx
import pytest

from deploy.local.databases import in_database
from tests.component.persons.numbers import new_numbers
from tests.component.persons.test_household_facts import SINCE, home, load
from tests.component.persons.test_reading import recorded
from tests.component.persons.test_who_is_who import merge, resolve
from tests.stack import Stack

pytestmark = pytest.mark.component


def related(persons: httpx.Client, person_id: str, *to: str, case_id: object = None) -> bool:
    body = {"person_id": person_id, "to": to, "case_id": str(case_id or uuid4())}
    answer: bool = persons.post("/related", json=body).raise_for_status().json()["related"]
    return answer


def test_somebody_is_related_to_themselves_to_the_household_and_to_those_with_whom_they_share_a_child(
    persons: httpx.Client, register: httpx.Client
) -> None:
    mother, partner, child, father, stranger = numbers = new_numbers(5)
    load(
        register,
        numbers,
        custody=[{"child": child, "holder": holder, "from": SINCE} for holder in (mother, father)],
        dwellings=[
            home(mother, f"{mother}/1"),
            home(partner, f"{mother}/1"),
            home(child, f"{mother}/1"),
            home(father, f"{father}/1"),
            home(stranger, f"{stranger}/1"),
        ],
    )
    her, partner_id, child_id, father_id, stranger_id = resolve(persons, *numbers)
    assert all(related(persons, her, other) for other in (her, partner_id, child_id, father_id))
    assert related(persons, father_id, stranger_id, her)
    assert not related(persons, father_id, partner_id)
    assert not related(persons, stranger_id, her, child_id, partner_id, father_id)


def test_a_merged_id_is_the_same_person(persons: httpx.Client) -> None:
    before, after = resolve(persons, *new_numbers(2))
    assert not related(persons, before, after)
    merge(persons, after, before, 0).raise_for_status()
    assert related(persons, before, after)
    assert related(persons, after, before)


def test_an_id_that_persons_does_not_know_lives_with_nobody_whom_it_knows(persons: httpx.Client) -> None:
    [somebody] = resolve(persons, *new_numbers(1))
    assert not related(persons, str(uuid4()), somebody)
    assert not related(persons, somebody, str(uuid4()))


@pytest.mark.ledger("L-13")
def test_the_question_is_recorded_with_everybody_whom_it_named(stack: Stack, persons: httpx.Client) -> None:
    (one, other), case_id = resolve(persons, *new_numbers(2)), uuid4()
    related(persons, one, other, case_id=case_id)
    [record] = recorded(stack, case_id)
    assert (record["operation"], record["kind"]) == ("person.related", "combination")
    assert record["person_ids"] == [one, other]


@pytest.mark.ledger("L-19")
def test_no_relative_gets_a_row_a_key_or_a_hash_by_the_question(
    stack: Stack, persons: httpx.Client, register: httpx.Client
) -> None:
    asked, other, relative = numbers = new_numbers(3)
    load(
        register,
        numbers,
        custody=[{"child": relative, "holder": asked, "from": SINCE}],
        dwellings=[home(asked, f"{asked}/1"), home(relative, f"{asked}/1")],
    )
    one, two = resolve(persons, asked, other)
    before = asyncio.run(counted(stack))
    assert not related(persons, one, two)
    assert asyncio.run(counted(stack)) == before


async def counted(stack: Stack) -> list[int]:
    """Return how many persons, numbers, holds and keys there are."""
    places = {"person": "persons", "number": "persons", "person_hold": "persons", "data_key": "persons_keys"}
    counts = []
    for table, database in places.items():
        server = stack.keys_url if database == "persons_keys" else stack.database_url
        connection = await asyncpg.connect(in_database(server, database))
        counts.append(await connection.fetchval(f"select count(*) from {table}"))
        await connection.close()
    return counts


@pytest.mark.parametrize("role", ["caseworker", "system", "operator"])
def test_only_services_may_ask(stack: Stack, persons_url: str, role: str) -> None:
    stranger = stack.bearer(role, "kommune-0657", "boern")
    body = {"person_id": str(uuid4()), "to": [str(uuid4())], "case_id": str(uuid4())}
    assert httpx.post(f"{persons_url}/related", json=body, headers=stranger).status_code == 403

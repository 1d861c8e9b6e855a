"""Reading who somebody is: for a service, with purpose, case and reader, recorded, and never a protected address."""

import asyncio
import json
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from deploy.local.databases import in_database
from tests.component.persons.numbers import new_number
from tests.component.persons.test_who_is_who import key, merge, resolve, slug
from tests.stack import Stack

pytestmark = pytest.mark.component

EVERYTHING = ["cpr", "name", "born", "address"]
READER = {"subject": "mette-lund", "authority": "kommune-0657", "office": "boern"}


def question(*person_ids: str, **changed: object) -> dict[str, object]:
    return {
        "person_ids": person_ids,
        "fields": EVERYTHING,
        "purpose": "underretning",
        "case_id": str(uuid4()),
        "on_behalf_of": READER,
    } | changed


def known_to(register: httpx.Client, *, protected: bool = False) -> str:
    """Let the register know a new person; returns the number."""
    number = new_number()
    person = {
        "number": number,
        "name": "Runa Skovlyst",
        "born": "2014-05-05",
        "address": "Ravnsøgade 7, 1. tv, Herning",
        "protected_address": protected,
    }
    register.post("/facts", json={"persons": [person]}).raise_for_status()
    return number


def test_a_service_reads_who_somebody_is(persons: httpx.Client, register: httpx.Client) -> None:
    number = known_to(register)
    [runa] = resolve(persons, number)
    answer = persons.post("/read", json=question(runa))
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["persons"] == [
        {
            "person_id": runa,
            "current_id": runa,
            "protected_address": False,
            "cpr": [number],
            "name": "Runa Skovlyst",
            "born": "2014-05-05",
            "address": "Ravnsøgade 7, 1. tv, Herning",
        }
    ]


def test_a_protected_address_is_never_answered_the_mark_is(persons: httpx.Client, register: httpx.Client) -> None:
    [runa] = resolve(persons, known_to(register, protected=True))
    answer = persons.post("/read", json=question(runa))
    assert "Ravnsøgade" not in answer.text
    [person] = answer.json()["persons"]
    assert (person["protected_address"], person["address"]) == (True, None)


def test_an_address_that_becomes_protected_is_protected_at_once(persons: httpx.Client, register: httpx.Client) -> None:
    number = known_to(register)
    [runa] = resolve(persons, number)
    assert persons.post("/read", json=question(runa)).json()["persons"][0]["address"]
    person = {"number": number, "name": "Runa Skovlyst", "born": "2014-05-05", "protected_address": True}
    register.post("/facts", json={"persons": [person | {"address": "Ravnsøgade 7, 1. tv, Herning"}]})
    assert not persons.post("/read", json=question(runa)).json()["persons"][0]["address"]


def test_a_person_without_a_number_is_read_from_what_was_written(persons: httpx.Client) -> None:
    stranger = {"name": "Ylva Udsholt", "address": "Månestrålen 3, Skive", "protected_address": True}
    ylva = persons.post("/people", json=stranger, headers=key()).json()["person_id"]
    [person] = persons.post("/read", json=question(ylva)).json()["persons"]
    assert (person["name"], person["address"], person["cpr"]) == ("Ylva Udsholt", None, [])


def test_a_merged_id_reads_as_the_survivor(persons: httpx.Client, register: httpx.Client) -> None:
    number, stranger = known_to(register), {"name": "R. Skovlyst"}
    [runa] = resolve(persons, number)
    other = persons.post("/people", json=stranger, headers=key()).json()["person_id"]
    assert merge(persons, runa, other, 0).is_success
    [person] = persons.post("/read", json=question(other)).json()["persons"]
    assert (person["person_id"], person["current_id"]) == (other, runa)
    assert (person["name"], person["cpr"]) == ("Runa Skovlyst", [number])


@pytest.mark.parametrize(
    ("missing", "said"),
    [("purpose", "purpose-missing"), ("case_id", "case-missing"), ("on_behalf_of", "on-behalf-of-missing")],
)
def test_a_read_without_its_grounds_is_refused(persons: httpx.Client, missing: str, said: str) -> None:
    [runa] = resolve(persons, new_number())
    body = {name: value for name, value in question(runa).items() if name != missing}
    refused = persons.post("/read", json=body)
    assert (refused.status_code, slug(refused)) == (422, said)


def test_an_unknown_purpose_person_or_text_is_refused(persons: httpx.Client) -> None:
    assert slug(persons.post("/read", json=question(purpose="curiosity"))) == "invalid-input"
    assert slug(persons.post("/read", json=question(str(uuid4())))) == "unknown-person"
    assert slug(persons.post("/read", json=question(text_ids=[str(uuid4())]))) == "unknown-text"


def recorded(stack: Stack, case_id: object) -> list[dict[str, Any]]:
    """Return what was recorded of one case."""
    return asyncio.run(_recorded(stack, UUID(str(case_id))))


async def _recorded(stack: Stack, case_id: UUID) -> list[dict[str, Any]]:
    connection = await asyncpg.connect(in_database(stack.database_url, "persons"))
    rows = await connection.fetch(
        "select value::json as value from event where correlation_id = $1 and type like '%AccessRecorded%'",
        case_id,
    )
    await connection.close()
    return [json.loads(row["value"]) for row in rows]


def test_every_read_is_recorded_with_who_whom_and_why(
    stack: Stack, persons: httpx.Client, register: httpx.Client
) -> None:
    ids = resolve(persons, known_to(register), known_to(register))
    asked = question(*ids)
    assert persons.post("/read", json=asked).is_success
    [record] = recorded(stack, asked["case_id"])
    assert record["operation"] == "person.read"
    assert (record["stated_purpose"], record["on_behalf_of"]) == ("underretning", "mette-lund")
    assert set(record["person_ids"]) == set(ids)
    assert record["authority"] == "samvirke"


def test_who_joined_two_ids_is_recorded(stack: Stack, persons: httpx.Client) -> None:
    anna, bo = resolve(persons, new_number(), new_number())
    assert merge(persons, anna, bo, 0).is_success
    [(operation, subject)] = asyncio.run(_changes_of(stack, anna))
    assert (operation, subject) == ("person.merge", "test-service-samvirke")


async def _changes_of(stack: Stack, person_id: str) -> list[tuple[str, str]]:
    connection = await asyncpg.connect(in_database(stack.database_url, "persons"))
    rows = await connection.fetch(
        "select value::json ->> 'operation', value::json ->> 'subject' from event"
        " where type like '%AccessRecorded%' and value like '%' || $1 || '%'",
        person_id,
    )
    await connection.close()
    return [(operation, subject) for operation, subject in rows]


def test_a_refused_read_leaves_no_record(stack: Stack, persons: httpx.Client) -> None:
    asked = question(text_ids=[str(uuid4())])
    assert persons.post("/read", json=asked).status_code == 404
    assert recorded(stack, asked["case_id"]) == []


def test_a_text_about_a_person_is_kept_and_read_by_its_id(persons: httpx.Client) -> None:
    [runa] = resolve(persons, new_number())
    again = key()
    body = {"person_id": runa, "text": "Runa fortæller, at hun ikke tør gå hjem."}
    written = [persons.post("/texts", json=body, headers=again) for _ in range(2)]
    assert written[0].status_code == 201
    assert written[0].json() == written[1].json()
    text_id = written[0].json()["text_id"]
    answer = persons.post("/read", json=question(text_ids=[text_id])).json()
    assert answer == {"persons": [], "texts": [{"text_id": text_id, **body}]}


def test_a_text_about_nobody_is_refused(persons: httpx.Client) -> None:
    body = {"person_id": str(uuid4()), "text": "…"}
    assert slug(persons.post("/texts", json=body, headers=key())) == "unknown-person"

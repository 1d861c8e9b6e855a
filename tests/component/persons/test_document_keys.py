"""Keys for documents: one for each person and document, the same each time, and none for who is shredded."""

from base64 import b64decode
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.component.persons.numbers import new_numbers
from tests.component.persons.test_reading import READER, recorded
from tests.component.persons.test_who_is_who import merge, resolve, slug
from tests.stack import Stack

pytestmark = pytest.mark.component


def asked(document_id: object, *person_ids: str, **changed: object) -> dict[str, Any]:
    return {
        "document_id": str(document_id),
        "person_ids": person_ids,
        "purpose": "underretning",
        "case_id": str(uuid4()),
        "on_behalf_of": READER,
    } | changed


def keys_for(persons: httpx.Client, document_id: object, *person_ids: str) -> dict[str, str]:
    answer = persons.post("/document-keys", json=asked(document_id, *person_ids)).raise_for_status()
    assert answer.headers["cache-control"] == "no-store"
    keys: dict[str, str] = answer.json()["keys"]
    return keys


@pytest.mark.ledger("L-19")
def test_each_person_has_a_key_for_each_document_the_same_each_time(persons: httpx.Client) -> None:
    anna, bo = resolve(persons, *new_numbers(2))
    document, other = uuid4(), uuid4()
    keys = keys_for(persons, document, anna, bo)
    assert set(keys) == {anna, bo}
    assert all(len(b64decode(key)) == 32 for key in keys.values())
    assert keys_for(persons, document, bo) == {bo: keys[bo]}
    assert len({*keys.values(), *keys_for(persons, other, anna, bo).values()}) == 4


def test_a_merged_id_keeps_its_key_so_that_older_documents_open(persons: httpx.Client) -> None:
    anna, bo = resolve(persons, *new_numbers(2))
    document = uuid4()
    before = keys_for(persons, document, anna, bo)
    merge(persons, bo, anna, 0).raise_for_status()
    assert keys_for(persons, document, anna, bo) == before


@pytest.mark.ledger("L-13")
def test_the_keys_are_an_access_and_recorded_as_one(stack: Stack, persons: httpx.Client) -> None:
    anna, bo = resolve(persons, *new_numbers(2))
    question = asked(uuid4(), anna, bo)
    persons.post("/document-keys", json=question).raise_for_status()
    [record] = recorded(stack, question["case_id"])
    assert (record["operation"], record["kind"]) == ("document.keys", "consultation")
    assert (record["on_behalf_of"], record["on_behalf_of_authority"]) == ("mette-lund", "kommune-0657")
    assert record["person_ids"] == [anna, bo]


@pytest.mark.parametrize(
    ("missing", "said"),
    [("purpose", "purpose-missing"), ("case_id", "case-missing"), ("on_behalf_of", "on-behalf-of-missing")],
)
def test_without_its_grounds_no_key_is_given(persons: httpx.Client, missing: str, said: str) -> None:
    [anna] = resolve(persons, *new_numbers(1))
    body = {name: value for name, value in asked(uuid4(), anna).items() if name != missing}
    assert slug(persons.post("/document-keys", json=body)) == said


def test_unknown_persons_too_many_and_strangers_are_refused(
    stack: Stack, persons: httpx.Client, persons_url: str
) -> None:
    assert slug(persons.post("/document-keys", json=asked(uuid4(), str(uuid4())))) == "unknown-person"
    many = asked(uuid4(), *(str(uuid4()) for _ in range(1001)))
    assert slug(persons.post("/document-keys", json=many)) == "too-many-persons"
    stranger = stack.bearer("caseworker", "kommune-0657", "boern")
    assert httpx.post(f"{persons_url}/document-keys", json=asked(uuid4()), headers=stranger).status_code == 403

"""Persons, met, shredded and asked for as another service does, and looked for in both databases."""

from typing import Any
from uuid import UUID, uuid4

import httpx

from tests.drill.stage import Stage

READER = {"subject": "drill", "authority": "kommune-0657", "office": "boern"}
ORDER = {"reason": "erasure-ordered", "on_behalf_of": READER}


def meet(stage: Stage, number: str) -> UUID:
    """Return the id of a number, which is somebody new the first time."""
    return UUID(_ask(stage, "/resolve", {"numbers": [number]}).raise_for_status().json()["ids"][0])


def shred(stage: Stage, person: UUID) -> None:
    """Have a person's key destroyed."""
    _ask(stage, f"/people/{person}/shred", ORDER).raise_for_status()


def is_gone(stage: Stage, person: UUID) -> bool:
    """Tell whether whoever asks for a person is told that they were shredded."""
    question = {"person_ids": [str(person)], "fields": ["cpr"], "purpose": "identity", "case_id": str(uuid4())}
    return _ask(stage, "/read", question | {"on_behalf_of": READER}).status_code == httpx.codes.GONE


def living(stage: Stage) -> set[UUID]:
    """Return of whom the data do not say that they were shredded."""
    rows = stage.sql("persons", "select person_id from person where shred_due_at is null")
    return {UUID(str(row["person_id"])) for row in rows}


def with_numbers(stage: Stage) -> set[UUID]:
    """Return whom the data know by a number."""
    return {UUID(str(row["person_id"])) for row in stage.sql("persons", "select person_id from number")}


def with_keys(stage: Stage) -> set[UUID]:
    """Return who has a key."""
    rows = stage.sql("persons_keys", "select person_id from data_key", kind="keys")
    return {UUID(str(row["person_id"])) for row in rows}


def _ask(stage: Stage, path: str, body: dict[str, Any]) -> httpx.Response:
    headers = stage.stack.bearer("service", "samvirke") | {"Idempotency-Key": str(uuid4())}
    return httpx.post(stage.stack.url("persons") + path, json=body, headers=headers, timeout=30)

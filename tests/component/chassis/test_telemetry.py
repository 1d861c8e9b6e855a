"""One trace tells a command and all that it sets off; neither spans nor logs hold what an error said."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from chassis.telemetry import ATTRIBUTES
from tests.component.chassis.house import House, until
from tests.component.chassis.processes import Running, ready
from tests.probe.v1 import NoteWritten
from tests.stack import Stack

SECRET = 71_614_099

Span = dict[str, Any]


class Told:
    """Both services as processes, and what they told of themselves."""

    def __init__(self, file: Path, teller: Running, hearer: Running, client: httpx.Client) -> None:
        self.file = file
        self.teller = teller
        self.hearer = hearer
        self.client = client

    def write(self, number: int, headers: dict[str, str] | None = None) -> httpx.Response:
        """Write a note."""
        with_key = {"Idempotency-Key": uuid4().hex} | (headers or {})
        return self.client.post(f"/notes/{uuid4()}", json={"number": number}, headers=with_key)

    def spans(self) -> list[Span]:
        """Return all spans so far."""
        return [json.loads(line) for line in self.file.read_text().splitlines()] if self.file.exists() else []

    async def trace_with(self, name: str, attribute: str = "", value: object = None) -> list[Span]:
        """Return the trace that holds such a span, once it does."""
        found: list[Span] = []

        async def is_there() -> bool:
            spans = self.spans()
            for span in spans:
                if span["name"] == name and (not attribute or span["attributes"].get(attribute) == value):
                    found[:] = [one for one in spans if one["context"]["trace_id"] == span["context"]["trace_id"]]
            return bool(found)

        await until(is_there, f"span {name}", 30)
        return found


@pytest.fixture(scope="module")
def both(probe: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """Start both services once for this module."""
    file = tmp_path_factory.mktemp("spans") / "spans.jsonl"
    env = {"SPAN_FILE": str(file)}
    with (
        ready(probe, "teller", 4, env) as telling,
        ready(probe, "hearer", 5, env) as hearing,
        httpx.Client(
            base_url=telling.address, headers=probe.bearer("system", "kommune-0657", "boern"), timeout=30
        ) as client,
    ):
        yield Told(file, telling, hearing, client)


@pytest.fixture
def told(both: Told, teller: House, hearer: House) -> Told:
    """Return both services before empty houses."""
    return both


async def test_one_trace_from_the_command_to_its_effect_elsewhere(told: Told) -> None:
    outside = f"00-{uuid4().hex}-{uuid4().hex[:16]}-01"
    answer = told.write(1, {"traceparent": outside})
    case = answer.json()["note_id"]
    for name in (f"process {NoteWritten.topic()}", "POST /notes/{note_id}"):
        # Each process writes its own spans, in its own time.
        trace = await told.trace_with(name, "samvirke.case", case)
    named = {span["name"]: span for span in trace}
    server, created, processed = (
        named["POST /notes/{note_id}"],
        named[f"create {NoteWritten.topic()}"],
        named[f"process {NoteWritten.topic()}"],
    )
    assert server["context"]["trace_id"] == f"0x{outside[3:35]}"
    assert created["parent_id"] == server["context"]["span_id"]
    assert processed["parent_id"] == created["context"]["span_id"]
    assert {span["resource"]["attributes"]["service.name"] for span in trace} == {"teller", "hearer"}
    assert {span["attributes"].get("samvirke.case") for span in (server, created, processed)} == {case}


async def test_a_failure_tells_its_kind_and_nothing_that_it_said(told: Told, teller: House, hearer: House) -> None:
    await hearer.eye.execute("create unique index once on heard (number)")
    await teller.eye.execute("alter table note add constraint small check (number < 1000000) not valid")
    try:
        assert told.write(SECRET).status_code == 500
        for _ in range(2):
            assert told.write(4099).status_code == 200
        await until(lambda: hearer.eye.fetchval("select count(*) > 0 from parked_message"), "parked")
        name = f"process {NoteWritten.topic()}"
        await told.trace_with(name, "error.type", "UniqueViolationError")
        await told.trace_with("POST /notes/{note_id}", "http.response.status_code", 500)
    finally:
        await hearer.eye.execute("drop index once")
        await teller.eye.execute("alter table note drop constraint small")
    everything = told.file.read_text() + told.teller.log.read_text() + told.hearer.log.read_text()
    for said in (str(SECRET), "(number)=", "duplicate key", "violates", "Failing row"):
        assert said not in everything
    assert all(span["status"].get("description") is None and not span["events"] for span in told.spans())


async def test_spans_carry_only_what_the_register_lists(told: Told) -> None:
    told.write(1)
    told.client.get("/nowhere/0101709999")
    told.client.request("PROPFIND", "/nowhere/0101709999")
    await told.trace_with(f"process {NoteWritten.topic()}")
    await told.trace_with("_OTHER unknown")
    spans = told.spans()
    assert {name for span in spans for name in span["attributes"]} <= ATTRIBUTES
    assert "0101709999" not in told.file.read_text()
    assert "0101709999" not in told.teller.get("/metrics").text


async def test_logs_are_json_with_the_trace_they_belong_to(told: Told, hearer: House) -> None:
    await hearer.eye.execute("alter table heard rename to gone")
    try:
        told.write(1)
        await until(lambda: hearer.eye.fetchval("select count(*) > 0 from parked_message"), "parked")
    finally:
        await hearer.eye.execute("alter table gone rename to heard")
    lines = [json.loads(line) for line in told.hearer.log.read_text().splitlines()]
    parked = [line for line in lines if line["message"] == "parked a record"]
    assert parked[-1] == parked[-1] | {
        "level": "WARNING",
        "service": "hearer",
        "cause": "UndefinedTableError 42P01",
        "topic": NoteWritten.topic(),
    }


async def test_a_failed_request_can_be_found_by_its_trace_in_the_log(told: Told, teller: House) -> None:
    await teller.eye.execute("alter table note rename to gone")
    try:
        answer = told.write(1)
    finally:
        await teller.eye.execute("alter table gone rename to note")
    lines = [json.loads(line) for line in told.teller.log.read_text().splitlines()]
    failed = [line for line in lines if line["message"] == "a request failed"][-1]
    assert failed["trace_id"] == answer.json()["trace_id"]
    assert re.fullmatch(r"[0-9a-f]{32}", failed["trace_id"])
    assert failed["error"] == asyncpg.UndefinedTableError.__name__

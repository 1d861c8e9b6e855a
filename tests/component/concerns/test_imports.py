"""Registrations come in as a stream: resumable, idempotent, a bad line reported while the rest goes on."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.component.concerns.families import Family, deliver, events, in_service
from tests.system.playing import REGISTRAR, World

pytestmark = pytest.mark.component


@pytest.fixture(autouse=True)
def _fresh(world: World) -> None:
    in_service(world)


@pytest.mark.ledger("O-6.1-22")
def test_a_bad_line_is_reported_by_number_and_reason_and_the_rest_goes_on(world: World) -> None:
    family = Family(world)
    without = {name: value for name, value in family.line("r2").items() if name != "source_reference"}
    lines: list[dict[str, Any] | str] = [
        family.line("r1"),
        without,
        family.line("r3") | {"cpr": "9999990000"},
        family.line("r4", code="ZZZ"),
        family.line("r5", mode="exercise"),
        "{not json",
        family.line("r6", source_reference=f"sag {family.child}"),
        family.line("r7", source_reference=f"sag-{family.child}"),
        family.line("r8", occurred_on="2026-03-25") | {"registered_at": "2026-03-24T10:00:00+01:00"},
        family.line("r9"),
    ]
    report = deliver(world, *lines)
    assert (report["accepted"], report["refused"], report["next_line"]) == (2, 8, 11)
    assert {fault["line"]: fault["reason"] for fault in report["faults"]} == {
        2: "source-reference-missing",
        3: "not-a-cpr-number",
        4: "unknown-code",
        5: "exercise-refused",
        6: "invalid-json",
        7: "invalid-string-pattern-mismatch",
        8: "personal-data-in-reference",
        9: "registered-before-it-occurred",
    }
    assert family.child not in json.dumps(report)


def test_a_delivery_goes_on_where_it_stopped(world: World) -> None:
    family, one = Family(world), str(uuid4())
    lines = [family.line(f"r{number}") for number in range(1, 6)]
    deliver(world, *lines[:3], to=one)
    path = f"/registrations/imports/{one}"
    assert world.ask("GET", path, REGISTRAR)["next_line"] == 4
    assert deliver(world, *lines[3:], to=one, from_line=4)["accepted"] == 5
    assert deliver(world, *lines, to=one)["accepted"] == 5, "lines that were dealt with are passed over"
    gap = world.send("POST", path, REGISTRAR, content=json.dumps(lines[0]), params={"from_line": 9})
    assert (gap.status_code, gap.json()["type"].rpartition("/")[2]) == (409, "gap-in-delivery")
    assert gap.json()["next_line"] == 6
    told = [event for event in events(world, "RegistrationsImported") if event["import_id"] == one]
    assert [event["lines"] for event in told] == [3, 5]


def test_anothers_delivery_looks_like_a_missing_one(world: World) -> None:
    one = str(uuid4())
    deliver(world, Family(world).line(), to=one)
    stranger = world.send("GET", f"/registrations/imports/{one}", ("registrar", "politi-nord"))
    missing = world.send("GET", f"/registrations/imports/{uuid4()}", REGISTRAR)
    assert stranger.status_code == missing.status_code == 404
    assert world.send("GET", f"/registrations/imports/{one}", ("system", "kommune-0657")).status_code == 403


def test_the_same_line_again_is_nothing_and_a_lower_revision_may_come_later(world: World) -> None:
    family = Family(world)
    second, first = family.line("r1", 2, "G03"), family.line("r1", 1, "G02")
    assert deliver(world, second, second)["repeated"] == 1
    assert deliver(world, second, first)["accepted"] == 1
    assert world.sql("select count(*) from registration") == 2


def test_two_deliveries_at_once_keep_every_line_once(world: World) -> None:
    family = Family(world)
    lines = [family.line(f"r{number}") for number in range(400)]
    with ThreadPoolExecutor(4) as pool:
        same = str(uuid4())
        jobs = [pool.submit(deliver, world, *lines, to=to) for to in (same, same, None, None)]
        reports = [job.result() for job in jobs]
    assert world.sql("select count(*) from registration") == 400
    assert all(report["next_line"] == 401 for report in reports)
    assert (
        sum(
            world.sql("select accepted from import where import_id = $1", report["import_id"]) for report in reports[1:]
        )
        == 400
    )


def test_a_line_of_100_mb_is_refused_and_never_held(world: World) -> None:
    family, one = Family(world), str(uuid4())
    before = resident(world)

    def body() -> Iterator[bytes]:
        yield json.dumps(family.line("r1")).encode() + b"\n"
        yield from (b"x" * 1_000_000 for _ in range(100))
        yield b"\n" + json.dumps(family.line("r2")).encode()

    answer = world.send("POST", f"/registrations/imports/{one}", REGISTRAR, content=body())
    assert answer.status_code == 413
    problem = answer.json()
    assert (problem["type"].rpartition("/")[2], problem["line"], problem["next_line"]) == ("line-too-long", 2, 3)
    assert resident(world) - before < 30_000_000
    report = deliver(world, family.line("r2"), to=one, from_line=3)
    assert (report["accepted"], report["refused"]) == (2, 1)


def resident(world: World) -> int:
    process = world.stack.processes["concerns"].pid
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * 4096


@pytest.mark.ledger("O-6.1-24")
def test_an_unlisted_registration_is_counted_and_leaves_nothing_about_anybody(world: World) -> None:
    family, known = Family(world), people(world)
    report = deliver(world, family.line("r1", code="X07"), family.line("r2", code="X07"), family.line("r3", code="X08"))
    assert (report["dropped"], report["accepted"]) == (3, 0)
    assert world.sql("select count(*) from registration") == 0
    assert people(world) == known, "no number was resolved"
    assert world.sql("select json_object_agg(code, count)::text from dropped_count") == '{ "X07" : 2, "X08" : 1 }'


def people(world: World) -> int:
    """Count those whom persons knows: resolving a new number would make one more."""
    return int(world.sql_in("persons", "select count(*) from person"))


def test_a_revision_that_leaves_the_list_takes_the_earlier_one_out(world: World) -> None:
    family = Family(world)
    deliver(world, family.line("r1"), family.line("r1", 2, "X09"))
    kept = world.sql("select row_to_json(r)::text from registration r where revision = 2")
    row = json.loads(kept)
    assert row["status"] == "unlisted"
    assert row["person_id"] is row["code"] is row["occurred_on"] is None


def test_nothing_is_taken_while_persons_is_away(world: World) -> None:
    world.stack.stop_process("persons")
    try:
        one = str(uuid4())
        content = json.dumps(Family(world).line())
        answer = world.send("POST", f"/registrations/imports/{one}", REGISTRAR, content=content)
        assert answer.status_code == 503
        assert "Retry-After" in answer.headers
        assert world.ask("GET", f"/registrations/imports/{one}", REGISTRAR)["next_line"] == 1
    finally:
        world.stack.start_service("persons")


def test_a_stream_that_breaks_keeps_whole_batches_and_no_half_line(world: World) -> None:
    family, one = Family(world), str(uuid4())

    def broken() -> Iterator[bytes]:
        for number in range(2500):
            yield json.dumps(family.line(f"r{number}")).encode() + b"\n"
        raise httpx.ReadError("the line broke")

    with pytest.raises(httpx.HTTPError):
        world.send("POST", f"/registrations/imports/{one}", REGISTRAR, content=broken())
    taken = world.wait_for(
        "the first batch", lambda: world.ask("GET", f"/registrations/imports/{one}", REGISTRAR)["accepted"]
    )
    assert 2000 <= taken < 2500
    assert world.sql("select count(*) from registration") == taken

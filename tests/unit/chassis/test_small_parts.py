"""Ids, literals and log lines."""

import json
import logging
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.database import literal
from chassis.ids import new_id
from chassis.logs import JsonLines


def test_ids_are_version_7_and_grow_with_time() -> None:
    before = time.time_ns() // 1_000_000
    ids = [new_id() for _ in range(2000)]
    after = time.time_ns() // 1_000_000
    assert {(one.version, one.variant) for one in ids} == {(7, "specified in RFC 4122")}
    assert len(set(ids)) == 2000
    stamps = [one.int >> 80 for one in ids]
    assert stamps == sorted(stamps)
    assert before <= stamps[0] <= stamps[-1] <= after


@given(st.text(st.characters(exclude_characters="\x00")))
def test_a_literal_opens_and_closes_once(text: str) -> None:
    written = literal(text)
    assert written[0] == written[-1] == "'"
    assert written[1:-1].replace("''", "") == text.replace("'", "")
    assert written[1:-1].replace("''", "'") == text


def test_a_literal_without_a_place_in_a_database_is_refused() -> None:
    with pytest.raises(ValueError, match="NUL"):
        literal("a\x00b")


def line_of(record: logging.LogRecord) -> dict[str, object]:
    line = JsonLines("concerns").format(record)
    assert "\n" not in line
    found: dict[str, object] = json.loads(line)
    return found


def test_a_log_line_keeps_the_kind_and_places_of_an_error_and_not_its_text() -> None:
    try:
        int("Peter Hansen")
    except ValueError:
        record = logging.LogRecord("a", logging.ERROR, __file__, 1, "failed", None, sys.exc_info())
    line = line_of(record)
    assert (line["message"], line["error"], line["service"]) == ("failed", "ValueError", "concerns")
    assert "test_small_parts.py" in str(line["places"])
    assert "Peter" not in str(line)


def test_what_asyncio_says_of_a_forgotten_task_is_cut_before_its_error() -> None:
    said = "Task exception was never retrieved\nfuture: <Task exception=LookupError('Peter Hansen')>"
    record = logging.LogRecord("asyncio", logging.ERROR, __file__, 1, said, None, None)
    assert line_of(record)["message"] == "Task exception was never retrieved"


def test_what_is_said_beside_the_message_stands_under_its_name() -> None:
    record = logging.makeLogRecord({"msg": "parked a record", "topic": "t", "cause": "LookupError"})
    line = line_of(record)
    assert (line["topic"], line["cause"]) == ("t", "LookupError")

"""One play of the story: README shows what it prints, and the numbers, names and addresses in it stand nowhere."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.story.journey import HERNING
from tests.system.played import Played

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]

README = Path(__file__).parents[3] / "README.md"


def test_readme_shows_what_the_story_prints(played: Played) -> None:
    shown = README.read_text().partition("<!-- story -->")[2].partition("<!-- /story -->")[0]
    lines = [line.strip() for line in shown.splitlines() if line.strip() and not line.startswith("```")]
    assert lines
    assert [_without_numbers(line) for line in lines] == [_without_numbers(line) for line in played.said]


def _without_numbers(line: str) -> str:
    """Leave out what differs from play to play: ids, ports, dates, counts, the rules that hold besides R1."""
    line = re.sub(r"^\d+\. ", "", line)
    line = re.sub(r"found by [R0-9, ]+", "found by rules", line)
    return re.sub(r"\d+", "N", re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID", line))


def test_a_cases_story_names_every_topic_in_which_it_stands(played: Played) -> None:
    case = played.journey.case(HERNING)
    command = ["-m", "deploy.local", "run", "--", "-m", "chassis.operations", "case", "--id", case]
    told = subprocess.run([sys.executable, *command], check=True, capture_output=True, text=True).stdout
    assert "UnderretningSent" in told
    assert "in samvirke.mailbox.kommune-0657.boern.v1@" in told
    assert "NOT in" not in told
    assert not played.scanner.hits(told.encode())


def test_the_journey_did_carry_the_numbers(played: Played) -> None:
    document = played.journey.world.get("concerns", played.document, ("system", "kommune-0657"), purpose="underretning")
    assert played.scanner.hits(str(document).encode()) > 0
    assert played.scanner.hits_in_file(played.register_file) > 0


@pytest.mark.ledger("L-19")
def test_no_raw_file_of_broker_database_logs_or_spans_holds_one(played: Played) -> None:
    assert played.files_with_canaries() == {}


def test_who_has_a_duty_stands_in_no_file_of_broker_logs_or_spans(played: Played) -> None:
    assert played.told_with_people_on_duty() == {}


async def test_who_has_a_duty_stands_in_tables_of_alerting_and_of_the_staff_alone(played: Played) -> None:
    found = [one.rpartition(".") for one in await played.tables_with_people_on_duty()]
    assert {table for _, _, table in found} >= {"staff", "contact_route", "member", "member_contact"}
    own = {table for database, _, table in found if database.endswith("/beredskabsstab")}
    assert own == {"member", "member_contact"}
    assert {database.rpartition("/")[2] for database, _, _ in found} == {"alerting", "beredskabsstab"}


async def test_no_row_of_any_table_holds_one(played: Played) -> None:
    assert await played.tables_with_canaries() == []


async def test_no_record_of_any_topic_holds_one(played: Played) -> None:
    assert await played.topics_with_canaries() == []

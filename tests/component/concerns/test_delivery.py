"""An underretning at its receiver: fetched with a purpose, receipted, acknowledged, answered; and all recorded."""

import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest

from tests.component.concerns.families import (
    HERNING,
    VIBORG,
    Family,
    approved,
    deliver,
    events,
    found,
    in_service,
    searched,
)
from tests.system.playing import OFFICER, World

pytestmark = pytest.mark.component

FOR = {"purpose": "underretning"}


@pytest.fixture
def family(world: World) -> Family:
    return Family(world)


@pytest.fixture
def path(world: World, family: Family) -> str:
    [candidate] = found(world, family)
    return f"/underretninger/{approved(world, candidate)['underretning_id']}"


def problem(world: World, method: str, path: str, who: tuple[str, ...], **more: Any) -> tuple[int, str]:  # noqa: ANN401
    answer = world.send(method, path, who, **more)
    return answer.status_code, answer.json()["type"].rpartition("/")[2]


def fetched(world: World, path: str) -> bytes:
    answer = world.send("GET", path, HERNING, params=FOR)
    assert answer.is_success, answer.text
    return answer.content


def receipt(world: World, path: str) -> None:
    sha256 = hashlib.sha256(fetched(world, path)).hexdigest()
    world.ask("POST", f"{path}/receipt", HERNING, json={"sha256": sha256})


@pytest.mark.ledger("O-6.1-27", "L-06", "L-10")
def test_the_document_holds_what_an_underretning_must_hold(world: World, family: Family, path: str) -> None:
    document = json.loads(fetched(world, path))
    assert document["law"]["basis"] == "barnets-lov-133"
    assert document["law"]["ground"]["code"] == "support_need"
    assert document["child"]["name"] == f"Barn-{family.serial}-"
    assert document["child"]["cpr"] == [family.child]
    assert [one["name"] for one in document["guardians"]] == [f"Mor-{family.serial}-"]
    [event] = document["observations"]
    assert (event["what"], event["role"]) == ("Simpel vold, nære relationer", "sigtet")
    assert event["source_reference"] == f"sag-{family.serial}-r1"
    for group in (
        "sender",
        "receiver",
        "relation",
        "concern",
        "family_contact",
        "acute",
        "explanation",
        "earlier_words",
    ):
        assert document[group], group
    assert document["mark"] == "Demonstration, ikke en myndighed"


def test_fetching_twice_gives_the_same_bytes_and_changes_nothing(world: World, path: str) -> None:
    before = world.ask("GET", f"{path}/status", HERNING)
    assert fetched(world, path) == fetched(world, path)
    assert world.ask("GET", f"{path}/status", HERNING) == before
    records = [event for event in events(world, "AccessRecorded") if event["operation"] == "underretning.read"]
    assert len(records) == 2
    assert {(one["authority"], one["stated_purpose"], len(one["person_ids"])) for one in records} == {
        ("kommune-0657", "underretning", 2)
    }


@pytest.mark.ledger("O-6.1-26")
def test_an_expected_child_is_notified_about_by_its_mother(world: World) -> None:
    family = Family(world)
    in_service(world)
    deliver(world, family.settle().line(code="G09", pregnant=True))
    searched(world)
    [candidate] = world.ask("GET", "/candidates", OFFICER)
    assert (candidate["rules"], candidate["unborn"]) == (["R5"], True)
    told = approved(world, candidate)
    document = json.loads(fetched(world, f"/underretninger/{told['underretning_id']}"))
    assert (told["receiver"], document["child"]["unborn"]) == ("0657", True)
    assert document["child"]["name"] == f"Mor-{family.serial}-"
    assert [one["name"] for one in document["siblings"]] == [f"Barn-{family.serial}-"]


def test_a_protected_address_stands_nowhere_and_the_mark_travels(world: World) -> None:
    [candidate] = found(world, Family(world, protected=True))
    document = fetched(world, f"/underretninger/{approved(world, candidate)['underretning_id']}").decode()
    assert json.loads(document)["protected_address"] is True


def test_nobody_reads_without_purpose_or_anothers(world: World, path: str) -> None:
    assert problem(world, "GET", path, HERNING) == (400, "purpose-missing")
    assert problem(world, "GET", path, HERNING, params={"purpose": "curiosity"}) == (422, "unknown-code")
    assert problem(world, "GET", path, HERNING, params={"purpose": "socialsoeg"}) == (403, "purpose-not-allowed")
    other_office = ("system", "kommune-0657", "rusmiddel")
    for stranger in (VIBORG, other_office):
        assert problem(world, "GET", path, stranger, params=FOR) == (404, "not-found")
        assert problem(world, "POST", f"{path}/acknowledge", stranger, json={}) == (404, "not-found")
    assert world.ask("GET", "/underretninger", VIBORG) == []
    assert len(world.ask("GET", "/underretninger", HERNING)) == 1
    assert problem(world, "GET", path, OFFICER, params=FOR) == (403, "not-on-work-list")


def test_while_persons_is_away_a_fetch_is_asked_to_come_again_and_discloses_nothing(world: World, path: str) -> None:
    world.stack.stop_process("persons")
    try:
        answer = world.send("GET", path, HERNING, params=FOR)
        assert answer.status_code == 503
        assert "Retry-After" in answer.headers
        assert not [event for event in events(world, "AccessRecorded") if event["operation"] == "underretning.read"]
    finally:
        world.stack.start_service("persons")


@pytest.mark.ledger("L-07", "L-08")
def test_a_receipt_starts_the_clocks_and_a_wrong_one_starts_nothing(world: World, path: str) -> None:
    assert problem(world, "POST", f"{path}/acknowledge", HERNING, json={}) == (409, "not-delivered")
    wrong = {"sha256": "0" * 64}
    assert problem(world, "POST", f"{path}/receipt", HERNING, json=wrong) == (422, "receipt-mismatch")
    assert world.ask("GET", f"{path}/status", HERNING)["state"] == "sent"
    receipt(world, path)
    receipt(world, path)
    status = world.ask("GET", f"{path}/status", HERNING)
    assert status["state"] == "delivered"
    assert status["assess_by_words"].startswith("Kommunens egen vurdering: senest tirsdag den 31. marts 2026 kl. 06.")
    [told] = events(world, "UnderretningDelivered")
    # Received on Monday 30 March 2026; Easter takes four of the days after it.
    assert told["acknowledge_by"] == "2026-04-10T22:00:00Z"


def test_the_life_goes_on_to_feedback_and_an_end(world: World, path: str) -> None:
    receipt(world, path)
    assert problem(world, "POST", f"{path}/feedback", HERNING, json={"feedback_kind": "no_measures"}) == (
        409,
        "not-acknowledged",
    )
    assert problem(world, "POST", f"{path}/close", HERNING, json={}) == (409, "not-acknowledged")
    first = world.ask("POST", f"{path}/acknowledge", HERNING)
    assert world.ask("POST", f"{path}/acknowledge", HERNING, json={}) == first
    assert problem(world, "POST", f"{path}/feedback", HERNING, json={"feedback_kind": "gossip"}) == (
        422,
        "unknown-code",
    )
    world.ask("POST", f"{path}/feedback", HERNING, json={"feedback_kind": "measures_started"})
    world.ask("POST", f"{path}/close", HERNING)
    assert world.ask("GET", f"{path}/status", HERNING)["state"] == "closed"
    assert problem(world, "POST", f"{path}/close", HERNING, json={}) == (409, "underretning-not-open")
    assert len(events(world, "UnderretningAcknowledged")) == 1
    assert len(events(world, "UnderretningFeedbackGiven")) == 1


@pytest.mark.ledger("L-08")
def test_a_missing_acknowledgement_is_told_once_when_its_time_has_passed(world: World, path: str) -> None:
    receipt(world, path)
    due = world.sql("select acknowledge_by from underretning")
    world.sql("delete from deadline where kind = 'weekly_search'")
    world.move_clock(due - timedelta(minutes=1))
    assert not events(world, "UnderretningAcknowledgementOverdue")
    world.move_clock(due)
    world.wait_for("the overdue event", lambda: events(world, "UnderretningAcknowledgementOverdue"))
    world.move_clock(due + timedelta(days=30))
    world.ask("POST", f"{path}/acknowledge", HERNING)
    assert len(events(world, "UnderretningAcknowledgementOverdue")) == 1


def test_no_table_of_concerns_holds_a_number_or_a_name(world: World, family: Family, path: str) -> None:
    fetched(world, path)
    tables = json.loads(
        world.sql(
            "select json_agg(relname) from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
        )
    )
    for table in tables:
        held = world.sql(f'select coalesce(string_agg(t::text, chr(10)), $1) from "{table}" t', "")
        assert family.child not in held, table
        assert family.mother not in held, table
        assert f"Barn-{family.serial}-" not in held, table

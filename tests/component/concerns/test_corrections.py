"""What the source changes after sending is told to whom it was sent, by a person; and then it may be told anew."""

import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest

from tests.component.concerns.families import HERNING, WEEK, Family, approved, deliver, events, found, searched
from tests.system.playing import APPROVER, OFFICER, World

pytestmark = pytest.mark.component

FOR = {"purpose": "underretning"}


@pytest.fixture
def family(world: World) -> Family:
    return Family(world)


@pytest.fixture
def sent(world: World, family: Family) -> str:
    [candidate] = found(world, family)
    told: str = approved(world, candidate)["underretning_id"]
    return told


def waiting(world: World) -> list[dict[str, Any]]:
    behind = "select exists (select from told_revision t join registration r using (registration)"
    world.wait_for("the comparison", lambda: not world.sql(behind + " where r.revision > t.judged)"))
    rows: list[dict[str, Any]] = world.ask("GET", "/corrections?state=found", OFFICER)
    return rows


def send(world: World, row: dict[str, Any], **body: object) -> dict[str, Any]:
    path = f"/corrections/{row['correction_id']}/send"
    told: dict[str, Any] = world.ask("POST", path, APPROVER, json={"version": row["version"], **body})
    return told


def document(world: World, underretning_id: str) -> dict[str, Any]:
    read: dict[str, Any] = world.ask("GET", f"/underretninger/{underretning_id}", HERNING, params=FOR)
    return read


def test_a_dispute_is_told_and_so_is_its_end(world: World, family: Family, sent: str) -> None:
    deliver(world, family.line(revision=2, status="disputed"))
    [row] = waiting(world)
    assert (row["kind"], row["receiver"], row["underretning_id"]) == ("correction", "0657", sent)
    told = send(world, row)
    read = document(world, told["underretning_id"])
    assert read["corrects"]["underretning_id"] == sent
    assert [one["code"] for one in read["changes"][0]["what_changed"]] == ["disputed"]
    assert read["changes"][0]["now"] is None
    assert read["to_do"] == ["Brug ikke oplysningerne om registreringen, før politiet skriver igen."]
    deliver(world, family.line(revision=3))
    [row] = waiting(world)
    settled = document(world, send(world, row)["underretning_id"])
    assert [one["code"] for one in settled["changes"][0]["what_changed"]] == ["settled"]
    assert not waiting(world)
    kinds = [event["kind"] for event in events(world, "UnderretningSent")]
    assert kinds == ["new", "correction", "correction"]


def test_a_dispute_that_ends_before_anybody_sent_it_is_not_told(world: World, family: Family, sent: str) -> None:
    deliver(world, family.line(revision=2, status="disputed"))
    assert waiting(world)
    deliver(world, family.line(revision=3))
    assert not waiting(world)
    assert len(events(world, "UnderretningSent")) == 1
    assert world.sql("select state from correction") == "dropped", sent


def test_a_retraction_asks_about_the_family_and_says_what_to_delete(world: World, family: Family, sent: str) -> None:
    deliver(world, family.line(revision=2, status="withdrawn"))
    [row] = waiting(world)
    path = f"/corrections/{row['correction_id']}/send"
    refused = world.send("POST", path, APPROVER, json={})
    assert refused.json()["type"].endswith("family-notice-missing")
    assert world.send("POST", path, OFFICER, json={"family": "by_police"}).status_code == 403
    told = send(world, row, family="by_municipality")
    read = document(world, told["underretning_id"])
    assert read["correction_words"] == "Politiet trækker en underretning tilbage. Grundlaget for den er faldet bort."
    assert read["to_do"] == ["Slet underretningen og det, som kommunen har noteret på grundlag af den."]
    assert "§ 17" in read["paragraph"]
    assert read["family"]["code"] == "by_municipality"
    assert read["child"]["name"] == f"Barn-{family.serial}-"
    again = world.send("POST", path, APPROVER, json={"family": "by_police"})
    assert again.json()["type"].endswith("correction-decided")
    assert [event["kind"] for event in events(world, "UnderretningSent")] == ["new", "retraction"]
    assert world.sql("select retracted_at is not null from underretning where underretning_id = $1", sent)


def test_a_correction_is_receipted_and_acknowledged_like_any_other(world: World, family: Family, sent: str) -> None:
    deliver(world, family.line(revision=2, status="withdrawn"))
    [row] = waiting(world)
    path = f"/underretninger/{send(world, row, family='not_needed')['underretning_id']}"
    assert sent not in path
    page = world.send("GET", path, HERNING, params=FOR | {"format": "html"}).text
    for said in (
        "Tilbagekaldelse af en underretning om et barn",
        "Slet underretningen",
        "§ 17",
        f"Mor-{family.serial}-",
    ):
        assert said in page
    assert world.send("GET", path, HERNING, params=FOR | {"format": "pdf"}).content.startswith(b"%PDF")
    body = world.send("GET", path, HERNING, params=FOR).content
    world.ask("POST", f"{path}/receipt", HERNING, json={"sha256": hashlib.sha256(body).hexdigest()})
    world.ask("POST", f"{path}/acknowledge", HERNING)
    assert world.ask("GET", f"{path}/status", HERNING)["state"] == "acknowledged"


def test_what_was_retracted_may_be_told_again_as_new(world: World, family: Family, sent: str) -> None:
    deliver(world, family.line(revision=2, status="withdrawn"))
    [row] = waiting(world)
    send(world, row, family="not_needed")
    deliver(world, family.line(revision=3))
    searched(world, WEEK.next())
    [candidate] = world.ask("GET", "/candidates?state=found", OFFICER)
    told = approved(world, candidate)
    assert (told["kind"], told["refers_to"]) == ("new", [])
    assert told["underretning_id"] != sent


def test_no_correction_holds_a_number_or_a_name(world: World, family: Family, sent: str) -> None:
    deliver(world, family.line(revision=2, code="G04", occurred_on=str(WEEK.monday + timedelta(2))))
    [row] = waiting(world)
    shown = world.ask("GET", f"/corrections/{row['correction_id']}", OFFICER)
    assert shown["because"] == [f"f{family.serial}-r1"]
    told = send(world, row)
    assert document(world, told["underretning_id"])["changes"][0]["now"]["what"] == "Alvorligere/særlig alvorlig vold"
    kept = json.dumps(shown) + str(events(world, "UnderretningSent"))
    kept += world.sql("select string_agg(c::text, ' ') from correction c")
    for secret in (family.mother, family.child, f"Barn-{family.serial}-"):
        assert secret not in kept, sent

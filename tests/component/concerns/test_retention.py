"""What is kept no longer is deleted when its time has come; what somebody works on is not, however old it is."""

import asyncio
import hashlib
from datetime import date, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from deploy.local.databases import in_database
from services.concerns.domain.calendar import end_of_day
from tests.component.concerns.families import HERNING, WEEK, Family, approved, deliver, events, found, searched
from tests.system.playing import APPROVER, OFFICER, SERVICE, World

pytestmark = [pytest.mark.component, pytest.mark.ledger("L-18")]

ADVISER = ("data_protection", "politi-mvj", "", "adviser")
SECOND_ADVISER = ("data_protection", "politi-mvj", "", "another-adviser")
OPERATOR = ("operator", "samvirke")
FOR = {"purpose": "underretning"}
GROWN = end_of_day(date(2034, 6, 2))
"""When the child of a family is 18: born on 2 June 2016."""


@pytest.fixture
def family(world: World) -> Family:
    return Family(world)


def later(world: World, at: datetime) -> None:
    """Let time pass without any weekly run; what is due within the move has then been done."""
    world.sql("delete from deadline where kind = 'weekly_search'")
    world.move_clock(at)
    world.wait_for(
        "the deadlines", lambda: not world.sql("select exists (select from deadline where due_at < clock())")
    )


def count(world: World, table: str, where: str = "true") -> int:
    rows: int = world.sql(f"select count(*) from {table} where {where}")
    return rows


def graves(world: World, kind: str) -> int:
    return count(world, "tombstone", f"kind = '{kind}'")


def rejected(world: World, candidate: dict[str, Any]) -> None:
    body = {"outcome": "not_relevant", "reason": "no_concern"}
    world.ask("POST", f"/candidates/{candidate['candidate_id']}/review", OFFICER, json=body)


def handled(world: World, underretning_id: str) -> None:
    """Let the municipality do all that it does."""
    path = f"/underretninger/{underretning_id}"
    body = world.send("GET", path, HERNING, params=FOR).content
    world.ask("POST", f"{path}/receipt", HERNING, json={"sha256": hashlib.sha256(body).hexdigest()})
    world.ask("POST", f"{path}/acknowledge", HERNING)


def test_a_dismissed_candidate_goes_after_thirty_days_and_one_that_waits_stays(world: World, family: Family) -> None:
    dismissed, waiting = found(world, family, Family(world))
    rejected(world, dismissed)
    decided = world.sql("select decided_at from candidate where candidate_id = $1", dismissed["candidate_id"])
    later(world, decided + timedelta(days=30, minutes=-1))
    assert count(world, "candidate") == 2
    assert graves(world, "candidate") == 0
    later(world, decided + timedelta(days=30))
    assert world.sql("select candidate_id from candidate") == world.sql("select $1::uuid", waiting["candidate_id"])
    assert (graves(world, "candidate"), graves(world, "case")) == (1, 1)
    assert len(events(world, "CaseErased")) == 1
    assert len(events(world, "CandidateFound")) == 1
    assert len(events(world, "CandidateReviewed")) == 0
    assert [one["kind"] for one in events(world, "AccessRecorded") if one["operation"] == "retention.erase"]
    later(world, decided + timedelta(days=3000))
    assert count(world, "candidate") == 1


def test_an_underretning_is_kept_until_the_child_is_grown_and_while_it_is_open(world: World, family: Family) -> None:
    first, second = found(world, family, Family(world))
    handled(world, approved(world, first)["underretning_id"])
    unanswered = approved(world, second)["underretning_id"]
    later(world, GROWN - timedelta(minutes=1))
    assert count(world, "underretning") == 2
    later(world, GROWN)
    assert str(world.sql("select underretning_id from underretning")) == unanswered
    assert (graves(world, "underretning"), graves(world, "candidate"), graves(world, "case")) == (1, 1, 1)
    assert len(events(world, "UnderretningSent")) == 1
    handled(world, unanswered)
    later(world, GROWN + timedelta(days=31))
    assert count(world, "underretning") == 0
    assert len(events(world, "CaseErased")) == 2


def test_a_runs_papers_go_after_thirty_days_and_then_it_cannot_be_run_again(world: World, family: Family) -> None:
    found(world, family)
    search = world.ask("POST", "/searches", OFFICER, json={"week": str(WEEK)})["search_id"]
    completed = world.sql("select completed_at from search")
    later(world, completed + timedelta(days=30))
    for table in ("search_fact", "search_scope", "search_asked", "search_child", "search_excluded"):
        assert count(world, table) == 0, table
    again = world.send("POST", "/searches", OFFICER, json={"week": str(WEEK)})
    assert (again.status_code, again.json()["type"].rpartition("/")[2]) == (409, "run-papers-erased")
    shown = world.ask("GET", f"/searches/{search}", OFFICER)
    assert shown["result_sha256"]
    assert "result" not in shown


def test_a_registration_goes_when_nothing_can_use_it_and_its_persons_are_let_go(world: World, family: Family) -> None:
    kept = Family(world)
    candidates = found(world, family, kept)
    mother = world.sql("select person_id from registration where registration = $1", f"f{family.serial}-r1")
    about = {one["candidate_id"]: world.ask("GET", f"/candidates/{one['candidate_id']}", OFFICER) for one in candidates}
    [dismissed] = [one for one in candidates if about[one["candidate_id"]]["current"] == [f"f{family.serial}-r1"]]
    rejected(world, dismissed)
    window = datetime(2031, 3, 24, 12).astimezone() + timedelta(days=36)
    later(world, window - timedelta(days=2))
    assert count(world, "registration") == 2
    later(world, window + timedelta(days=1))
    assert world.sql("select registration from registration") == f"f{kept.serial}-r1"
    assert graves(world, "registration") == 1
    later(world, window + timedelta(days=3))
    released = [person for event in events(world, "PersonsReleased") for person in event["person_ids"]]
    assert str(mother) in released
    assert len(released) == len(set(released))
    held = world.sql("select array_agg(person_id::text) from candidate")
    assert not set(held) & set(released)


def shredded(world: World, person: str, order: dict[str, Any]) -> None:
    """Have a person shredded; while its keys' server is away, persons asks to be asked again."""
    more: dict[str, Any] = {"json": order, "headers": {"Idempotency-Key": f"shred-{person}"}}
    path = f"/people/{person}/shred"
    world.wait_for("the promise", lambda: world.send("POST", path, SERVICE, "persons", **more).is_success)


def test_a_shredded_child_leaves_tombstones_and_a_shredded_adult_no_registration(world: World, family: Family) -> None:
    other = Family(world)
    [one, two] = found(world, family, other)
    sent = approved(world, one)
    child = world.sql("select person_id from underretning")

    [left] = [each for each in (family, other) if not world.sql(_TOLD, f"f{each.serial}-r1", sent["underretning_id"])]
    mother = world.sql("select person_id from registration where registration = $1", f"f{left.serial}-r1")
    for person in (child, mother):
        order = {
            "reason": "erasure-ordered",
            "on_behalf_of": {"subject": "adviser", "authority": "politi-mvj", "office": ""},
        }
        shredded(world, person, order)
    world.wait_for("the shredding", lambda: count(world, "registration") == 1 and not count(world, "underretning"))
    assert graves(world, "underretning") == graves(world, "case") == graves(world, "registration") == 1
    explained = world.sql("select explanation from candidate where candidate_id = $1", two["candidate_id"])
    assert not [sentence for sentence in explained if f"(f{left.serial}-r1)" in sentence]
    papers = "select exists (select from search_fact where person_id = any($1) or fact->>'holder' = any($2))"
    assert not world.sql(papers, [child, mother], [str(child), str(mother)])


_TOLD = "select $1 = any(registrations) from underretning where underretning_id = $2::uuid"


def test_two_advisers_erase_a_case_that_was_taken_back(world: World, family: Family) -> None:
    [candidate] = found(world, family)
    approved(world, candidate)
    case_id = world.sql("select case_id from underretning")
    path, order = f"/cases/{case_id}/erase", {"reason": "retracted"}
    assert world.send("POST", path, ADVISER, json=order).json()["type"].endswith("not-retracted")
    deliver(world, family.line(revision=2, status="withdrawn"))
    world.wait_for("the retraction", lambda: world.ask("GET", "/corrections?state=found", OPERATOR))
    [row] = world.ask("GET", "/corrections?state=found", OFFICER)
    world.ask("POST", f"/corrections/{row['correction_id']}/send", APPROVER, json={"family": "by_municipality"})
    assert world.send("POST", path, OFFICER, json=order).status_code == 403
    assert world.ask("POST", path, ADVISER, json=order)["state"] == "ordered"
    assert world.send("POST", path, ADVISER, json=order).json()["type"].endswith("same-orderer")
    other = world.send("POST", path, SECOND_ADVISER, json={"reason": "wrongly_made"})
    assert other.json()["type"].endswith("erasure-order-differs")
    assert count(world, "underretning") == 2
    assert world.ask("POST", path, SECOND_ADVISER, json=order)["state"] == "confirmed"
    world.wait_for("the erasure", lambda: not count(world, "underretning"))
    assert (graves(world, "underretning"), graves(world, "case"), count(world, "correction")) == (2, 1, 0)
    assert world.sql("select reason from tombstone where kind = 'case'") == "ordered-retracted"
    assert count(world, "event", f"correlation_id = '{case_id}' and type not like '%.Access%'") == 1
    logged = [one for one in events(world, "AccessRecorded") if one["operation"] == "case.erase"]
    assert [one["kind"] for one in logged] == ["erasure", "erasure"]
    assert world.send("POST", path, ADVISER, json=order).status_code == 404


def test_what_is_kept_is_seen_in_counts(world: World, family: Family) -> None:
    found(world, family)
    shown = world.ask("GET", "/retention", OPERATOR)
    assert (shown["held"]["candidate"]["rows"], shown["held"]["run_papers"]["rows"]) == (1, 1)
    assert shown["held"]["run_papers"]["next_due"]
    assert shown["erased_30_days"] == {}
    assert family.mother not in str(shown)
    assert world.ask("GET", "/retention", ADVISER)["held"].keys() == shown["held"].keys()
    assert world.send("GET", "/retention", OFFICER).status_code == 403


def test_no_history_goes_without_a_tombstone_of_the_same_transaction(world: World, family: Family) -> None:
    found(world, family)
    case_id = world.sql("select case_id from candidate")
    address = in_database(world.stack.database_url, "concerns")

    async def erase() -> int:
        connection = await asyncpg.connect(address)
        try:
            await connection.execute(
                "insert into tombstone (kind, id, reason, rule) values ('case', $1, 'test', 'test')", case_id
            )
            async with connection.transaction():
                return int(await connection.fetchval("select erase_history('case', $1)", case_id))
        finally:
            await connection.close()

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        asyncio.run(erase())
    assert len(events(world, "CandidateFound")) == 1
    assert searched(world)["result_sha256"]

"""The run of a week: it claims rows and compares no times, goes on after a crash, and runs weeks in their order."""

import asyncio
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest

from deploy.local.databases import in_database
from deploy.local.provision import admin_url
from services.concerns.domain.calendar import Week
from tests.component.concerns.conftest import QUICK
from tests.component.concerns.families import WEEK, Family, deliver, events, found, in_service, searched
from tests.system.playing import APPROVER, OFFICER, World

pytestmark = pytest.mark.component

OPERATOR = ("operator", "samvirke")


def run(world: World, week: Week) -> tuple[int, str]:
    """Ask for a week's run and return how it was answered."""
    answer = world.send("POST", "/searches", OPERATOR, json={"week": str(week)})
    return answer.status_code, answer.json().get("type", "").rpartition("/")[2]


def current(found_run: dict[str, object]) -> list[str]:
    rows = found_run["result"]["candidates"]  # type: ignore[index]
    return sorted(name for row in rows for name in row["current"])


@pytest.mark.ledger("O-6.1-23")
def test_what_is_committed_while_the_run_claims_belongs_to_the_next_exactly_once(world: World) -> None:
    """An import in flight: its stamp is before the run, its commit after. A horizon by time would lose it."""
    in_service(world)
    early, late = Family(world).settle(), Family(world).settle()
    deliver(world, early.line(), late.line())
    copy = asyncio.run(_while_uncommitted(world, late.line()["registration"]))
    assert current(copy) == [early.line()["registration"]]
    assert current(searched(world, WEEK.next())) == [late.line()["registration"]]
    assert current(searched(world, WEEK.next().next())) == []


async def _while_uncommitted(world: World, registration: str) -> dict[str, object]:
    """Let the week's run begin and end while a registration is inserted and not yet committed."""
    connection = await asyncpg.connect(in_database(admin_url(world.stack.ports), "concerns"))
    try:
        row = await connection.fetchrow("delete from registration where registration = $1 returning *", registration)
        assert row is not None
        async with connection.transaction():
            places = ", ".join(f"${place}" for place in range(1, len(row) + 1))
            await connection.execute(f"insert into registration values ({places})", *row.values())
            return await asyncio.to_thread(searched, world)
    finally:
        await connection.close()


def test_a_run_that_is_killed_between_its_steps_goes_on_and_doubles_nothing(world: World) -> None:
    in_service(world)
    families = [Family(world).settle() for _ in range(3)]
    deliver(world, *(family.line() for family in families))
    world.stack.stop_process("persons")
    try:
        world.move_clock(WEEK.searched_at)
        world.wait_for("the claim", lambda: world.sql("select state from search") == "claimed")
        world.stack.kill("concerns")
    finally:
        world.stack.start_service("persons")
    world.stack.start_service("concerns", QUICK)
    result = searched(world)
    assert len(result["result"]["candidates"]) == 3
    assert world.sql("select count(*) from candidate") == 3
    for name, times in (("SearchStarted", 1), ("SearchCompleted", 1), ("CandidateFound", 3)):
        assert len(events(world, name)) == times


def test_the_search_waits_while_persons_is_away_and_clocks_and_commands_go_on(world: World) -> None:
    in_service(world)
    deliver(world, Family(world).settle().line())
    world.stack.stop_process("persons")
    try:
        world.move_clock(WEEK.searched_at)
        world.wait_for("the claim", lambda: world.sql("select state from search") == "claimed")
        assert world.ask("GET", "/candidates", OFFICER) == []
    finally:
        world.stack.start_service("persons")
    assert len(searched(world)["result"]["candidates"]) == 1


@pytest.mark.ledger("O-6.1-23")
def test_missed_weeks_run_later_in_order_and_each_is_told_once(world: World) -> None:
    in_service(world)
    one = Family(world).settle()
    deliver(world, one.line("r1"), one.line("r2", occurred_on=WEEK.next().monday))
    third = WEEK.next().next()
    searched_third = searched(world, third)
    assert searched_third["number"] == 3
    missed = [event["week"] for event in events(world, "SearchMissed")]
    assert missed == [str(WEEK), str(WEEK.next())], "the third began when it was due"
    started = [event["week"] for event in events(world, "SearchStarted")]
    assert started == [str(WEEK), str(WEEK.next()), str(third)]
    due = world.sql("select due_at from deadline where kind = 'weekly_search'")
    assert due == third.next().searched_at


def test_a_week_is_refused_before_service_before_its_end_and_out_of_order(world: World) -> None:
    in_service(world)
    assert run(world, WEEK.previous()) == (409, "search-not-in-service")
    assert run(world, WEEK) == (409, "week-not-over")
    world.move_clock(WEEK.searched_at - timedelta(hours=3))
    assert run(world, WEEK)[0] == 202, "from Monday it may be asked for before six"
    searched(world)
    assert world.sql("select count(*) from search") == 1, "the deadline finds it done"
    world.sql("delete from deadline")
    world.move_clock(WEEK.next().next().searched_at)
    assert run(world, WEEK.next().next()) == (409, "earlier-week-missing")
    answer = world.send("POST", "/searches", OPERATOR, json={"week": "2026-W54"})
    assert answer.json()["type"].endswith("/not-a-week")
    again = world.send("POST", "/searches/in-service", APPROVER, json={"week": str(WEEK)})
    assert again.json()["type"].endswith("/search-in-service")


def test_a_fresh_system_opens_quiet(world: World) -> None:
    """What occurred before the first week is history: it is never current, and counts beside what comes."""
    in_service(world)
    family = Family(world).settle()
    old = WEEK.monday - timedelta(days=30)
    deliver(world, family.line("old", code="G03", occurred_on=old), family.line("new", code="G15"))
    result = searched(world)["result"]
    assert [row["rules"] for row in result["candidates"]] == [["R3"]]
    assert result["candidates"][0]["history"] == [family.line("old")["registration"]]


def test_a_replay_gives_the_same_bytes_whatever_has_come_since(world: World) -> None:
    family = Family(world)
    [candidate] = found(world, family)
    before = world.ask("GET", f"/searches/{candidate['search_id']}", OFFICER)
    deliver(world, family.line(revision=2, status="withdrawn"), family.line("r2", code="G04"))
    told = len(events(world, "CandidateFound"))
    assert run(world, WEEK)[0] == 200
    assert world.ask("GET", f"/searches/{candidate['search_id']}", OFFICER) == before
    assert len(events(world, "CandidateFound")) == told
    world.sql("update search set result_sha256 = repeat('0', 64)")
    assert run(world, WEEK) == (500, "replay-differs")


def test_no_family_without_a_listed_registration_leaves_a_trace(world: World) -> None:
    """After a full import and a run, the families of unlisted registrations have no row, key or hash in concerns."""
    in_service(world)
    listed, unlisted = Family(world).settle(), Family(world).settle()
    deliver(world, listed.line(), unlisted.line(code="X01"), unlisted.line("r2", code="X02"))
    searched(world)
    kept = world.sql("select count(distinct person_id) from registration")
    told = world.sql("select count(distinct person_id) from search_fact")
    assert (kept, told) == (1, 2), "the mother and the child of the listed registration"


def test_two_ids_of_one_person_become_one_in_everything(world: World) -> None:
    first, second = Family(world), Family(world)
    candidates = found(world, first, second)
    children = [world.ask("GET", f"/candidates/{row['candidate_id']}", OFFICER)["child"] for row in candidates]
    body = {"merged_person_id": children[1], "version": 0}
    world.ask("POST", f"/people/{children[0]}/merge", ("service", "samvirke"), "persons", json=body)
    merged = UUID(children[1])
    world.wait_for("the merge", lambda: world.sql("select count(*) from candidate where person_id = $1", merged) == 0)
    assert world.sql("select count(*) from let_go where person_id = $1", merged) == 1, "and persons will be told"
    states = world.sql("select array_agg(state order by state) from candidate")
    assert states == ["found", "merged"]


def test_a_run_can_still_be_replayed_when_a_child_got_another_id(world: World) -> None:
    [candidate] = found(world, Family(world))
    child = world.ask("GET", f"/candidates/{candidate['candidate_id']}", OFFICER)["child"]
    survivor = world.ask("POST", "/people", ("service", "samvirke"), "persons", json={})["person_id"]
    body = {"merged_person_id": child, "version": 0}
    world.ask("POST", f"/people/{survivor}/merge", ("service", "samvirke"), "persons", json=body)
    world.wait_for("the merge", lambda: world.sql("select child = $1 from candidate", survivor))
    assert run(world, WEEK)[0] == 200
    shown = world.ask("GET", f"/searches/{candidate['search_id']}", OFFICER)
    assert [row["child"] for row in shown["result"]["candidates"]] == [survivor]

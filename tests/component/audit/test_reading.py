"""What the log tells, to whom, and the record that each read leaves."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from contracts.codes import LegalBasis
from contracts.disclosure import Category, LogKind, Necessity
from contracts.persons.v1 import PersonMerged
from tests.component.audit.conftest import Pen
from tests.component.audit.records import HERNING, POLICE, refusal
from tests.stack import Stack

pytestmark = [pytest.mark.component]
Ask = Callable[..., httpx.Response]
Owner: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


def to_herning(**fields: object) -> dict[str, Any]:
    """Return the fields of a passing on from the police to Herning."""
    return {
        "authority": POLICE,
        "subject": "anders-bech",
        "operation": "underretning.send",
        "kind": LogKind.DISCLOSURE,
        "basis": LegalBasis.BARNETS_LOV_133,
        "basis_reference": "stk. 1",
        "necessity": Necessity.CHILD_MAY_NEED_SUPPORT,
        "sender": POLICE,
        "receiver": HERNING,
        "categories": (Category.REGISTRATION,),
    } | fields


async def told_accesses(owner: Owner, operation: str, case_id: UUID | None = None) -> list[str]:
    """Return what audit itself has told of accesses of one kind."""
    rows = await owner.fetch(
        "select value from event where type like '%AccessRecorded.v1' and value::jsonb ->> 'operation' = $1"
        " and ($2::text is null or value::jsonb ->> 'case_id' = $2) order by place",
        *(operation, str(case_id) if case_id else None),
    )
    return [row["value"] for row in rows]


# --- insight ------------------------------------------------------------------------------------------------------


@pytest.mark.ledger("L-13")
async def test_a_citizen_is_answered_by_two_people_who_decide_what_is_withheld(pen: Pen, ask: Ask) -> None:
    person, other = uuid4(), uuid4()
    await pen.access(person_ids=(person,))
    await pen.access(person_ids=(person, other))
    drafted = ask("/insights", {"person_id": str(person)}, subject="inge-skov")
    assert drafted.status_code == 201, drafted.text
    address = f"/insights/{drafted.json()['insight_id']}"
    draft = ask(address).json()
    assert [line["proposed"] and line["proposed"]["rule"] for line in draft["lines"]] == [None, "child-at-risk"]
    assert draft["lines"][1]["proposed"]["paragraph"] == "databeskyttelsesloven § 22, stk. 1"
    assert ask(f"{address}/release", {}, subject="another-adviser").json()["undecided"] == 1
    assert ask(f"{address}/answer").status_code == 409

    line = f"{address}/lines/{draft['lines'][1]['position']}"
    assert ask(line, {"withhold": True, "reason": "rule_applies"}).json()["type"].endswith("paragraph-missing")
    decision = {"withhold": True, "paragraph": "databeskyttelsesloven § 22, stk. 1", "reason": "rule_applies"}
    assert ask(line, decision).status_code == 200
    assert ask(f"{address}/release", {}, subject="inge-skov").status_code == 403, "not by the one who drafted it"
    assert ask(f"{address}/release", {}, subject="another-adviser").status_code == 200
    assert ask(line, decision).json()["type"].endswith("already-released")

    answer = ask(f"{address}/answer")
    assert [one["purpose"] for one in answer.json()["lines"]] == ["Underretning om et barn"]
    assert answer.json()["lines"][0]["authority"] == "Herning Kommune"
    assert str(other) not in answer.text
    assert "mette-lund" not in answer.text, "the authority and office, never the officer"


async def test_an_answer_with_withheld_lines_is_byte_for_byte_the_answer_without_them(pen: Pen, ask: Ask) -> None:
    moments = [datetime(2026, 3, 2, 9, minute, tzinfo=UTC) for minute in range(3)]
    with_one, without = uuid4(), uuid4()
    for at in (moments[0], moments[2]):
        await pen.access(person_ids=(with_one,), at=at)
        await pen.access(person_ids=(without,), at=at)
    await pen.access(person_ids=(with_one, uuid4()), at=moments[1])
    answers = [await released(ask, one) for one in (with_one, without)]
    assert answers[0].content == answers[1].content
    assert len(answers[0].json()["lines"]) == 2
    assert answers[0].headers["content-length"] == answers[1].headers["content-length"]


async def released(ask: Ask, person: UUID) -> httpx.Response:
    """Draft an answer, withhold all that is proposed, release it and return it."""
    address = f"/insights/{ask('/insights', {'person_id': str(person)}, subject='one').json()['insight_id']}"
    for line in ask(address).json()["lines"]:
        if line["proposed"]:
            decision = {"withhold": True, "paragraph": line["proposed"]["paragraph"], "reason": "rule_applies"}
            assert ask(f"{address}/lines/{line['position']}", decision).status_code == 200
    assert ask(f"{address}/release", {}, subject="two").status_code == 200
    return ask(f"{address}/answer")


async def test_merged_ids_are_followed_both_ways(pen: Pen, ask: Ask) -> None:
    old, new = uuid4(), uuid4()
    await pen.access(person_ids=(old,))
    await pen.access(person_ids=(new,))
    await pen.tell(PersonMerged(person_id=new, merged_person_id=old), service="persons")
    await pen.until("select 1 from merged_person where merged_person_id = $1", old)
    for asked in (old, new):
        drafted = ask("/insights", {"person_id": str(asked)}).json()["insight_id"]
        lines = ask(f"/insights/{drafted}").json()["lines"]
        assert [one["operation"] for one in lines][:2] == ["underretning.read"] * 2


async def test_another_authoritys_answers_look_like_missing_ones_and_its_records_are_not_in_them(
    pen: Pen, ask: Ask
) -> None:
    person = uuid4()
    await pen.access(person_ids=(person,))
    await pen.access(person_ids=(person,), authority="kommune-0791")
    await pen.access(**to_herning(person_ids=(person,)))
    await pen.access(**to_herning(person_ids=(person,), authority=HERNING))
    drafted = ask("/insights", {"person_id": str(person)}).json()["insight_id"]
    seen = ask(f"/insights/{drafted}").json()["lines"]
    assert [line["authority"] for line in seen] == [HERNING, POLICE, HERNING], "own, and what was passed on to it"
    elsewhere = ask(f"/insights/{drafted}", authority="kommune-0791")
    missing = ask(f"/insights/{uuid4()}", authority="kommune-0791")
    assert (elsewhere.status_code, elsewhere.json()["type"]) == (404, missing.json()["type"])
    police = ask("/insights", {"person_id": str(person)}, authority=POLICE).json()["insight_id"]
    passed_on = ask(f"/insights/{police}", authority=POLICE).json()["lines"]
    assert [line["authority"] for line in passed_on] == [POLICE, HERNING], "own, and what it passed on"


async def test_each_read_is_recorded_and_each_refusal_too(pen: Pen, ask: Ask) -> None:
    person = uuid4()
    await pen.access(person_ids=(person,))
    drafted = UUID(ask("/insights", {"person_id": str(person)}).json()["insight_id"])
    ask(f"/insights/{drafted}")
    assert len(await told_accesses(pen.owner, "insight.draft", drafted)) == 1
    read = await told_accesses(pen.owner, "insight.read", drafted)
    assert len(read) == 1
    assert str(person) in read[0]
    before = await pen.owner.fetchval("select count(*) from event where type like '%AccessRefused.v1'")
    assert ask(f"/insights/{drafted}", role="caseworker").status_code == 403
    assert await pen.owner.fetchval("select count(*) from event where type like '%AccessRefused.v1'") == before + 1


# --- users and weeks ----------------------------------------------------------------------------------------------


async def test_what_a_user_did_and_was_refused_is_seen_by_the_users_own_authority(pen: Pen, ask: Ask) -> None:
    user, person = f"user-{uuid4()}", uuid4()
    await pen.access(subject=user, person_ids=(person,))
    told = refusal(subject=user)
    await pen.entered(await pen.tell(told, at=told.at))
    await pen.access(**to_herning(subject=user))
    for role in ("data_protection", "leader"):
        lines = ask(f"/users/{user}/accesses", role=role).json()["lines"]
        own = [line.get("problem") for line in lines if line["authority"] == HERNING]
        assert own == [None, "not-found"]
        assert (len(lines) == 3) == (role == "data_protection"), "a leader sees own people only"
    assert ask(f"/users/{user}/accesses", authority="kommune-0791").json()["lines"] == []
    assert ask(f"/users/{user}/accesses", role="caseworker").status_code == 403
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat().replace("+00:00", "Z")
    assert ask(f"/users/{user}/accesses?from={later}").json()["lines"] == []


async def test_a_leader_reads_each_week_what_was_opened_outside_the_work_list(pen: Pen, ask: Ask) -> None:
    at = datetime(2026, 4, 1, 12, tzinfo=UTC)
    user = f"user-{uuid4()}"
    await pen.access(subject=user, at=at, outside_work_list=True)
    await pen.access(subject=user, at=at)
    await pen.access(subject=user, at=at, outside_work_list=True, authority="kommune-0791")
    opened = ask("/weeks/2026-W14/outside", role="leader").json()["opened"]
    assert [one["subject"] for one in opened if one["subject"] == user] == [user]
    assert [
        one for one in ask("/weeks/2026-W15/outside", role="leader").json()["opened"] if one["subject"] == user
    ] == []
    assert ask("/weeks/2026-W14/outside").status_code == 403
    assert ask("/weeks/2026-W54/outside", role="leader").status_code == 404


@pytest.fixture
def words(stack: Stack) -> tuple[str, UUID, UUID]:
    """Return words that persons keeps, with the ids of the person and of the words."""
    for name in ("register", "persons"):
        if name not in stack.processes:
            stack.start_service(name)
    text = "Faren ringede, og sagen stod ikke på min liste."
    headers = stack.bearer("service", "samvirke")
    with httpx.Client(base_url=stack.url("persons"), headers=headers, timeout=30) as persons:
        made = persons.post("/people", json={"name": "Test"}, headers={"Idempotency-Key": str(uuid4())}).json()
        body = {"person_id": made["person_id"], "text": text}
        kept = persons.post("/texts", json=body, headers={"Idempotency-Key": str(uuid4())}).json()
    return text, UUID(made["person_id"]), UUID(kept["text_id"])


@pytest.mark.timeout(300)
async def test_the_words_are_read_from_persons_and_those_of_a_shredded_person_are_gone(
    pen: Pen, ask: Ask, words: tuple[str, UUID, UUID]
) -> None:
    text, person, text_id = words
    usual = {"at": datetime(2026, 5, 6, 12, tzinfo=UTC), "outside_work_list": True}
    told = [await pen.access(person_ids=(person,), words_id=text_id, **usual)]
    told += [await pen.access(words_id=uuid4(), **usual)]
    places = [await pen.entered(one) for one in told]
    answered = ask("/weeks/2026-W19/outside", role="leader")
    shown = {one["position"]: one["words"] for one in answered.json()["opened"]}
    assert [shown[place] for place in places] == [text, None]
    assert len(await told_accesses(pen.owner, "audit.week.read")) >= 1


# --- breaches -----------------------------------------------------------------------------------------------------


@pytest.mark.ledger("L-16")
async def test_after_a_breach_the_affected_and_what_was_passed_on_are_found(pen: Pen, ask: Ask) -> None:
    credential, persons = f"system-{uuid4()}", [uuid4() for _ in range(3)]
    start = datetime.now(UTC)
    await pen.access(subject=credential, person_ids=tuple(persons[:2]), at=start)
    await pen.access(**to_herning(subject=credential, person_ids=(persons[2],), at=start + timedelta(minutes=1)))
    await pen.access(subject=credential, person_ids=(uuid4(),), at=start + timedelta(hours=2))
    within = {"from": start.isoformat(), "to": (start + timedelta(hours=1)).isoformat(), "subject": credential}
    found = ask(f"/breaches?{httpx.QueryParams(within)}").json()
    assert sorted(found["persons"]) == sorted(map(str, persons))
    assert [(one["receiver"], one["basis"]) for one in found["disclosures"]] == [(HERNING, "barnets-lov-133")]
    only = ask(f"/breaches?{httpx.QueryParams(within | {'operation': 'underretning.read'})}").json()
    assert sorted(only["persons"]) == sorted(map(str, persons[:2]))
    assert ask(f"/breaches?{httpx.QueryParams(within)}", authority="kommune-0791").json()["persons"] == []
    assert ask(f"/breaches?{httpx.QueryParams(within)}", role="leader").status_code == 403


@pytest.mark.ledger("L-16")
async def test_the_72_hours_run_from_the_discovery_and_end_with_a_decision(pen: Pen, ask: Ask) -> None:
    now = datetime.now(UTC)
    report = {
        "discovered_at": (now - timedelta(hours=47)).isoformat(),
        "happened_from": (now - timedelta(hours=60)).isoformat(),
        "happened_to": (now - timedelta(hours=50)).isoformat(),
    }
    first, second = (ask("/breaches", report).json()["breach_id"] for _ in range(2))
    shown = ask(f"/breaches/{first}").json()
    hours = datetime.fromisoformat(shown["notify_by"]) - datetime.fromisoformat(shown["discovered_at"])
    assert hours == timedelta(hours=72)
    notice = {"decision": "notified", "journal_number": "2026-11-0042"}
    assert ask(f"/breaches/{first}/notice", notice).status_code == 200
    assert ask(f"/breaches/{first}/notice", notice).json()["type"].endswith("already-decided")
    due = "update deadline set due_at = clock() where kind = 'breach-notice' and subject = $1"
    await pen.owner.execute(due, UUID(second))
    await pen.until("select 1 from event where aggregate_id = $1", UUID(second))
    told = await pen.owner.fetch("select aggregate_id from event where type like '%BreachDeadlineNear.v1'")
    assert UUID(second) in {row["aggregate_id"] for row in told}
    assert UUID(first) not in {row["aggregate_id"] for row in told}
    assert ask(f"/breaches/{first}", authority="kommune-0791").status_code == 404
    wrong = report | {"happened_from": now.isoformat()}
    assert ask("/breaches", wrong).json()["type"].endswith("times-impossible")


# --- everyone -----------------------------------------------------------------------------------------------------


def test_checkpoints_and_keys_are_for_everyone_and_closings_for_those_who_keep_it_running(
    audit_url: str, ask: Ask
) -> None:
    assert httpx.get(f"{audit_url}/checkpoints").status_code == 200
    assert httpx.get(f"{audit_url}/checkpoints/keys").text.startswith("samvirke.example/audit+")
    assert ask("/closings", role="operator", authority="samvirke").status_code == 200
    assert ask("/closings", role="caseworker").status_code == 403

"""A yes opens the programme's course at once, with what the referral says; what ends the referral ends it too."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.component.referrals.cases import KINDS, Case
from tests.component.referrals.courses import slug
from tests.system.playing import World

pytestmark = pytest.mark.component

SAID: dict[str, dict[str, Any]] = {
    "ukn": {},
    "ungesamraad": {"ground": "youth_sanction"},
    "infohus": {"basis": "ssp"},
    "bekymringssamtale": {"ground": "kontakt"},
    "konfliktraad": {"source": "politi"},
}


def courses(case: Case) -> int:
    return int(case.sql("select count(*) from course where referral_id = $1", UUID(case.referral_id)))


def course(case: Case) -> UUID:
    found: UUID = case.sql("select course_id from course where referral_id = $1", UUID(case.referral_id))
    return found


def told(case: Case) -> list[str]:
    names = "select array_agg(split_part(type, '.', 4) order by aggregate_version) from event where aggregate_id = $1"
    return list(case.sql(names, course(case)) or [])


@pytest.mark.parametrize("programme", sorted(SAID))
def test_the_course_is_open_with_the_yes_and_says_what_the_referral_says(running: World, programme: str) -> None:
    case = Case(running, KINDS[programme]).accepted()
    together = (
        "select c.xmin::text = r.xmin::text from course c join referral r using (referral_id) where course_id = $1"
    )
    assert case.sql(together, course(case)), "one transaction writes both"
    for name, value in SAID[programme].items():
        said = "select said ->> $2 from course_step where course_id = $1 and position = 0"
        assert case.sql(said, course(case), name) == value
    assert told(case) == ["CourseOpened"]
    body = {"kind": programme, "referral_id": case.referral_id, "said": SAID[programme]}
    assert case.sql("select due_at is not null from course where course_id = $1", course(case))
    opener = {
        "ukn": case.kind.receives,
        "ungesamraad": ("prosecutor", "anklagemyndigheden-mvj"),
        "infohus": case.kind.receives,
        "bekymringssamtale": case.kind.receives,
        "konfliktraad": ("mediation_coordinator", "politi-mvj-fnt", "konfliktraad"),
    }[programme]
    again = case.send("POST", "/courses", opener, json=body)
    assert slug(again) == (409, "course-there"), again.text
    lists = case.send("GET", "/courses?limit=1000", opener).json()
    assert str(course(case)) in str(lists["act_now"])


def test_the_age_is_the_one_that_the_rule_was_asked_about(running: World) -> None:
    case = Case(running, KINDS["bekymringssamtale"]).accepted()
    years = "select (said ->> 'age')::int between 16 and 17 from course_step where course_id = $1 and position = 0"
    assert case.sql(years, course(case))


@pytest.mark.parametrize("programme", ["ksp", "bandeexit", "offerraadgivning"])
def test_where_something_must_be_said_first_a_yes_opens_nothing(running: World, programme: str) -> None:
    assert courses(Case(running, KINDS[programme]).accepted()) == 0


def test_a_no_opens_nothing_and_a_yes_that_is_sent_twice_one(running: World) -> None:
    case = Case(running, KINDS["ukn"]).requested().did("receive", KINDS["ukn"].receives)
    no = case.act("reject", case.kind.receives, code="no_capacity", text="Ingen plads.")
    assert no.is_success, no.text
    assert courses(case) == 0
    case = Case(running, KINDS["ukn"]).requested().did("receive", KINDS["ukn"].receives)
    path, body = f"/referrals/{case.referral_id}/accept", {"version": case.version()}
    key = {"Idempotency-Key": str(uuid4())}
    with ThreadPoolExecutor(4) as pool:
        sent = [
            pool.submit(case.send, "POST", path, case.kind.receives, json=body, headers=headers)
            for headers in (key, key, {}, {})
        ]
        won = [one.result().status_code for one in sent].count(200)
    assert won in {1, 2}, "the same key is answered the same"
    assert courses(case) == 1


@pytest.mark.parametrize(
    ("act", "ends"),
    [("enter-in-error", "entered_in_error"), ("consent", "withdrawn")],
)
def test_what_ends_the_referral_stops_its_course_and_is_told(running: World, act: str, ends: str) -> None:
    case = Case(running, KINDS["konfliktraad"]).accepted()
    if act == "consent":
        case.did("consent", case.kind.sends, of="counterpart", said="taken_back")
    else:
        case.did(act, case.kind.manages, text="Det var en anden.")
    assert case.state() == ends
    assert case.sql("select stopped from course where course_id = $1", course(case))
    running.wait_for("its end", lambda: told(case)[-1] == "CourseEnded" or None)
    assert told(case) == ["CourseOpened", "CourseEnded"]

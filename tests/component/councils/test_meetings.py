"""A council's meeting from the year wheel to published minutes, through the real process."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from icalendar import Calendar

from services.councils.api.public_views import MinutesView
from tests.component.councils.conftest import POLICE, Loaded
from tests.component.councils.meeting import (
    HERNING,
    MAIL,
    MEMBER,
    MUNICIPALITY,
    STRUER,
    Council,
    held_with,
    in_councils,
    invitees_of,
    reply,
    wait_for,
)
from tests.patient import PatientClient
from tests.stack import Stack

pytestmark = pytest.mark.component

NIGHT_LIFE = "Vold i nattelivet"


@pytest.fixture
def council(stack: Stack, councils_url: str, loaded: Loaded) -> Iterator[Callable[[str], Council]]:
    """Return a function that returns a municipality's lokalraad; the clock is put back afterwards."""
    with PatientClient(base_url=councils_url, timeout=60) as http:
        every = http.get("/lokalraad").json()["lokalraad"]
        by_code = {one["kommunekode"]: one["lokalraad_id"] for one in every}
        yield lambda code: Council(stack, http, by_code[code])
        in_councils(stack, "select set_clock_offset('0')", ())


@pytest.mark.ledger("O-2-07")
@pytest.mark.ledger("O-1-06")
@pytest.mark.ledger("L-29")
def test_a_year_with_three_meetings_is_refused_and_with_four_it_stands_in_the_wheel(
    council: Callable[[str], Council],
) -> None:
    one = council(HERNING)
    year = one.now().year + 1
    days = [datetime(year, month, 10, 12, tzinfo=UTC) for month in (2, 5, 8, 11)]
    said = [
        {"starts_at": day.isoformat(), "ends_at": (day + timedelta(hours=2)).isoformat(), "place": "Rådhuset"}
        for day in days
    ]
    address = f"/bodies/{one.body_id}/aarshjul/{year}"
    few = one.send("POST", address, {"meetings": said[:3]})
    assert few.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    told = few.json()
    assert (told["type"].rpartition("/")[2], told["rule"], told["paragraph"]) == (
        *("too-few-meetings", "O-2-07", "samarbejdsplanen afsnit 2"),
    )
    ancient = [said[0] | {"starts_at": "0214-11-04T04:46:11+13:28"}, *said[1:]]
    assert one.send("POST", address, {"meetings": ancient}).json()["type"].endswith("/council-meeting-time-not-ahead")
    planned = one.send("POST", address, {"meetings": said})
    assert planned.status_code == httpx.codes.CREATED, planned.text
    wheel = one.send("GET", address, **MEMBER).json()
    assert (wheel["planned"], wheel["missing"], wheel["warnings"], wheel["breaches"]) == (4, 0, [], [])
    assert len([point for point in wheel["fixed_points"] if ". møde" in point["title"]]) == 4
    assert one.send("GET", address, authority=f"kommune-{STRUER}").status_code == httpx.codes.NOT_FOUND
    assert one.send("POST", address, {"meetings": said}, authority=f"kommune-{STRUER}").status_code == 403
    public = one.http.get(f"/bodies/{one.body_id}/meetings", params={"year": year})
    assert [each["state"] for each in public.json()] == ["planned"] * 4
    assert "reason" not in public.text
    feed = one.http.get(f"/bodies/{one.body_id}/calendar.ics")
    assert feed.text.count("BEGIN:VEVENT") >= 4
    assert "ATTENDEE" not in feed.text


@pytest.mark.ledger("O-2-07")
@pytest.mark.ledger("O-2-05")
@pytest.mark.ledger("O-1-07")
def test_a_meeting_goes_from_notice_to_published_minutes(council: Callable[[str], Council]) -> None:
    one = council(HERNING)
    one.plan(5)
    late = one.act("/notice", 422)
    assert (late["type"].rpartition("/")[2], late["rule"]) == ("council-notice-too-late", "O-2-07")
    one.act("/cancellation", reason="For sent indkaldt.")
    one.plan(20)
    not_sent = one.act("/holding", 409, **one.room())
    assert not_sent["type"].endswith("/council-meeting-not-convened")
    _the_standing_topics_are_there(one)
    _points_are_proposed(one)
    _what_the_plan_asks_for_is_sent(one)
    _each_point_gets_its_outcome(one)
    _members_answer_in_writing(one)
    _minutes_are_published(one)
    _what_was_put_off_waits(one)


def _the_standing_topics_are_there(one: Council) -> None:
    one.act("/agenda")
    codes = [point.get("code") for point in one.agenda()["items"]]
    assert codes[:3] == ["approve_agenda", "approve_minutes", "follow_up"]
    assert {"kriminalitetsudvikling", "ssp", "psp", "oevrigt_samarbejde"} <= set(codes)
    without_reason = one.send("POST", f"/meetings/{one.meeting}/items/{one.item('psp')}/leaving-out", {"version": 2})
    assert without_reason.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    one.act(f"/items/{one.item('psp')}/leaving-out", reason="Behandles på næste møde.")


def _points_are_proposed(one: Council) -> None:
    half = {"title": "Uro i midtbyen", "kind": "droeftelse", "sammenhaeng": True, "police_task": "Patrulje"}
    address = f"/meetings/{one.meeting}/proposals"
    assert one.send("POST", address, half, **MEMBER).json()["missing"] == "municipal_task"
    whole = one.send("POST", address, half | {"municipal_task": "Gadeplan"}, **MEMBER)
    assert whole.status_code == httpx.codes.CREATED, whole.text
    assert one.agenda()["items"][3]["title"] == "Uro i midtbyen"
    closed = {"title": "Kameraplan", "kind": "orientering", "confidential": True, "readers": ["leader"]}
    assert one.send("POST", address, closed).is_success
    assert "Kameraplan" not in str(one.agenda(**MEMBER))
    assert "Kameraplan" in str(one.agenda(role="leader", authority=MUNICIPALITY))


def _what_the_plan_asks_for_is_sent(one: Council) -> None:
    one.act("/notice")
    one.matter(NIGHT_LIFE)
    missing = one.act("/agenda/sending", 422)
    assert (missing["type"].rpartition("/")[2], missing["paragraph"]) == ("mandatory-point-missing", "4.2")
    one.act("/agenda")
    left_out = one.act(f"/items/{one.item('trend')}/leaving-out", 422, reason="Ikke nu.")
    assert (left_out["type"].rpartition("/")[2], left_out["paragraph"]) == (
        *("mandatory-point-cannot-be-left-out", "4.2"),
    )
    one.act("/agenda/sending")
    too_late = {"title": "Sent forslag", "kind": "orientering"}
    assert one.send("POST", f"/meetings/{one.meeting}/proposals", too_late).status_code == httpx.codes.CONFLICT


def _each_point_gets_its_outcome(one: Council) -> None:
    room = one.room()
    one.sql("select set_clock_offset('21 days')")
    assert one.act("/holding", **room)["state"] == "held"
    open_points = one.act("/minutes", 422)
    assert open_points["type"].endswith("/points-without-outcome")
    undecided = one.act(f"/items/{one.item('trend')}/outcome", 422, outcome="discussed", text="Drøftet.")
    assert undecided["missing"] == "en beslutning"
    later = (one.now() + timedelta(60)).date().isoformat()
    put_off: dict[str, Any] = {
        "outcome": "put_off",
        "text": "Tallene mangler.",
        "decision": "Udsat.",
        "put_off_to": later,
    }
    one.act(f"/items/{one.item('trend')}/outcome", **put_off)
    assert one.sql("select state from matter where title = $1", NIGHT_LIFE) == "waiting"
    for code in ("approve_agenda", "approve_minutes"):
        one.act(f"/items/{one.item(code)}/outcome", outcome="approved", text="Godkendt.")
    for point in one.agenda()["items"]:
        if point["state"] == "placed":
            said: dict[str, Any] = {"outcome": "discussed", "text": f"Drøftet: {point['title']}."}
            task = {"task": "Tag kontakt til skolerne.", "owner": MUNICIPALITY, "due": later}
            actions: dict[str, Any] = {"actions": [task]} if point.get("code") == "ssp" else {}
            one.act(f"/items/{point['item_id']}/outcome", **(said | actions))
    one.act("/minutes")


def _members_answer_in_writing(one: Council) -> None:
    draft = one.send("GET", f"/meetings/{one.meeting}/minutes/draft", **MEMBER)
    assert draft.json()["document"]["number"].startswith("møde nr. ")
    assert "Kameraplan" not in draft.text
    ssp = one.item("ssp")
    one.act("/minutes/corrections", item_id=ssp, text="Drøftet grundigt.", note="Et ord manglede.")
    one.act("/minutes/round")
    answers = f"/meetings/{one.meeting}/minutes/answers"
    assert one.send("POST", answers, {"edition": 1}, **MEMBER).status_code == httpx.codes.CONFLICT
    assert one.send("POST", answers, {"edition": 2}, **MEMBER).status_code == httpx.codes.CREATED
    undone = one.send("POST", answers, {"edition": 2, "objection": "Nej alligevel."}, **MEMBER)
    assert undone.json()["type"].endswith("/minutes-answered-already")
    assert one.send("POST", answers, {"edition": 2}, role="council_member", authority=POLICE).status_code == 201


def _minutes_are_published(one: Council) -> None:
    address = f"/meetings/{one.meeting}"
    wait_for("approval", lambda: one.send("GET", address).json()["state"] == "minutes_approved")

    assert one.http.get(f"{address}/minutes").status_code == httpx.codes.NOT_FOUND
    one.version = one.send("GET", address).json()["version"]
    one.act("/closing", publish=True)
    public = one.http.get(f"{address}/minutes")
    MinutesView.model_validate_json(public.text)
    titles = [point["title"] for point in public.json()["document"]["items"]]
    assert NIGHT_LIFE in titles
    assert "Kameraplan" not in public.text
    assert "Drøftet grundigt." in public.text
    assert one.told(one.meeting)[:3] == ["CouncilMeetingPlanned", "CouncilMeetingNoticed", "CouncilMeetingConvened"]
    assert one.told(one.meeting)[-3:] == ["MinutesApproved", "MinutesPublished", "CouncilMeetingClosed"]
    year = one.now().year
    report = one.send("GET", f"/bodies/{one.body_id}/sammenhaeng/{year}").json()
    assert "Gadeplan" in [item["municipal_task"] for item in report["items"]]


def _what_was_put_off_waits(one: Council) -> None:
    one.plan(20)
    one.act("/agenda")
    agenda = one.agenda()
    assert NIGHT_LIFE not in [point["title"] for point in agenda["items"]]
    assert "Tag kontakt til skolerne." in [action["task"] for action in agenda["open_actions"]]
    one.act("/cancellation", reason="Slut på prøven.")


def test_what_is_left_open_comes_again_and_the_next_meeting_approves_the_minutes(
    council: Callable[[str], Council],
) -> None:
    one = council(HERNING)
    earlier = held_with(one, "30 days", "Samme punkt")
    for point in one.agenda()["items"]:
        same = point["title"] == "Samme punkt"
        formal = point["came_by"] == "formal" and point["code"] != "follow_up"
        outcome = "carried" if same else "approved" if formal else "noted"
        one.act(f"/items/{point['item_id']}/outcome", outcome=outcome, text="Noteret.")
    one.act("/minutes")
    held_with(one, "60 days")
    points = {point["title"]: point for point in one.agenda()["items"]}
    assert points["Samme punkt"]["came_by"] == "carried"
    approve = next(point for point in points.values() if point["code"] == "approve_minutes")
    one.act(f"/items/{approve['item_id']}/outcome", outcome="approved", text="Godkendt.")
    assert one.send("GET", f"/meetings/{earlier}").json()["state"] == "minutes_approved"


def test_an_invitation_is_answered_changed_and_called_off_by_calendar(council: Callable[[str], Council]) -> None:
    one = council(HERNING)
    address = f"/bodies/{one.body_id}/calendar"
    version = one.send("GET", address).json()["version"]
    said = {"version": version, "organizer": "raad@politi.example", "invitees": [{"address": MAIL}]}
    assert one.send("PUT", address, said).is_success
    assert one.send("PUT", address, said).status_code == httpx.codes.CONFLICT
    one.plan(30)
    [invitee] = invitees_of(one)
    assert one.send("GET", invitee["invitation"]).json()["type"].endswith("/council-calendar-missing")
    one.act("/agenda")
    secret = {"title": "Kameraplan", "kind": "orientering", "confidential": True}
    assert one.send("POST", f"/meetings/{one.meeting}/proposals", secret).is_success
    one.act("/notice")
    one.act("/agenda/sending")
    first = one.send("GET", invitee["invitation"])
    assert first.headers["content-type"] == "text/calendar; charset=utf-8; method=REQUEST"
    assert "SSP-samarbejdet" in first.text
    assert "Kameraplan" not in first.text
    assert reply(one, first.content).status_code == httpx.codes.OK
    assert invitees_of(one)[0]["answer"] == "ACCEPTED"
    assert reply(one, first.content, mail="fremmed@example.org").json()["type"].endswith("/unknown-attendee")
    assert reply(one, b"BEGIN:VCALENDAR", raw=True).json()["type"].endswith("/not-a-calendar-reply")
    starts_at = one.now() + timedelta(40)
    when: dict[str, Any] = {"starts_at": starts_at.isoformat(), "ends_at": (starts_at + timedelta(hours=1)).isoformat()}
    one.act("/moving", **when, place="Ikast")
    assert invitees_of(one)[0]["answer"] is None
    assert reply(one, first.content).json()["type"].endswith("/calendar-reply-outdated")
    one.act("/cancellation", reason="Aflyst.")
    last = one.send("GET", invitee["invitation"])
    [event] = Calendar.from_ical(last.content).walk("VEVENT")
    assert (last.headers["content-type"].rpartition("=")[2], event["sequence"]) == ("CANCEL", 2)
    assert one.send("GET", f"/meetings/{one.meeting}/invitations", **MEMBER).status_code == httpx.codes.FORBIDDEN


@pytest.mark.ledger("L-29")
@pytest.mark.ledger("O-1-06")
def test_the_kredsraad_opens_a_meeting_withholds_for_weighty_reasons_and_hears_objections(
    council: Callable[[str], Council], loaded: Loaded
) -> None:
    one = council(HERNING)
    one.body_id, one.authority = one.http.get("/kredsraad").json()["kredsraad_id"], POLICE
    soon = {"starts_at": (one.now() + timedelta(2)).isoformat(), "ends_at": (one.now() + timedelta(2.1)).isoformat()}
    short = soon | {"place": "Holstebro", "ordinary": False}
    refused = one.send("POST", f"/bodies/{one.body_id}/meetings", short)
    assert refused.json()["type"].endswith("/council-meeting-reason-needed")
    one.plan(2, ordinary=False, reason="Et medlem har bedt om det.")
    one.act("/agenda")
    # What other tests let wait for the kredsraad stands there too.
    came_by = [each["came_by"] for each in one.agenda()["items"]]
    assert [each for each in came_by if each != "matter"] == ["formal"] * 3
    not_carried = one.act("/public-access", 422, in_favour=12, chair_assents=False)
    assert (not_carried["rule"], not_carried["paragraph"]) == ("L-29", "BEK 1426/2006 §§ 2-4")
    one.act("/public-access", in_favour=7, chair_assents=True)
    one.act(f"/items/{one.item('follow_up')}/withholding", reason="Vægtige grunde.")
    one.act("/notice")
    one.act("/agenda/sending")
    room = one.room() | {"guests": [{"guest": "Skolelederen", "insight": "Trivsel"}]}
    one.sql("select set_clock_offset('3 days')")
    one.act("/holding", **room)
    for point in one.agenda()["items"]:
        one.act(f"/items/{point['item_id']}/outcome", outcome="noted", text="Noteret.")
    one.act("/minutes")
    one.act("/minutes/round")
    objection = {"edition": 1, "objection": "Punkt 3 mangler."}
    member = {"role": "council_member", "authority": MUNICIPALITY}
    assert one.send("POST", f"/meetings/{one.meeting}/minutes/answers", objection, **member).is_success
    one.sql("select set_clock_offset('20 days')")
    wait_for("the objection", lambda: one.told(one.meeting)[-1] == "MinutesObjected")
    again = one.act("/minutes/round", 409)
    assert again["type"].endswith("/minutes-objected-to")


@pytest.mark.ledger("O-2-07")
@pytest.mark.ledger("O-2-05")
def test_a_year_that_ends_with_too_few_meetings_is_told_and_listed_as_a_breach(
    council: Callable[[str], Council],
) -> None:
    one = council(STRUER)
    now = one.now()
    end = datetime(now.year, 12, 31, 12, tzinfo=UTC)
    one.sql("select set_clock_offset($1)", end - now)
    # Another test may have let the year be looked at on a later day than this one.
    one.sql("update deadline set due_at = clock() where kind = 'year_wheel' and subject = $1", UUID(one.body_id))
    who = {"authority": f"kommune-{STRUER}"}
    wheel = one.send("GET", f"/bodies/{one.body_id}/aarshjul/{now.year}", **who).json()
    assert (wheel["breaches"][0]["rule"], wheel["breaches"][0]["held"]) == ("O-2-07", 0)
    topics = [breach["topic"] for breach in wheel["breaches"] if breach["rule"] == "O-2-05"]
    assert topics == ["kriminalitetsudvikling", "ssp", "psp", "oevrigt_samarbejde"]

    def told() -> bool:
        return bool(
            one.sql(
                "select exists (select from event where split_part(type, '.', 4) = 'YearBreached'"
                " and value::json ->> 'body_id' = $1)",
                one.body_id,
            )
        )

    wait_for("the breach", told)

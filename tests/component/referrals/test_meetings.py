"""A group's day: who convenes, who is called, what is shown in the room, and what is out when it closes."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.component.referrals.grouping import (
    ALL,
    CONVENER,
    COORDINATOR,
    HERNING,
    LEADER,
    OFFICER,
    POLICE,
    PSYCHIATRY,
    REGION,
    SOCIAL,
    SOCIAL_OF_VIBORG,
    Case,
    Meeting,
)
from tests.component.referrals.test_course import seen
from tests.component.referrals.test_offers import slug
from tests.system.playing import World

pytestmark = pytest.mark.component


@pytest.fixture
def case(running: World) -> Iterator[Case]:
    """Return a PSP case in Herning, by the real time."""
    one = Case(running).begun()
    yield one
    one.sql("select set_clock_offset('0')")


@pytest.fixture
def meeting(case: Case) -> Meeting:
    """Return a meeting that is called."""
    return Meeting(case).convened()


@pytest.mark.ledger("O-6.1-09", "O-6.1-14")
def test_who_convenes_is_the_plans_and_a_deputy_for_a_time(case: Case) -> None:
    meeting = Meeting(case)
    for other in (SOCIAL, OFFICER, PSYCHIATRY, ("ssp_consultant", "kommune-0657", "psp"), COORDINATOR):
        assert meeting.convene(other).status_code == 403, other
    ksp = {"programme": "ksp", "kommune": "0657"}
    assert meeting.convene(("prevention_officer", "politi-mvj-fnt", "ksp"), **ksp).status_code == 403
    assert meeting.convene(("release_facilitator", "kriminalforsorgen", "ksp"), **ksp).is_success
    named = {"programme": "psp", "kommune": "0657", "subject": "test-referrer-politi-mvj-fnt", "until": case.at(days=3)}
    assert case.send("POST", "/forums/deputies", SOCIAL, json=named).status_code == 403
    assert case.send("POST", "/forums/deputies", CONVENER, json=named).is_success
    assert meeting.convene(OFFICER).is_success
    case.sql("update deputy set until = clock()")
    assert meeting.convene(OFFICER).status_code == 403


def test_each_participant_is_invited_without_anybodys_data(meeting: Meeting) -> None:
    assert meeting.told() == ["MeetingConvened", *["ParticipantInvited"] * 3]
    boxes = meeting.case.sql(
        "select array_agg(key order by key) from event, jsonb_object_keys(mailboxes) key where aggregate_id = $1"
        " and type like '%.ParticipantInvited.%'",
        UUID(meeting.id),
    )
    assert boxes == sorted(f"samvirke.mailbox.{seat}.v1" for seat in ALL)
    values = str(meeting.case.sql("select array_agg(value) from event where aggregate_id = $1", UUID(meeting.id)))
    for secret in (meeting.case.person, meeting.case.id, str(meeting.case.referral_id)):
        assert secret not in values
    assert [one["group_case_id"] for one in meeting.read(SOCIAL)["agenda"]].count(meeting.case.id) == 1


def test_a_meeting_is_called_from_the_last_circle_and_no_time_is_past(meeting: Meeting) -> None:
    again = Meeting(meeting.case).convened(like=meeting.id)
    assert set(again.read()["participants"]) == set(meeting.read()["participants"])
    assert slug(again.convene(starts_at=meeting.case.at(days=-1))) == "meeting-in-the-past"
    assert again.convene(like=str(uuid4())).status_code == 404
    assert slug(again.convene(cases=[str(uuid4())])) == "not-on-the-agenda"
    assert again.went("call-off").told()[-1] == "MeetingCancelled"
    assert slug(again.do("open", present=[POLICE])) == "meeting-not-in-this-state"


@pytest.mark.ledger("O-6.1-08")
def test_a_grey_zone_goes_first_and_changes_nothing_else(case: Case) -> None:
    later = Case(case.world).begun()
    meeting = Meeting(case).convened()
    before = case.sql("select array[state, version::text] from referral where referral_id = $1", later.referral_id)
    order = [one["group_case_id"] for one in meeting.read()["agenda"]]
    assert order.index(case.id) < order.index(later.id)
    later.did("grey-zone", SOCIAL, version=later.version(), text="Falder mellem socialt og psykiatri.")
    order = [one["group_case_id"] for one in meeting.read()["agenda"]]
    assert order.index(later.id) < order.index(case.id)
    after = case.sql("select array[state, version::text] from referral where referral_id = $1", later.referral_id)
    assert after == before
    assert later.told() == []
    assert later.read(PSYCHIATRY)["grey_zone_why"] == "Falder mellem socialt og psykiatri."
    assert later.do("grey-zone", SOCIAL, version=1, text="Igen.").status_code == 409


@pytest.mark.ledger("O-6.1-07", "O-6.1-09")
def test_a_group_that_does_not_meet_is_overdue_and_is_reminded_until_it_has_met(case: Case) -> None:
    def forum() -> dict[str, object]:
        rows = case.ask("GET", "/forums", CONVENER)
        return next(one for one in rows if (one["programme"], one["kommune"]) == ("psp", "0657"))

    told = "select count(*) from event where aggregate_id = $1 and type like '%.MeetingOverdue.%'"
    case.sql("update forum set founded_at = clock(), last_held_at = null, overdue_since = null")
    said = {
        "programme": "psp",
        "kommune": "0657",
        "interval_days": 28,
        "reason": "Som før.",
        "decided_on": "2026-03-01",
    }
    case.ask("POST", "/forums/frequency", CONVENER, json=said | {"version": forum()["version"]})
    assert not forum()["overdue"]
    before = case.sql(told, UUID(str(forum()["forum_id"])))
    case.sql("select set_clock_offset('29 days')")
    case.world.wait_for("an overdue group", lambda: forum()["overdue"])
    assert case.sql(told, UUID(str(forum()["forum_id"]))) == before + 1
    case.sql("select set_clock_offset('37 days')")
    case.world.wait_for("a reminder", lambda: case.sql(told, UUID(str(forum()["forum_id"]))) == before + 2 or None)
    Meeting(case).convened().went("open", present=ALL).went("close")
    assert not forum()["overdue"]
    case.sql("select set_clock_offset('0')")


@pytest.mark.ledger("O-6.1-09")
def test_how_often_a_group_meets_is_the_conveners_to_say_with_a_reason(case: Case) -> None:
    said = {"programme": "psp", "kommune": "0657", "decided_on": "2026-03-01", "reason": "Mange sager.", "version": 0}
    assert case.send("POST", "/forums/frequency", SOCIAL, json=said | {"interval_days": 14}).status_code == 403
    assert slug(case.send("POST", "/forums/frequency", CONVENER, json=said)) == "frequency-needed"
    assert (
        case.send("POST", "/forums/frequency", CONVENER, json=said | {"reason": "", "interval_days": 14}).status_code
        == 422
    )
    stale = case.send("POST", "/forums/frequency", CONVENER, json=said | {"interval_days": 14, "version": 999})
    assert slug(stale) == "stale-version"


def test_a_case_is_shown_only_while_its_own_circle_is_in_the_room(meeting: Meeting) -> None:
    case = meeting.case
    case.did("circle", CONVENER, version=case.version(), seats=[POLICE, HERNING])
    assert slug(meeting.show()) == "meeting-not-in-this-state"
    meeting.went("open", present=ALL)
    refused = meeting.show()
    assert (refused.status_code, slug(refused)) == (409, "outside-the-circle-in-the-room")
    assert all(word not in refused.text for word in (case.id, REGION, "psykiatri", case.person))
    assert slug(meeting.decide()) == "outside-the-circle-in-the-room"
    assert case.id not in str(meeting.read(PSYCHIATRY)["agenda"])
    assert meeting.show(PSYCHIATRY).status_code == 404
    meeting.went("room", present=[POLICE, HERNING])
    assert meeting.show().is_success
    assert slug(meeting.do("room", present=["kommune-0791.psp"])) == "not-a-participant"


@pytest.mark.ledger("O-6.1-07", "O-6.1-10")
def test_decisions_go_to_the_case_and_tasks_are_out_when_the_meeting_closes(meeting: Meeting) -> None:
    case = meeting.case
    meeting.went("open", present=[POLICE, HERNING])
    task = {"owner": HERNING, "code": "contact", "text": "Ring i denne uge.", "due_at": case.at(days=7)}
    assert meeting.decide(SOCIAL).status_code == 403
    assert slug(meeting.decide(tasks=[task | {"owner": "kommune-0791.psp"}])) == "not-a-participant"
    assert slug(meeting.decide(tasks=[task | {"due_at": case.at(days=-1)}])) == "meeting-in-the-past"
    assert slug(meeting.decide(version=999)) == "stale-version"
    assert meeting.decide(tasks=[task], review_at=case.at(days=20)).is_success
    assert case.told() == ["CaseDecided"]
    assert case.read(SOCIAL)["tasks"] == []
    meeting.went("close")
    assert meeting.told()[-1] == "MeetingHeld"
    assert case.told() == ["CaseDecided", "GroupTaskGiven"]
    minutes = meeting.read(SOCIAL)
    assert (minutes["quorate"], minutes["missing"]) == (False, ["region"])
    assert [one["code"] for one in minutes["decisions"]] == ["followed"]
    [given] = case.read(SOCIAL)["tasks"]
    assert given["text"] == "Ring i denne uge."
    assert slug(meeting.decide()) == "meeting-not-in-this-state"
    path = f"/group-tasks/{given['task_id']}/done"
    assert case.send("POST", path, PSYCHIATRY, json={}).status_code == 403
    case.sql("select set_clock_offset('8 days')")
    case.world.wait_for("a reminder", lambda: "GroupTaskOverdue" in case.told() or None)
    assert case.send("POST", path, SOCIAL, json={}).is_success
    assert slug(case.send("POST", path, SOCIAL, json={})) == "already-done"
    assert case.told()[-1] == "GroupTaskDone"


def test_the_events_of_a_case_are_counted_one_by_one(meeting: Meeting) -> None:
    case = meeting.case
    case.did("not-shared", SOCIAL, version=0)
    case.did("grey-zone", SOCIAL, version=case.version(), text="Mellem to stole.")
    case.did("updates", SOCIAL, text="Han er flyttet.")
    versions = "select array_agg(aggregate_version order by place) from event where aggregate_id = $1"
    assert case.sql(versions, UUID(case.id)) == [1, 2]
    meeting.went("open", present=ALL).went("close")
    assert meeting.case.sql(versions, UUID(meeting.id)) == [1, 2, 3, 4, 5]


@pytest.mark.ledger("O-6.1-09")
def test_a_vacant_role_is_told_and_shows_until_somebody_has_it(meeting: Meeting) -> None:
    case, leader = meeting.case, ("leader", *CONVENER[1:])
    group = {"programme": "psp", "kommune": "0657"}

    def forum() -> dict[str, Any]:
        found = case.ask("GET", "/forums", CONVENER)
        return next(one for one in found if (one["programme"], one["kommune"]) == ("psp", "0657"))

    def said(who: tuple[str, ...], subject: str) -> int:
        body = group | {"version": forum()["version"], "subject": subject}
        return case.send("POST", "/forums/convener", who, json=body).status_code

    assert said(leader, "anna") == 200
    assert (forum()["vacant"], forum()["holder"]) == (False, "anna")
    assert said(leader, "") == 200
    assert forum()["vacant"] is True
    told = case.sql(
        "select split_part(type, '.', 4) || mailboxes::text from event where aggregate_id = $1"
        " order by place desc limit 1",
        UUID(forum()["forum_id"]),
    )
    assert told.startswith("ConvenerVacated")
    assert "politi-mvj-fnt.psp" in told
    assert said(CONVENER, "anna") == 403
    assert said(("leader", "kommune-0657", "psp"), "anna") == 403
    stale = group | {"version": 999, "subject": "anna"}
    assert case.send("POST", "/forums/convener", leader, json=stale).status_code == 409


@pytest.mark.ledger("O-6.4-03", "O-6.4-04")
def test_al_capone_calls_who_has_a_case_and_each_sees_its_own_alone(running: World) -> None:
    police = ("politi-mvj-fnt", "alcapone")
    mine = Case(running, "alcapone", "0661", ("kommune-0661", "alcapone"), police).begun()
    other = Case(running, "alcapone", "0791", ("kommune-0791", "alcapone"), police).begun()
    holstebro, viborg, skive = (("receiver", f"kommune-{code}", "alcapone") for code in ("0661", "0791", "0779"))
    meeting = Meeting(mine, LEADER).convened()
    assert {"kommune-0661.alcapone", "kommune-0791.alcapone"} < set(meeting.read()["participants"])
    assert "kommune-0779.alcapone" not in meeting.read()["participants"]
    seen_by = meeting.read(holstebro)
    assert "kommune-0791.alcapone" not in str(seen_by)
    assert [one["group_case_id"] for one in seen_by["agenda"]] == [mine.id]
    assert meeting.case.send("GET", f"/meetings/{meeting.id}", skive).status_code == 404
    there = mine.send("GET", f"/group-cases/{mine.id}", viborg)
    assert seen(there) == seen(mine.send("GET", f"/group-cases/{uuid4()}", viborg))
    assert there.status_code == 404
    assert mine.id not in mine.send("GET", "/group-cases", viborg).text
    assert other.read(viborg)["group_case_id"] == other.id
    topics = mine.sql("select array_agg(distinct topic) from event where aggregate_id = $1", UUID(meeting.id))
    assert topics == ["samvirke.referrals.alcapone-meeting.v1"]
    forum = mine.ask("GET", "/forums", LEADER)[0]
    assert (forum["interval_days"], forum["meet_by"]) == (None, None)
    said = {"programme": "alcapone", "version": forum["version"], "reason": "Flere sager.", "decided_on": "2026-03-01"}
    mine.ask("POST", "/forums/frequency", LEADER, json=said | {"interval_days": 60})
    assert mine.send("POST", "/forums/frequency", SOCIAL, json=said | {"interval_days": 9}).status_code == 404
    forum = mine.ask("GET", "/forums", LEADER)[0]
    assert (forum["interval_days"], forum["frequency"]["reason"]) == (60, "Flere sager.")
    mine.ask("POST", "/forums/frequency", LEADER, json=said | {"version": forum["version"]})
    assert mine.ask("GET", "/forums", LEADER)[0]["meet_by"] is None


def test_to_another_municipality_a_meeting_and_a_case_look_like_missing_ones(meeting: Meeting) -> None:
    case = meeting.case
    for path, missing in (
        (f"/meetings/{meeting.id}", f"/meetings/{uuid4()}"),
        (f"/group-cases/{case.id}", f"/group-cases/{uuid4()}"),
        (f"/meetings/{meeting.id}/cases/{case.id}", f"/meetings/{uuid4()}/cases/{uuid4()}"),
    ):
        found = case.send("GET", path, SOCIAL_OF_VIBORG)
        assert found.status_code == 404
        assert seen(found) == seen(case.send("GET", missing, SOCIAL_OF_VIBORG))
    for path in ("/meetings", "/group-cases", "/forums"):
        assert case.id not in case.send("GET", path, SOCIAL_OF_VIBORG).text
        assert meeting.id not in case.send("GET", path, SOCIAL_OF_VIBORG).text

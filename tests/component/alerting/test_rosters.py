"""Rosters, who takes over, swaps between colleagues, the calendar, and holes: seen before and at an alert."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from icalendar import Calendar

from contracts.hverdage import DANISH_TIME
from tests.component.alerting.conftest import Duty
from tests.component.alerting.planning import Desk, clock_at

pytestmark = pytest.mark.component

HOUR = timedelta(hours=1)


@pytest.fixture
def desk(duty: Duty) -> Desk:
    return Desk(duty)


def text(*people: UUID) -> list[list[str]]:
    """Return shifts of one each, as JSON says them."""
    return [[str(one)] for one in people]


def over(desk: Desk, roster: UUID, start: Any, end: Any, who: UUID | None, reason: str = "") -> dict[str, Any]:  # noqa: ANN401  moments
    """Return the body of an override on a roster as it stands."""
    span = {"starts_at": start.isoformat(), "ends_at": end.isoformat()}
    return span | {"staff_id": who and str(who), "reason": reason, "version": desk.version(roster)}


# -- rosters and rotations ---------------------------------------------------------------------------------------------


def test_the_duty_goes_round_and_a_new_rotation_changes_nothing_that_was(desk: Desk) -> None:
    anna, bo, carl = desk.person(), desk.person("Bo"), desk.person("Carl")
    roster = desk.roster(anna, bo)
    body = desk.turning(carl, starts_on=f"{desk.at(2):%Y-%m-%d}", version=2, kind="weekly")
    assert desk.do("POST", f"/rosters/{roster}/rotations", body)["version"] == 3
    assert desk.shifts(roster, desk.at(0), desk.at(3)) == text(anna, bo, carl)
    replaced = body | {"members": [str(bo)], "version": 3}
    desk.do("POST", f"/rosters/{roster}/rotations", replaced)
    assert desk.shifts(roster, desk.at(0), desk.at(3)) == text(anna, bo, bo), "it had not begun"


def test_a_roster_goes_round_from_the_first_or_is_not_made(desk: Desk) -> None:
    anna, other, today = desk.person(), desk.person("Carl", roles=["andet"]), f"{desk.today()}"
    first = {"starts_on": today, "kind": "fixed", "turn_at": "00:00", "members": [str(anna)]}
    body = {"name": "Vagt", "role": desk.role, "hours": "always", "in_service": today, "rotation": first}
    for wrong, said in (
        ({"members": [str(other)]}, "422 not-on-the-staff"),
        ({"starts_on": f"{desk.at(-1):%Y-%m-%d}"}, "409 in-the-past"),
        ({"members": []}, "422 invalid-input"),
    ):
        assert desk.refused("POST", "/rosters", body | {"rotation": first | wrong}) == said
    made = desk.do("POST", "/rosters", body)
    assert made["version"] == 1
    duty = [one for one in desk.do("GET", "/duty")["duty"] if one["roster_id"] == made["roster_id"]]
    assert [one["staff_id"] for one in duty[0]["now"]] == [str(anna)]


def test_a_roster_is_renamed_and_ends_and_is_then_changed_no_more(desk: Desk) -> None:
    roster = desk.roster(desk.person())
    desk.do("PUT", f"/rosters/{roster}", {"name": "Døgnvagt", "version": 2})
    tomorrow = f"{desk.at(1):%Y-%m-%d}"
    assert desk.refused("POST", f"/rosters/{roster}/end", {"ended_on": f"{desk.today()}", "version": 3}) == (
        "409 in-the-past"
    )
    desk.do("POST", f"/rosters/{roster}/end", {"ended_on": tomorrow, "version": 3})
    assert len(desk.shifts(roster, desk.at(0), desk.at(9))) == 1
    with clock_at(desk.duty, 1):
        assert desk.refused("PUT", f"/rosters/{roster}", {"name": "X", "version": 4}) == "409 roster-ended"
        assert str(roster) not in [one["roster_id"] for one in desk.do("GET", "/rosters")["rosters"]]


def test_two_rosters_share_a_line_only_where_their_hours_meet(desk: Desk) -> None:
    desk.roster(hours="office_hours")
    desk.roster(hours="outside")
    desk.roster(hours="always", line=2)
    body = {"name": "V", "role": desk.role, "in_service": f"{desk.today()}"}
    for hours, line in (("always", 1), ("outside", 1), ("office_hours", 2)):
        assert desk.refused("POST", "/rosters", body | {"hours": hours, "line": line}) == "409 roster-overlaps"


def test_a_roster_in_the_past_or_of_the_wrong_form_is_refused(desk: Desk) -> None:
    body = {"name": "V", "role": desk.role, "hours": "always", "in_service": f"{desk.at(-1):%Y-%m-%d}"}
    assert desk.refused("POST", "/rosters", body) == "409 in-the-past"
    bad: list[dict[str, Any]] = [{"hours": "night"}, {"line": 0}, {"name": ""}, {"in_service": "9999-01-01"}, {"x": 1}]
    for wrong in bad:
        assert desk.refused("POST", "/rosters", body | wrong) == "422 invalid-input"


def test_a_rotation_that_would_change_what_was_or_names_a_stranger_is_refused(desk: Desk) -> None:
    anna, gone, other = desk.person(), desk.person("Bo"), desk.person("Carl", roles=["andet"])
    desk.do("POST", f"/staff/{gone}/end", {"version": 1})
    roster = desk.roster(anna)
    path = f"/rosters/{roster}/rotations"
    assert desk.refused("POST", path, desk.turning(anna)) == "409 stale-version"
    assert desk.refused("POST", path, desk.turning(anna, version=2)) == "409 rotation-in-force"
    past, coming = f"{desk.at(-1):%Y-%m-%d}", f"{desk.at(1):%Y-%m-%d}"
    assert desk.refused("POST", path, desk.turning(anna, version=2, starts_on=past)) == "409 in-the-past"
    for stranger in (gone, other, uuid4()):
        body = desk.turning(stranger, version=2, starts_on=coming)
        assert desk.refused("POST", path, body) == "422 not-on-the-staff"
    bad: list[dict[str, Any]] = [
        {"members": []},
        {"kind": "yearly"},
        {"turn_at": "25:00"},
        {"members": [str(anna)] * 61},
    ]
    for wrong in bad:
        assert desk.refused("POST", path, desk.turning(anna, version=2) | wrong) == "422 invalid-input"


# -- overrides ---------------------------------------------------------------------------------------------------------


def test_somebody_takes_over_and_it_is_taken_back(desk: Desk) -> None:
    anna, bo = desk.person(), desk.person("Bo")
    roster = desk.roster(anna)
    body = over(desk, roster, desk.at(1, 6), desk.at(1, 12), bo)
    taken = desk.do("POST", f"/rosters/{roster}/overrides", body)
    assert desk.shifts(roster, desk.at(1), desk.at(2)) == text(anna, bo, anna)
    path = f"/overrides/{taken['override_id']}/withdraw"
    assert desk.refused("POST", path, {"version": 1}) == "409 stale-version"
    desk.do("POST", path, {"version": taken["version"]})
    assert desk.shifts(roster, desk.at(1), desk.at(2)) == text(anna)
    assert desk.refused("POST", path, {"version": desk.version(roster)}) == "404 not-found"


def test_an_override_that_has_begun_ends_now_and_one_that_is_over_stays(desk: Desk) -> None:
    anna, bo = desk.person(), desk.person("Bo")
    roster = desk.roster(anna)
    body = over(desk, roster, desk.now(), desk.now() + 2 * HOUR, bo) | {"starts_at": None}
    taken = desk.do("POST", f"/rosters/{roster}/overrides", body)
    path, basis = f"/overrides/{taken['override_id']}/withdraw", {"version": taken["version"]}
    now = {line["role"]: line["now"] for line in desk.do("GET", "/duty")["duty"]}[desk.role]
    assert [one["name"] for one in now] == ["Bo"]
    desk.do("POST", path, basis)
    now = {line["role"]: line["now"] for line in desk.do("GET", "/duty")["duty"]}[desk.role]
    assert [one["name"] for one in now] == ["Anna"]
    assert desk.refused("POST", path, {"version": desk.version(roster)}) == "409 override-over"


def test_nobody_on_purpose_needs_a_reason_and_is_no_hole(desk: Desk) -> None:
    roster = desk.roster(desk.person())
    path, span = f"/rosters/{roster}/overrides", (desk.at(1, 8), desk.at(1, 9))
    assert desk.refused("POST", path, over(desk, roster, *span, None)) == "422 reason-missing"
    desk.do("POST", path, over(desk, roster, *span, None, "Nedlukket for øvelse"))
    found = desk.do("GET", f"/rosters/{roster}/shifts?{desk.span(*span)}")["shifts"]
    assert [(one["staff"], one["gap"], one["reason"]) for one in found] == [([], False, "Nedlukket for øvelse")]
    assert desk.do("GET", f"/rosters/{roster}/gaps?{desk.span(*span)}") == {"gaps": []}


def test_an_override_of_the_wrong_time_or_person_is_refused(desk: Desk) -> None:
    anna, bo = desk.person(), desk.person("Bo")
    roster = desk.roster(anna)
    path = f"/rosters/{roster}/overrides"
    for start, end, refusal in (
        (desk.at(-1), desk.at(1), "409 in-the-past"),
        (desk.at(2), desk.at(2), "422 ends-before-it-begins"),
        (desk.at(2), desk.at(500), "422 span-too-long"),
    ):
        assert desk.refused("POST", path, over(desk, roster, start, end, bo)) == refusal
    stranger = over(desk, roster, desk.at(1), desk.at(2), uuid4())
    assert desk.refused("POST", path, stranger) == "422 not-on-the-staff"
    desk.do("POST", path, over(desk, roster, desk.at(1), desk.at(2), bo))
    again = over(desk, roster, desk.at(1, 23), desk.at(3), anna)
    assert desk.refused("POST", path, again) == "409 overlaps-another"
    naive = over(desk, roster, desk.at(5), desk.at(6), bo) | {"ends_at": "2030-01-01T00:00:00"}
    assert desk.refused("POST", path, naive) == "422 invalid-input"


# -- swaps -------------------------------------------------------------------------------------------------------------


def offer(desk: Desk, roster: UUID, who: UUID, days: int = 2) -> UUID:
    """Let somebody offer the whole of a day some days from now."""
    body = {"starts_at": desk.at(days).isoformat(), "ends_at": desk.at(days + 1).isoformat()}
    path = f"/rosters/{roster}/swaps"
    return UUID(desk.do("POST", path, body | {"version": desk.version(roster)}, desk.me(who))["swap_id"])


def test_a_colleague_takes_an_offered_shift(desk: Desk) -> None:
    anna, bo = desk.person(), desk.person("Bo")
    roster = desk.roster(anna)
    swap = offer(desk, roster, anna)
    shown = next(one for one in desk.do("GET", "/swaps", who=desk.me(bo))["swaps"] if one["swap_id"] == str(swap))
    assert shown["name"] == "Anna"
    desk.do("POST", f"/swaps/{swap}/take", {"version": 1}, desk.me(bo))
    assert desk.shifts(roster, desk.at(1), desk.at(4)) == text(anna, bo, anna)
    carl = desk.person("Carl")
    assert desk.refused("POST", f"/swaps/{swap}/take", {"version": 2}, desk.me(carl)) == "409 swap-closed"
    assert desk.refused("POST", f"/swaps/{swap}/withdraw", {"version": 2}, desk.me(anna)) == "409 swap-closed"


def test_only_the_own_shift_is_offered_and_once(desk: Desk) -> None:
    anna, bo = desk.person(), desk.person("Bo")
    roster = desk.roster(anna, bo)
    path = f"/rosters/{roster}/swaps"

    def body(start: Any, end: Any) -> dict[str, Any]:  # noqa: ANN401  moments
        return {"starts_at": start.isoformat(), "ends_at": end.isoformat(), "version": desk.version(roster)}

    me = desk.me(anna)
    assert desk.refused("POST", path, body(desk.at(1), desk.at(2)), me) == "409 not-your-shift"
    assert desk.refused("POST", path, body(desk.at(2), desk.at(4)), me) == "409 not-your-shift"
    assert desk.refused("POST", path, body(desk.at(-2), desk.at(-1)), me) == "409 in-the-past"
    assert desk.refused("POST", path, body(desk.at(2), desk.at(3)) | {"version": 1}, me) == "409 stale-version"
    offer(desk, roster, anna)
    assert desk.refused("POST", path, body(desk.at(2), desk.at(3)), me) == "409 overlaps-another"
    taken = over(desk, roster, desk.at(2), desk.at(3), bo)
    assert desk.refused("POST", f"/rosters/{roster}/overrides", taken) == "409 overlaps-another"
    assert desk.refused("POST", path, body(desk.at(4), desk.at(5)), desk.planner) == "403 forbidden"


def test_who_shares_a_duty_cannot_give_it_away(desk: Desk) -> None:
    anna, bo = desk.person(), desk.person("Bo")
    roster = desk.roster(anna, bo, kind="fixed")
    body = {"starts_at": desk.at(2).isoformat(), "ends_at": desk.at(3).isoformat(), "version": 2}
    assert desk.refused("POST", f"/rosters/{roster}/swaps", body, desk.me(anna)) == "409 not-your-shift"


def test_only_a_free_colleague_of_the_same_office_and_role_takes_a_shift(desk: Desk) -> None:
    anna, bo, other = desk.person(), desk.person("Bo"), desk.person("Carl", roles=["andet"])
    roster = desk.roster(anna)
    desk.roster(bo, line=2)
    swap = offer(desk, roster, anna)
    path, basis = f"/swaps/{swap}/take", {"version": 1}
    assert desk.refused("POST", path, {"version": 7}, desk.me(bo)) == "409 stale-version"
    assert desk.refused("POST", path, basis, desk.me(anna)) == "409 own-swap"
    assert desk.refused("POST", path, basis, desk.me(bo)) == "409 already-on-duty"
    assert desk.refused("POST", path, basis, desk.me(other)) == "403 not-your-role"
    assert desk.refused("POST", path, basis, ("on_call", *desk.place, "ingen")) == "404 not-found"
    away = Desk(desk.duty, "kommune-0791")
    dora = away.person("Dora")
    assert desk.refused("POST", path, basis, away.me(dora)) == "404 not-found"
    gone = desk.person("Ego")
    me = desk.me(gone)
    desk.do("POST", f"/staff/{gone}/end", {"version": 1})
    assert desk.refused("POST", path, basis, me) == "404 not-found"


def test_an_offer_is_withdrawn_by_who_made_it_or_the_planner(desk: Desk) -> None:
    anna, bo = desk.person(), desk.person("Bo")
    roster = desk.roster(anna)
    first, basis = offer(desk, roster, anna), {"version": 1}
    assert desk.refused("POST", f"/swaps/{first}/withdraw", basis, desk.me(bo)) == "409 not-your-shift"
    desk.do("POST", f"/swaps/{first}/withdraw", basis, desk.me(anna))
    desk.do("POST", f"/swaps/{offer(desk, roster, anna)}/withdraw", basis)
    assert desk.refused("POST", f"/swaps/{first}/take", {"version": 2}, desk.me(bo)) == "409 swap-closed"
    assert desk.shifts(roster, desk.at(2), desk.at(3)) == text(anna)


def test_an_offer_ends_with_its_beginning_and_with_its_person(desk: Desk) -> None:
    anna, bo = desk.person(), desk.person("Bo")
    roster = desk.roster(anna, bo)
    state = "select state from swap where swap_id = $1"
    expired, withdrawn = offer(desk, roster, anna), offer(desk, roster, bo, 1)
    desk.do("POST", f"/staff/{bo}/end", {"version": 1})
    assert desk.duty.sql(state, withdrawn) == "withdrawn"
    desk.duty.sql("update deadline set due_at = clock() where kind = 'swap-offer' and subject = $1", expired)
    desk.duty.wait_for("its end", lambda: desk.duty.sql(state, expired) == "expired")
    assert desk.refused("POST", f"/swaps/{expired}/take", {"version": 2}, desk.me(desk.person("C"))) == (
        "409 swap-closed"
    )


# -- holes -------------------------------------------------------------------------------------------------------------


def metric(duty: Duty, authority: str) -> float:
    """Return how many rosters of an authority have a hole ahead, as Prometheus reads it."""
    found = httpx.get(f"{duty.stack.url('alerting')}/metrics").text
    [line] = [
        one for one in found.splitlines() if one.startswith(f'alerting_rosters_with_gaps{{authority="{authority}"')
    ]
    return float(line.rpartition(" ")[2])


def test_a_hole_is_shown_before_it_comes(duty: Duty) -> None:
    desk = Desk(duty, "kommune-0665")
    anna, bo = desk.person(), desk.person("Bo")
    roster = desk.roster(anna, bo)
    duty.wait_for("a look", lambda: duty.sql("select exists (select from deadline where subject = $1)", roster))
    assert metric(duty, "kommune-0665") == 0
    [shown] = [one for one in desk.do("GET", "/rosters")["rosters"] if one["roster_id"] == str(roster)]
    assert (shown["first_gap"], shown["version"]) == (None, 2)
    desk.do("POST", f"/staff/{bo}/end", {"version": 1})
    [shown] = [one for one in desk.do("GET", "/rosters")["rosters"] if one["roster_id"] == str(roster)]
    assert shown["first_gap"]["starts_at"] is not None
    assert shown["version"] == 3, "a change of a member is a change of the roster"
    duty.wait_for("the metric", lambda: metric(duty, "kommune-0665") == 1)
    found = desk.do("GET", f"/rosters/{roster}/gaps?{desk.span(desk.at(0), desk.at(6))}")["gaps"]
    assert len(found) == 3


def test_a_hole_at_an_alert_goes_to_the_next_line_at_once_and_is_shown(duty: Duty) -> None:
    desk = Desk(duty, "kommune-0671", "beredskab")
    anna, bo = desk.person(), desk.person("Bo")
    desk.route(bo)
    first = desk.roster(anna)
    desk.roster(bo, line=2)
    body = over(desk, first, desk.now(), desk.at(2), None, "Ferie") | {"starts_at": None}
    desk.do("POST", f"/rosters/{first}/overrides", body)
    alert = duty.raise_alert(desk.office)
    [called] = duty.wait_for("the call", lambda: duty.board(alert)["calls"])
    assert called["name"] == "Bo"
    assert called["deliveries"]
    [path] = duty.board(alert)["offices"]
    assert 1 in path["holes"]
    assert 2 not in path["holes"]


def test_who_is_on_duty_and_who_is_next_is_said_line_by_line(desk: Desk) -> None:
    anna, bo = desk.person(), desk.person("Bo")
    desk.roster(anna, bo)
    at = desk.at(1, 12).isoformat()
    found = desk.do("GET", f"/duty?{httpx.QueryParams({'at': at})}")["duty"]
    [line] = [one for one in found if one["role"] == desk.role]
    assert ([one["name"] for one in line["now"]], [one["name"] for one in line["next"]]) == (["Bo"], ["Anna"])
    assert line["until"] == line["next_from"]


def test_a_span_that_is_no_span_is_refused(desk: Desk) -> None:
    path = f"/rosters/{desk.roster()}"
    for kind in ("shifts", "gaps"):
        assert desk.refused("GET", f"{path}/{kind}?{desk.span(desk.at(0), desk.at(401))}") == "422 span-too-long"
        assert desk.refused("GET", f"{path}/{kind}?{desk.span(desk.at(1), desk.at(0))}") == "422 ends-before-it-begins"
        assert desk.refused("GET", f"{path}/{kind}") == "422 invalid-input"
        assert desk.refused("GET", f"{path}/{kind}?from=0001-01-01T00:00:00Z&to=9999-12-31T00:00:00Z") == (
            "422 invalid-input"
        )


# -- who may, and who is told ------------------------------------------------------------------------------------------


def test_another_offices_planner_finds_no_roster(desk: Desk) -> None:
    anna = desk.person()
    roster = desk.roster(anna)
    taken = desk.do("POST", f"/rosters/{roster}/overrides", over(desk, roster, desk.at(4), desk.at(5), anna))
    swap, basis = offer(desk, roster, anna), {"version": 1}
    span = desk.span(desk.at(0), desk.at(1))
    for stranger in (("duty_planner", "kommune-0791", "boern"), ("duty_planner", "kommune-0657", "beredskab")):
        assert str(roster) not in [one["roster_id"] for one in desk.do("GET", "/rosters", who=stranger)["rosters"]]
        assert desk.role not in [one["role"] for one in desk.do("GET", "/duty", who=stranger)["duty"]]
        assert str(swap) not in [one["swap_id"] for one in desk.do("GET", "/swaps", who=stranger)["swaps"]]
        for method, path, body in (
            ("PUT", f"/rosters/{roster}", basis | {"name": "X"}),
            ("POST", f"/rosters/{roster}/end", basis | {"ended_on": "2030-01-01"}),
            ("POST", f"/rosters/{roster}/feed-key", basis),
            ("POST", f"/rosters/{roster}/rotations", desk.turning(anna)),
            ("POST", f"/rosters/{roster}/overrides", over(desk, roster, desk.at(1), desk.at(2), anna)),
            ("POST", f"/overrides/{taken['override_id']}/withdraw", basis),
            ("POST", f"/swaps/{swap}/withdraw", basis),
            ("GET", f"/rosters/{roster}/shifts?{span}", None),
            ("GET", f"/rosters/{roster}/gaps?{span}", None),
        ):
            assert desk.refused(method, path, body, stranger) == "404 not-found", path


def test_only_a_planner_changes_a_roster(desk: Desk) -> None:
    anna = desk.person()
    roster = desk.roster(anna)
    for who in (desk.me(anna), ("duty_officer", *desk.place), ("caseworker", *desk.place)):
        for path, body in (
            ("/rosters", {"name": "V", "hours": "always", "in_service": f"{desk.today()}"}),
            (f"/rosters/{roster}/end", {"ended_on": "2030-01-01", "version": 2}),
            (f"/rosters/{roster}/rotations", desk.turning(anna)),
            (f"/rosters/{roster}/overrides", over(desk, roster, desk.at(1), desk.at(2), anna)),
            (f"/rosters/{roster}/feed-key", {"version": 2}),
        ):
            assert desk.refused("POST", path, body, who) == "403 forbidden"
    assert (
        desk.refused(
            "POST",
            "/rosters",
            {"name": "V", "hours": "always", "in_service": "2030-01-01"},
            ("duty_planner", "kommune-0657"),
        )
        == "403 no-office"
    )
    assert desk.refused("GET", "/rosters", who=("caseworker", *desk.place)) == "403 forbidden"
    assert desk.refused("GET", "/duty", who=("caseworker", *desk.place)) == "403 forbidden"


def test_every_change_is_told_once_with_the_next_version(desk: Desk) -> None:
    anna = desk.person()
    roster = desk.roster(anna)
    desk.route(anna)
    desk.do("PUT", f"/staff/{anna}", {"name": "Anna B", "roles": [desk.role], "version": 1})
    desk.do("POST", f"/rosters/{roster}/overrides", over(desk, roster, desk.at(4), desk.at(5), anna))
    told = "select array_agg(aggregate_version order by place) from event where aggregate_id = $1"
    assert desk.duty.sql(told, roster) == [1, 2, 3, 4, 5]
    holds = "select bool_or(value like '%Anna%') from event where aggregate_id = $1"
    assert desk.duty.sql(holds, roster) is False
    desk.route(desk.person("Bo"))
    assert desk.version(roster) == 5, "who stands on no roster changes none"


# -- the calendar ------------------------------------------------------------------------------------------------------


def feed(desk: Desk, roster: UUID, key: str, **headers: str) -> httpx.Response:
    """Read a calendar as a phone does, without signing in."""
    base = desk.duty.stack.url(desk.duty.process)
    return httpx.get(f"{base}/rosters/{roster}/calendar.ics", params={"key": key} if key else {}, headers=headers)


def made(desk: Desk, *members: UUID, turn_at: str = "00:00") -> tuple[UUID, str]:
    """Make a roster, and return its id and the key of its calendar."""
    body = {"name": "Døgnvagt", "role": desk.role, "hours": "always", "in_service": f"{desk.today()}"}
    found = desk.do("POST", "/rosters", body)
    roster = UUID(found["roster_id"])
    desk.do("POST", f"/rosters/{roster}/rotations", desk.turning(*members, turn_at=turn_at))
    return roster, found["feed_key"]


def test_a_phone_follows_the_calendar_with_its_key_and_reads_no_number(desk: Desk) -> None:
    anna, bo = desk.person("Anna Vagt"), desk.person("Bo Vagt")
    desk.route(anna)
    roster, key = made(desk, anna, bo, turn_at="08:00")
    answer = feed(desk, roster, key)
    assert answer.headers["Content-Type"].startswith("text/calendar")
    found = Calendar.from_ical(answer.content)
    starts = [event.decoded("dtstart").astimezone(DANISH_TIME) for event in found.walk("VEVENT")]
    assert {(one.hour, one.minute) for one in starts if one.date() > desk.today()} == {(8, 0)}
    assert {str(event["summary"]) for event in found.walk("VEVENT")} <= {
        "Døgnvagt: Anna Vagt",
        "Døgnvagt: Bo Vagt",
        "Døgnvagt: INGEN PÅ VAGT",
    }
    assert "+45" not in answer.text
    assert {str(event["description"]) for event in found.walk("VEVENT")} == {"Demonstration, ikke en myndighed"}


def test_a_calendar_that_has_not_changed_is_not_sent_again(desk: Desk) -> None:
    roster, key = made(desk, desk.person())
    tag = feed(desk, roster, key).headers["ETag"]
    assert feed(desk, roster, key, **{"If-None-Match": f'"other", W/{tag}'}).status_code == 304
    desk.do("PUT", f"/rosters/{roster}", {"name": "Nyt navn", "version": 2})
    assert feed(desk, roster, key, **{"If-None-Match": tag}).status_code == 200


def test_a_wrong_key_looks_like_a_roster_that_is_not_there(desk: Desk) -> None:
    (roster, key), (other, other_key) = made(desk, desk.person()), (uuid4(), "k" * 43)
    second = Desk(desk.duty)
    _, key_of_another = made(second, second.person())
    nowhere = feed(desk, other, other_key).json()
    for wrong in ("", "x", key_of_another, key[:-1]):
        answer = feed(desk, roster, wrong)
        assert (answer.status_code, answer.json()["title"]) == (404, nowhere["title"])
    assert feed(desk, roster, "k" * 101).status_code == 422
    renewed = desk.do("POST", f"/rosters/{roster}/feed-key", {"version": 2})["feed_key"]
    assert (feed(desk, roster, key).status_code, feed(desk, roster, renewed).status_code) == (404, 200)
    assert key not in desk.duty.sql("select string_agg(answer::text, '') from idempotency where answer is not null")


# -- ad hoc ------------------------------------------------------------------------------------------------------------


def test_a_desk_calls_somebody_who_stands_on_no_roster(duty: Duty) -> None:
    office = duty.office()
    office.on_duty(office.person("Anna"))
    alert = duty.raise_alert(office)
    duty.wait_for("the call", lambda: duty.board(alert)["calls"])
    body = {"name": "Dykker Dan", "telephone": "01 99 88 77"} | office.as_body()
    made = duty.ask("POST", f"/alerts/{alert}/calls", json=body)
    [called] = [one for one in duty.board(alert)["calls"] if one["call_id"] == made["call_id"]]
    assert (called["ad_hoc"], called["unverified"], called["telephone"]) == (True, True, "+4501998877")
    assert sorted(one["channel"] for one in called["deliveries"]) == ["sms", "voice"]
    [anna] = [one for one in duty.board(alert)["calls"] if one["name"] == "Anna"]
    assert (anna["ad_hoc"], anna["unverified"]) == (False, False)
    path = f"/alerts/{alert}/calls/{made['call_id']}/answer"
    duty.ask("POST", path, json={"answer": "coming", "source": "telephone"})
    later = duty.raise_alert(office, policy="everyone")
    assert [one["name"] for one in duty.wait_for("the call", lambda: duty.board(later)["calls"])] == ["Anna"]


def test_an_expert_of_no_called_office_is_called_as_one_of_the_desk(duty: Duty) -> None:
    office = duty.office()
    alert = duty.raise_alert(office)
    duty.ask("POST", f"/alerts/{alert}/calls", json={"name": "Dan", "telephone": "+4501998877", "role": "dykker"})
    places = {(one["authority"], one["role"]) for one in duty.board(alert)["offices"]}
    assert ("politi-mvj-vagtcentral", "dykker") in places


def test_nobody_is_called_ad_hoc_by_a_number_a_stranger_or_an_alert_that_cannot_be(duty: Duty) -> None:
    office = duty.office()
    alert = duty.raise_alert(office)
    path, body = f"/alerts/{alert}/calls", {"name": "Dan", "telephone": "+4501998877"}

    def refused(said: dict[str, Any], who: tuple[str, ...] | None = None, at: str = path) -> str:
        answer = duty.send("POST", at, *((who,) if who else ()), json=said)
        return f"{answer.status_code} {answer.json()['type'].rpartition('/')[2]}"

    assert refused(body | {"telephone": "+4520123456"}) == "422 reaches-outside"
    assert refused(body | {"telephone": "nul et"}) == "422 invalid-address"
    assert refused(body | {"authority": "kommune-9999"}) == "422 invalid-input"
    assert refused({"name": "Dan"}) == "422 invalid-input"
    assert refused(body, ("on_call", "politi-mvj-vagtcentral", "beredskab")) == "403 forbidden"
    assert refused(body, ("duty_officer", "politi-mvj-vagtcentral")) == "403 no-office"
    assert refused(body, ("duty_officer", "kommune-0791", "beredskab")) == "404 not-found"
    assert refused(body, at=f"/alerts/{uuid4()}/calls") == "404 not-found"
    duty.ask("POST", f"/alerts/{alert}/close")
    assert refused(body) == "409 alert-closed"

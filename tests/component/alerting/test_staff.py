"""People on call and their routes: who keeps them, who sees them, and how a route is verified."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.component.alerting.conftest import DESK, Duty
from tests.component.alerting.planning import Desk, clock_at, number

pytestmark = pytest.mark.component


@pytest.fixture
def desk(duty: Duty) -> Desk:
    return Desk(duty)


@pytest.fixture
def by_day(duty: Duty) -> Iterator[None]:
    with clock_at(duty, 12):
        yield


def test_a_planner_adds_somebody_with_roles_and_routes(desk: Desk) -> None:
    anna = desk.person(roles=[desk.role, "leder", desk.role])
    desk.route(anna)
    desk.route(anna, "email", "Anna@Herning.example")
    seen = desk.seen(anna)
    assert (seen["name"], seen["roles"], seen["version"], seen["ad_hoc"]) == ("Anna", [desk.role, "leder"], 1, False)
    assert {one["channel"]: (one["state"], bool(one["todo"])) for one in seen["routes"]} == {
        "sms": ("unverified", True),
        "email": ("unverified", True),
    }


def test_somebody_is_added_with_their_routes_at_once_or_not_at_all(desk: Desk) -> None:
    mine, before = number(), len(desk.do("GET", "/staff")["staff"])
    anna = desk.person(routes=[{"channel": "sms", "address": mine}, {"channel": "email", "address": "a@vagt.example"}])
    routes = [(one["channel"], one["address"], one["state"]) for one in desk.seen(anna)["routes"]]
    assert routes == [("email", "a@vagt.example", "unverified"), ("sms", mine, "unverified")]
    sms, hook = {"channel": "sms", "address": mine}, {"channel": "webhook", "address": "http://127.0.0.1:9/x"}
    for wrong, said in (
        ([sms, sms], "409 route-exists"),
        ([sms | {"address": "112"}], "422 invalid-address"),
        ([hook], "422 invalid-input"),
        ([sms] * 11, "422 invalid-input"),
    ):
        assert desk.refused("POST", "/staff", {"name": "Bo", "routes": wrong}) == said
    assert len(desk.do("GET", "/staff")["staff"]) == before + 1


def test_roles_change_over_time_and_what_was_stays(desk: Desk) -> None:
    anna = desk.person()
    body = {"name": "Anna Bo", "roles": ["log", "leder"], "version": 1}
    assert desk.do("PUT", f"/staff/{anna}", body)["version"] == 2
    assert desk.do("PUT", f"/staff/{anna}", body | {"roles": ["leder", "log"], "version": 2})["version"] == 3
    over_time = desk.do("GET", f"/staff/{anna}/roles")["roles"]
    assert {one["role"]: one["until"] is None for one in over_time} == {desk.role: False, "log": True, "leder": True}
    assert (desk.seen(anna)["name"], desk.seen(anna)["roles"]) == ("Anna Bo", ["leder", "log"])


def test_a_second_role_is_called_with_everybody_of_that_role(desk: Desk) -> None:
    anna = desk.person(roles=["leder", desk.role])
    desk.route(anna)
    alert = desk.duty.raise_alert(desk.office, policy="everyone")
    [called] = desk.duty.wait_for("the call", lambda: desk.duty.board(alert)["calls"])
    assert (called["name"], called["role"], called["unverified"]) == ("Anna", desk.role, True)


def test_who_has_ended_is_gone_and_is_changed_no_more(desk: Desk) -> None:
    anna = desk.person()
    route = desk.route(anna)
    desk.do("POST", f"/staff/{anna}/end", {"version": 1})
    assert str(anna) not in [one["staff_id"] for one in desk.do("GET", "/staff")["staff"]]
    basis = {"version": 2}
    assert desk.refused("POST", f"/staff/{anna}/end", basis) == "409 person-ended"
    assert desk.refused("PUT", f"/staff/{anna}", basis | {"name": "A"}) == "409 person-ended"
    assert desk.refused("POST", f"/staff/{anna}/routes", {"channel": "sms", "address": number()}) == "409 person-ended"
    assert desk.refused("POST", f"/routes/{route}/test") == "409 person-ended"


def test_two_cannot_have_one_account_until_the_first_has_ended(desk: Desk) -> None:
    anna = desk.person(subject="konto-en")
    bo = desk.person("Bo")
    assert desk.refused("POST", "/staff", {"name": "C", "subject": "konto-en"}) == "409 already-on-the-staff"
    body = {"name": "Bo", "subject": "konto-en", "version": 1}
    assert desk.refused("PUT", f"/staff/{bo}", body) == "409 already-on-the-staff"
    desk.do("POST", f"/staff/{anna}/end", {"version": 1})
    desk.do("PUT", f"/staff/{bo}", body)


def test_what_somebody_else_has_changed_is_not_changed_over(desk: Desk) -> None:
    anna = desk.person()
    route = desk.route(anna)
    for method, path in (("PUT", f"/staff/{anna}"), ("POST", f"/staff/{anna}/end")):
        body = {"version": 9} | ({"name": "A"} if method == "PUT" else {})
        assert desk.refused(method, path, body) == "409 stale-version"
    assert desk.refused("PUT", f"/routes/{route}", {"rank": 2, "version": 9}) == "409 stale-version"
    assert desk.refused("POST", f"/routes/{route}/remove", {"version": 9}) == "409 stale-version"
    assert desk.refused("POST", f"/routes/{route}/secret", {"version": 9}) == "409 stale-version"


BAD_PEOPLE: list[dict[str, Any]] = [
    {},
    {"name": ""},
    {"name": "A" * 101},
    {"name": 7},
    {"name": "A", "roles": []},
    {"name": "A", "roles": ["Vagt!"]},
    {"name": "A", "roles": ["vagt"] * 11},
    {"name": "A", "subject": "et navn"},
    {"name": "A", "authority": "kommune-0791"},
]


@pytest.mark.parametrize("body", BAD_PEOPLE)
def test_a_person_of_the_wrong_form_is_refused(desk: Desk, body: dict[str, Any]) -> None:
    assert desk.refused("POST", "/staff", body) == "422 invalid-input"


BAD_ROUTES = [
    ({"channel": "sms", "address": "+4520123456"}, "422 reaches-outside"),
    ({"channel": "sms", "address": "+45012"}, "422 invalid-address"),
    ({"channel": "email", "address": "anna@herning.dk"}, "422 reaches-outside"),
    ({"channel": "webhook", "address": "https://herning.dk/vagt"}, "422 reaches-outside"),
    ({"channel": "webhook", "address": "http://10.0.0.1/"}, "422 invalid-address"),
    ({"channel": "push", "address": "{}"}, "422 invalid-address"),
    ({"channel": "fax", "address": "+4501234567"}, "422 invalid-input"),
    ({"channel": "sms", "address": "0" * 2001}, "422 invalid-input"),
    ({"channel": "sms", "address": "+4501234567", "rank": 0}, "422 invalid-input"),
]


@pytest.mark.parametrize(("body", "refusal"), BAD_ROUTES)
def test_an_address_that_is_none_is_refused(desk: Desk, body: dict[str, Any], refusal: str) -> None:
    assert desk.refused("POST", f"/staff/{desk.person()}/routes", body) == refusal


def test_the_same_route_twice_is_refused_and_the_eleventh_too(desk: Desk) -> None:
    anna, address = desk.person(), number()
    route = desk.route(anna, address=address)
    body = {"channel": "sms", "address": address}
    assert desk.refused("POST", f"/staff/{anna}/routes", body) == "409 route-exists"
    desk.do("POST", f"/routes/{route}/remove", {"version": 1})
    assert desk.refused("POST", f"/routes/{route}/remove", {"version": 2}) == "404 not-found"
    for _ in range(10):
        desk.route(anna)
    assert desk.refused("POST", f"/staff/{anna}/routes", body) == "409 too-many-routes"


def test_a_webhook_has_a_secret_of_ours_that_is_shown_once(desk: Desk) -> None:
    anna, key = desk.person(), str(uuid4())
    body = {"channel": "webhook", "address": "http://127.0.0.1:9/vagt"}
    ask = {"json": body, "headers": {"Idempotency-Key": key}}
    first = desk.duty.ask("POST", f"/staff/{anna}/routes", desk.planner, **ask)
    assert first["secret"].startswith("whsec_")
    again = desk.duty.ask("POST", f"/staff/{anna}/routes", desk.planner, json=body, headers={"Idempotency-Key": key})
    assert again == {name: first[name] for name in ("route_id", "version")}
    renewed = desk.do("POST", f"/routes/{first['route_id']}/secret", {"version": 1})
    assert renewed["secret"] not in {first["secret"], ""}
    assert "secret" not in json.dumps(desk.seen(anna))
    assert desk.refused("POST", f"/routes/{desk.route(anna)}/secret", {"version": 1}) == "409 no-secret"


def test_a_push_subscription_is_kept_as_the_browser_said_it(desk: Desk) -> None:
    anna = desk.person()
    said = {"endpoint": "http://127.0.0.1:9/p", "expirationTime": None, "keys": {"p256dh": "p" * 87, "auth": "a" * 22}}
    route = desk.route(anna, "push", json.dumps(said))
    kept = json.loads(desk.seen(anna)["routes"][0]["address"])
    assert kept == {name: said[name] for name in ("endpoint", "keys")}
    desk.duty.sql("update contact_route set state = 'dead', dead_since = clock() where route_id = $1", route)
    for who in ((), desk.me(anna)):
        [shown] = desk.seen(anna, who)["routes"]
        assert (shown["state"], "Slå push til igen" in shown["todo"]) == ("dead", True)


# -- who may -----------------------------------------------------------------------------------------------------------


def test_another_offices_planner_finds_nobody(desk: Desk) -> None:
    anna = desk.person()
    route = desk.route(anna)
    basis = {"version": 1}
    for stranger in (("duty_planner", "kommune-0791", "boern"), ("duty_planner", "kommune-0657", "beredskab")):
        assert str(anna) not in [one["staff_id"] for one in desk.do("GET", "/staff", who=stranger)["staff"]]
        for method, path, body in (
            ("PUT", f"/staff/{anna}", basis | {"name": "X"}),
            ("POST", f"/staff/{anna}/end", basis),
            ("GET", f"/staff/{anna}/roles", None),
            ("POST", f"/staff/{anna}/routes", {"channel": "sms", "address": number()}),
            ("PUT", f"/routes/{route}", basis | {"rank": 2}),
            ("POST", f"/routes/{route}/remove", basis),
            ("POST", f"/routes/{route}/secret", basis),
            ("POST", f"/routes/{route}/test", None),
        ):
            assert desk.refused(method, path, body, stranger) == "404 not-found", path


def test_only_a_planner_of_one_office_plans(desk: Desk) -> None:
    assert desk.refused("POST", "/staff", {"name": "A"}, ("duty_planner", "kommune-0657")) == "403 no-office"
    anna = desk.person()
    for role in ("on_call", "caseworker", "duty_officer", "service"):
        who = (role, *desk.place)
        assert desk.refused("POST", "/staff", {"name": "A"}, who) == "403 forbidden"
        assert desk.refused("POST", f"/staff/{anna}/end", {"version": 1}, who) == "403 forbidden"
    assert desk.refused("GET", "/staff", who=("caseworker", *desk.place)) == "403 forbidden"


def test_who_is_on_call_sees_and_tests_the_own_routes_alone(desk: Desk, by_day: None) -> None:
    anna, bo = desk.person(), desk.person("Bo")
    own, other = desk.route(anna), desk.route(bo)
    assert [one["staff_id"] for one in desk.do("GET", "/staff", who=desk.me(anna))["staff"]] == [str(anna)]
    assert desk.refused("POST", f"/routes/{other}/test", who=desk.me(anna)) == "404 not-found"
    desk.do("POST", f"/routes/{own}/test", who=desk.me(anna))


# -- tests of routes ---------------------------------------------------------------------------------------------------


def answer(duty: Duty, alert: UUID, who: tuple[str, ...]) -> None:
    """Answer for the one who is called, as a desk officer of their own office."""
    [called] = duty.wait_for("the call", lambda: duty.ask("GET", f"/alerts/{alert}", who)["calls"])
    body = {"answer": "seen", "source": "telephone"}
    duty.ask("POST", f"/alerts/{alert}/calls/{called['call_id']}/answer", who, json=body)


def test_a_route_is_verified_when_its_test_is_answered(desk: Desk, by_day: None) -> None:
    anna, who = desk.person(), ("duty_officer", *desk.place)
    route, _ = desk.route(anna), desk.route(anna, "email", "anna@herning.example")
    alert = UUID(desk.do("POST", f"/routes/{route}/test")["alert_id"])
    [called] = desk.duty.wait_for("the call", lambda: desk.duty.ask("GET", f"/alerts/{alert}", who)["calls"])
    assert [one["channel"] for one in called["deliveries"]] == ["sms"], "by that route and by no other"
    answer(desk.duty, alert, who)
    states = desk.duty.wait_for(
        "the answer's effect",
        lambda: (
            (found := {one["route_id"]: one for one in desk.seen(anna)["routes"]})[str(route)]["verified_at"] and found
        ),
    )
    assert sorted(one["state"] for one in states.values()) == ["unverified", "verified"]
    assert desk.duty.ask("GET", f"/alerts/{alert}", who)["state"] == "closed"


def test_a_dead_route_that_answers_is_alive_again(desk: Desk, by_day: None) -> None:
    anna = desk.person()
    route = desk.route(anna)
    desk.duty.sql("update contact_route set state = 'dead', dead_since = clock() where route_id = $1", route)
    answer(desk.duty, UUID(desk.do("POST", f"/routes/{route}/test")["alert_id"]), ("duty_officer", *desk.place))
    desk.duty.wait_for("the answer's effect", lambda: desk.seen(anna)["routes"][0]["state"] == "verified")


def test_a_test_that_nobody_answers_ends_by_itself_and_verifies_nothing(desk: Desk) -> None:
    anna, who = desk.person(), ("duty_officer", *desk.place)
    route = desk.route(anna)
    with clock_at(desk.duty, 12):
        alert = desk.do("POST", f"/routes/{route}/test")["alert_id"]
        desk.duty.wait_for("the call", lambda: desk.duty.ask("GET", f"/alerts/{alert}", who)["calls"])
    with clock_at(desk.duty, 13, 1):
        board = desk.duty.wait_for(
            "the end", lambda: (b := desk.duty.ask("GET", f"/alerts/{alert}", who))["state"] == "closed" and b
        )
    assert board["closed_reason"] == "unreached"
    assert desk.seen(anna)["routes"][0]["state"] == "unverified"


def test_nobody_is_tested_twice_at_a_time_or_at_night(desk: Desk) -> None:
    anna = desk.person()
    first, second = desk.route(anna), desk.route(anna, "voice")
    with clock_at(desk.duty, 7, 59):
        refusal = desk.send("POST", f"/routes/{first}/test").json()
        assert refusal["type"].endswith("/at-night")
        assert refusal["when"].startswith(f"{desk.today()}T08:00")
    with clock_at(desk.duty, 20):
        assert desk.refused("POST", f"/routes/{first}/test") == "409 at-night"
    with clock_at(desk.duty, 12):
        desk.do("POST", f"/routes/{first}/test")
        assert desk.refused("POST", f"/routes/{second}/test") == "409 test-under-way"


def test_the_test_of_a_route_is_raised_by_no_other_way(duty: Duty) -> None:
    body = {
        "source_event_id": str(uuid4()),
        "template": "route_test",
        "policy": "route_test",
        "offices": [duty.office().as_body()],
    }
    assert duty.send("POST", "/alerts", DESK, json=body).json()["type"].endswith("/unknown-policy")


def tries_of(duty: Duty, route: UUID) -> int:
    """Return how often a route was tested."""
    return int(duty.sql("select count(*) from route_test where route_id = $1", route))


def test_a_route_is_tested_by_itself_when_its_last_test_is_old_and_never_at_night(desk: Desk) -> None:
    route = desk.route(desk.person())
    due = "update deadline set due_at = clock() - interval '1 second' where kind = 'route-test' and subject = $1"
    planned = "select due_at from deadline where kind = 'route-test' and subject = $1"
    far = desk.duty.sql(planned, route)
    assert far - desk.now() > timedelta(days=29)
    with clock_at(desk.duty, 3):
        desk.duty.sql(due, route)
        desk.duty.wait_for("the morning", lambda: (at := desk.duty.sql(planned, route)) > desk.now() and at)
        assert desk.duty.sql(planned, route).astimezone(desk.now().tzinfo).hour == 8
        assert tries_of(desk.duty, route) == 0
    with clock_at(desk.duty, 9):
        desk.duty.wait_for("the test", lambda: tries_of(desk.duty, route) == 1)
        assert desk.duty.sql(planned, route) - desk.now() > timedelta(days=29)


def test_a_removed_route_is_not_tested_by_itself(desk: Desk, by_day: None) -> None:
    route, other = desk.route(desk.person()), desk.route(desk.person())
    desk.do("POST", f"/routes/{route}/remove", {"version": 1})
    desk.duty.sql(
        "update deadline set due_at = clock() where kind = 'route-test' and subject = any($1)", [route, other]
    )
    desk.duty.wait_for("the other's test", lambda: tries_of(desk.duty, other) == 1)
    desk.duty.wait_for(
        "its end",
        lambda: not desk.duty.sql("select exists (select from deadline where subject = $1)", route),
    )
    assert tries_of(desk.duty, route) == 0


def test_whoever_begins_a_duty_is_tested_at_its_start(desk: Desk) -> None:
    anna, bo = desk.person(), desk.person("Bo")
    routes = {anna: desk.route(anna), bo: desk.route(bo)}
    roster = desk.roster()
    desk.do("POST", f"/rosters/{roster}/rotations", desk.turning(anna, bo, turn_at="14:00"))
    planned = "select due_at from deadline where kind = 'duty-test' and subject = $1"
    with clock_at(desk.duty, 13, 55):
        desk.duty.wait_for("a look", lambda: desk.duty.sql(planned, roster))
        desk.duty.sql("update deadline set due_at = clock() where kind = 'roster-look' and subject = $1", roster)
        at = desk.at(0, 14)
        desk.duty.wait_for("the plan", lambda: desk.duty.sql(planned, roster) == at)
    with clock_at(desk.duty, 14):
        desk.duty.sql(
            "update deadline set due_at = $2 where kind = 'roster-look' and subject = $1", roster, desk.at(0, 9)
        )
        desk.duty.wait_for("the test", lambda: tries_of(desk.duty, routes[bo]) == 1)
        assert tries_of(desk.duty, routes[anna]) == 0

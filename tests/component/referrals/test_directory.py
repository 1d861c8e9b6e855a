"""The directory over HTTP: anybody reads it, the office itself says how it stands, and nobody for another."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.component.referrals.conftest import CENTRE, OFFICER, OTHER_CENTRE, SYSTEM, Driver
from tests.system.playing import World

pytestmark = pytest.mark.component

TEAM = ("receiver", "politi-mvj-fnt", "traumeteam")
CAPACITY = "/programmes/rusmiddel/capacity"
CONFIDENTIAL = ("infohus", "bandeexit", "alcapone")


@pytest.fixture
def desk(running: World) -> Iterator[Driver]:
    """Return the service with nothing said by anybody, by the real time."""
    one = Driver(running)
    one.sql("delete from capacity")
    one.sql("delete from team_staffing")
    yield one
    one.later(0)


def slug(answer: httpx.Response) -> str:
    return str(answer.json()["type"]).rpartition("/")[2]


def public(desk: Driver, path: str, **more: Any) -> httpx.Response:  # noqa: ANN401  as httpx
    return desk.world.http.get(desk.world.stack.url("referrals") + path, **more)


def stand(desk: Driver, who: tuple[str, ...] = CENTRE, path: str = CAPACITY, **said: object) -> httpx.Response:
    return desk.send("POST", path, who, json={"version": 0, "state": "open"} | said)


def of_herning(desk: Driver) -> dict[str, Any]:
    [place] = public(desk, "/directory/rusmiddel?kommune=0657").json()["places"]
    return dict(place)


def test_anybody_reads_every_programme_without_login(desk: Driver) -> None:
    found = public(desk, "/directory").json()
    codes = [one["code"] for one in found["programmes"]]
    assert len(codes) == len(set(codes)) >= 16
    assert len(found["municipalities"]) == 11
    assert found["coverage"]["ssp"] == {"there": 11, "of": 11}
    assert all(one["what"] and one["whom"] and one["contact"] for one in found["programmes"])


def test_words_and_a_municipality_narrow_it(desk: Driver) -> None:
    found = public(desk, "/directory", params={"q": "GRATIS vejledning", "kommune": "0657"}).json()["programmes"]
    assert [one["code"] for one in found] == ["offerraadgivning", "rusmiddel"]
    assert [place["kommune"] for one in found for place in one["places"]] == [None, "0657"]
    assert public(desk, "/directory", params={"q": "findes slet ikke"}).json()["programmes"] == []


@pytest.mark.parametrize("query", ["kommune=0751", "kommune=9999", "kommune=herning", f"q={'x' * 101}", "q=%00"])
def test_what_cannot_be_looked_up_is_refused(desk: Driver, query: str) -> None:
    assert public(desk, f"/directory?{query}").status_code == 422
    page = public(desk, f"/ordninger?{query}", headers={"accept": "text/html"})
    assert (page.status_code, page.headers["content-type"]) == (422, "text/html; charset=utf-8")


def test_a_confidential_programme_is_its_entry_alone(desk: Driver) -> None:
    for code in CONFIDENTIAL:
        one = public(desk, f"/directory/{code}").json()
        assert (one["places"], one["forums"]) == ([], []), code
        inside = [("receiver", "politi-mvj-fnt", code), ("receiver", "kommune-0657", code)]
        for who in (TEAM, CENTRE, *inside):
            missing = stand(desk, who, "/programmes/findes_ikke/capacity")
            hidden = stand(desk, who, f"/programmes/{code}/capacity")
            assert (hidden.status_code, hidden.json()) == (404, missing.json()), code
    assert desk.sql("select count(*) from capacity") == 0


def test_nobody_finds_a_programme_that_there_is_not(desk: Driver) -> None:
    for path in ("/directory/findes_ikke", "/ordninger/findes_ikke"):
        assert public(desk, path).status_code == 404


def test_the_office_says_how_it_stands_and_everybody_reads_it(desk: Driver) -> None:
    assert (of_herning(desk)["capacity"], of_herning(desk)["words"]) == (None, "Ikke oplyst. Spørg kontoret.")
    answer = stand(desk, state="waiting", wait_days=14)
    assert answer.json() == {"programme": "rusmiddel", "version": 1}
    assert of_herning(desk)["words"].startswith("Ventetid: 14 dage. Oplyst ")
    assert stand(desk, version=1).json()["version"] == 2
    assert of_herning(desk)["words"].startswith("Åbent for nye.")
    assert not of_herning(desk)["capacity"]["old"]
    others = public(desk, "/directory/rusmiddel").json()["places"]
    assert [one["kommune"] for one in others if one["capacity"]] == ["0657"]


def test_the_sender_sees_it_beside_the_offer(driver: Driver) -> None:
    driver.sql("delete from capacity")
    driver.settle().charged()
    assert stand(driver, state="waiting", wait_days=3).is_success
    [row] = [one for one in driver.ask("GET", "/offers", OFFICER) if one["charge_id"] == driver.charge_id]
    assert row["capacity"].startswith("Ventetid: 3 dage.")


def test_what_was_said_over_a_month_ago_says_so(desk: Driver) -> None:
    assert stand(desk).is_success
    desk.later(31)
    assert of_herning(desk)["capacity"]["old"]
    assert "over 30 dage gammel" in of_herning(desk)["words"]
    assert "over 30 dage gammel" in public(desk, "/ordninger?kommune=0657").text


def test_who_is_second_is_told_the_version_that_holds(desk: Driver) -> None:
    assert stand(desk).is_success
    for version in (0, 2, 999):
        answer = stand(desk, version=version)
        assert (answer.status_code, slug(answer), answer.json()["version"]) == (409, "stale-version", 1)
    assert (stand(desk, OTHER_CENTRE, version=5).json()["version"]) == 0


UNFIT: list[dict[str, Any]] = [
    {"state": "waiting"},
    {"state": "waiting", "wait_days": 0},
    {"state": "waiting", "wait_days": 731},
    {"state": "waiting", "wait_days": "14"},
    {"state": "closed"},
    {"state": "closed", "until": "2020-01-01"},
    {"state": "closed", "until": "snart"},
    {"state": "open", "wait_days": 3},
    {"state": "full"},
    {"state": None},
    {"version": -1},
    {"version": "0"},
    {"why": "ferie"},
]


@pytest.mark.parametrize("said", UNFIT)
def test_what_does_not_fit_together_is_refused(desk: Driver, said: dict[str, Any]) -> None:
    assert stand(desk, **said).status_code == 422
    assert desk.sql("select count(*) from capacity") == 0


def test_nobody_speaks_for_another_office(desk: Driver) -> None:
    others: tuple[tuple[str, ...], ...] = (
        ("receiver", "kommune-0657", "psp"),
        ("receiver", "kommune-0751", "rusmiddel"),
    )
    for who in (*others, TEAM):
        assert stand(desk, who).status_code == 404, who
    for other in (OFFICER, SYSTEM, ("leader", "kommune-0657", "rusmiddel")):
        assert stand(desk, other).status_code == 403, other
    assert desk.world.http.post(desk.world.stack.url("referrals") + CAPACITY, json={}).status_code == 401
    assert desk.sql("select count(*) from capacity") == 0


@pytest.mark.ledger("O-6.5-01")
def test_a_vacancy_in_the_team_is_a_warning_to_colleagues_and_nobody_else(desk: Driver) -> None:
    whole = {"psykolog": 1, "socialraadgiver": 1, "politi": 2}
    [told] = desk.ask("GET", "/teams", OFFICER)
    assert (told["filled"], told["warnings"]) == (whole, [])
    body = {"version": 0, "filled": whole | {"psykolog": 0}}
    assert desk.ask("POST", "/teams/traumeteam/staffing", TEAM, json=body)["version"] == 1
    sentence = "Traumeteamet mangler psykolog: 0 besat, 1 efter planen."
    [told] = desk.ask("GET", "/teams", CENTRE)
    assert told["warnings"] == [sentence]
    for path in ("/ordninger", "/ordninger/traumeteam"):
        assert sentence in desk.send("GET", path, CENTRE).text
        assert "mangler" not in public(desk, path).text
    assert sentence not in desk.send("GET", "/ordninger/ssp", CENTRE).text
    assert public(desk, "/teams").status_code == 401
    assert desk.send("POST", "/teams/traumeteam/staffing", TEAM, json=body).status_code == 409
    assert desk.ask("POST", "/teams/traumeteam/staffing", TEAM, json={"version": 1, "filled": whole})["version"] == 2


@pytest.mark.parametrize(
    ("who", "path", "filled", "status"),
    [
        (TEAM, "/teams/traumeteam/staffing", {"psykolog": 1}, 422),
        (TEAM, "/teams/traumeteam/staffing", {"psykolog": 1, "socialraadgiver": 1, "politi": -1}, 422),
        (TEAM, "/teams/traumeteam/staffing", {"psykolog": 1, "socialraadgiver": 1, "politi": 21}, 422),
        (TEAM, "/teams/hjerteteam/staffing", {"psykolog": 1}, 404),
        (CENTRE, "/teams/traumeteam/staffing", {"psykolog": 1}, 404),
        (("receiver", "politi-mvj-fnt", "ssp"), "/teams/traumeteam/staffing", {"psykolog": 1}, 404),
        (OFFICER, "/teams/traumeteam/staffing", {"psykolog": 1}, 403),
    ],
)
def test_a_team_is_staffed_by_its_own_and_rightly(
    desk: Driver, who: tuple[str, ...], path: str, filled: dict[str, int], status: int
) -> None:
    assert desk.send("POST", path, who, json={"version": 0, "filled": filled}).status_code == status
    assert desk.sql("select count(*) from team_staffing") == 0


def test_nothing_is_in_the_directory_before_it_exists(desk: Driver) -> None:
    now = desk.sql("select clock()")
    desk.sql("select set_clock_offset($1)", timedelta(days=-(now.year - 2021) * 365 - 200))
    codes = [one["code"] for one in public(desk, "/directory").json()["programmes"]]
    assert "ssp" in codes
    assert "psp_visitation" not in codes

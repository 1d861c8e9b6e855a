"""The directory in a browser: on a telephone and at a desk, without script, and nothing for axe to find."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.component.alerting.browser import DESK, shoot, telephone
from tests.component.referrals.conftest import CENTRE, OTHER_CENTRE
from tests.system.playing import World

pytestmark = pytest.mark.component

TEAM = ("receiver", "politi-mvj-fnt", "traumeteam")


@pytest.fixture(scope="module")
def stated(running: World) -> str:
    """Return the address of the service, in which some offices have said how they stand."""
    for table in ("capacity", "team_staffing"):
        running.sql_in("referrals", f"delete from {table}")
    for who, said in (
        (CENTRE, {"state": "waiting", "wait_days": 14}),
        (OTHER_CENTRE, {"state": "closed", "until": str(running.sql_in("referrals", "select clock()::date + 60"))}),
    ):
        body = {"version": 0} | said
        assert running.send("POST", "/programmes/rusmiddel/capacity", who, "referrals", json=body).is_success
    running.sql_in(
        "referrals", "update capacity set stated_at = stated_at - interval '40 days' where authority = 'kommune-0791'"
    )
    filled = {"version": 0, "filled": {"psykolog": 0, "socialraadgiver": 1, "politi": 2}}
    assert running.send("POST", "/teams/traumeteam/staffing", TEAM, "referrals", json=filled).is_success
    return running.stack.url("referrals")


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Return a window in which no page breaks its own policy, with and without script."""
    said: list[str] = []
    with telephone(browser, viewport=DESK, script=request.param) as found:
        found.on("console", lambda message: said.append(message.text))
        yield found
    assert [line for line in said if "Content Security Policy" in line or "Error" in line] == []


def test_somebody_finds_what_their_municipality_offers(page: Page, stated: str) -> None:
    page.goto(f"{stated}/ordninger")
    page.get_by_label("Kommune").select_option("Herning")
    page.get_by_label("Søg efter ord").fill("rusmiddelcenter")
    page.get_by_role("button", name="Vis").click()
    expect(page.get_by_role("status")).to_contain_text("1 ordning i Herning")
    expect(page.get_by_role("main")).to_contain_text("Ventetid: 14 dage")
    page.get_by_role("link", name="Rusmiddelcenter efter").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Rusmiddelcenter")
    page.get_by_role("link", name="Vis alle kommuner").click()
    expect(page.get_by_role("main")).to_contain_text("over 30 dage gammel")
    expect(page.get_by_role("main")).to_contain_text("Viborg")


@pytest.mark.parametrize(
    ("name", "path"),
    [
        *[("liste", "/ordninger"), ("herning", "/ordninger?kommune=0657"), ("ingen", "/ordninger?q=intet+passer")],
        *[("rusmiddel", "/ordninger/rusmiddel"), ("infohus", "/ordninger/infohus"), ("fejl", "/ordninger/x_y")],
    ],
)
def test_axe_finds_nothing_on_a_telephone_and_at_a_desk(browser: Browser, stated: str, name: str, path: str) -> None:
    with telephone(browser, viewport=DESK) as page:
        page.goto(stated + path)
        shoot(page, f"ordninger-{name}")


@pytest.mark.ledger("O-6.5-01")
def test_who_is_signed_in_is_warned_of_a_vacancy(browser: Browser, stated: str) -> None:
    with telephone(browser, viewport=DESK) as page:
        page.goto(f"{stated}/ordninger")
        expect(page.get_by_text("mangler psykolog")).to_have_count(0)
        page.get_by_role("link", name="Log ind").click()
        page.get_by_role("button", name="Birgit Lau").click()
        expect(page.get_by_role("main")).to_contain_text("Traumeteamet mangler psykolog")
        shoot(page, "ordninger-logget-ind")
        page.get_by_role("link", name="Regler").click()
        shoot(page, "ordninger-regler")
        page.get_by_role("link", name="Ungdomskriminalitetsnævn").click()
        expect(page.get_by_role("row")).to_have_count(21)
        shoot(page, "ordninger-regel")

"""Signing in, a live board and the emergency sign-in in a real browser: under the policy of every page, with axe."""

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from chassis.web.emergency import Code, Opens, make_codes
from tests.component.alerting.browser import DESK, open_browser, telephone, violations
from tests.component.chassis.house import opened
from tests.component.chassis.processes import Running, ready
from tests.stack import Stack

pytestmark = pytest.mark.component

NAME = "Vagthavende 4711"


@pytest.fixture(scope="module")
async def codes(probe: Stack) -> AsyncIterator[list[Code]]:
    """Return codes of an empty house, made before the browser is there."""
    async with opened(probe, "teller") as teller:
        yield await make_codes(teller.database, Opens("politi-mvj", "", ("approver",)), 2)


@pytest.fixture(scope="module")
def paged(probe: Stack, codes: list[Code]) -> Iterator[Running]:
    with ready(probe, "teller", 8, module="tests.probe.paged") as one:
        yield one


@pytest.fixture(scope="module")
def browser(paged: Running) -> Iterator[Browser]:
    with open_browser() as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return a desk's window in which no page breaks its own policy."""
    said: list[str] = []
    with telephone(browser, viewport=DESK) as found:
        found.on("console", lambda message: said.append(message.text))
        yield found
    assert [line for line in said if "Content Security Policy" in line] == []


def sign_in(page: Page, paged: Running) -> None:
    page.goto(f"{paged.address}/desk")
    page.get_by_role("button", name="Tove Kjær").click()
    expect(page.locator("#who")).to_have_text("tove-kjaer")


def test_somebody_signs_in_writes_and_leaves(page: Page, paged: Running) -> None:
    sign_in(page, paged)
    assert page.url == f"{paged.address}/desk"
    assert violations(page) == ""
    before = int(page.locator("#version").inner_text())
    page.get_by_role("button", name="Skriv").click()
    expect(page.locator("#version")).to_have_text(str(before + 1))
    assert page.evaluate("document.cookie") == "", "no script reads the session"
    page.get_by_role("button", name="Log ud").click()
    expect(page.get_by_role("heading")).to_have_text("Du er logget ud")
    assert violations(page) == ""
    page.goto(f"{paged.address}/desk")
    expect(page.get_by_role("heading")).to_have_text("Hvem vil du være?")


def test_a_board_changes_under_the_eyes_of_who_watches(page: Page, paged: Running, probe: Stack) -> None:
    sign_in(page, paged)
    before = int(page.locator("#version").inner_text())
    page.evaluate("window.loaded = 'once'")
    headers = probe.bearer("system", "kommune-0657", "boern")
    httpx.post(f"{paged.address}/desk", headers=headers | {"Idempotency-Key": "watched"}).raise_for_status()
    expect(page.locator("#version")).to_have_text(str(before + 1))
    assert page.evaluate("window.loaded") == "once", "without loading the page again"


def test_it_all_works_without_script(browser: Browser, paged: Running) -> None:
    with telephone(browser, script=False) as page:
        sign_in(page, paged)
        before = int(page.locator("#version").inner_text())
        page.get_by_role("button", name="Skriv").click()
        expect(page.locator("#version")).to_have_text(str(before + 1))
        page.get_by_role("button", name="Log ud").click()
        expect(page.get_by_role("heading")).to_have_text("Du er logget ud")


@pytest.mark.ledger("O-5.3-09")
def test_a_sealed_code_is_typed_and_every_page_says_so(page: Page, paged: Running, codes: list[Code]) -> None:
    page.goto(f"{paged.address}/noedlogin")
    assert violations(page) == ""
    page.get_by_label("Dit navn").fill(NAME)
    page.get_by_label("Koden fra kuverten").fill("K7QM")
    page.get_by_role("button", name="Log ind med koden").click()
    expect(page.get_by_role("alert")).to_contain_text("alle kodens 20 tegn")
    assert violations(page) == ""
    expect(page.get_by_label("Dit navn")).to_have_value(NAME)
    page.get_by_label("Koden fra kuverten").fill(str(codes[0]).lower())
    page.get_by_role("button", name="Log ind med koden").click()
    expect(page.locator("#who")).to_have_text(f"noedlogin-{codes[0].selector}")
    expect(page.get_by_text("handlinger gennemgås bagefter")).to_be_visible()
    assert violations(page) == ""

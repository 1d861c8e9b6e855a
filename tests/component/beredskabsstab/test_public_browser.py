"""The public page in a browser: nothing for axe to find, and the largest type says whether anybody was warned."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.component.alerting.browser import DESK as WIDE
from tests.component.alerting.browser import PHONE, open_browser, shoot, telephone
from tests.component.beredskabsstab.conftest import Staff
from tests.component.beredskabsstab.line import PRESS, Line

pytestmark = [pytest.mark.component, pytest.mark.ledger("O-5.3-11")]

LARGEST = "Math.max(...[...document.querySelectorAll('body *')].map(one => parseFloat(getComputedStyle(one).fontSize)))"
OF_BANNER = "parseFloat(getComputedStyle(document.querySelector('.warned-banner')).fontSize)"


@pytest.fixture(scope="module")
def addresses(staff: Staff) -> dict[str, str]:
    """Return the pages, with messages that were sent before the browser is there."""
    line = Line.begin(staff)
    warning, press = line.send(line.warning()), line.send(PRESS)
    staff.end(line.activation)
    base = staff.stack.url("beredskabsstab")
    pages = {"all": "/varsler", "warning": f"/varsler/{warning}", "press": f"/varsler/{press}"}
    return {name: base + path for name, path in pages.items()}


@pytest.fixture(scope="module")
def browser(addresses: dict[str, str]) -> Iterator[Browser]:
    with open_browser() as found:
        yield found


@pytest.mark.parametrize("name", ["all", "warning", "press"])
@pytest.mark.parametrize("script", [True, False])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(
    browser: Browser, addresses: dict[str, str], name: str, *, script: bool
) -> None:
    with telephone(browser, script=script) as page:
        page.goto(addresses[name])
        if not script:
            assert page.locator("h1").count() == 1
            return
        shoot(page, f"public-{name}")


def test_whether_the_population_was_warned_stands_in_the_largest_type(
    browser: Browser, addresses: dict[str, str]
) -> None:
    for name in ("all", "warning"):
        for width in (PHONE, WIDE):
            with telephone(browser, viewport=width) as page:
                page.goto(addresses[name])
                assert "IKKE VARSLET" in page.locator(".warned-banner").inner_text()
                assert page.evaluate(OF_BANNER) == page.evaluate(LARGEST)

"""A message in a browser: written, cleared, approved by two taps of another, and shown; nothing for axe to find."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.component.alerting.browser import DESK, open_browser, telephone
from tests.component.alerting.browser import shoot as look_over
from tests.component.beredskabsstab.conftest import INFO, Staff
from tests.component.beredskabsstab.line import Line

pytestmark = [pytest.mark.component, pytest.mark.ledger("O-5.3-11")]

TOVE, GRETHE, JENS = "Tove Kjær", "Grethe Lykke", "Jens Ravn"
LIVE_WITHIN_MS = 15_000


@pytest.fixture(scope="module")
def line(staff: Staff) -> Iterator[Line]:
    """Return an activation with a line of messages, begun before the browser is there."""
    made = Line(staff, staff.activate(INFO))
    yield made
    staff.end(made.activation)


@pytest.fixture(scope="module")
def browser(line: Line) -> Iterator[Browser]:
    with open_browser() as found:
        yield found


def sign_in(page: Page, line: Line, name: str, path: str) -> None:
    page.goto(line.staff.stack.url("beredskabsstab") + path)
    page.get_by_role("button", name=name).click()
    expect(page.get_by_role("navigation")).to_be_visible()


def shoot(page: Page, name: str) -> None:
    look_over(page, f"besked-{name}")


def test_a_warning_is_written_cleared_approved_by_two_taps_and_shown_to_everybody(browser: Browser, line: Line) -> None:
    said: list[str] = []
    path = f"/stab/{line.activation}/beskeder"
    with (
        telephone(browser, viewport=DESK) as tove,
        telephone(browser) as grethe,
        telephone(browser) as jens,
    ):
        for page in (tove, grethe, jens):
            page.on("console", lambda message: said.append(message.text))
            page.on("pageerror", lambda error: said.append(str(error)))
        sign_in(tove, line, TOVE, path)
        sign_in(grethe, line, GRETHE, path)
        shoot(tove, "linje-tom")
        _write(tove)
        link = grethe.get_by_role("link", name="Stormflod på Harboøre Tange")
        expect(link).to_be_visible(timeout=LIVE_WITHIN_MS)
        link.click()
        shoot(grethe, "klarering")
        grethe.get_by_text("Gør indsigelse").first.click()
        grethe.get_by_role("button", name="Klarér for min myndighed").click()
        expect(grethe.locator("#besked")).to_contain_text("Lemvig Kommune: klareret")
        expect(tove.locator("#besked")).to_contain_text("venter på godkendelse", timeout=LIVE_WITHIN_MS)
        expect(tove.locator("#nyt")).to_contain_text("Hent siden igen")
        shoot(tove, "aendret")
        sign_in(jens, line, JENS, "/")
        jens.get_by_role("link", name="Stormflod på Harboøre Tange").click()
        shoot(jens, "besked")
        jens.get_by_role("link", name="Godkend", exact=True).click()
        shoot(jens, "godkend")
        jens.get_by_role("button", name="Ja, godkend og udsend").click()
        expect(jens.locator("#besked")).to_contain_text("gælder")
        _record(tove)
        expect(jens.locator("#besked")).to_contain_text("Sag 2023-17", timeout=LIVE_WITHIN_MS)
        shoot(jens, "udsendt")
        jens.get_by_role("link", name="Den offentlige side").click()
        expect(jens.get_by_role("heading", level=1)).to_have_text("Stormflod på Harboøre Tange")
        grethe.get_by_role("link", name="Alle beskeder").click()
        expect(grethe.locator("#linje h1")).to_have_text("VARSLET")
        shoot(grethe, "linje")
    assert [one for one in said if "Content Security Policy" in one or "Error" in one] == []


def _write(page: Page) -> None:
    """Write the warning at the desk, first with something missing."""
    page.get_by_role("link", name="Skriv varsel til befolkningen").click()
    expect(page.get_by_label("Hvad er faren?")).to_have_value("Stormflod Thyborøn")
    shoot(page, "varsel")
    page.get_by_label("Overskrift", exact=True).fill("Stormflod på Harboøre Tange")
    page.get_by_label("Thisted").first.uncheck()
    page.get_by_role("button", name="Gem, og send til godkendelse").click()
    expect(page.get_by_role("alert").first).to_contain_text("Intet er sendt")
    expect(page.get_by_label("Overskrift", exact=True)).to_have_value("Stormflod på Harboøre Tange")
    shoot(page, "varsel-forkert")
    page.get_by_role("radio", name="Ja").check()
    page.get_by_label("Tekst", exact=True).fill("Vandet stiger hurtigt ved havnen.\nKør ikke på Havnevej.")
    page.get_by_label("Hvad skal folk gøre?").fill("Gå op på højt land.")
    page.get_by_role("button", name="Gem, og send til godkendelse").click()
    expect(page.locator("#besked")).to_contain_text("venter på klarering")


def _record(page: Page) -> None:
    """Record at the desk that the population was warned."""
    page.get_by_role("link", name="Hent siden igen").click()
    page.get_by_label("Kanal").fill("S!RENEN")
    page.get_by_label("Kvittering").fill("Sag 2023-17")
    shoot(page, "varslet")
    page.get_by_role("button", name="Registrér varslingen").click()
    expect(page.locator("#besked")).to_contain_text("VARSLET")


def test_information_is_written_and_cancelled_without_script(browser: Browser, line: Line) -> None:
    with telephone(browser, script=False) as page:
        sign_in(page, line, TOVE, f"/stab/{line.activation}/beskeder")
        page.get_by_role("link", name="Skriv information").click()
        page.get_by_label("Overskrift", exact=True).fill("Havnevej er spærret")
        page.get_by_label("Tekst", exact=True).fill("Kør ad Strandvejen.")
        page.get_by_label("Pressen").check()
        page.get_by_role("button", name="Gem, og send til godkendelse").click()
        expect(page.locator("#besked")).to_contain_text("venter på godkendelse")
        _approved(line, page.url.rpartition("/")[2])
        page.get_by_role("link", name="Hent igen").click()
        page.get_by_role("link", name="Annullér").click()
        page.get_by_role("button", name="Ja, send annulleringen til godkendelse").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Annulleret: Havnevej er spærret"))
        expect(page.locator("#besked")).to_contain_text("venter på godkendelse")


def _approved(line: Line, message: str) -> None:
    with ThreadPoolExecutor(1) as beside:  # the browser has this thread's loop
        beside.submit(line.done, message, "approve", ("staff_chair", "politi-mvj", "", "deputy")).result()


def test_axe_finds_nothing_on_the_forms(browser: Browser, line: Line) -> None:
    with telephone(browser, viewport=DESK) as page:
        sign_in(page, line, TOVE, f"/stab/{line.activation}/beskeder/ny?slags=information")
        for one in page.locator("summary").all():
            one.click()
        shoot(page, "information")
        page.goto(f"{line.staff.stack.url('beredskabsstab')}/stab/{line.activation}/beskeder/ny?slags=varsel")
        for one in page.locator("summary").all():
            one.click()
        shoot(page, "varsel-alt")

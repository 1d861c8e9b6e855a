"""The staff's pages in a browser: by keyboard in a minute, live without loading again, and nothing for axe to find."""

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from services.beredskabsstab.api.web import PAGES
from tests.component.alerting.browser import DESK, open_browser, telephone, wait_until
from tests.component.alerting.browser import shoot as look_over
from tests.component.alerting.gateways import A, B, Gateways
from tests.component.beredskabsstab.conftest import STAB, Staff
from tests.component.beredskabsstab.people import on_duty

pytestmark = pytest.mark.component

WITHIN_S = 60
"""From the desk's page to the first message in a provider's hands (users.md)."""
KEY_MS = 120
"""Between two keys of somebody who types as people do: a hundred signs a minute are slow, five hundred fast."""
THINKS_S = 2
CALLED = ("politi-mvj-vagtcentral", "kommune-0665", "kommune-0787", "region-midtjylland")


@pytest.fixture(scope="module")
def providers(staff: Staff) -> Iterator[Gateways]:
    """Return the two stand-in providers, which alerting hands its messages to."""
    made = Gateways(staff.stack)
    for name in (A, B):
        made.behave(name)
    yield made
    made.http.close()


@pytest.fixture(scope="module")
def begun(staff: Staff, providers: Gateways) -> Iterator[str]:
    """Return an activation with people who were called, begun before the browser is there."""
    with on_duty(staff, *CALLED):
        activation = staff.activate(STAB)
        staff.wait_for("who was called", lambda: len(_members(staff, activation)) > 4)
        for number, (answer, minutes) in enumerate(
            (("coming", 15), ("cannot", None), ("arrived", None), ("virtual", 5))
        ):
            member = _members(staff, activation)[number]["call_id"]
            said = {"answer": answer, "eta_minutes": minutes, "source": "telephone"}
            staff.ask("POST", f"/activations/{activation}/members/{member}/answer", json=said)
        yield activation
        staff.end(activation)


def _members(staff: Staff, activation: str) -> list[dict[str, Any]]:
    return [one for party in staff.board(activation)["parties"] for one in party["members"]]


@pytest.fixture(scope="module")
def browser(begun: str) -> Iterator[Browser]:
    with open_browser() as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return a desk's window in which no page breaks its own policy and no script fails."""
    said: list[str] = []
    with telephone(browser, viewport=DESK) as found:
        found.on("console", lambda message: said.append(message.text))
        found.on("pageerror", lambda error: said.append(str(error)))
        yield found
    assert [line for line in said if "Content Security Policy" in line or "Error" in line] == []


def sign_in(page: Page, staff: Staff, path: str = "/", name: str = "Tove Kjær") -> None:
    page.goto(staff.stack.url("beredskabsstab") + path)
    page.get_by_role("button", name=name).click()
    expect(page.get_by_role("navigation")).to_be_visible()


def shoot(page: Page, name: str) -> None:
    look_over(page, f"stab-{name}")


@pytest.mark.parametrize(
    ("name", "path"),
    [
        *[("overblik", "/"), ("aktiver", "/aktiver"), ("anmod", "/anmod"), ("vagtskifte", "/vagtskifte")],
        *[("tavle", "/stab/{}"), ("ring", "/stab/{}/ring"), ("fejl", "/stab/{}/fejl"), ("findes-ikke", "/stab/x")],
    ],
)
def test_axe_finds_nothing_on_a_telephone_and_at_a_desk(
    page: Page, staff: Staff, begun: str, name: str, path: str
) -> None:
    sign_in(page, staff)
    page.goto(staff.stack.url("beredskabsstab") + path.format(begun))
    shoot(page, name)


def test_what_is_wrong_is_shown_at_its_field_and_nothing_is_lost(page: Page, staff: Staff) -> None:
    sign_in(page, staff, "/aktiver")
    page.get_by_label("Hvad er der sket?").fill("Digebrud")
    page.get_by_label("Lemvig").check()
    page.get_by_label("for at bekræfte").fill("ØVELSE")
    page.get_by_role("button", name="Kald staben ind nu").click()
    expect(page.get_by_role("alert").first).to_contain_text("Intet er sendt")
    expect(page.get_by_label("Hvad er der sket?")).to_have_value("Digebrud")
    expect(page.get_by_label("for at bekræfte")).to_be_focused()
    shoot(page, "aktiver-forkert")


def test_the_preview_follows_the_step_that_is_chosen(page: Page, staff: Staff) -> None:
    sign_in(page, staff, "/aktiver")
    expect(page.locator("#hvem")).to_contain_text("Stabsberedskab")
    page.get_by_label("Operationsberedskab").check()
    expect(page.locator("#hvem")).to_contain_text("Operationsberedskab: 16 myndigheder")
    expect(page.locator("#hvem")).to_contain_text("kommunikationsmedarbejder")


@pytest.mark.ledger("O-5.3-09")
def test_from_the_page_to_the_first_hand_over_in_a_minute_by_keyboard(
    page: Page, staff: Staff, providers: Gateways
) -> None:
    incident = staff.incident(title="Digebrud Harboøre")
    sign_in(page, staff, f"/aktiver?haendelse={incident}")
    shown = time.time()
    expect(page.get_by_label("Hvad er der sket?")).to_be_focused()
    time.sleep(THINKS_S)
    page.keyboard.press("End")
    page.keyboard.type(" ved høfde 59", delay=KEY_MS)
    page.keyboard.press("Tab")
    time.sleep(THINKS_S)
    page.keyboard.press("Tab")  # past the step, which is right
    page.keyboard.press("ArrowDown")
    expect(page.locator("#hvem")).to_contain_text("Operationsberedskab")
    time.sleep(THINKS_S)
    page.keyboard.press("Tab")  # past the municipalities, which are right
    page.keyboard.press("Tab")
    expect(page.get_by_label("for at bekræfte")).to_be_focused()
    page.keyboard.type("SKARP", delay=KEY_MS)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Digebrud Harboøre ved høfde 59", timeout=30_000)
    activation = page.url.rpartition("/")[2]
    lines = staff.wait_for("the first hand-over", lambda: _lines(staff, providers, activation))
    took = min(float(one["at"]) for one in lines) - shown
    print(f"\nby keyboard: {took:.1f} s")  # noqa: T201  shown with -s
    assert took <= WITHIN_S
    staff.end(activation)


def _lines(staff: Staff, providers: Gateways, activation: str) -> list[dict[str, Any]]:
    """Return what providers have taken because of an activation."""
    asked = "select array_agg(d.key) from delivery d join alert a using (alert_id) where a.case_id = $1"
    with ThreadPoolExecutor(1) as beside:  # the browser has this thread's loop
        keys = beside.submit(staff.duty.sql, asked, UUID(activation)).result()
    return [one for name in (A, B) for one in providers.lines(name) if one.get("key") in (keys or ())]


def test_the_board_shows_an_answer_by_itself_and_swaps_what_changed_alone(page: Page, staff: Staff, begun: str) -> None:
    sign_in(page, staff, f"/stab/{begun}")
    silent = next(one for one in _members(staff, begun) if one["answer"] is None)
    line = page.locator(f"#m-{silent['call_id']}")
    page.evaluate("document.querySelectorAll('#tavle li').forEach(one => { one.kept = true })")
    said = {"answer": "coming", "eta_minutes": 30, "source": "sine"}
    staff.ask("POST", f"/activations/{begun}/members/{silent['call_id']}/answer", json=said)
    expect(line).to_contain_text("kommer ca. kl.", timeout=15_000)
    expect(line).to_contain_text("(pr. SINE)")
    assert page.evaluate("[...document.querySelectorAll('#tavle li')].every(one => one.kept)"), "nothing was built anew"
    told = page.locator("#senest")
    expect(told).to_have_attribute("role", "status")
    expect(told).to_contain_text("5 af ")


def test_a_member_reads_the_board_on_a_telephone(browser: Browser, staff: Staff, begun: str) -> None:
    with telephone(browser) as page:
        sign_in(page, staff, f"/stab/{begun}", "Grethe Lykke")
        expect(page.locator("#p-kommune-0665")).to_contain_text("Lemvig Kommune")
        assert page.locator("a[href^=tel]").count() == 0
        assert page.get_by_role("button", name=re.compile("^(Op|Ned) til")).count() == 0
        shoot(page, "tavle-medlem")


def test_two_keys_answer_for_who_is_on_the_telephone(page: Page, staff: Staff, begun: str) -> None:
    sign_in(page, staff, f"/stab/{begun}/ring")
    first = page.locator(".callee").first
    call = (first.get_attribute("id") or "").removeprefix("r-")
    expect(first.locator(".number")).to_be_focused()
    page.keyboard.press("1")
    expect(first.get_by_role("button", name="kommer om 5 min")).to_be_focused()
    page.keyboard.press("2")
    expect(page.locator(f"#r-{call}")).to_have_count(0)
    [member] = [one for one in _members(staff, begun) if one["call_id"] == call]
    assert (member["answer"], member["eta_minutes"]) == ("coming", 15)
    following = (page.locator(".callee").first.get_attribute("id") or "").removeprefix("r-")
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    expect(page.locator(f"#r-{following}")).to_have_count(0)
    [member] = [one for one in _members(staff, begun) if one["call_id"] == following]
    assert member["answer"] == "cannot"


@pytest.fixture
def another(staff: Staff, begun: str) -> Iterator[str]:
    """Return another activation, to which nobody has answered; who is on duty for the first is called for it too."""
    activation = staff.activate(STAB)
    assert activation != begun
    staff.wait_for("who was called", lambda: len(_members(staff, activation)) > 4)
    yield activation
    staff.end(activation)


def test_the_list_to_ring_follows_by_itself_but_never_under_the_hands_of_who_writes(
    page: Page, staff: Staff, another: str
) -> None:
    def answers(call: str) -> None:
        said = {"answer": "cannot", "source": "telephone"}
        staff.ask("POST", f"/activations/{another}/members/{call}/answer", json=said)

    def silent() -> list[str]:
        return [str(one["call_id"]) for one in staff.ask("GET", f"/activations/{another}/to-ring")["people"]]

    sign_in(page, staff, f"/stab/{another}/ring")
    first, second, third, fourth, *_ = silent()
    page.mouse.move(0, 0)
    answers(first)
    expect(page.locator(f"#r-{first}")).to_have_count(0)
    expect(page.locator(f"#a-{first}")).to_contain_text("kan ikke")
    expect(page.locator("#ikke-svaret")).to_be_focused()
    page.locator(f"#r-{third} summary").click()
    answers(second)
    expect(page.locator("#aendret")).to_be_visible()
    expect(page.locator(f"#r-{second}")).to_have_count(1)
    page.locator(f"#r-{third}").get_by_role("button", name="er fremme").click()
    expect(page.locator(f"#r-{third}")).to_have_count(0)
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur()")
    answers(fourth)
    expect(page.locator(f"#r-{fourth}")).to_have_count(0)
    fifth = silent()[0]
    assert page.locator(f"#r-{fifth} input[name=noegle]").input_value() == "", "it came by itself"
    page.locator(f"#r-{fifth}").get_by_role("button", name="deltager virtuelt").click()
    expect(page.locator(f"#r-{fifth}")).to_have_count(0)
    said = {one["call_id"]: one["answer"] for one in _members(staff, another)}
    assert [said[one] for one in (first, second, third, fourth, fifth)] == [
        *("cannot", "cannot", "arrived", "cannot", "virtual")
    ]


def test_everything_works_without_script(browser: Browser, staff: Staff) -> None:
    with telephone(browser, script=False, viewport=DESK) as page:
        sign_in(page, staff, "/aktiver")
        page.get_by_label("Hvad er der sket?").fill("Skybrud Thisted")
        page.get_by_label("Thisted").check()
        page.get_by_label("Informationsberedskab").check()
        page.get_by_role("button", name="Vis, hvem der kaldes").click()
        expect(page.locator("#hvem")).to_contain_text("Informationsberedskab: 16 myndigheder")
        page.get_by_label("for at bekræfte").fill("SKARP")
        page.get_by_role("button", name="Kald staben ind nu").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Skybrud Thisted")
        page.get_by_role("button", name="Op til stabsberedskab").click()
        expect(page.locator("#fakta")).to_contain_text("Stabsberedskab")
        page.get_by_label("Hvorfor et lavere trin?").fill("Regnen holder op.")
        page.get_by_role("button", name="Ned til informationsberedskab").click()
        expect(page.locator("#fakta")).to_contain_text("Informationsberedskab")
        wait_until(page, lambda: page.reload() is not None and " af " in page.locator("#fakta").inner_text())
        page.get_by_role("link", name="Ring nu").click()
        page.get_by_role("button", name="kan ikke").first.click()
        expect(page.get_by_role("heading", name="Har svaret: 1")).to_be_visible()
        page.get_by_role("link", name="Til tavlen").click()
        page.get_by_role("link", name="Fejlaktivering").click()
        page.get_by_role("button", name="Ja, det var en fejl").click()
        expect(page.locator("#slut")).to_contain_text("annulleret som fejlaktivering")


def test_an_exercise_is_told_by_title_icon_band_colour_and_word(page: Page) -> None:
    looks = [_look(page, exercise=exercise) for exercise in (False, True)]
    assert all(one != other for one, other in zip(*looks, strict=True)), looks
    shoot(page, "aktiver-oevelse")


def _look(page: Page, *, exercise: bool) -> tuple[str, ...]:
    """Show the desk's page from no server, and return what tells it."""
    html = PAGES.environment.get_template("desk.html").render(
        DESK_SHOWN | {"exercise": exercise, "confirm": "ØVELSE" if exercise else "SKARP"}
    )

    def answer(route: Route) -> None:
        asset = PAGES.assets.found.get(route.request.url.partition("/web/")[2].partition("/")[2])
        if asset:
            route.fulfill(body=asset.body, content_type=asset.media_type)
        else:
            route.fulfill(body=html, content_type="text/html; charset=utf-8")

    page.route("**/*", answer)
    page.goto("http://samvirke.example/aktiver", wait_until="networkidle")
    band = page.locator(".band").first
    colour = band.evaluate("band => getComputedStyle(band).backgroundColor")
    border = page.evaluate("getComputedStyle(document.body).borderTopWidth")
    icon = page.locator("link[rel=icon]").get_attribute("href") or ""
    labels = page.locator("label[for=bekraeft]").inner_text(), page.locator(".confirm button").inner_text()
    page.unroute("**/*")
    return page.title(), icon, band.inner_text(), str(colour), str(border), *labels


class _Typed:
    title, meets, step, cause, incident, reason, confirm = "Stormflod", "Holstebro", STAB, "", "", "", ""
    municipalities = frozenset({"0665"})


class _Desk:
    plan, in_force, room, incident = None, True, "", None


DESK_SHOWN: dict[str, Any] = {
    "demonstration": True,
    "emergency": False,
    "leads": True,
    "chairs": False,
    "asks": True,
    "office_name": "Vagtcentralen",
    "is_alive": True,
    "faults": {},
    "typed": _Typed(),
    "desk": _Desk(),
    "steps": [("stabsberedskab", "Stabsberedskab", "Stabens faste medlemmer møder.")],
    "causes": {},
    "places": [("0665", "Lemvig", True)],
    "preview": {"step": "Stabsberedskab", "parties": [{"name": "Lemvig Kommune", "roles": ["vagt"]}], "roles": 1},
    "requests": [],
    "first": "hvad",
    "there": None,
}

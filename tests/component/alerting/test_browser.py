"""The phone page in a browser: two taps to an answer, nothing for axe to find, readable before its style has come."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Response, Route, expect

from services.alerting.api.links import PAGES
from tests.component.alerting.browser import open_browser, shoot, telephone, until, violations, wait_until
from tests.component.alerting.conftest import Duty
from tests.component.alerting.holder import Holder
from tests.component.alerting.test_links import call_of

pytestmark = pytest.mark.component

HEAVIEST_FIRST, HEAVIEST_AGAIN = 40_000, 6_000
"""Bytes over the wire: the first time, with every file; and when the files are kept."""


@pytest.fixture(scope="module")
def places(duty: Duty) -> dict[str, Holder]:
    """Somebody for each state of the page, called before the browser is there."""
    found: dict[str, Holder] = {}
    for state, more in STATES.items():
        mine, other = duty.office(), duty.office("kommune-0665")
        mine.on_duty(mine.person("Anna Lykkegaard"), mine.person("Bo Nørremark"))
        other.on_duty(other.person("Carla"), other.person("Dan"))
        alert = duty.raise_alert(mine, other, **more)
        found[state] = call_of(duty, alert, "Anna Lykkegaard")
        call_of(duty, alert, "Bo Nørremark").answer("coming 30" if not more else "seen")
        found[state].path  # noqa: B018  known before the browser runs
    return found


SEEN: dict[str, Any] = {"template": "underretning_urgent", "fields": {}, "policy": "underretning"}
STATES: dict[str, dict[str, Any]] = {
    "new": {},
    "coming": {},
    "cannot": {},
    "arrived": {},
    "urgent": SEEN,
    "seen": SEEN,
    "two_taps": {},
    "no_script": {},
    "slow": {},
    "bare": {},
    "kept": {},
}


@pytest.fixture(scope="module")
def browser(places: dict[str, Holder]) -> Iterator[Browser]:
    with open_browser() as found:
        yield found


def address(holder: Holder) -> str:
    return holder.duty.stack.ports.http("alerting") + holder.path


@pytest.mark.parametrize(
    ("state", "tap"),
    [
        *[("new", None), ("coming", "Kommer om 15 min"), ("cannot", "Kan ikke"), ("arrived", "Kommer om 5 min")],
        *[("urgent", None), ("seen", "Set")],
    ],
)
def test_axe_finds_nothing_on_the_page_in_any_state(
    browser: Browser, places: dict[str, Holder], state: str, tap: str | None
) -> None:
    with telephone(browser) as page:
        page.goto(address(places[state]))
        if tap:
            page.get_by_role("button", name=tap, exact=True).tap()
            expect(page.get_by_role("status").first).to_contain_text("Dit svar")
        if state == "arrived":
            page.get_by_role("button", name="Jeg er fremme").tap()
            expect(page.get_by_role("status").first).to_contain_text("er fremme")
        if page.locator("summary").count():
            page.locator("summary").tap()
        assert violations(page) == ""
        shoot(page, state)


@pytest.mark.parametrize("path", ["/s/garbled", "/vejledning", "/kort"])
def test_axe_finds_nothing_on_the_other_pages(browser: Browser, places: dict[str, Holder], path: str) -> None:
    base = places["new"].duty.stack.ports.http("alerting")
    with telephone(browser) as page:
        page.goto(address(places["new"]) + path if path == "/kort" else base + path)
        assert violations(page) == ""
        shoot(page, path.strip("/").replace("/", "-"))


@pytest.mark.parametrize(("state", "script"), [("two_taps", True), ("no_script", False)])
def test_the_second_tap_answers(browser: Browser, places: dict[str, Holder], state: str, script: bool) -> None:
    with telephone(browser, script=script) as page:
        page.goto(address(places[state]))  # the first tap: the link in the message
        page.get_by_role("button", name="Kommer om 15 min").tap()
        expect(page.get_by_role("status").first).to_contain_text("Dit svar: kommer ca. kl.")


def test_on_a_slow_network_it_is_read_and_answered_at_once(browser: Browser, places: dict[str, Holder]) -> None:
    with telephone(browser, slow=True) as page:
        page.goto(address(places["slow"]), wait_until="commit")
        page.get_by_role("button", name="Kommer om 30 min").tap()
        expect(page.get_by_role("status").first).to_contain_text("Dit svar: kommer")


def test_it_is_read_and_answered_before_its_style_and_script_have_come(
    browser: Browser, places: dict[str, Holder]
) -> None:
    with telephone(browser) as page:
        held: list[Route] = []

        def hold(route: Route) -> None:
            held.append(route)

        page.route("**/web/**", hold)
        page.goto(address(places["bare"]), wait_until="commit")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Stormflod")
        page.get_by_role("button", name="Virtuelt", exact=True).tap()
        expect(page.get_by_role("status").first).to_contain_text("Dit svar: deltager virtuelt")
        assert held, "the style never came"


def test_what_goes_over_the_wire_is_light(browser: Browser, places: dict[str, Holder]) -> None:
    with telephone(browser) as page:
        first, again = _weight(page, address(places["new"])), _weight(page, address(places["new"]))
        print(f"\nweight: first {first}, again {again}")  # noqa: T201  shown with -s
        assert sum(first.values()) < HEAVIEST_FIRST
        assert sum(again.values()) < HEAVIEST_AGAIN


def _weight(page: Page, link: str) -> dict[str, int]:
    """Return the bytes of each answer, heads and bodies, that did not come from the browser's own store."""
    answers: list[Response] = []

    def note(answer: Response) -> None:
        answers.append(answer)

    page.on("response", note)
    page.goto(link, wait_until="networkidle")
    page.remove_listener("response", note)
    fetched = [one for one in answers if one.request.timing["responseEnd"] >= 0 and not _kept(one)]
    return {one.url.rpartition("/")[2][:20]: sum(_bytes(one)) for one in fetched}


def _kept(answer: Response) -> bool:
    return answer.request.sizes()["responseHeadersSize"] == 0 and answer.request.sizes()["responseBodySize"] == 0


def _bytes(answer: Response) -> tuple[int, int]:
    sizes = answer.request.sizes()
    return sizes["responseHeadersSize"], sizes["responseBodySize"]


def test_an_exercise_is_told_by_colour_pattern_and_word(browser: Browser, places: dict[str, Holder]) -> None:
    live = {name: EXERCISE[name] for name in EXERCISE} | {"exercise": False}
    with telephone(browser) as page:
        looks = [_look(page, PAGES.environment.get_template("phone.html").render(one)) for one in (live, EXERCISE)]
        assert all(one != other for one, other in zip(*looks, strict=True))
        expect(page.locator("header")).not_to_contain_text("SKARP")
        assert violations(page) == ""
        shoot(page, "exercise")


EXERCISE: dict[str, Any] = {
    "exercise": True,
    "demonstration": True,
    "emergency": False,
    "subject": "Stormflod",
    "facts": [("Mødested", "Holstebro")],
    "told": [],
    "card": [],
    "live_mark": "SKARP",
    "raised": "kl. 14.02",
    "role": "vagt",
    "kinds": ("coming", "virtual", "cannot"),
    "minutes": (5, 15, 30, 60),
    "answer": None,
    "is_open": True,
    "parties": [],
    "token": "t" * 35,
    "push_key": "",
    "code": "call_in",
}


def _look(page: Page, html: str) -> tuple[str, ...]:
    """Show a page from no server, and return what tells it: title, icon, band and its colour, border."""

    def answer(route: Route) -> None:
        name = route.request.url.partition("/web/")[2].partition("/")[2]
        asset = PAGES.assets.found.get(name)
        if asset:
            route.fulfill(body=asset.body, content_type=asset.media_type)
        else:
            route.fulfill(body=html, content_type="text/html; charset=utf-8")

    page.route("**/*", answer)
    page.goto("http://samvirke.example/s/x", wait_until="networkidle")
    band = page.locator(".band").first
    style = [band.evaluate(f"band => getComputedStyle(band).{name}") for name in ("backgroundColor", "backgroundImage")]
    border = page.evaluate("getComputedStyle(document.body).borderTopWidth")
    icon = page.locator("link[rel=icon]").get_attribute("href") or ""
    page.unroute("**/*")
    return page.title(), icon, band.inner_text(), *style, str(border)


def test_nothing_on_the_page_breaks_its_own_policy(browser: Browser, places: dict[str, Holder]) -> None:
    with telephone(browser, service_workers="allow") as page:
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(address(places["new"]), wait_until="networkidle")
        assert said == []


def test_who_is_coming_is_fetched_again_by_itself(browser: Browser, places: dict[str, Holder]) -> None:
    with telephone(browser) as page:
        page.clock.install()
        page.goto(address(places["new"]), wait_until="networkidle")
        with page.expect_response("**/hvem") as fetched:
            page.clock.run_for(16_000)
        assert fetched.value.status == 200
        expect(page.locator("#who")).to_contain_text("Bo Nørremark: kommer")


def test_a_telephone_that_asks_for_it_is_told_by_push(browser: Browser, places: dict[str, Holder]) -> None:
    """The browser's own push service is elsewhere, and stood in for; what it would hand over comes by its tools."""
    link = address(places["kept"])
    with telephone(browser, service_workers="allow", permissions=["notifications"]) as page:
        page.add_init_script(SUBSCRIBED)
        page.goto(link, wait_until="networkidle")
        page.get_by_role("button", name="Slå beskeder til").tap()
        expect(page.locator("#push")).to_contain_text("Beskeder er slået til")
        assert violations(page) == ""
        push = {"title": "SKARP: Indkaldelse", "body": "Stormflod", "url": link, "answers": ["coming", "cannot"]}
        assert _pushed(page, push) == [["SKARP: Indkaldelse", "Stormflod", ["coming 30", "cannot"]]]


SUBSCRIBED = """
PushManager.prototype.subscribe = async ({ applicationServerKey }) => ({
  toJSON: () => ({
    endpoint: `http://127.0.0.1:9/push/${applicationServerKey.length}`,
    keys: { p256dh: "B".repeat(87), auth: "a".repeat(22) },
  }),
});
"""
SHOWN = """async () => {
  const all = await (await navigator.serviceWorker.ready).getNotifications();
  return all.map((one) => [one.title, one.body, one.actions.map((each) => each.action)]);
}"""
AGAIN_S, SHOWN_WITHIN_S = 2, 45


def _pushed(page: Page, message: dict[str, Any]) -> Any:  # noqa: ANN401  whatever the page says
    """Hand a push over until the page shows notifications, and return them; the browser's tools drop one at times.

    Its tag makes one that is handed over again the same: a second notification would be the worker's fault.
    """
    ends = time.monotonic() + SHOWN_WITHIN_S
    while time.monotonic() < ends:
        _push(page, message)
        again = time.monotonic() + AGAIN_S
        while time.monotonic() < again:
            if shown := page.evaluate(SHOWN):
                return shown
            page.wait_for_timeout(50)
    return page.evaluate(SHOWN)


def _push(page: Page, message: dict[str, Any]) -> None:
    tools = page.context.new_cdp_session(page)
    found: list[str] = []
    tools.on("ServiceWorker.workerRegistrationUpdated", lambda told: found.extend(_ids(told)))
    tools.send("ServiceWorker.enable")
    wait_until(page, lambda: bool(found))
    origin = page.evaluate("location.origin")
    said = {"origin": origin, "registrationId": found[0], "data": json.dumps(message)}
    tools.send("ServiceWorker.deliverPushMessage", said)


def _ids(told: dict[str, Any]) -> list[str]:
    return [one["registrationId"] for one in told["registrations"]]


def test_without_a_network_the_telephone_shows_the_card_it_kept_and_no_colleague(
    browser: Browser, places: dict[str, Holder]
) -> None:
    with telephone(browser, service_workers="allow") as page:
        page.goto(address(places["kept"]), wait_until="networkidle")
        until(page, "() => caches.match(location.pathname).then(Boolean)")
        page.context.set_offline(True)
        page.reload()
        expect(page.get_by_role("heading", level=2).first).to_have_text("Ingen forbindelse")
        expect(page.locator("body")).to_contain_text("Holstebro politistation")
        expect(page.locator("body")).not_to_contain_text("Bo Nørremark")
        shoot(page, "offline")

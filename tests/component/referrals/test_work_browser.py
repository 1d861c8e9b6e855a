"""»Det venter på dig« in a browser: by keyboard alone, by telephone without script, and nothing for axe to find."""

import pytest
from playwright.sync_api import Browser, expect

from tests.component.alerting.browser import DESK, shoot, telephone
from tests.component.referrals.browsing import press, sign_in, write
from tests.component.referrals.cases import KINDS
from tests.component.referrals.cases import Case as Drafted
from tests.component.referrals.conftest import NAME, Driver
from tests.component.referrals.courses import KOMMUNE, UKN_PARTIES, Case
from tests.component.referrals.grouping import PSYCHIATRY, Meeting
from tests.component.referrals.grouping import Case as Group
from tests.system.playing import World

pytestmark = pytest.mark.component

DORTE, KAJ, BOERN = "Dorte Hede", "Kaj Lund", ("receiver", KOMMUNE, "boern")


def test_a_caseworker_takes_a_referral_from_the_list_by_keyboard_alone(browser: Browser, driver: Driver) -> None:
    driver.said_yes(preferred_time="efter kl. 16", tell_charge=True).went("receive")
    with telephone(browser, viewport=DESK) as page:
        sign_in(page, driver.world, DORTE, "/henvisninger")
        expect(page.get_by_role("heading", level=1)).to_have_text("Det venter på dig")
        shoot(page, "arbejde-liste")
        press(page, page.locator(f"a[href='/henvisninger/{driver.referral_id}']"), "Enter")
        expect(page.get_by_role("main")).not_to_contain_text(NAME)
        shoot(page, "arbejde-uddrag")
        press(page, page.locator("summary").filter(has_text="Afvis"), "Enter")
        press(page, page.get_by_role("button", name="Afvis"), "Enter")
        expect(page.get_by_role("alert")).to_contain_text("Skriv hvorfor.")
        shoot(page, "arbejde-fejl")
        press(page, page.get_by_role("button", name="Acceptér"), "Enter")
        expect(page.get_by_role("main")).to_contain_text(NAME)
        shoot(page, "arbejde-accepteret")
        assert NAME not in page.title() + page.url
        press(page, page.get_by_role("button", name="Registrér den første kontakt"), "Enter")
        expect(page.get_by_role("main")).to_contain_text("I gang.")
        for summary in page.locator("summary").all():
            summary.click()
        shoot(page, "arbejde-i-gang")
    assert driver.state() == "in_progress"


def test_a_referral_is_completed_on_a_telephone_without_script(browser: Browser, driver: Driver) -> None:
    driver.said_yes().went("receive", "accept", "contact")
    with telephone(browser, script=False) as page:
        sign_in(page, driver.world, DORTE, f"/henvisninger/{driver.referral_id}")
        page.locator("#afslut summary").click()
        page.get_by_label("Hvilket resultat?").select_option("finished")
        page.get_by_role("button", name="Afslut med et resultat").click()
        expect(page.get_by_role("main")).to_contain_text("Forløbet er gennemført")
    assert driver.state() == "completed"


def test_who_has_nothing_to_do_with_referrals_is_told_so(browser: Browser, driver: Driver) -> None:
    with telephone(browser) as page:
        sign_in(page, driver.world, "Per Toft", "/henvisninger")
        expect(page.get_by_role("heading", level=1)).to_have_text("Din rolle giver ikke adgang til dette.")


def test_a_course_is_read_and_its_steps_are_forms(browser: Browser, running: World) -> None:
    case = Case(running, "ukn")
    assert case.open("ukn", BOERN, *UKN_PARTIES).is_success
    with telephone(browser) as page:
        page.set_extra_http_headers(running.stack.bearer(*BOERN))
        page.goto(running.stack.url("referrals") + f"/forloeb/{case.course_id}")
        for summary in page.locator("summary").all():
            summary.click()
        shoot(page, "arbejde-forloeb")
        page.set_extra_http_headers(running.stack.bearer(*BOERN))
        page.goto(running.stack.url("referrals") + "/henvisninger")
        shoot(page, "arbejde-liste-forloeb")


@pytest.mark.timeout(300)  # a draft from the list to its sending, with pictures of each page at two widths
def test_a_referral_is_drafted_and_sent_by_keyboard_alone(browser: Browser, running: World) -> None:
    case = Drafted(running, KINDS["ukn"]).settle()
    with telephone(browser, viewport=DESK) as page:
        sign_in(page, running, KAJ, "/henvisninger")
        press(page, page.get_by_role("link", name="Ny henvisning"), "Enter")
        expect(page.get_by_role("main")).not_to_contain_text("Info-hus")
        shoot(page, "arbejde-ordninger")
        press(page, page.get_by_role("link", name="Ungdomskriminalitetsnævnet", exact=True), "Enter")
        shoot(page, "arbejde-kladde")
        press(page, page.get_by_role("button", name="Gem kladden"), "Enter")
        expect(page.get_by_role("alert")).to_contain_text("Skriv personens CPR-nummer, ti cifre.")
        shoot(page, "arbejde-kladde-fejl")
        write(page, "Personens CPR-nummer", case.cpr())
        page.get_by_label("Hvilken kommune bor personen i?").select_option("0657")
        page.get_by_label("Hvilken ret?").select_option("retten-herning.")
        page.get_by_label("Lovligt ophold i Danmark").select_option("ja")
        page.get_by_label("Sagens stilling").select_option("suspected")
        write(page, "Hvad skal modtageren vide?", "Set med de ældre tre gange.")
        press(page, page.get_by_role("button", name="Gem kladden"), "Enter")
        why = page.get_by_label("Hvorfor henvises personen alligevel?")
        expect(page.get_by_role("alert")).to_contain_text("Det vides ikke: kriminalitetens art")
        expect(why).to_be_visible()
        shoot(page, "arbejde-kladde-menneske")
        page.get_by_label("Kriminalitetens art").select_option("a")
        press(page, page.get_by_role("button", name="Gem kladden"), "Enter")
        expect(page.get_by_role("main")).to_contain_text("Kun afsenderen kender den.")
        assert case.cpr() not in page.url + page.content()
        shoot(page, "arbejde-kladde-gemt")
        press(page, page.get_by_role("button", name="Send", exact=True), "Enter")
        expect(page.get_by_role("main")).to_contain_text("Den er sendt;")


def test_an_offer_is_told_and_answered_on_a_telephone_without_script(browser: Browser, driver: Driver) -> None:
    driver.settle().charged()
    with telephone(browser, script=False) as page:
        sign_in(page, driver.world, KAJ, "/henvisninger")
        page.locator(f"a[href='/tilbud/{driver.charge_id}']").click()
        page.get_by_role("button", name="Personen er orienteret").click()
        page.get_by_label("Svaret").select_option("ja")
        page.get_by_role("button", name="Gem svaret").click()
        expect(page.get_by_role("alert")).to_contain_text("Skriv det nummer, som personen vil ringes op på.")
        page.get_by_label("Telefonnummer").fill("20 30 40 50")
        page.get_by_role("button", name="Gem svaret").click()
        expect(page.get_by_role("main")).to_contain_text("Personen har sagt ja.")
        assert NAME not in page.title() + page.url


@pytest.mark.timeout(300)  # pictures of five pages at two widths
def test_the_pages_of_offers_groups_and_new_courses_hold_nothing_for_axe(browser: Browser, driver: Driver) -> None:
    told, world = Driver(driver.world).informed(), driver.world
    driver.settle().charged()
    group = Group(world).begun()
    meeting = Meeting(group).convened()
    with telephone(browser, viewport=DESK) as page:
        for who, path, name in (
            (("referrer", "politi-mvj"), "/henvisninger", "liste-politi"),
            (("referrer", "politi-mvj"), f"/tilbud/{driver.charge_id}", "tilbud"),
            (("referrer", "politi-mvj"), f"/tilbud/{told.charge_id}", "tilbud-svar"),
            (PSYCHIATRY, "/henvisninger", "liste-gruppe"),
            (("ssp_consultant", KOMMUNE, "ssp"), "/nyt-forloeb", "nyt-forloeb"),
            (("ssp_consultant", KOMMUNE, "ssp"), "/nyt-forloeb/ssp_theme", "nyt-ssp-tema"),
        ):
            page.set_extra_http_headers(world.stack.bearer(*who))
            page.goto(world.stack.url("referrals") + path)
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            shoot(page, f"arbejde-{name}")
    meeting.went("call-off")

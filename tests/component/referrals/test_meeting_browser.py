"""A group's day on one screen: by keyboard alone, by telephone without script, and nothing for axe to find."""

from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.component.alerting.browser import DESK, shoot, telephone
from tests.component.referrals.browsing import press, sign_in, write
from tests.component.referrals.conftest import NAME
from tests.component.referrals.grouping import POLICE, REGION, Case, Meeting
from tests.system.playing import World

pytestmark = pytest.mark.component

KOMMUNE, SEAT = "0661", "kommune-0661.psp"
SOCIAL = ("receiver", "kommune-0661", "psp")
HENRIK, EVA, PER = "Henrik Dam", "Eva Strand", "Per Toft"
SHARED = "Set tre gange i marts."


@pytest.fixture(scope="module")
def cases(running: World) -> tuple[Case, Case]:
    """Return a case of the whole group and one of police and municipality, after a meeting that was held."""
    whole, narrow = (Case(running, kommune=KOMMUNE, sender=("kommune-0661", "psp")).begun() for _ in range(2))
    meeting = Meeting(whole).convened().went("open", present=[POLICE, SEAT, REGION])
    meeting.went("close")
    narrow.did("circle", meeting.who, version=narrow.version(), seats=[POLICE, SEAT])
    assert whole.share(SOCIAL, profession="social_work", text=SHARED).is_success
    narrow.did("grey-zone", SOCIAL, version=narrow.version(), text="Falder mellem to stole.")
    whole.sql("update forum set overdue_since = clock() where programme = 'psp' and kommune = $1", KOMMUNE)
    return whole, narrow


@pytest.mark.timeout(300)  # a whole day, and a picture of each page of it at two widths
@pytest.mark.ledger("O-6.1-07", "O-6.1-09")
def test_one_screen_runs_a_day_by_keyboard_alone(browser: Browser, cases: tuple[Case, Case]) -> None:
    whole, narrow = cases
    said: list[str] = []
    with telephone(browser, viewport=DESK) as henrik, telephone(browser) as eva:
        for page in (henrik, eva):
            page.on("console", lambda message: said.append(message.text))
            page.on("pageerror", lambda error: said.append(str(error)))
        sign_in(henrik, whole.world, HENRIK, "/moeder")
        path = _convened(henrik)
        _answers(eva, whole, path)
        _opened(henrik, narrow)
        _sees_her_own_alone(eva, narrow, path)
        _decided(henrik, whole)
        _shown_without_the_region(henrik, narrow)
        _closed(henrik, whole)
        eva.goto(whole.world.stack.url("referrals") + path)
        expect(eva.get_by_role("main")).to_contain_text("Region Midtjylland: tal med personen")
        shoot(eva, "moede-referat-deltager")
    assert [line for line in said if "Content Security Policy" in line or "Error" in line] == []


def _convened(page: Page) -> str:
    """Call the group together as the last time; returns the address of the meeting."""
    late = page.get_by_role("region", name="Skulle have holdt møde")
    expect(late).to_contain_text("Holstebro")
    shoot(page, "moede-oversigt")
    press(page, late.locator("summary").filter(has_text="Indkald"), "Enter")
    shoot(page, "moede-indkald")
    press(page, late.locator("summary").filter(has_text="Stedfortræder"), "Enter")
    shoot(page, "moede-stedfortraeder")
    press(page, late.get_by_role("button", name="Indkald PSP"), "Enter")
    expect(page.get_by_role("heading", level=2, name="Åbn mødet")).to_be_visible()
    shoot(page, "moede-indkaldt")
    assert page.title().startswith("Møde "), "a title names nobody"
    return "/moeder/" + page.url.rpartition("/moeder/")[2]


def _answers(page: Page, case: Case, path: str) -> None:
    """Answer »deler ikke« before the meeting, on a telephone."""
    sign_in(page, case.world, EVA, f"{path}/sager/{case.id}")
    expect(page.get_by_role("main")).to_contain_text("Region Midtjylland: er spurgt")
    page.get_by_role("button", name="Del med kredsen").click()
    expect(page.get_by_role("alert")).to_contain_text("Vælg, ud fra hvilken faglighed")
    shoot(page, "moede-forbered")
    page.get_by_role("button", name="Svar »deler ikke«").click()
    expect(page.get_by_role("main")).to_contain_text("Region Midtjylland: deler ikke")
    assert case.read(SOCIAL)["sharing"][REGION] == "deler ikke"


def _opened(page: Page, narrow: Case) -> None:
    """Open the meeting with everybody in the room: a case of two of the three is not shown."""
    press(page, page.get_by_role("button", name="Åbn mødet"), "Enter")
    expect(page.get_by_role("heading", name="I lokalet")).to_be_visible()
    first = page.locator(".case").first
    expect(first).to_contain_text("Punkt 1: gråzone")
    expect(first).to_contain_text("Punktet kan ikke vises nu.")
    expect(page.get_by_role("main")).not_to_contain_text("Falder mellem to stole.")
    shoot(page, "moede-aaben")
    page.goto(f"{page.url}/sager/{narrow.id}")
    expect(page.get_by_role("status")).to_contain_text("Punktet kan ikke vises nu.")
    expect(page.get_by_role("main")).not_to_contain_text("Falder mellem to stole.")


def _sees_her_own_alone(page: Page, narrow: Case, path: str) -> None:
    """Look as somebody of the meeting who is outside a case's circle: it is not there at all."""
    page.goto(narrow.world.stack.url("referrals") + path)
    expect(page.locator(".case")).to_have_count(1)
    expect(page.get_by_role("button", name="Luk mødet")).to_have_count(0)
    answer = page.goto(f"{page.url}/sager/{narrow.id}")
    assert answer is not None
    assert answer.status == 404


def _decided(page: Page, whole: Case) -> None:
    """Decide with a task, after a try without any decision."""
    press(page, page.get_by_role("link", name="Vis punkt 2"), "Enter")
    expect(page.locator("#sag")).to_contain_text(SHARED)
    write(page, "Med ord", "Vi følger ham.")
    press(page, page.get_by_role("button", name="Gem beslutningen"), "Enter")
    expect(page.get_by_role("alert")).to_contain_text("Vælg, hvad der besluttes.")
    expect(page.get_by_label("Med ord", exact=True)).to_have_value("Vi følger ham.")
    shoot(page, "moede-fejl")
    press(page, page.get_by_label("Hvad besluttes?"), "ArrowDown")
    expect(page.get_by_label("Hvad besluttes?")).to_have_value("followed")
    write(page, "Hvornår ses der på sagen igen?", "03032036")
    owner = page.get_by_label("Hvem har opgave 1?")
    press(page, owner, "End")
    expect(owner).to_have_value(REGION)
    write(page, "Opgave 1 med ord", "Ring til ham.")
    write(page, "Senest løst (opgave 1)", "02022036")
    shoot(page, "moede-beslut")
    press(page, page.get_by_role("button", name="Gem beslutningen"), "Enter")
    expect(page.locator("#sag")).to_contain_text("Besluttet: sagen følges")
    expect(page.locator("#sag")).to_contain_text("Ses på igen 3. marts 2036")
    expect(page.locator("#sag")).to_contain_text("Udsendes, når mødet lukkes.")
    expect(page.locator("#sag")).to_contain_text(NAME)
    assert NAME not in page.title() + page.url
    shoot(page, "moede-besluttet")
    assert whole.read(SOCIAL)["tasks"] == []


def _shown_without_the_region(page: Page, narrow: Case) -> None:
    """Say that the region has left: now the other case is shown."""
    press(page, page.locator("summary").filter(has_text="Nogen er kommet eller gået"), "Enter")
    press(page, page.get_by_label("Region Midtjylland"), "Space")
    press(page, page.get_by_role("button", name="Gem, hvem der er i lokalet"), "Enter")
    expect(page.locator(".refused")).to_have_count(0)
    press(page, page.get_by_role("link", name="Vis punkt 1"), "Enter")
    expect(page.locator("#sag")).to_contain_text("Falder mellem to stole.")
    assert narrow.id in page.url


def _closed(page: Page, whole: Case) -> None:
    """Close the meeting: tasks and minutes are out."""
    press(page, page.get_by_role("button", name="Luk mødet"), "Enter")
    main = page.get_by_role("main")
    expect(main).to_contain_text("Mødet blev holdt uden regionen.")
    expect(main).to_contain_text("Region Midtjylland: tal med personen, senest 2. februar 2036")
    shoot(page, "moede-referat")
    [task] = whole.read(SOCIAL)["tasks"]
    assert task["text"] == "Ring til ham."
    overdue = "select overdue_since is null from forum where programme = 'psp' and kommune = $1"
    assert whole.sql(overdue, KOMMUNE) is True


@pytest.mark.timeout(300)  # two browsers, and pictures at two widths
@pytest.mark.ledger("O-6.1-10")
def test_what_a_circle_does_for_a_case_is_done_from_its_day(browser: Browser, cases: tuple[Case, Case]) -> None:
    case = Case(cases[0].world, kommune=KOMMUNE, sender=("kommune-0661", "psp")).begun()
    meeting = Meeting(case).convened()
    meeting.went("open", present=[POLICE, SEAT, REGION])
    task = {"owner": REGION, "code": "contact", "due_at": case.at(days=300)}
    assert meeting.decide(tasks=[task]).is_success
    path = f"/moeder/{meeting.id}/sager/{case.id}"
    with telephone(browser, viewport=DESK) as henrik, telephone(browser, script=False) as eva:
        sign_in(henrik, case.world, HENRIK, path)
        expect(henrik.locator("#sag")).to_contain_text(NAME)
        _asked(henrik)
        meeting.went("close")
        sign_in(eva, case.world, EVA, path)
        expect(eva.get_by_role("main")).not_to_contain_text(NAME)
        eva.get_by_label("Jeres svar på spørgsmålet").fill("Lone fra distriktspsykiatrien.")
        eva.get_by_role("button", name="Send svaret").click()
        expect(eva.get_by_role("main")).to_contain_text("Svar: Lone fra distriktspsykiatrien.")
        eva.get_by_role("button", name="Opgaven er løst").click()
        expect(eva.get_by_role("button", name="Opgaven er løst")).to_have_count(0)
    assert case.read(SOCIAL)["tasks"][0]["done_at"]


def _asked(page: Page) -> None:
    """Ask the region by keyboard, after a try without any question, and look at every form."""
    for words in ("Fortæl nyt", "Spørg en i kredsen", "Flyt dagen", "Gråzone", "Send sagen til"):
        press(page, page.locator("summary").filter(has_text=words), "Enter")
    shoot(page, "moede-sagens-formularer")
    press(page, page.get_by_role("button", name="Send spørgsmålet"), "Enter")
    expect(page.get_by_role("alert")).to_contain_text("Vælg, hvem I spørger.")
    shoot(page, "moede-sagens-fejl")
    press(page, page.get_by_label("Hvem spørger I?"), "End")
    write(page, "Spørgsmålet", "Hvem er hans kontaktperson?")
    write(page, "Svar ønskes senest", "02022036")
    press(page, page.get_by_role("button", name="Send spørgsmålet"), "Enter")
    expect(page.locator("#sag")).to_contain_text("Hvem er hans kontaktperson?")
    expect(page.locator("#sag")).to_contain_text("Venter på svar.")


def test_who_watches_a_meeting_is_told_of_what_changes_and_what_was_typed_stays(
    browser: Browser, cases: tuple[Case, Case]
) -> None:
    meeting = Meeting(cases[0]).convened()
    with telephone(browser) as eva:
        sign_in(eva, cases[0].world, EVA, f"/moeder/{meeting.id}/sager/{cases[0].id}")
        eva.get_by_label("Hvad deler I?").fill("Han kommer til samtaler.")
        expect(eva.get_by_role("main")).not_to_contain_text("Andre har ændret mødet")
        meeting.went("open", present=[POLICE, SEAT])
        expect(eva.locator(".live")).to_contain_text("Nu: i gang, i lokalet:")
        expect(eva.get_by_label("Hvad deler I?")).to_have_value("Han kommer til samtaler.")
        shoot(eva, "moede-aendret")
        eva.get_by_role("link", name="Vis det nye").click()
        expect(eva.get_by_role("heading", name="I lokalet")).to_be_visible()
    meeting.went("close")


def test_who_sits_in_no_group_is_told_so(browser: Browser, cases: tuple[Case, Case]) -> None:
    with telephone(browser) as per:
        sign_in(per, cases[0].world, PER, "/moeder")
        expect(per.get_by_role("heading", level=1)).to_have_text("Din rolle giver ikke adgang til dette.")
        shoot(per, "moede-ikke-adgang")


def test_a_form_of_a_page_that_is_old_says_so_and_changes_nothing(browser: Browser, cases: tuple[Case, Case]) -> None:
    meeting = Meeting(cases[0]).convened()
    with telephone(browser, script=False) as henrik:
        sign_in(henrik, cases[0].world, HENRIK, f"/moeder/{meeting.id}")
        meeting.went("open", present=[POLICE])
        henrik.get_by_role("button", name="Åbn mødet").click()
        expect(henrik.get_by_role("alert")).to_contain_text("Andre har ændret noget")
        expect(henrik.get_by_role("heading", name="I lokalet")).to_be_visible()
    present = "select cardinality(present) from meeting where meeting_id = $1"
    assert cases[0].sql(present, UUID(meeting.id)) == 1
    meeting.went("close")


def test_nobody_is_called_to_what_has_been_and_what_was_typed_stays(browser: Browser, cases: tuple[Case, Case]) -> None:
    past = "2020-01-02T09:30"
    with telephone(browser, script=False) as henrik:
        sign_in(henrik, cases[0].world, HENRIK, "/moeder")
        form = henrik.locator("form.call").filter(has=henrik.locator(f"input[name=kommune][value='{KOMMUNE}']"))
        henrik.locator("details").filter(has=form).locator("summary").click()
        form.get_by_label("Dag og klokkeslæt").fill(past)
        form.get_by_role("button", name="Indkald").click()
        expect(henrik.get_by_role("alert")).to_contain_text("Et tidspunkt ligger ikke fremme i tiden.")
        expect(form.get_by_label("Dag og klokkeslæt")).to_have_value(past)


def test_a_form_does_no_more_than_its_sender_may(cases: tuple[Case, Case]) -> None:
    meeting = Meeting(cases[0]).convened()
    path, seen = f"/moeder/{meeting.id}", {"version": str(meeting.version())}
    send, convener = meeting.case.send, meeting.who
    assert send("POST", f"{path}/aabn", SOCIAL, data=seen | {f"rum-{SEAT}": "on"}).status_code == 403
    assert send("POST", f"{path}/aflys", ("receiver", "kommune-0791", "psp"), data=seen).status_code == 404
    assert send("POST", f"{path}/aabn", convener, data=seen | {"rum-kommune-0791.psp": "on"}).status_code == 422
    assert send("POST", f"{path}/aabn", convener, data=seen).status_code == 422
    assert send("POST", f"{path}/luk", convener, data=seen).status_code == 409
    assert send("POST", f"{path}/luk", convener, data={"version": "²"}).status_code == 422
    case = f"{path}/sager/{meeting.case.id}"
    assert send("POST", f"{case}/svar", SOCIAL, data={"svar": "måske"}).status_code == 422
    assert send("GET", f"{path}/sager/{meeting.id}", SOCIAL).status_code == 404
    task = {"beslutning": "followed", "opgave-1": "Ring.", "frist-1": "i morgen"}
    assert send("POST", f"{case}/beslut", convener, data={"version": "1"} | task).status_code == 422
    assert meeting.read()["state"] == "convened"
    assert send("POST", f"{path}/aflys", convener, data=seen, follow_redirects=False).status_code == 303
    assert meeting.read()["state"] == "cancelled"

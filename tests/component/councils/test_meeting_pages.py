"""The forms round a meeting in a browser, as members and secretaries press them: no script, two widths, axe."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.component.alerting.browser import DESK, open_browser, telephone
from tests.component.councils.one_meeting import Meeting
from tests.component.councils.seating import HERNING, Councils
from tests.component.councils.test_desk import come_in, shoot, unfold

pytestmark = pytest.mark.component

SECRETARY, MEMBER, POLICE_SECRETARY = "Aase Holm", "Jens Birk", "Lise Krogh"
TASK = "Tag kontakt til skolerne."


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as found:
        yield found


def sent_once(page: Page, button: str) -> None:
    """Press a button twice, as somebody impatient does: what it does is done once."""
    page.get_by_role("button", name=button).first.dblclick()
    page.wait_for_load_state()


@pytest.mark.timeout(300)  # pictures at two widths
def test_a_member_corrects_minutes_and_moves_what_was_agreed_in_a_browser(browser: Browser, councils: Councils) -> None:
    meeting = Meeting(councils, councils.body(HERNING.removeprefix("kommune-")))
    meeting.held()
    meeting.minuted(first={"task": TASK, "owner": HERNING, "due": str(councils.today(3))})
    base = councils.stack.url("councils")
    with telephone(browser, script=True) as page, telephone(browser, viewport=DESK) as desk:
        come_in(page, councils.stack, MEMBER, meeting.path)
        unfold(page, "Foreslå en rettelse af SSP")
        shoot(page, "rettelse-medlem")
        page.locator("details[open]").get_by_label("Hvad skal der stå?").fill("Drøftet grundigt.")
        page.locator("details[open]").get_by_label("Hvad er forkert?").fill("Et ord manglede.")
        sent_once(page, "Send forslaget om SSP")
        expect(page.get_by_role("main")).to_contain_text("Ikke besvaret endnu.")
        assert councils.sql("select count(*) from minutes_correction") == 1
        councils.move_to(councils.today(5))
        councils.wait_for("it is late", lambda: councils.matters(meeting.body_id, "overdue_action") == 1)
        page.goto(f"{base}/opfoelgning/{meeting.body_id}")
        unfold(page, "Flyt fristen")
        page.get_by_label("Hvorfor flyttes den?").fill("Skolerne har ferie.")
        page.get_by_label("Ny frist").fill(str(councils.today(-1)))
        page.get_by_role("button", name="Flyt fristen").click()
        expect(page.get_by_role("alert")).to_contain_text("Vælg en dag, der ikke er gået.")
        expect(page.get_by_label("Hvorfor flyttes den?")).to_have_value("Skolerne har ferie.")
        shoot(page, "frist-afvist")
        page.get_by_label("Ny frist").fill(str(councils.today(20)))
        sent_once(page, "Flyt fristen")
        expect(page.get_by_role("main")).to_contain_text("først lovet")
        assert councils.sql("select count(*) from meeting_action_move") == 1
        shoot(page, "frist-flyttet")
        come_in(desk, councils.stack, SECRETARY, "/sekretariat")
        desk.get_by_role("link", name="Besvar rettelsesforslag").click()
        shoot(desk, "rettelse-sekretariat")
        sent_once(desk, "Ret referatet som foreslået")
        expect(desk.get_by_role("main")).to_contain_text("udkast 2")
        expect(desk.get_by_role("main")).to_contain_text("Rettet i referatet")
        document = desk.request.get(f"{base}{meeting.path}/referat.docx")
        assert document.body().startswith(b"PK")


@pytest.mark.ledger("L-29")
@pytest.mark.timeout(300)  # pictures at two widths
def test_a_meeting_that_was_asked_for_is_planned_opened_and_invited_to_in_a_browser(
    browser: Browser, councils: Councils
) -> None:
    with telephone(browser) as page, telephone(browser, viewport=DESK) as desk:
        come_in(page, councils.stack, MEMBER, "/medlem")
        unfold(page, "Bed om et ekstraordinært møde")
        shoot(page, "anmodning")
        page.get_by_label("Hvad skal mødet handle om?").fill("Uro i nattelivet hen over nytår.")
        sent_once(page, "Bed om mødet")
        expect(page.get_by_role("main")).to_contain_text("sekretariatet har fået anmodningen", timeout=20_000)
        come_in(desk, councils.stack, POLICE_SECRETARY, "/sekretariat")
        unfold(desk, "Planlæg det møde, Herning")
        shoot(desk, "anmodning-sekretariat")
        desk.get_by_label("Dag og klokkeslæt").fill(f"{councils.today(9)}T10:00")
        desk.get_by_label("Hvor?").fill("Holstebro")
        sent_once(desk, "Planlæg det ekstraordinære møde")
        expect(desk.get_by_role("main")).to_contain_text("Ekstraordinært: Uro i nattelivet")
        assert councils.sql("select count(*) from meeting where not ordinary") == 1
        desk.get_by_role("button", name="Hent faste og ventende punkter").click()
        _withheld(desk)
        desk.get_by_text("Åbn mødet for offentligheden").click()
        desk.get_by_label("medlemmer stemte for").fill("7")
        desk.get_by_label("Formanden samtykker").check()
        desk.get_by_role("button", name="Åbn mødet").click()
        expect(desk.get_by_role("main")).to_contain_text("Mødet er åbent for offentligheden.")
        _invited(desk)
        page.reload()
        page.get_by_role("link", name="det er planlagt til").click()
        expect(page.get_by_role("main")).to_contain_text("Sagen er slut.")
        shoot(page, "ekstraordinaert-medlem")


def _withheld(desk: Page) -> None:
    unfold(desk, "Hold oplysninger tilbage om Opfølgning")
    unfold(desk, "Åbn mødet for offentligheden")
    unfold(desk, "Ret punktet, luk det eller åbn det Ekstraordinært")
    shoot(desk, "holdt-tilbage")
    desk.locator("details[open]").get_by_label("Hvilken vægtig grund har politidirektøren?").fill("En sag kører.")
    desk.get_by_role("button", name="Hold oplysningerne tilbage om Opfølgning").click()
    expect(desk.get_by_role("main")).to_contain_text("En sag kører.")
    unfold(desk, "Frigiv det, der holdes tilbage")
    desk.get_by_label("Hvorfor frigives de?").fill("Sagen er slut.")
    desk.get_by_role("button", name="Frigiv oplysningerne").click()
    expect(desk.get_by_role("main")).to_contain_text("Sagen er slut.")


def _invited(desk: Page) -> None:
    desk.get_by_role("link", name="Ret, hvem der får invitationerne").click()
    desk.get_by_label("Hvem indkalder?").fill("raad@politi.example")
    desk.get_by_label("Andre modtagere").fill("ikke en adresse")
    desk.get_by_role("button", name="Gem modtagerne").click()
    expect(desk.get_by_role("alert")).to_contain_text("ingen mailadresse")
    shoot(desk, "kalender")
    desk.get_by_label("Andre modtagere").fill("presse@politi.example")
    desk.get_by_role("button", name="Gem modtagerne").click()
    expect(desk.get_by_role("alert")).to_have_count(0)
    expect(desk.get_by_label("Andre modtagere")).to_have_value("presse@politi.example")

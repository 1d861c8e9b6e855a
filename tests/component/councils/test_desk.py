"""A secretary's and a member's pages: a meeting by forms from the year wheel to approved minutes, without script."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.component.alerting.browser import DESK, open_browser, telephone
from tests.component.alerting.browser import shoot as look_over
from tests.component.councils.markup import look_at, watch
from tests.component.councils.seating import HERNING, Councils
from tests.stack import Stack

pytestmark = pytest.mark.component

LOCAL = ("secretary", HERNING, "raad")
SECRETARY, MEMBER, CHAIR = "Aase Holm", "Jens Birk", "Rikke Dam"
REFUSED = "Intet er gemt"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as found:
        yield found


def come_in(page: Page, stack: Stack, name: str, path: str) -> None:
    """Have somebody come in by the page that they want."""
    watch(page)
    page.goto(stack.url("councils") + path)
    page.get_by_role("button", name=name).first.click()


def shoot(page: Page, name: str) -> None:
    """Look at a page, and ask the Nu validator of its HTML at the end."""
    look_at(page, name)
    look_over(page, f"raad-{name}")


def unfold(page: Page, words: str) -> None:
    """Open every form that is folded away under some words, on a page that is there to its end."""
    page.wait_for_load_state()
    page.evaluate(
        "words => document.querySelectorAll('details').forEach("
        "one => { one.open ||= one.firstElementChild.textContent.includes(words) })",
        words,
    )


@pytest.mark.timeout(300)  # a whole meeting, and a picture of each page of it at two widths
@pytest.mark.ledger("O-2-07")
@pytest.mark.ledger("L-29")
def test_a_meeting_goes_by_forms_from_the_year_wheel_to_approved_minutes(browser: Browser, councils: Councils) -> None:
    body_id = councils.body(HERNING.removeprefix("kommune-"))
    with telephone(browser, viewport=DESK) as page, telephone(browser) as member, telephone(browser) as chair:
        come_in(page, councils.stack, SECRETARY, "/sekretariat")
        expect(page.get_by_role("heading", level=1)).to_have_text("Det venter på dig")
        expect(page.get_by_role("navigation")).not_to_contain_text("Mine råd")
        shoot(page, "sekretariat")
        _planned(page, councils, body_id)
        _agenda_built(page)
        _sent(page)
        path = "/moede/" + page.url.rpartition("/moede/")[2].partition("#")[0]
        _read_by_a_member(member, councils, path)
        councils.move_to(councils.today(21))
        _held(page, councils, path)
        _minuted(page)
        _approved(member, councils)
        _approved(chair, councils, CHAIR)
        councils.wait_for(
            "approval", lambda: councils.sql("select exists (select from minutes where approved_how is not null)")
        )
        page.goto(councils.stack.url("councils") + path)
        expect(page.get_by_role("main")).to_contain_text("Referatet er godkendt")
        page.get_by_role("button", name="Luk mødet").click()
        expect(page.get_by_role("main")).to_contain_text("Lukket.")
        shoot(page, "lukket")


def _planned(page: Page, councils: Councils, body_id: str) -> None:
    day = councils.today(20)
    page.goto(f"{councils.stack.url('councils')}/raad-arbejde/{body_id}/aarshjul/{day.year}")
    shoot(page, "aarshjul")
    unfold(page, "Planlæg årets fire møder")
    for number in (1, 2, 3, 4):
        page.get_by_label(f"{number}. møde").fill(f"{day.year + 1}-0{number}-10T10:00")
    page.locator("#fire-sted").fill("Rådhuset")
    page.get_by_role("button", name="Planlæg de fire møder").click()
    expect(page.get_by_role("alert")).to_contain_text("et andet år")
    expect(page.get_by_label("1. møde")).to_have_value(f"{day.year + 1}-01-10T10:00")
    shoot(page, "afvist")
    unfold(page, "Planlæg et møde")
    page.get_by_label("Dag og klokkeslæt", exact=True).fill(f"{day}T10:00")
    page.locator("#moede-sted").fill("Rådhuset")
    page.get_by_role("button", name="Planlæg mødet").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("møde")


def _agenda_built(page: Page) -> None:
    page.get_by_role("button", name="Hent faste og ventende punkter").click()
    expect(page.get_by_role("main")).to_contain_text("SSP-samarbejdet")
    unfold(page, "Foreslå et punkt")
    proposal = page.locator("#forslag")
    proposal.get_by_label("Punktets titel").fill("Kameraplan")
    proposal.get_by_label("Fortroligt").check()
    proposal.get_by_label("Ledere").check()
    page.get_by_role("button", name="Sæt på dagsordenen").click()
    expect(page.get_by_role("main")).to_contain_text("Fortroligt: Ledere")
    unfold(page, "Tag af dagsordenen")
    page.get_by_role("button", name="Tag af dagsordenen PSP-samarbejdet").click()
    expect(page.get_by_role("alert")).to_contain_text("Skriv hvorfor.")
    left_out = page.get_by_role("button", name="Tag af dagsordenen PSP-samarbejdet")
    page.locator("form.acts").filter(has=left_out).get_by_label("Hvorfor?").fill("Behandles på næste møde.")
    left_out.click()
    expect(page.get_by_role("main")).to_contain_text("PSP-samarbejdet: Behandles på næste møde.")
    page.get_by_role("button", name="Op SSP-samarbejdet").click()
    shoot(page, "dagsorden")


def _sent(page: Page) -> None:
    page.get_by_role("button", name="Send indkaldelsen").click()
    page.get_by_role("button", name="Send dagsordenen").click()
    expect(page.get_by_role("main")).to_contain_text("Indkaldt.")


def _read_by_a_member(page: Page, councils: Councils, path: str) -> None:
    come_in(page, councils.stack, MEMBER, "/medlem")
    expect(page.get_by_role("navigation")).not_to_contain_text("Det venter på dig")
    shoot(page, "medlem")
    page.goto(councils.stack.url("councils") + path)
    expect(page.get_by_role("main")).to_contain_text("Lukket punkt")
    expect(page.get_by_role("main")).not_to_contain_text("Kameraplan")
    expect(page.get_by_role("button", name="Tag af dagsordenen")).to_have_count(0)
    shoot(page, "moede-medlem")
    address = page.get_by_role("link", name="Dagsorden og bilag").get_attribute("href")
    bundle = page.request.get(f"{councils.stack.url('councils')}{address}")
    assert bundle.headers["content-type"] == "application/pdf"
    assert bundle.body().startswith(b"%PDF")


def _held(page: Page, councils: Councils, path: str) -> None:
    page.goto(councils.stack.url("councils") + path)
    unfold(page, "Mødet er holdt")
    shoot(page, "fremmoede")
    page.get_by_role("button", name="Gem fremmødet").click()
    expect(page.get_by_role("alert")).to_contain_text("Vælg, hvem der ledte mødet.")
    page.get_by_label("Hvem ledte mødet?").select_option(index=1)
    page.get_by_role("button", name="Gem fremmødet").click()
    expect(page.get_by_role("main")).to_contain_text("Beslutningsdygtigt.")


def _minuted(page: Page) -> None:
    page.get_by_role("button", name="Skriv referatet").click()
    expect(page.get_by_role("alert")).to_contain_text("Kriminalitetsudviklingen")
    unfold(page, "Skriv resultatet")
    shoot(page, "resultat")
    buttons = page.get_by_role("button", name="Gem resultatet")
    for _ in range(buttons.count()):
        unfold(page, "Skriv resultatet")
        form = page.locator("form.acts").filter(has=buttons).first
        form.get_by_label("Hvad blev der sagt?").fill("Gennemgået.")
        form.get_by_role("button", name="Gem resultatet").click()
    expect(buttons).to_have_count(0)
    page.get_by_role("button", name="Skriv referatet").click()
    unfold(page, "Ret SSP")
    page.locator("details[open]").get_by_label("Hvad blev der sagt?").fill("Gennemgået grundigt.")
    page.locator("details[open]").get_by_label("Hvad er rettet?").fill("Et ord manglede.")
    page.get_by_role("button", name="Gem rettelsen").click()
    expect(page.get_by_role("main")).to_contain_text("udkast 2")
    page.get_by_role("button", name="Bed medlemmerne").click()
    shoot(page, "referat")


def _approved(page: Page, councils: Councils, name: str = "") -> None:
    """Approve the minutes with one click, for the own authority."""
    if name:
        come_in(page, councils.stack, name, "/medlem")
    page.goto(councils.stack.url("councils") + "/medlem")
    shoot(page, f"medlem-referat-{name.partition(' ')[0].lower() or 'foerst'}")
    button = page.get_by_role("button", name="Godkend referatet")
    button.click()
    expect(button).to_have_count(0)


def test_pages_are_nobodys_who_does_not_sit_there(councils: Councils) -> None:
    body_id = councils.body(HERNING.removeprefix("kommune-"))
    stranger, caseworker = ("council_member", "kommune-0671", "raad"), ("caseworker", HERNING, "raad")
    year = (councils.today() + timedelta(40)).year
    assert councils.send("GET", f"/raad-arbejde/{body_id}/aarshjul/{year}", stranger).status_code == 404
    assert councils.send("GET", "/sekretariat", stranger).status_code == 403
    assert councils.send("GET", "/medlem", caseworker).status_code == 403
    plan = {"begynder": "aldrig", "moede-varighed": "120", "moede-sted": "Rådhuset"}
    path = f"/raad-arbejde/{body_id}/aarshjul/{year}/moede"
    refused = councils.send("POST", path, LOCAL, data=plan)
    assert refused.status_code == 422
    assert "Skriv dag og klokkeslæt." in refused.text
    assert REFUSED in refused.text
    assert councils.send("POST", path, stranger, data=plan).status_code == 403
    nothing = uuid4()
    for method, where, status in (
        ("POST", f"/moede/{nothing}/byg", 422),
        ("POST", f"/moede/{nothing}/punkt/{nothing}/byg", 404),
        ("POST", f"/opfoelgning/{nothing}/handling/{nothing}/luk", 404),
        ("POST", f"/planarbejde/{nothing}/kommentar", 404),
        ("GET", f"/meetings/{nothing}/bundle.pdf", 404),
        ("GET", f"/moede/{nothing}/invitation/{nothing}.ics", 404),
        ("GET", f"/bilag/{nothing}", 404),
    ):
        assert councils.send(method, where, LOCAL).status_code == status, where


@pytest.mark.timeout(300)  # pictures at two widths
def test_what_is_late_stands_first_with_its_chain_and_is_closed_by_a_form(browser: Browser, councils: Councils) -> None:
    body_id = councils.body(HERNING.removeprefix("kommune-"))
    decision_id, of = councils.decision(body_id), f"/bodies/{body_id}/actions"
    said = {"owner": HERNING, "decision_id": decision_id}
    for title, days in (("Lys ved stien", 3), ("Kontakt til skolerne", 90)):
        councils.ask("POST", of, LOCAL, json=said | {"title": title, "due_on": str(councils.today(days))})
    for task, days, confidential in (("Tæl cyklerne", 2, False), ("Kameraer", 4, True), ("Skriv til alle", 60, False)):
        _agreed(councils, body_id, task, days, confidential=confidential)
    councils.move_to(councils.today(10))
    with telephone(browser, viewport=DESK) as page, telephone(browser) as member:
        come_in(member, councils.stack, MEMBER, f"/opfoelgning/{body_id}")
        expect(member.get_by_role("main")).to_contain_text("Aftale under et lukket punkt")
        expect(member.get_by_role("main")).not_to_contain_text("Kameraer")
        come_in(page, councils.stack, SECRETARY, f"/opfoelgning/{body_id}")
        shoot(page, "opfoelgning")
        lines = page.get_by_role("region", name="Aftaler og handlinger").locator("ul > li")
        late = [line for line in lines.all_inner_texts() if "forsinket" in line]
        order = ["Tæl cyklerne", "Lys ved stien", "Kameraer"]
        assert [next(one for one in order if one in line) for line in late] == order
        expect(lines.nth(3)).to_contain_text("Skriv til alle")
        expect(lines.nth(3)).to_contain_text("aftalt på et møde")
        for task in ("Tæl cyklerne", "Kameraer"):
            page.get_by_role("button", name=f"Klaret {task}").click()
        expect(lines.first).to_contain_text("Lys ved stien")
        page.get_by_role("link", name="Lys ved stien").click()
        expect(page.get_by_role("region", name="Hvad den kom af")).to_contain_text("Beslutning: Valg")
        shoot(page, "kaede")
        page.go_back()
        unfold(page, "Luk Lys")
        page.get_by_role("button", name="Gennemført Lys ved stien").click()
        expect(page.get_by_role("alert")).to_contain_text("Skriv, hvad der kom ud af det")
        page.locator("details[open] textarea").fill("Lyset er sat op.")
        page.get_by_role("button", name="Gennemført Lys ved stien").click()
        expect(lines.first).to_contain_text("Skriv til alle")
        expect(page.get_by_role("main")).to_contain_text("Lyset er sat op.")


def _agreed(councils: Councils, body_id: str, task: str, days: int, *, confidential: bool) -> None:
    """Let something be agreed under a point of a meeting."""
    councils.sql(
        "with m as (insert into meeting (meeting_id, body_id, ordinary, starts_at, ends_at, place, state)"
        " select gen_random_uuid(), $1, true, clock() - interval '2 d', clock() - interval '1 d', 'Rådhuset', 'planned'"
        " returning meeting_id), i as (insert into agenda_item (item_id, meeting_id, body_id, place, came_by, title,"
        " kind, confidential, proposed_by) select gen_random_uuid(), meeting_id, $1, 1, 'proposal', 'Punkt',"
        " 'droeftelse', $2, 'test' from m returning item_id, meeting_id)"
        " insert into meeting_action (action_id, body_id, meeting_id, item_id, task, owner, due)"
        " select gen_random_uuid(), $1, meeting_id, item_id, $3, $4, $5 from i",
        *(UUID(body_id), confidential, task, HERNING, councils.today(days)),
    )


@pytest.mark.timeout(300)  # pictures at two widths
def test_a_misspelt_name_is_put_right_on_the_page_of_seats(browser: Browser, councils: Councils) -> None:
    body_id = councils.body(HERNING.removeprefix("kommune-"))
    member = {"authority": HERNING, "function": "SSP-konsulent", "valid_from": str(councils.today(-30))}
    councils.seat(body_id, member | {"holder": "Søren Skoele"}, member | {"holder": "Lone Lokal"}, who=LOCAL)
    with telephone(browser, viewport=DESK) as page, telephone(browser) as seated:
        come_in(page, councils.stack, SECRETARY, "/sekretariat")
        page.get_by_role("link", name="Pladser").last.click()
        page.goto(f"{councils.stack.url('councils')}/raad-arbejde/{body_id}/pladser")
        unfold(page, "Ret navnets stavning: Søren Skoele")
        row = page.locator("li").filter(has_text="Søren Skoele")
        press = row.get_by_role("button", name="Ret navnet Søren Skoele")
        row.get_by_label("Sådan staves navnet").fill("Xqz Wvk")
        row.get_by_label("Hvad var forkert?").fill("Et e for meget.")
        press.click()
        expect(page.get_by_role("alert")).to_contain_text("Det ligner en anden person")
        expect(row.get_by_label("Hvad var forkert?")).to_have_value("Et e for meget.")
        shoot(page, "pladser-afvist")
        row.get_by_label("Sådan staves navnet").fill("Søren Skole")
        press.click()
        expect(page.get_by_role("region", name="Sidder i rådet nu")).to_contain_text("Søren Skole")
        expect(page.get_by_role("region", name="Rettede navne")).to_contain_text("Et e for meget.")
        shoot(page, "pladser")
        come_in(seated, councils.stack, MEMBER, f"/raad-arbejde/{body_id}/pladser")
        expect(seated.get_by_role("region", name="Rettede navne")).to_contain_text("Søren Skoele blev rettet")
        expect(seated.get_by_role("button", name="Ret navnet")).to_have_count(0)


@pytest.mark.timeout(300)  # pictures at two widths
def test_a_member_comments_on_the_plan_while_it_is_made(browser: Browser, councils: Councils) -> None:
    plan_id = councils.sql("select plan_id from plan_version order by saved_at desc limit 1")
    with telephone(browser, viewport=DESK) as page:
        come_in(page, councils.stack, CHAIR, f"/planarbejde/{plan_id}")
        page.get_by_role("button", name="Send kommentaren").click()
        expect(page.get_by_role("alert")).to_contain_text("Skriv, hvad du vil sige.")
        page.get_by_label("Din kommentar").fill("Skriv, hvem der gør det.")
        page.get_by_role("button", name="Send kommentaren").click()
        expect(page.get_by_role("region", name="Kommentarer")).to_contain_text("Skriv, hvem der gør det.")
        shoot(page, "planarbejde")
        page.get_by_role("button", name="Afslut kommentar 1").click()
        expect(page.get_by_role("region", name="Kommentarer")).to_contain_text("afsluttet")

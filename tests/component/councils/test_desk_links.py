"""Personal links by forms: sent to whoever does not sign in, for one thing and until a day, and withdrawn."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.component.alerting.browser import DESK, PHONE, open_browser, telephone
from tests.component.councils.drafts import LISE
from tests.component.councils.seating import HERNING, NEW_YEAR, OF_HERNING, POLICE, Councils, Who
from tests.component.councils.test_desk import come_in, shoot, unfold

pytestmark = pytest.mark.component

MEMBER: Who = ("council_member", HERNING, "raad")
REFUSED = "Intet er gemt"
OF_LOKALRAAD = [
    {"authority": POLICE, "function": "lokalpolitichef", "holder": "Pia Politi", "email": "pia@politi.example"},
    {"authority": HERNING, "function": "borgmester", "holder": "Karl Kommune"},
]


@pytest.fixture
def mayor(councils: Councils) -> str:
    """Return the mayor of Herning on the kredsraad, who can be reached by mail."""
    body_id = councils.seat_all()
    member_id = councils.member_id(body_id, HERNING)
    said = {"email": "borgmester@herning.example"}
    councils.ask("PUT", f"/bodies/{body_id}/members/{member_id}/contact", json=said)
    return member_id


@pytest.fixture
def lokalraad(councils: Councils) -> str:
    """Return Herning's lokalraad with a member of each side, of whom one has no address."""
    body_id = councils.body(HERNING.removeprefix("kommune-"))
    if not councils.sql("select exists (select from council_member where body_id = $1)", UUID(body_id)):
        seated = councils.seat(body_id, *[one | {"valid_from": NEW_YEAR} for one in OF_LOKALRAAD])
        assert seated.is_success, seated.text
    return body_id


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as found:
        yield found


def page_of(councils: Councils, body_id: str, who: Who = LISE) -> httpx.Response:
    return councils.send("GET", f"/raad-arbejde/{body_id}/pladser", who, headers={"Accept": "text/html"})


def send(councils: Councils, body_id: str, member_id: str, what: str, who: Who = LISE, **more: str) -> httpx.Response:
    """Send a link by the form, for ten days."""
    form = {f"link-{member_id}": what, f"til-{member_id}": str(councils.today(10))} | more
    path = f"/raad-arbejde/{body_id}/pladser/{member_id}/link"
    return councils.send("POST", path, who, data=form, headers={"Accept": "text/html"})


def test_a_mayor_is_sent_a_link_until_the_end_of_a_day(councils: Councils, mayor: str) -> None:
    body_id = councils.body()
    ask = f"ask_meeting.{body_id}"
    assert f'value="{ask}"' in page_of(councils, body_id).text
    assert "personligt link" not in page_of(councils, body_id, MEMBER).text
    last = f"til-{mayor}"
    for what, said, words in (
        ("", {}, "Vælg, hvad linket skal bruges til."),
        ("ask_meeting", {}, "Vælg, hvad linket skal bruges til."),
        ("ask_meeting.x", {}, "Noget i formularen kan ikke læses."),
        ("Ask.1", {}, "Noget i formularen kan ikke læses."),
        (ask, {last: ""}, "Vælg den sidste dag, linket gælder."),
        (ask, {last: "9999-12-31"}, "Vælg den sidste dag, linket gælder."),
        (ask, {last: str(councils.today(-1))}, "Vælg en dag fra i dag"),
        (ask, {last: str(councils.today(400))}, "Vælg en dag fra i dag"),
    ):
        refused = send(councils, body_id, mayor, what, LISE, **said)
        assert (refused.status_code, words in refused.text, REFUSED in refused.text) == (422, True, True), (what, said)
    for what in (f"ask_meeting.{uuid4()}", f"anything.{body_id}"):
        assert send(councils, body_id, mayor, what).status_code == 404, what
    assert send(councils, body_id, str(uuid4()), ask).status_code == 404
    for who, status in ((MEMBER, 403), (OF_HERNING, 403), (("secretary", "kommune-0751", "raad"), 403)):
        assert send(councils, body_id, mayor, ask, who).status_code == status, who
    assert councils.sql("select count(*) from mailing where kind = 'link'") == 0
    sent = send(councils, body_id, mayor, ask)
    assert (sent.status_code, sent.headers["location"]) == (303, f"/udsendt/{body_id}")
    until = councils.sql(
        "select (until at time zone 'Europe/Copenhagen')::text from mailing where kind = 'link' and member_id = $1",
        UUID(mayor),
    )
    assert until == f"{councils.today(11)} 00:00:00", "it holds until the end of the day"


@pytest.mark.ledger("O-2-10")
@pytest.mark.ledger("O-2-12")
def test_what_a_link_can_be_for_follows_what_waits_for_the_member(councils: Councils, lokalraad: str) -> None:
    year = councils.today().year + 1
    for body_id in (councils.body(), lokalraad):
        councils.send("POST", "/planarbejde", LISE, data={"raad": body_id, "aar": str(year)})
    assert "Godkende den lokale plan" not in page_of(councils, lokalraad).text
    plan_id = councils.sql("select local_plan_id from local_plan where body_id = $1", UUID(lokalraad))
    councils.sql("update local_plan set state = 'submitted' where local_plan_id = $1", plan_id)
    shown = page_of(councils, lokalraad).text
    assert f"Godkende den lokale plan {year}" in shown
    assert "Ingen er skrevet ind endnu." in shown
    police, municipal = (councils.member_id(lokalraad, *one) for one in _kinds(councils, lokalraad))
    what = f"approve_plan.{plan_id}"
    unreached = send(councils, lokalraad, municipal, what)
    assert (unreached.status_code, "Skriv den ind herunder" in unreached.text) == (422, True)
    _reached(councils, lokalraad, municipal)
    assert send(councils, lokalraad, municipal, what).status_code == 303
    assert send(councils, lokalraad, police, what, OF_HERNING).status_code == 303
    assert "Svare på udkastet" not in shown
    names = ("proposals_from", "proposals_until", "chairs_asked_from", "chairs_answer_by")
    days = {name: str(councils.today(away)) for name, away in zip(names, (-1, 1, 1, 2), strict=True)}
    councils.ask("POST", f"/plans/{year}/timetable", json=days)
    councils.ask("POST", f"/plans/{year}/involvement", json={})
    chaired = {"member_id": police, "valid_from": str(councils.today())}
    councils.ask("POST", f"/bodies/{lokalraad}/chair", json=chaired)
    assert page_of(councils, lokalraad).text.count("Svare på udkastet til samarbejdsplan") == 1, "the chair alone"


def _reached(councils: Councils, body_id: str, member_id: str) -> None:
    """Enter an address by the form; what is none is refused, and the member's account stays."""
    account = "update member_contact set subject = 'karl' where member_id = $1"
    path, at = f"/raad-arbejde/{body_id}/pladser/{member_id}/mail", f"mail-{member_id}"
    for said, words in (
        ({at: " "}, "Skriv medlemmets mailadresse."),
        ({at: "karl"}, "Det ligner ikke en mailadresse."),
    ):
        refused = councils.send("POST", path, LISE, data=said, headers={"Accept": "text/html"})
        assert (refused.status_code, words in refused.text) == (422, True), said
    assert councils.send("POST", path, MEMBER, data={at: "karl@herning.example"}).status_code == 403
    assert councils.send("POST", path, LISE, data={at: "karl@herning.example"}).status_code == 303
    councils.sql(account, UUID(member_id))
    assert councils.send("POST", path, LISE, data={at: "kk@herning.example"}).status_code == 303
    found = councils.sql("select email || ' ' || subject from member_contact where member_id = $1", UUID(member_id))
    assert found == "kk@herning.example karl"
    assert "kk@herning.example" in page_of(councils, body_id).text
    assert "kk@herning.example" not in page_of(councils, body_id, MEMBER).text


def _kinds(councils: Councils, body_id: str) -> list[tuple[str, str]]:
    found = councils.ask("GET", f"/bodies/{body_id}/members")["members"]
    return sorted(((one["authority"], one["kind"]) for one in found), key=lambda one: one[0] != POLICE)


def test_a_link_is_withdrawn_alone_and_opens_nothing_any_more(councils: Councils, mayor: str) -> None:
    body_id = councils.body()
    until = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    said = {"purpose": "ask_meeting", "subject": body_id, "until": until}
    path = f"/bodies/{body_id}/members/{mayor}/links"
    first, second = (councils.ask("POST", path, json=said) for _ in range(2))
    here = f"/raad-arbejde/{body_id}/pladser/{mayor}/link"
    assert page_of(councils, body_id).text.count("Træk linket tilbage") >= 2
    assert first["address"] not in page_of(councils, body_id).text
    assert "Træk linket tilbage" not in page_of(councils, body_id, MEMBER).text
    for who, status in ((MEMBER, 403), (OF_HERNING, 403)):
        assert councils.send("POST", f"{here}/{first['link_id']}/traek", who, data={}).status_code == status
    assert councils.send("POST", f"{here}/{first['link_id']}/traek", LISE, data={}).status_code == 303
    assert councils.everyone("GET", first["address"]).status_code == 404
    assert councils.everyone("GET", second["address"]).status_code == 200
    assert councils.send("POST", f"{here}/{first['link_id']}/traek", LISE, data={}).status_code == 303
    elsewhere = f"/raad-arbejde/{body_id}/pladser/{uuid4()}/link/{second['link_id']}/traek"
    assert councils.send("POST", elsewhere, LISE, data={}).status_code == 404
    assert councils.everyone("GET", second["address"]).status_code == 200


@pytest.mark.timeout(300)  # pictures at two widths
def test_a_secretary_sends_and_withdraws_a_link_without_script(
    browser: Browser, councils: Councils, mayor: str
) -> None:
    body_id = councils.body()
    until = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    said = {"purpose": "ask_meeting", "subject": body_id, "until": until}
    councils.ask("POST", f"/bodies/{body_id}/members/{mayor}/links", json=said)
    holder = councils.holders(body_id, councils.today())[HERNING]
    path = f"/raad-arbejde/{body_id}/pladser"
    with telephone(browser, viewport=DESK) as page:
        come_in(page, councils.stack, "Lise Krogh", path)
        unfold(page, f"Mail og personligt link: {holder}")
        shoot(page, "pladser-links")
        page.locator(f"[id='til-{mayor}']").fill(str(councils.today(-2)))
        page.get_by_role("button", name=f"Send linket til {holder}").click()
        expect(page.get_by_role("alert")).to_contain_text("Vælg en dag fra i dag")
        shoot(page, "pladser-link-afvist")
    with telephone(browser, viewport=PHONE, script=False) as page:
        come_in(page, councils.stack, "Lise Krogh", path)
        page.get_by_role("button", name=f"Træk linket tilbage for {holder}").first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Pladser")
        page.get_by_text(f"Mail og personligt link: {holder}").click()
        page.get_by_role("button", name=f"Send linket til {holder}").click()
        expect(page.get_by_role("main")).to_contain_text(f"Personligt link til {holder}")

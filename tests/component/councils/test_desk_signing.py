"""A plan by forms from discussed to published: who is missing is said, and nothing wrong gets under it."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.component.alerting.browser import DESK, PHONE, open_browser, telephone
from tests.component.councils.drafts import LISE, Plan, begun
from tests.component.councils.seating import HERNING, OF_HERNING, POLICE, Councils, Who, offices
from tests.component.councils.test_desk import come_in, shoot, unfold
from tests.component.councils.test_desk_papers import a_pdf

pytestmark = pytest.mark.component

MEMBER: Who = ("council_member", HERNING, "raad")
FIRST: Who = ("secretary", POLICE, "raad", "lise-krogh")
SECOND: Who = ("secretary", POLICE, "raad", "knud-elm")
MAYOR: Who = ("plan_approver", HERNING, "raad", "jens-birk")
CHIEF: Who = ("plan_approver", POLICE, "raad", "rikke-dam")
REFUSED = "Intet er gemt"


@pytest.fixture
def plan(councils: Councils) -> Plan:
    """Return next year's plan of the kredsraad, with today's twelve in office."""
    councils.seat_all()
    return begun(councils, councils.body(), councils.today().year + 1)


@pytest.fixture
def local(councils: Councils, plan: Plan) -> Plan:
    body_id = councils.body(HERNING.removeprefix("kommune-"))
    return begun(councils, body_id, councils.today().year + 1, OF_HERNING)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as found:
        yield found


def hear_the_chairs(plan: Plan) -> None:
    """Let each chair be asked and answer."""
    councils, today = plan.councils, plan.councils.today()
    year = today.year + 1
    names = ("proposals_from", "proposals_until", "chairs_asked_from", "chairs_answer_by")
    days = {name: str(today + timedelta(away)) for name, away in zip(names, (-1, 1, 1, 2), strict=True)}
    councils.ask("POST", f"/plans/{year}/timetable", json=days)
    councils.ask("POST", f"/plans/{year}/involvement", json={})
    for one in councils.everyone("GET", "/bodies").json()["bodies"]:
        if one["kommunekode"]:
            path = f"/plans/{year}/involvement/{one['body_id']}/response"
            councils.ask("POST", path, LISE, json={"text": "Vi er enige."})


def state_of(plan: Plan) -> str:
    return str(plan.councils.sql("select state from samarbejdsplan where samarbejdsplan_id = $1", UUID(plan.id)))


def checksum(page: str) -> str:
    found = re.search(r'name="kontrolsum" value="([0-9a-f]{64})"', page)
    assert found, page
    return found[1]


def sheet(plan: Plan, who: Who = FIRST, *, content: bytes | None = None, **more: str) -> httpx.Response:
    """Send a sheet with every name but Herning's."""
    names = {one["authority"]: one["holder"] for one in offices() if one["authority"] != HERNING}
    form = {"noegle": str(uuid4()), "ark-sted": "Holstebro", "ark-dag": str(plan.councils.today())}
    form |= {f"ark-med-{one}": "ja" for one in names} | {f"ark-navn-{one}": name for one, name in names.items()}
    form |= {"kontrolsum": checksum(plan.get("", FIRST).text)} | more
    files = {"ark-fil": ("ark.pdf", content)} if content else {"": ("", b"")}
    form = {name: value for name, value in form.items() if value != "-"}
    headers = {"Accept": "text/html", "Idempotency-Key": ""}
    return plan.councils.send("POST", f"{plan.path}/imports/ark", who, data=form, files=files, headers=headers)


@pytest.mark.ledger("O-0-04")
@pytest.mark.ledger("O-0-06")
def test_a_plan_is_discussed_signed_by_twelve_and_published_by_forms(plan: Plan) -> None:
    assert "Planen er ikke drøftet" not in plan.get().text
    assert "Sæt kryds, hvis kredsrådet har drøftet" in plan.post("/droeftet").text
    unheard = plan.post("/droeftet", droeftet="ja")
    assert (unheard.status_code, "Planen kan ikke drøftes endnu." in unheard.text) == (422, True)
    hear_the_chairs(plan)
    stale = plan.post("/droeftet", droeftet="ja", version="0")
    assert (stale.status_code, REFUSED in stale.text) == (422, True)
    for who, status in ((MEMBER, 403), (OF_HERNING, 403), (("secretary", "kommune-0751", "raad"), 404)):
        assert plan.post("/droeftet", who, droeftet="ja").status_code == status, who
    assert plan.post("/droeftet", droeftet="ja").status_code == 303
    shown = plan.get().text
    assert "0 af 12 har skrevet under." in shown
    assert "Herning Kommune" in shown
    assert plan.post("/droeftet", droeftet="ja").status_code == 409
    early = plan.post("/offentliggoer", offentliggoer="ja")
    assert (early.status_code, "Ikke alle har skrevet under." in early.text) == (409, True)

    _sheet_by_two(plan)
    assert "11 af 12 har skrevet under." in plan.get().text
    assert "Der mangler: Herning Kommune." in re.sub(r"\s+", " ", plan.get().text)
    _last_name(plan)
    assert state_of(plan) == "signed"

    assert "Sæt kryds, hvis planen skal kunne læses" in plan.post("/offentliggoer").text
    year = plan.councils.today().year + 1
    assert plan.councils.everyone("GET", f"/plans/{year}").status_code == 404
    assert plan.post("/offentliggoer", MEMBER, offentliggoer="ja").status_code == 403
    assert plan.post("/offentliggoer", offentliggoer="ja").status_code == 303
    assert plan.councils.everyone("GET", f"/plans/{year}").status_code == 200
    _corrected(plan)


def _sheet_by_two(plan: Plan) -> None:
    today, viborg = plan.councils.today(), "kommune-0791"
    for said, words in (
        ({"ark-sted": " "}, "Skriv, hvor arket er underskrevet."),
        ({"ark-dag": "i går"}, "Skriv dagen, der står på arket."),
        ({"ark-dag": str(today + timedelta(1))}, "Dagen ligger i fremtiden."),
        ({"ark-dag": "1899-12-31"}, "Ingen havde embedet den 31. december 1899."),
        ({f"ark-navn-{viborg}": "En Anden"}, "havde Valgt kommune-0791 embedet."),
        ({f"ark-navn-{viborg}": ""}, "Skriv navnet, som det står på arket."),
        ({"kontrolsum": "0" * 64}, "Teksten er en anden end den, du har læst."),
        ({"kontrolsum": "x"}, "Teksten er en anden end den, du har læst."),
        ({"ark-papir": str(uuid4())}, "Det underskrevne ark er ikke vedhæftet."),
        ({"ark-papir": "x"}, "Vælg et ark på listen"),
    ):
        refused = sheet(plan, FIRST, content=a_pdf(), **said)
        assert (refused.status_code in {409, 422}, words in refused.text) == (True, True), (said, refused.status_code)
        assert "ark-sted" in said or 'value="Holstebro"' in refused.text, "what was typed is kept"
    nobody = {f"ark-med-{one['authority']}": "-" for one in offices()}
    assert "Sæt kryds ved dem" in sheet(plan, FIRST, content=a_pdf(), **nobody).text
    assert "Vælg en fil." in sheet(plan).text
    assert sheet(plan, content=b"MZ not a paper").status_code == 422
    for who, status in ((MEMBER, 403), (OF_HERNING, 403)):
        assert sheet(plan, who, content=a_pdf()).status_code == status, who
    assert plan.councils.sql("select count(*) from paper where signed_sheet") == 0, "what was refused left nothing"
    assert sheet(plan, content=a_pdf()).status_code == 303

    listed = plan.get("", FIRST).text
    assert "Du har selv indført arket." in listed
    assert "0 af 12 har skrevet under." in listed
    sheet_id = plan.councils.sql("select sheet_id from signed_sheet where confirmed_at is null")
    other = plan.get("", SECOND).text
    found = re.search(r'name="fil" value="([0-9a-f]{64})"', other)
    assert found, other
    path, at = f"/ark/{sheet_id}/bekraeft", f"laest-{sheet_id}"
    assert "Åbn arket, sammenlign navne" in plan.post(path, SECOND, fil=found[1]).text
    own = plan.post(path, FIRST, said={"fil": found[1], at: "ja"})
    assert (own.status_code, "kan ikke selv bekræfte" in own.text) == (409, True)
    another = plan.post(path, SECOND, said={"fil": "1" * 64, at: "ja"})
    assert (another.status_code, "Filen er en anden" in another.text) == (422, True)
    assert plan.post(f"/ark/{uuid4()}/bekraeft", SECOND, said={"fil": found[1], at: "ja"}).status_code in {404, 422}
    assert plan.post(path, SECOND, said={"fil": found[1], at: "ja"}).status_code == 303


def _last_name(plan: Plan) -> None:
    page = plan.get("", MAYOR).text
    assert "Du skriver under for" in page
    assert "Du skriver under for" not in plan.get("", MEMBER).text
    seen = checksum(page)
    assert "Skriv, hvor du skriver under." in plan.post("/underskrift", MAYOR, kontrolsum=seen).text
    said = {"underskrift-sted": "Herning", "kontrolsum": seen}
    late = plan.post("/underskrift", MAYOR, said=said | {"kontrolsum": "0" * 64})
    assert (late.status_code, 'value="Herning"' in late.text) == (409, True)
    assert plan.post("/underskrift", MEMBER, said=said).status_code == 403
    assert plan.post("/underskrift", LISE, said=said).status_code == 403
    assert plan.post("/underskrift", MAYOR, said=said).status_code == 303
    again = plan.post("/underskrift", MAYOR, said=said)
    assert (again.status_code, "Planen er kommet videre" in again.text) == (409, True)


def _corrected(plan: Plan) -> None:
    version = str(plan.councils.sql("select version from samarbejdsplan where samarbejdsplan_id = $1", UUID(plan.id)))
    assert "Sæt kryds, hvis planen skal rettes" in plan.post("/rettelse", version=version).text
    assert plan.post("/rettelse", rettelse="ja", version="1").status_code == 409
    assert plan.post("/rettelse", rettelse="ja", version=version).status_code == 303
    assert state_of(plan) == "draft"
    assert plan.post("/rettelse", rettelse="ja", version=version).status_code == 409


@pytest.mark.ledger("O-2-10")
def test_a_local_plan_is_approved_by_both_sides_and_published_by_forms(local: Plan) -> None:
    area = {"efter": "omraader", "nummer": "1", "overskrift": "Nattelivet", "tekst": "Vi er til stede."}
    assert local.post("/nyt-afsnit", said=area).status_code == 303
    assert local.post("/klar").status_code == 303
    seen = checksum(local.get("", MAYOR).text)
    said = {"godkender": "Jens Birk", "kontrolsum": seen}
    assert "Skriv dit navn" in local.post("/godkend", MAYOR, kontrolsum=seen).text
    other = local.post("/godkend", MAYOR, said=said | {"kontrolsum": "0" * 64})
    assert (other.status_code, 'value="Jens Birk"' in other.text) == (409, True)
    assert local.post("/godkend", OF_HERNING, said=said).status_code == 403
    assert local.post("/godkend", ("plan_approver", "kommune-0671", "raad"), said=said).status_code == 404
    assert local.post("/underskrift", MAYOR, said={"underskrift-sted": "Herning"}).status_code == 404
    assert local.post("/godkend", MAYOR, said=said).status_code == 303
    page = re.sub(r"\s+", " ", local.get().text)
    assert "<strong>Politiet</strong>: mangler" in page
    assert "<strong>Kommunen</strong>: Jens Birk, " in page
    early = local.post("/offentliggoer", offentliggoer="ja")
    assert (early.status_code, "Begge sider skal have godkendt." in early.text) == (409, True)
    both = local.post("/godkend", ("plan_approver", POLICE, "raad", "jens-birk"), said=said)
    assert (both.status_code, "Den samme person kan ikke godkende" in both.text) == (409, True)
    assert local.post("/godkend", CHIEF, said=said | {"godkender": "Rikke Dam"}).status_code == 303
    assert "Godkendt af begge sider" in local.get().text
    assert local.post("/offentliggoer", offentliggoer="ja").status_code == 303
    year = local.councils.today().year + 1
    assert local.councils.everyone("GET", f"/raad/lokalplaner/0657/{year}").status_code == 200
    assert f"/raad/lokalplaner/0657/{year}" in local.get().text


@pytest.mark.timeout(400)  # pictures at two widths
def test_twelve_names_come_under_a_plan_without_script(browser: Browser, plan: Plan, tmp_path: Path) -> None:
    if plan.councils.sql("select exists (select from chair_involvement where responded_at is null)") or not (
        plan.councils.sql("select exists (select from chair_involvement)")
    ):
        hear_the_chairs(plan)
    (tmp_path / "ark.pdf").write_bytes(a_pdf(2))
    stack = plan.councils.stack
    with telephone(browser, viewport=DESK, script=False) as page:
        come_in(page, stack, "Lise Krogh", plan.path)
        page.get_by_label("Kredsrådet har drøftet version").check()
        page.get_by_role("button", name="Skriv, at planen er drøftet").click()
        expect(page.get_by_role("main")).to_contain_text("0 af 12 har skrevet under")
        _enter_sheet(page, str(plan.councils.today()), tmp_path / "ark.pdf")
        expect(page.get_by_role("main")).to_contain_text("Du har selv indført arket")
        page.goto(stack.url("councils") + plan.path + "/raekkefoelge")
        page.get_by_label("Hvad skal prioriteres?").fill("Fælles patruljer")
        page.get_by_role("button", name="Tilføj prioriteten").click()
        expect(page.get_by_role("main")).to_contain_text("Fælles patruljer")
    with telephone(browser, viewport=DESK) as page:
        come_in(page, stack, "Knud Elm", plan.path)
        unfold(page, "Indfør et underskrevet ark")
        shoot(page, "plan-underskrifter")
        page.get_by_label("Jeg har åbnet ark 1").check()
        page.get_by_role("button", name="Bekræft ark 1").click()
        expect(page.get_by_role("main")).to_contain_text("11 af 12 har skrevet under")
        page.goto(stack.url("councils") + plan.path + "/raekkefoelge")
        shoot(page, "plan-raekkefoelge")
    with telephone(browser, viewport=PHONE, script=False) as page:
        come_in(page, stack, "Jens Birk", plan.path)
        page.get_by_label("Hvor skriver du under?").fill("Herning")
        page.get_by_role("button", name="Skriv under").click()
        expect(page.get_by_role("main")).to_contain_text("12 af 12 har skrevet under")
    with telephone(browser, viewport=DESK) as page:
        come_in(page, stack, "Lise Krogh", plan.path)
        shoot(page, "plan-underskrevet")
        page.get_by_role("button", name="Offentliggør planen").click()
        expect(page.get_by_role("alert")).to_contain_text("Sæt kryds")
        shoot(page, "plan-ikke-offentliggjort")
        page.get_by_label("Planen må læses af alle").check()
        page.get_by_role("button", name="Offentliggør planen").click()
        expect(page.get_by_role("link", name="Den offentliggjorte plan")).to_be_visible()


def _enter_sheet(page: Page, day: str, path: Path) -> None:
    """Enter every name but Herning's; a wrong name first."""
    page.get_by_text("Indfør et underskrevet ark").click()
    page.get_by_label("Hvor er der skrevet under?").fill("Holstebro")
    page.get_by_label("Dagen på arket").fill(day)
    for one in offices():
        if one["authority"] != HERNING:
            page.locator(f"[id='ark-med-{one['authority']}']").check()
    viborg = page.locator("[id='ark-navn-kommune-0791']")
    viborg.fill("En Anden")
    page.get_by_label("Filen med det underskrevne ark").set_input_files(path)
    page.get_by_role("button", name="Gem arket til bekræftelse").click()
    expect(page.get_by_role("alert")).to_contain_text("havde Valgt kommune-0791 embedet")
    expect(viborg).to_have_value("En Anden")
    viborg.fill("Valgt kommune-0791")
    page.get_by_label("Filen med det underskrevne ark").set_input_files(path)
    page.get_by_role("button", name="Gem arket til bekræftelse").click()

"""The plan editor: each save a version, two who write at once lose nothing, proposals taken in, all by forms."""

import re
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.component.alerting.browser import DESK, PHONE, open_browser, picture, telephone
from tests.component.councils.drafts import LISE, Plan, begun
from tests.component.councils.seating import HERNING, OF_HERNING, POLICE, Councils, Who
from tests.component.councils.test_desk import come_in, shoot, unfold

pytestmark = pytest.mark.component

MEMBER: Who = ("council_member", HERNING, "raad")
REFUSED = "Intet er gemt"


@pytest.fixture
def plan(councils: Councils) -> Plan:
    return begun(councils, councils.body(), councils.today().year + 1)


@pytest.fixture
def local(councils: Councils, plan: Plan) -> Plan:
    body_id = councils.body(HERNING.removeprefix("kommune-"))
    return begun(councils, body_id, councils.today().year + 1, OF_HERNING)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as found:
        yield found


@pytest.mark.ledger("O-0-01")
def test_a_plan_is_begun_once_from_last_years_text_by_its_own_secretary(councils: Councils) -> None:
    body_id, year = councils.body(), councils.today().year + 1
    lokalraad = councils.body(HERNING.removeprefix("kommune-"))
    too_early = councils.send("POST", "/planarbejde", OF_HERNING, data={"raad": lokalraad, "aar": str(year)})
    assert "Kredsrådet har ingen plan for det år endnu." in too_early.text
    plan = begun(councils, body_id, year)
    assert str(year) in plan.text
    assert "Bandeexit-programmet" in plan.text
    again = councils.send("POST", "/planarbejde", LISE, data={"raad": body_id, "aar": str(year)})
    assert (again.status_code, "Der findes allerede en samarbejdsplan" in again.text) == (409, True)
    for said in ({"raad": "x", "aar": str(year)}, {"raad": body_id, "aar": "næste"}, {}):
        assert councils.send("POST", "/planarbejde", LISE, data=said).status_code == 422, said
    assert councils.send("POST", "/planarbejde", MEMBER, data={"raad": body_id, "aar": str(year)}).status_code == 403
    other = councils.send("POST", "/planarbejde", OF_HERNING, data={"raad": body_id, "aar": str(year)})
    assert other.status_code in {403, 404}
    listed = councils.send("GET", "/planarbejde", MEMBER)
    assert plan.path in listed.text
    assert "Begynd en plan" not in listed.text
    assert councils.send("GET", "/planarbejde", ("caseworker", HERNING, "raad")).status_code == 403


def test_each_save_is_a_version_and_two_who_write_the_same_section_lose_nothing(plan: Plan) -> None:
    first = plan.number
    assert plan.write("4.2", "Tre lokaler.\n\n- ét\n- to", overskrift="Vold").status_code == 303
    assert plan.number == first + 1
    assert '"items": ["ét", "to"]' in plan.text
    assert plan.write("4.2", "Tre lokaler.\n\n- ét\n- to", overskrift="Vold").status_code == 303
    assert plan.number == first + 1, "what changes nothing is no version"
    elsewhere = plan.write("4.3", "Et andet sted.", overskrift="Digital", version=str(first))
    assert elsewhere.status_code == 303, "who wrote elsewhere stands in nobody's way"
    late = plan.write("4.2", "Min <egen> tekst.", overskrift="Vold", version=str(first))
    assert late.status_code == 409
    for words in ("En anden har gemt det samme afsnit", "Begge tekster", "Tre lokaler.", "Min &lt;egen&gt; tekst."):
        assert words in late.text, words
    assert plan.number == first + 2
    assert f'name="version" value="{first + 2}"' in late.text
    assert plan.write("4.2", "Min <egen> tekst.", overskrift="Vold").status_code == 303
    assert "Min <egen> tekst." in plan.text


def test_what_a_plan_cannot_hold_is_refused_in_words_and_nothing_typed_is_lost(plan: Plan) -> None:
    before = plan.number
    for said, status, words in (
        ({"overskrift": " "}, 422, "Skriv en overskrift."),
        ({"tekst": "Ring til 640972-0251"}, 422, "Teksten ligner personoplysninger"),
        ({"tekst": "x\x07"}, 422, "Noget i formularen kan ikke læses."),
        ({"nummer": "4.1"}, 422, "Der er allerede et afsnit med det nummer."),
        ({"nummer": "../4"}, 422, "Noget i formularen kan ikke læses."),
    ):
        refused = plan.write("4.4", "Mit lange arbejde.", **said)
        assert refused.status_code == status, said
        assert words in refused.text, said
        assert REFUSED in refused.text
        assert "tekst" in said or "Mit lange arbejde." in refused.text
    gone = plan.write("4.99", "Til et afsnit, der er væk.")
    assert gone.status_code == 409
    assert "Til et afsnit, der er væk." in gone.text
    assert plan.write("4.4", "x" * 60_001).status_code == 422
    assert plan.write("4.4", "x", version="første").status_code == 422
    assert plan.write("4.4", "x", version="999").status_code == 404
    assert plan.post("/afsnit/role_priorities/slet", sikker="ja").status_code == 422
    assert "Sæt kryds" in plan.post("/afsnit/4.4/slet").text
    assert plan.get("/afsnit/4.99").status_code == 404
    assert plan.get("/nyt-afsnit").status_code == 422
    assert plan.number == before


def test_sections_are_added_moved_and_taken_out(plan: Plan) -> None:
    said = {"efter": "4.4", "nummer": "4.5", "overskrift": "Kameraer", "tekst": "Ved stationen."}
    assert plan.post("/nyt-afsnit", said=said).status_code == 303
    assert plan.post("/nyt-afsnit", said=said).status_code == 422
    assert plan.post("/nyt-afsnit", said=said | {"efter": "ingen", "nummer": "7"}).status_code == 409
    assert plan.post("/afsnit/4.5/flyt", retning="op").status_code == 303
    assert plan.text.index("Kameraer") < plan.text.index("Narkotikasalg ved skoler")
    assert plan.post("/afsnit/4.5/slet", sikker="ja", version="1").status_code == 409
    assert plan.post("/afsnit/4.5/slet", sikker="ja").status_code == 303
    assert "Kameraer" not in plan.text


def test_an_old_version_is_compared_and_brought_back_as_a_new_one(plan: Plan) -> None:
    plan.write("4.1", "Første udgave.")
    old = plan.number
    plan.write("4.1", "Anden udgave.")
    differs = plan.get(f"/forskel?fra={old}&til={old + 1}")
    assert "<del>Første</del>" in differs.text
    assert "<ins>Anden</ins>" in differs.text
    assert plan.get("/forskel?fra=1").status_code == 422
    assert plan.get("/forskel?fra=1&til=999").status_code == 404
    assert plan.get("/versioner/999").status_code == 404
    assert "UDKAST" in plan.get(f"/versioner/{old}", MEMBER).text
    stale = plan.post(f"/versioner/{old}/gendan", version=str(old))
    assert (stale.status_code, "Planen er gemt igen" in stale.text) == (422, True)
    assert plan.post(f"/versioner/{old}/gendan").status_code == 303
    assert plan.number == old + 2
    assert "Første udgave." in plan.text
    assert plan.post("/versioner/999/gendan").status_code == 404


def test_only_the_own_secretary_writes_and_only_while_the_text_is_open(plan: Plan, local: Plan) -> None:
    strangers = (MEMBER, 403), (("plan_approver", POLICE, "raad"), 403), (OF_HERNING, 403)
    for who, status in strangers:
        for path in ("/afsnit/4.1", "/nyt-afsnit", "/afsnit/4.1/slet", "/versioner/1/gendan", "/indsats"):
            assert plan.post(path, who, overskrift="x", sikker="ja").status_code == status, (who, path)
        assert plan.get("/afsnit/4.1", who).status_code == status
    assert "Redigér" not in plan.get("", MEMBER).text
    for who in (("secretary", "kommune-0671", "raad"), ("council_member", "kommune-0671", "raad")):
        assert local.get("", who).status_code == 404
    missing = Plan(plan.councils, str(uuid4()))
    missing_post = plan.councils.send(
        "POST", f"{missing.path}/afsnit/4.1", LISE, data={"version": "1", "overskrift": "x"}
    )
    assert missing_post.status_code == 404
    state = "update samarbejdsplan set state = $2 where samarbejdsplan_id = $1"
    plan.councils.sql(state, UUID(plan.id), "discussed")
    try:
        closed = plan.write("4.1", "For sent.")
        assert (closed.status_code, "Planens tekst ligger fast" in closed.text) == (409, True)
        assert "For sent." in closed.text
        assert "Redigér" not in plan.get().text
    finally:
        plan.councils.sql(state, UUID(plan.id), "draft")


@pytest.mark.ledger("O-2-11")
def test_a_proposal_is_taken_in_with_one_press_and_answered_by_it(plan: Plan) -> None:
    for title in ("Lys ved stien", "Flere kameraer"):
        _propose(plan, title)
    page = plan.get().text
    assert "Forslag, der ikke er sat ind (2)" in page
    first, second = (_proposal(plan, title) for title in ("Lys ved stien", "Flere kameraer"))
    assert plan.post(f"/forslag/{first}/tag-med", sted="foreword").status_code == 409
    assert plan.post(f"/forslag/{first}/tag-med", sted="4.4").status_code == 303
    assert "Lys ved stien" in plan.text
    told = plan.councils.sql(
        "select answer || ' ' || section from plan_proposal where plan_proposal_id = $1", UUID(first)
    )
    assert told == "accepted 4.4"
    before = plan.number
    assert plan.post(f"/forslag/{first}/tag-med", sted="4.4").status_code == 409
    refused = plan.post(f"/forslag/{second}/svar", svar="rejected")
    assert refused.status_code == 422
    assert "begrundelse" in refused.text
    answered = plan.post(f"/forslag/{second}/svar", said={"svar": "rejected", f"grund-{second}": "Ikke i år."})
    assert answered.status_code == 303
    assert plan.post(f"/forslag/{second}/tag-med", sted="4.4").status_code == 409
    assert plan.post(f"/forslag/{uuid4()}/tag-med", sted="4.4").status_code == 404
    assert plan.number == before
    assert "Forslag, der ikke er sat ind" not in plan.get().text


def _propose(plan: Plan, title: str) -> None:
    councils, today = plan.councils, plan.councils.today()
    year = councils.today().year + 1
    days = {"proposals_from": str(today - timedelta(3)), "proposals_until": str(today + timedelta(3))}
    days |= {"chairs_asked_from": str(today + timedelta(1)), "chairs_answer_by": str(today + timedelta(9))}
    councils.ask("POST", f"/plans/{year}/timetable", json=days)
    said = {
        "body_id": councils.body(HERNING.removeprefix("kommune-")),
        "title": title,
        "text": f"{title} er nødvendigt.",
    }
    councils.ask("POST", f"/plans/{year}/proposals", OF_HERNING, json=said)


def _proposal(plan: Plan, title: str) -> str:
    return str(plan.councils.sql("select plan_proposal_id from plan_proposal where title = $1", title))


INITIATIVE = {
    "titel": "Natteravne i gågaden",
    "formaal": "forebyggelse",
    "omfang": "konkret",
    "ejer": HERNING,
    "lokalt": "ja",
    "indikator": "Anmeldelser om vold",
    "maaltal": "12,5",
    "lavere": "ja",
    "dato": "2027-12-01",
    "grundlag": "retsplejelovens §§ 111-113",
    f"part.{HERNING}": "ja",
    f"part.{POLICE}": "ja",
}


@pytest.mark.ledger("O-0-03")
@pytest.mark.ledger("O-2-08")
def test_a_local_plan_is_written_with_its_initiatives_and_laid_ready_when_nothing_is_missing(local: Plan) -> None:
    assert "Ingen arbejdsområder er beskrevet" in local.get().text
    assert local.post("/klar").status_code == 422
    area = {"efter": "omraader", "nummer": "1", "overskrift": "Nattelivet", "tekst": "Vi er til stede."}
    assert local.post("/nyt-afsnit", said=area).status_code == 303
    for said, words in (
        ({"titel": ""}, "Skriv, hvad indsatsen hedder."),
        ({"maaltal": "mange"}, "Skriv et tal."),
        ({"ejer": POLICE, f"part.{POLICE}": None}, "Vælg en ejer"),
        ({f"part.{POLICE}": None}, "Indsatsen har ikke både en part"),
        ({"lokalt": None}, "Vælg et mål, eller sæt kryds"),
        ({"sted": "omraade:7"}, "Vælg et sted på listen."),
    ):
        form = {name: value for name, value in (INITIATIVE | {"sted": "omraade:1"} | said).items() if value is not None}
        refused = local.post("/indsats", said=form)
        assert (refused.status_code, words in refused.text) == (422, True), (said, refused.status_code)
    count = "select count(*) from initiative where title = $1"
    assert local.councils.sql(count, INITIATIVE["titel"]) == 0, "what was refused left nothing behind"
    assert local.post("/indsats", said=INITIATIVE | {"sted": "omraade:1"}).status_code == 303
    shown = local.get("/indsatser").text
    assert "Måles på: Anmeldelser om vold. Mål: højst 12.5 inden 1. december 2027" in shown
    stale = local.post("/indsatsomraade", version="1", said={"fokus-titel": "Unge", "fokus-nummer": "1"})
    assert (stale.status_code, "En anden har ændret" in stale.text) == (409, True)
    assert local.post("/indsatsomraade", said={"fokus-titel": "Unge", "fokus-nummer": ""}).status_code == 422
    assert local.post("/indsatsomraade", said={"fokus-titel": "Unge", "fokus-nummer": "1"}).status_code == 303
    assert "Indsatsområde 1 har hverken en indsats" in local.get().text
    assert local.post("/undtagelse", sted="fokus:1").status_code == 422
    assert local.post("/undtagelse", said={"sted": "fokus:1", "grund-1": "Ingen penge i år."}).status_code == 303
    assert "Intet mangler." in local.get().text
    assert local.post("/klar").status_code == 303
    assert "Politiet har ikke godkendt" in local.get().text
    assert local.write("area_1", "Rettet.", nummer="1").status_code == 303
    assert "Udkast" in local.get().text


@pytest.mark.timeout(400)  # pictures at two widths
def test_a_secretary_writes_compares_and_prints_without_script(browser: Browser, plan: Plan) -> None:
    _propose(plan, "Skolevenner")
    councils = plan.councils
    said = {"section": "4.1", "text": "Skal Holtbjerg ikke nævnes her?"}
    councils.ask("POST", f"/plan-work/{plan.id}/comments", MEMBER, json=said)
    with telephone(browser, viewport=DESK) as page:
        come_in(page, councils.stack, "Lise Krogh", "/planarbejde")
        expect(page.get_by_role("heading", level=1)).to_have_text("Planer i arbejde")
        shoot(page, "planer")
        page.get_by_role("link", name=f"Kredsrådet, {councils.today().year + 1}").click()
        expect(page.get_by_role("main")).to_contain_text("Det mangler, før planen kan godkendes")
        shoot(page, "plan")
        page.get_by_role("link", name="Redigér 4.1").click()
        expect(page.get_by_role("main")).to_contain_text("Skal Holtbjerg ikke nævnes her?")
        shoot(page, "plan-rediger")
        _two_at_once(page, plan)
        page.get_by_role("link", name="Versioner").click()
        shoot(page, "plan-versioner")
        page.get_by_role("button", name="Vis forskellen").click()
        expect(page.locator("ins").first).to_be_visible()
        shoot(page, "plan-forskel")
        page.get_by_role("link", name="Den nyeste tekst").click()
        page.get_by_role("button", name="Tag med Skolevenner").click()
        expect(page.get_by_label("Tekst", exact=True)).to_have_value(re.compile("Skolevenner er nødvendigt."))
        page.goto(councils.stack.url("councils") + plan.path + "/indsatser")
        unfold(page, "Beskriv en ny indsats")
        shoot(page, "plan-indsatser")
        page.goto(councils.stack.url("councils") + f"{plan.path}/versioner/{plan.number}")
        shoot(page, "plan-udkast")
        page.emulate_media(media="print")
        page.set_viewport_size(DESK)
        picture(page, "raad-plan-udskrift")
        expect(page.get_by_text("UDKAST").first).to_be_visible()
        expect(page.get_by_role("navigation")).to_be_hidden()
    with telephone(browser, viewport=PHONE, script=False) as page:
        come_in(page, councils.stack, "Lise Krogh", f"{plan.path}/afsnit/4.2")
        page.get_by_label("Tekst", exact=True).fill("Skrevet uden script.")
        page.get_by_role("button", name="Gem").press("Enter")
        expect(page.get_by_role("main")).to_contain_text("Skrevet uden script.")


def _two_at_once(page: Page, plan: Plan) -> None:
    """Let somebody else save the section that the page is about, and then save it."""
    plan.write("4.1", "Det, som den anden skrev, mens siden var åben.", overskrift="Indsats i særligt udpegede områder")
    page.get_by_label("Tekst", exact=True).fill("Det, som jeg selv skrev, mens siden var åben.")
    page.get_by_role("button", name="Gem").click()
    expect(page.get_by_role("alert")).to_contain_text("En anden har gemt det samme afsnit")
    expect(page.get_by_label("Tekst", exact=True)).to_have_value("Det, som jeg selv skrev, mens siden var åben.")
    shoot(page, "plan-begge")
    page.get_by_role("button", name="Gem min tekst").click()
    expect(page.get_by_role("main")).to_contain_text("Det, som jeg selv skrev")

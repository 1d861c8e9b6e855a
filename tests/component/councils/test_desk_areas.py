"""The ministry's list entered by a form: what enters and leaves is shown first, and no refusal loses what was typed."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from services.councils.domain.areas import CAVEAT_DA
from tests.component.alerting.browser import telephone
from tests.component.councils.seating import OF_HERNING, SECRETARY, Councils
from tests.component.councils.test_desk import browser, come_in, shoot

pytestmark = pytest.mark.component
__all__ = ["browser"]

LIST = {"udsteder": "Indenrigs- og Boligministeriet", "kilde": "Listen af 1. december", "linjer": "4"}
HOLTBJERG = {"omraade-1": "Holtbjerg", "kommune-1": "0657", "kriterie-1": "ja"}
TREKANTEN = {"omraade-2": "Trekanten", "kommune-2": "0661", "kriterie-2": "nej"}
FIGURES = {"beboere-1": "1.234", "andel-1": "30,1", "arbejdsmarked-1": "30,1", "doemte-1": "2"}
SOURCE = {"tal-aar": "2050", "tal-kilde": "Danmarks Statistik"}


def path(year: int) -> str:
    return f"/omraadelister/forebyggelse/{year}"


def sent(councils: Councils, year: int, how: str, said: dict[str, str], version: int = 0) -> httpx.Response:
    """Send the form of a year's list."""
    form = LIST | said | {"handling": how, "version": str(version)}
    return councils.send("POST", path(year), SECRETARY, data=form, follow_redirects=False)


def seen(answer: httpx.Response) -> dict[str, str]:
    """Return the field by which a page knows what it showed."""
    assert answer.status_code == 200, answer.text
    found = re.search(r'name="set" value="([0-9a-f]{64})"', answer.text)
    assert found
    return {"set": found[1]}


def saved(councils: Councils, year: int, said: dict[str, str], version: int = 0) -> httpx.Response:
    """Look at what a list changes, and save it."""
    shown = seen(sent(councils, year, "vis", said, version))
    return sent(councils, year, "gem", said | shown, version)


def listed(councils: Councils, year: int) -> dict[str, Any]:
    """Return the list of a year as everyone reads it."""
    lists = councils.everyone("GET", "/area-lists", params={"year": year}).json()["lists"]
    found: dict[str, Any] = next(one for one in lists if one["kind"] == "forebyggelse")
    return found


def part(answer: httpx.Response, begins: str) -> str:
    """Return what a page says under a heading of the preview."""
    return answer.text.partition(f"<h3>{begins}</h3>")[2].partition("</ul>")[0]


@pytest.mark.ledger("O-4.1-01")
@pytest.mark.ledger("O-4.1-03")
def test_a_list_is_shown_with_what_enters_and_leaves_and_saved_with_its_figures(councils: Councils) -> None:
    assert saved(councils, 2050, HOLTBJERG | TREKANTEN).status_code == 303
    left = {"omraade-2": "Resedavej", "kommune-2": "0740", "kriterie-2": "ja"}
    shown = sent(councils, 2051, "vis", HOLTBJERG | {"kriterie-1": "nej"} | left)
    assert "Resedavej" in part(shown, "Kommer på listen")
    assert "Holtbjerg" not in part(shown, "Kommer på listen")
    assert "Trekanten" in part(shown, "Går af listen")
    assert "var opfyldt, bliver ikke opfyldt" in part(shown, "Kriminalitetskriteriet bliver et andet")
    assert CAVEAT_DA in shown.text
    assert listed(councils, 2051)["status"] == "ukendt", "it is shown and not saved"
    answer = saved(councils, 2051, HOLTBJERG | left | FIGURES | SOURCE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/omraadelister#forebyggelse")
    found = listed(councils, 2051)
    assert (found["edition"], found["count"]) == (1, 2)
    area_id = next(one["area_id"] for one in found["areas"] if one["title"] == "Holtbjerg")
    [criteria] = [
        one
        for one in councils.everyone("GET", f"/areas/{area_id}").json()["criteria"]
        if one["area_list_id"] == found["area_list_id"]
    ]
    assert (criteria["met"], {one["source"] for one in criteria["lines"]}) == (True, {"Danmarks Statistik"})
    assert {one["code"]: one["value"] for one in criteria["lines"]}["beboere"] == "1234"


@pytest.mark.ledger("O-4.1-02")
def test_figures_that_do_not_meet_the_law_are_said_and_the_ministrys_list_wins(councils: Councils) -> None:
    few = HOLTBJERG | FIGURES | SOURCE | {"beboere-1": "999"}
    assert "tallene opfylder ikke loven" in sent(councils, 2053, "vis", few).text
    assert "tallene opfylder loven" in sent(councils, 2053, "vis", few | {"beboere-1": "1000"}).text
    assert saved(councils, 2053, few).status_code == 303
    assert listed(councils, 2053)["count"] == 1


def test_what_is_wrong_stands_at_its_field_and_nothing_that_was_typed_is_lost(councils: Councils) -> None:
    wrong = HOLTBJERG | FIGURES | {"kommune-1": "", "doemte-1": "mange"}
    refused = sent(councils, 2054, "vis", wrong)
    assert refused.status_code == 422
    for field in ("kommune-1", "doemte-1", "tal-kilde"):
        assert f'id="{field}-fejl"' in refused.text, field
    for text in ("Holtbjerg", "mange", "30,1", "1.234"):
        assert f'value="{text}"' in refused.text, text
    assert 'value="gem"' not in refused.text, "what is wrong cannot be saved"
    assert listed(councils, 2054)["status"] == "ukendt"


def test_only_what_was_shown_is_saved(councils: Councils) -> None:
    assert sent(councils, 2055, "gem", HOLTBJERG).status_code == 422
    shown = seen(sent(councils, 2055, "vis", HOLTBJERG))
    changed = sent(councils, 2055, "gem", HOLTBJERG | TREKANTEN | shown)
    assert (changed.status_code, "Listen er ikke set, som den er nu" in changed.text) == (422, True)
    assert "Trekanten" in part(changed, "Kommer på listen"), "it is shown at once"
    assert listed(councils, 2055)["status"] == "ukendt"
    assert sent(councils, 2055, "gem", HOLTBJERG | shown).status_code == 303


def test_a_list_that_is_there_is_put_right_with_a_reason_by_who_has_seen_the_newest_edition(councils: Councils) -> None:
    assert saved(councils, 2056, HOLTBJERG).status_code == 303
    form = councils.send("GET", path(2056), SECRETARY).text
    assert 'value="Holtbjerg"' in form
    refused = sent(councils, 2056, "vis", HOLTBJERG | TREKANTEN, 1)
    assert (refused.status_code, 'id="grund-fejl"' in refused.text) == (422, True)
    why = {"grund": "Et område manglede."}
    shown = seen(sent(councils, 2056, "vis", HOLTBJERG | TREKANTEN | why, 1))
    assert saved(councils, 2056, HOLTBJERG | why | {"kilde": "Rettet liste"}, 1).status_code == 303
    late = sent(councils, 2056, "gem", HOLTBJERG | TREKANTEN | why | shown, 1)
    assert (late.status_code, listed(councils, 2056)["edition"]) == (409, 2)
    assert "Trekanten" in part(late, "Kommer på listen"), "it is held against the edition that came between"
    assert saved(councils, 2056, HOLTBJERG | TREKANTEN | why, 2).status_code == 303
    assert (listed(councils, 2056)["edition"], listed(councils, 2056)["reason"]) == (3, "Et område manglede.")


def test_a_list_that_is_history_asks_for_no_figures_and_a_list_without_areas_is_a_fact(councils: Councils) -> None:
    assert saved(councils, 2057, HOLTBJERG).status_code == 303
    assert "Ingen områder." in sent(councils, 2058, "vis", {}).text
    assert saved(councils, 2058, {}).status_code == 303
    assert (listed(councils, 2058)["status"], listed(councils, 2057)["in_force"]) == ("ingen", False)
    assert 'name="beboere-1"' not in councils.send("GET", path(2057), SECRETARY).text
    assert 'name="beboere-1"' in councils.send("GET", path(2058), SECRETARY).text


def test_lines_are_added_until_there_are_as_many_as_a_form_has(councils: Councils) -> None:
    more = sent(councils, 2059, "flere", HOLTBJERG)
    assert (more.status_code, 'name="omraade-9"' in more.text, 'value="Holtbjerg"' in more.text) == (200, True, True)
    most = sent(councils, 2059, "flere", HOLTBJERG | {"linjer": "18"})
    assert ('name="omraade-20"' in most.text, 'value="flere"' in most.text) == (True, False)
    every = {f"{name}-{number}": "" for name in ("omraade", "kommune", "kriterie") for number in range(1, 21)}
    every |= {f"{name}-{number}": "" for name in ("beboere", "andel", "doemte") for number in range(1, 21)}
    assert sent(councils, 2059, "vis", every | HOLTBJERG | {"linjer": "20"}).status_code == 200


def test_the_lists_are_the_districts_secretarys_alone(councils: Councils) -> None:
    for method, where in (("GET", "/omraadelister"), ("GET", path(2060)), ("POST", path(2060))):
        for who in (OF_HERNING, ("council_member", "politi-mvj", "raad"), ("caseworker", "kommune-0657", "boern")):
            assert councils.send(method, where, who).status_code == 403, (method, where, who)
    assert 'href="/omraadelister"' in councils.send("GET", "/sekretariat", SECRETARY).text
    assert 'href="/omraadelister"' not in councils.send("GET", "/sekretariat", OF_HERNING).text
    assert councils.send("GET", "/omraadelister/ukendt/2060", SECRETARY).status_code == 422


def test_a_page_of_all_councils_says_how_many_meetings_there_are_in_all(councils: Councils) -> None:
    body_id, said = councils.body("0657"), "af 4 kommende møder"
    _meetings(councils, body_id, 3)
    assert "kommende møder: resten" not in councils.send("GET", "/sekretariat", OF_HERNING).text
    _meetings(councils, body_id, 1)
    assert f"Viser de første 3 {said}" in councils.send("GET", "/sekretariat", OF_HERNING).text
    member = councils.send("GET", "/medlem", ("council_member", "kommune-0657", "raad")).text
    assert "Viser de første 3 af 4 møder" in member
    assert "de seneste" not in member


def _meetings(councils: Councils, body_id: str, count: int) -> None:
    councils.sql(
        "insert into meeting (meeting_id, body_id, ordinary, starts_at, ends_at, place, state)"
        " select gen_random_uuid(), $1, true, clock() + n * interval '1 d', clock() + n * interval '1 d'"
        " + interval '1 h', 'Rådhuset', 'planned' from generate_series(1, $2) n",
        *(UUID(body_id), count),
    )


def test_the_yearly_list_is_entered_from_the_secretarys_page_without_script(
    browser: Browser, councils: Councils
) -> None:
    with telephone(browser, script=False) as page:
        come_in(page, councils.stack, "Lise Krogh", "/sekretariat")
        page.get_by_role("link", name="Områdelister").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Områdelister")
        entered(page, councils, 2061, lambda _name: None)


@pytest.mark.timeout(300)  # pictures at two widths
def test_axe_finds_nothing_wrong_with_the_form_as_it_is_opened_refused_and_shown(
    browser: Browser, councils: Councils
) -> None:
    with telephone(browser) as page:
        come_in(page, councils.stack, "Lise Krogh", "/omraadelister")
        shoot(page, "omraadelister")
        entered(page, councils, 2071, lambda name: shoot(page, name))


def entered(page: Page, councils: Councils, year: int, look: Callable[[str], None]) -> None:
    """Enter a year's list in a browser, and look at the form as it is opened, refused and shown."""
    assert saved(councils, year - 1, HOLTBJERG | TREKANTEN).status_code == 303
    page.goto(councils.stack.url("councils") + path(year))
    first, second = (page.get_by_role("group", name=f"Område {one}", exact=True) for one in (1, 2))
    expect(first.get_by_label("Navn", exact=True)).to_have_value("Holtbjerg")
    look("omraadeliste")
    page.get_by_label("Kilde", exact=True).fill("Listen af 1. december")
    first.get_by_label("Kriminalitetskriteriet").select_option("Opfyldt")
    first.get_by_label("Antal beboere").fill("1.234")
    second.get_by_label("Navn", exact=True).fill("Resedavej")
    second.get_by_label("Kriminalitetskriteriet").select_option("Ikke opfyldt")
    page.get_by_role("button", name="Vis, hvad der ændres").click()
    expect(page.get_by_role("alert")).to_contain_text("Skriv, hvor tallene er offentliggjort.")
    expect(second.get_by_label("Navn", exact=True)).to_have_value("Resedavej")
    look("omraadeliste-afvist")
    page.get_by_label("Tallenes kilde").fill("Danmarks Statistik")
    for label, text in (("Indvandrere", "30,1"), ("Uden tilknytning", "31"), ("Dømte", "2")):
        first.get_by_label(label).fill(text)
    page.get_by_role("button", name="Vis, hvad der ændres").click()
    shown = page.get_by_role("region", name="Det gemmes")
    for text in ("Resedavej", "Trekanten", "tallene opfylder loven"):
        expect(shown).to_contain_text(text)
    look("omraadeliste-vist")
    page.get_by_role("button", name="Gem listen").click()
    expect(page.get_by_role("main")).to_contain_text(f"{year}, udgave 1")
    assert listed(councils, year)["count"] == 2

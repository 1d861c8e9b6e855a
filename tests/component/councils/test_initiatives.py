"""What an initiative says is changed later: what it said before stays, and a published plan is as it was."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import expect

from tests.component.alerting.browser import DESK, open_browser, telephone
from tests.component.councils.conftest import Loaded
from tests.component.councils.following import CHIEF, HERNING, LOCAL, POLICE, Councils, initiative
from tests.component.councils.test_desk import SECRETARY, come_in, shoot, unfold
from tests.patient import PatientClient
from tests.stack import Stack

pytestmark = pytest.mark.component
MEMBER = ("council_member", HERNING, "raad")
ELSEWHERE = ("secretary", "kommune-0756", "raad")


@pytest.fixture
def councils(stack: Stack, councils_url: str, loaded: Loaded) -> Iterator[Councils]:
    with PatientClient(base_url=councils_url, timeout=30) as client:
        yield Councils(stack, client)


def facts(councils: Councils, **changed: object) -> dict[str, Any]:
    """Return an initiative's facts as they were made, and what is another."""
    made = initiative(councils)
    return {"owner": made["owner"], "measure": made["measure"], "legal_basis": made["legal_basis"]} | changed


@pytest.mark.ledger("O-2-02")
def test_while_the_plan_is_no_more_than_a_draft_it_is_changed_without_a_reason(councils: Councils) -> None:
    made = councils.done(f"/bodies/{councils.body('0657')}/initiatives", LOCAL, **initiative(councils))["initiative_id"]
    path = f"/initiatives/{made}"
    same = {"version": 1} | facts(councils)
    measure = {"indicator": "Anmeldelser om året", "target": 7.5, "lower_is_better": True, "on": councils.day(30)}
    other = same | {"owner": POLICE, "measure": measure}
    assert councils.refused(path, LOCAL, verb="PUT", **same) == (422, "initiative-is-the-same")
    assert councils.refused(path, LOCAL, verb="PUT", **other | {"owner": "kommune-0756"}) == (
        422,
        "owner-takes-no-part",
    )
    assert councils.refused(path, LOCAL, verb="PUT", **other | {"owner": "kommune-9999"}) == (422, "unknown-authority")
    person = other | {"legal_basis": "Aftale om 010203-1234"}
    assert councils.refused(path, LOCAL, verb="PUT", **person) == (422, "looks-like-a-person")
    assert councils.refused(path, LOCAL, verb="PUT", **other | {"version": 7}) == (409, "stale-version")
    assert councils.refused(path, MEMBER, verb="PUT", **other)[0] == 403
    assert councils.refused(path, ELSEWHERE, verb="PUT", **other)[0] in {403, 404}
    assert councils.read(path, LOCAL)["changes"] == []

    assert councils.done(path, LOCAL, verb="PUT", **other)["version"] == 2
    found = councils.read(path, MEMBER)
    assert (found["owner"], found["target"], found["target_on"]) == (POLICE, 7.5, councils.day(30))
    kept = {one["fact"]: (one["was"], one["became"], one["authority"]) for one in found["changes"]}
    assert kept["owner"] == (HERNING, POLICE, HERNING)
    assert kept["target"] == ("10", "7.5", HERNING)
    assert kept["target_on"] == (councils.day(1), councils.day(30), HERNING)
    assert set(kept) == {"owner", "indicator", "target", "target_on"}
    assert all(one["changed_by"] and one["changed_at"] for one in found["changes"])
    told = (
        "select string_agg(split_part(type, '.', 4), ' ' order by aggregate_version) from event where aggregate_id = $1"
    )
    assert councils.sql(told, UUID(made)) == "InitiativeCreated InitiativeChanged"

    councils.done(f"{path}/close", LOCAL, version=2, state="stopped", note="Ingen penge.")
    assert councils.refused(path, LOCAL, verb="PUT", **same | {"version": 3}) == (409, "wrong-step")


@pytest.mark.ledger("O-2-02")
def test_once_the_plan_stands_it_is_changed_with_a_reason_and_the_published_text_never(councils: Councils) -> None:
    kredsraad = councils.body()
    ours = initiative(councils, year=2023)
    made = councils.done(f"/bodies/{kredsraad}/initiatives", CHIEF, **ours)["initiative_id"]
    plan = [councils.http.get(path) for path in ("/plans/2023", "/plans/2023.html", "/plans/2023/editions/1")]
    path, other = f"/initiatives/{made}", {"version": 1} | facts(councils, owner=POLICE)
    assert councils.refused(path, verb="PUT", **other) == (422, "initiative-reason-needed")
    why = "Politiet har overtaget turene."
    councils.done(path, verb="PUT", **other, reason=why)
    [kept] = councils.read(path)["changes"]
    assert (kept["was"], kept["became"], kept["reason"], kept["authority"]) == (HERNING, POLICE, why, POLICE)
    [public] = [one for one in councils.http.get("/plans/2023/initiatives").json() if one["initiative_id"] == made]
    assert public["owner"] == POLICE
    for before in plan:
        after = councils.http.get(before.request.url.path)
        assert (after.content, after.headers["etag"]) == (before.content, before.headers["etag"])


@pytest.mark.timeout(300)  # pictures at two widths
def test_the_board_changes_it_by_a_form_and_shows_what_it_said_before(councils: Councils) -> None:
    body_id = councils.body("0657")
    made = councils.done(f"/bodies/{body_id}/initiatives", LOCAL, **initiative(councils, title="Lys i parken"))
    its_id = made["initiative_id"]
    with open_browser() as browser, telephone(browser, viewport=DESK) as page:
        come_in(page, councils.stack, SECRETARY, f"/opfoelgning/{body_id}")
        line = page.locator(f"#initiativ-{its_id}")
        unfold(page, "Ret Lys")
        line.get_by_label("Ejer").select_option(POLICE)
        line.get_by_label("Tallet", exact=True).fill("mange")
        page.get_by_role("button", name="Gem rettelsen af Lys i parken").click()
        expect(page.get_by_role("alert")).to_contain_text("Skriv et tal.")
        expect(line.get_by_label("Ejer")).to_have_value(POLICE)
        line.get_by_label("Tallet", exact=True).fill("7,5")
        line.get_by_label("Hvorfor rettes det?").fill("Turene er politiets.")
        page.get_by_role("button", name="Gem rettelsen af Lys i parken").click()
        expect(line).to_contain_text("Tallet var: 10. Nu: 7,5. Grund: Turene er politiets.")
        expect(line).to_contain_text("Ejer var: Herning Kommune.")
        unfold(page, "Ret Lys")
        shoot(page, "opfoelgning-ret")
        councils.done(f"/initiatives/{its_id}/progress", LOCAL, version=2, note="Godt.")
        unfold(page, "Ret Lys")
        line.get_by_label("Frist").fill("2036-01-02")
        page.get_by_role("button", name="Gem rettelsen af Lys i parken").click()
        expect(page.get_by_role("alert")).to_contain_text("Andre har ændret noget")

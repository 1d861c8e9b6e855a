"""What a plan's council gives priority, by forms: taken up, put in order, and dropped."""

import re
from typing import Any

import httpx
import pytest

from tests.component.councils.drafts import Plan, begun
from tests.component.councils.seating import HERNING, OF_HERNING, POLICE, Councils, Who

pytestmark = pytest.mark.component

MEMBER: Who = ("council_member", HERNING, "raad")
REFUSED = "Intet er gemt"


@pytest.fixture
def plan(councils: Councils) -> Plan:
    return begun(councils, councils.body(), councils.today().year + 1)


@pytest.mark.ledger("O-1-03")
def test_priorities_are_put_in_their_order_dropped_and_taken_up_again(plan: Plan) -> None:
    for title, at in (("Natteravne", ""), ("Kameraer", ""), ("Kurser", "1")):
        assert add(plan, title, at).status_code == 303, title
    assert order_of(plan) == ["Kurser", "Natteravne", "Kameraer"]
    ids = {one["title"]: str(one["priority_id"]) for one in listed(plan)}
    for said, words in (
        ({"Kurser": "2", "Natteravne": "2", "Kameraer": "3"}, "Plads 2 er brugt"),
        ({"Kurser": "først", "Natteravne": "2", "Kameraer": "3"}, "Skriv et tal fra 1"),
        ({"Kurser": "101", "Natteravne": "2", "Kameraer": "3"}, "Skriv et tal fra 1"),
    ):
        refused = place(plan, ids, said)
        assert (refused.status_code, words in refused.text) == (422, True), said
        assert f'value="{said["Kurser"]}"' in refused.text
    assert place(plan, ids, {"Kurser": "9", "Natteravne": "", "Kameraer": "2"}).status_code == 303
    assert order_of(plan) == ["Kameraer", "Kurser"]
    assert "Prioriteres ikke mere" in plan.get("/raekkefoelge").text
    stale = place(plan, ids, {"Kurser": "1"}, version="1")
    assert (stale.status_code, REFUSED in stale.text) == (409, True)
    assert place(plan, ids, {"Natteravne": "1", "Kurser": "2", "Kameraer": "3"}).status_code == 303
    assert order_of(plan) == ["Natteravne", "Kurser", "Kameraer"]
    for said, words in (
        ({"prioritet": " "}, "Skriv, hvad der skal prioriteres."),
        ({"art": "andet"}, "Vælg, hvad det er."),
        ({"ejer": "kommune-0751"}, "Vælg, hvem der har ansvaret."),
        ({"prioritet": "x" * 201}, "Noget i formularen kan ikke læses."),
        ({"prioritet": "Ring 640972-0251"}, "Teksten ligner personoplysninger"),
    ):
        refused = add(plan, "Nyt", "", None, **said)
        assert (refused.status_code, words in refused.text) == (422, True), said
    for who, status in ((MEMBER, 403), (OF_HERNING, 403)):
        assert add(plan, "Nyt", "", who).status_code == status
    assert "Gem rækkefølgen" not in plan.get("/raekkefoelge", MEMBER).text
    assert order_of(plan) == ["Natteravne", "Kurser", "Kameraer"]


def listed(plan: Plan) -> list[dict[str, Any]]:
    councils = plan.councils
    found: list[dict[str, Any]] = councils.ask(
        "GET", f"/bodies/{councils.body()}/priorities/{councils.today().year + 1}"
    )
    return found


def order_of(plan: Plan) -> list[str]:
    return [one["title"] for one in listed(plan) if one["rank"]]


def list_version(plan: Plan) -> str:
    found = re.search(r'name="version" value="(\d+)"', plan.get("/raekkefoelge").text)
    assert found
    return found[1]


def add(plan: Plan, title: str, at: str, who: Who | None = None, **more: str) -> httpx.Response:
    said = {"prioritet": title, "plads": at, "art": "metode", "ejer": POLICE, f"med.{HERNING}": "ja"}
    return plan.post("/prioritet", who, said=said | {"version": list_version(plan)} | more)


def place(plan: Plan, ids: dict[str, str], places: dict[str, str], **more: str) -> httpx.Response:
    said = {f"plads-{ids[title]}": at for title, at in places.items()}
    return plan.post("/raekkefoelge", said=said | {"version": list_version(plan)} | more)

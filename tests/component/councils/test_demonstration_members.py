"""The demonstration's members can be reached: a notice leaves by mail, to each of them and once."""

from collections.abc import Iterator

import httpx
import pytest

from deploy.local.load_plan import load_members
from tests.component.alerting.gateways import A, Gateways
from tests.component.councils.conftest import Loaded
from tests.component.councils.meeting import Council, wait_for
from tests.patient import PatientClient
from tests.stack import Stack

pytestmark = pytest.mark.component


@pytest.fixture
def gateways(stack: Stack) -> Iterator[Gateways]:
    """Return the stand-in mail server."""
    made = Gateways(stack)
    made.behave(A)
    yield made
    made.http.close()


def test_a_notice_of_the_demonstration_leaves_by_mail_and_loading_twice_seats_nobody_twice(
    stack: Stack, gateways: Gateways, secretary: httpx.Client, loaded: Loaded
) -> None:
    assert loaded.plan
    load_members(secretary)
    load_members(secretary)
    lokalraad = secretary.get("/lokalraad").json()["lokalraad"]
    body_id = next(one["lokalraad_id"] for one in lokalraad if one["kommunekode"] == "0657")
    members = secretary.get(f"/bodies/{body_id}/members").json()["members"]
    assert [one["holder"] for one in members if one["holder"] == "Rikke Dam"] == ["Rikke Dam"]
    with PatientClient(base_url=str(secretary.base_url), timeout=60) as http:
        one = Council(stack, http, body_id)
        one.plan(40)
        one.act("/notice")

        def sent() -> set[str]:
            mails = one.send("GET", f"/meetings/{one.meeting}/mailings").json()["mailings"]
            return {mail["address"] for mail in mails if mail["state"] == "sent"}

        to = {"rikke.dam@politi.example", "jens.birk@kommune-0657.example"}
        wait_for("each member's notice is sent", lambda: sent() == to)
        for address in to:
            page = gateways.http.get(f"{stack.url(A)}/mails", params={"to": address}).raise_for_status()
            assert address in page.text


def test_every_lokalraad_of_the_demonstration_has_both_sides_and_only_invented_addresses(
    secretary: httpx.Client, loaded: Loaded
) -> None:
    load_members(secretary)
    lokalraad = secretary.get("/lokalraad").json()["lokalraad"]
    assert len(lokalraad) == len(loaded.plan["lokalraad"])
    for council in lokalraad:
        members = secretary.get(f"/bodies/{council['lokalraad_id']}/members").json()["members"]
        assert {one["side"] for one in members} >= {"politi", "kommune"}, council["kommunekode"]

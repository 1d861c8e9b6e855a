"""Units of the police reach out to victims: what they did is counted, and who did nothing shows."""

import pytest

from tests.component.referrals.test_offers import slug
from tests.system.playing import World

pytestmark = pytest.mark.component

COORDINATOR = ("victim_support_coordinator", "politi-mvj-fnt", "offer")


@pytest.mark.ledger("O-6.7-04")
def test_a_unit_without_outreach_this_year_shows_and_nobody_who_was_told_stands_anywhere(running: World) -> None:
    told = {"unit": "herning", "held_on": "2025-05-05"}
    assert running.send("POST", "/outreach", COORDINATOR, "referrals", json=told).status_code == 201
    found = running.ask("GET", "/outreach?year=2025", COORDINATOR, "referrals")
    assert {one["unit"]: one["times"] for one in found["units"]}["herning"] == 1
    assert "Lokalpolitiet i Herning" not in found["without"]
    assert "Lokalpolitiet i Viborg" in found["without"]
    assert "Offerrådgivningen" in found["hand_out"]
    assert len(running.ask("GET", "/outreach?year=2024", COORDINATOR, "referrals")["without"]) == len(found["units"])


@pytest.mark.ledger("O-6.7-04")
def test_what_cannot_have_been_is_refused(running: World) -> None:
    for body, why in (
        ({"unit": "odense", "held_on": "2025-05-05"}, "unknown-unit"),
        ({"unit": "skive", "held_on": "2098-01-01"}, "not-yet-held"),
    ):
        assert slug(running.send("POST", "/outreach", COORDINATOR, "referrals", json=body)) == why
    once = {"unit": "skive", "held_on": "2025-06-06"}
    assert running.send("POST", "/outreach", COORDINATOR, "referrals", json=once).status_code == 201
    assert slug(running.send("POST", "/outreach", COORDINATOR, "referrals", json=once)) == "outreach-known"
    other = ("receiver", "offerraadgivningen", "offer")
    assert running.send("POST", "/outreach", other, "referrals", json=once).status_code == 403

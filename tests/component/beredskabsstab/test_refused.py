"""What alerting says no to for good is seen by people: on the board and its page, in the log, and as an alarm."""

from typing import Any

import pytest

from tests.component.beredskabsstab.conftest import INFO, LEMVIG, Staff
from tests.component.beredskabsstab.people import TOVE, browsing

pytestmark = pytest.mark.component

SAYS = "Alarmeringen afviste tilkaldet af en person uden for vagtlisterne"
PERSON = {"name": "Prøve Åløkke", "authority": "kommune-0665", "role": "vagt"}


def add(staff: Staff, activation: str, telephone: str) -> str:
    """Call somebody who stands on no roster; returns the errand's id."""
    body = PERSON | {"telephone": telephone}
    return str(staff.ask("POST", f"/activations/{activation}/members", json=body)["errand_id"])


def refused(staff: Staff, activation: str) -> list[dict[str, Any]]:
    """Return what the board says was refused."""
    found: list[dict[str, Any]] = staff.board(activation)["refused_errands"]
    return found


@pytest.mark.ledger("O-5.3-09")
def test_a_refused_errand_stands_on_the_board_with_what_to_do_and_rings_an_alarm(staff: Staff) -> None:
    activation = staff.activate(INFO)
    errand = add(staff, activation, "+123")
    [one] = staff.wait_for("the refusal", lambda: refused(staff, activation))
    assert (one["errand_id"], one["kind"]) == (errand, "ad_hoc")
    assert one["says"].startswith(f"{SAYS} (Prøve Åløkke): Adressen kan ikke bruges")
    assert one["todo"].startswith("Personen er ikke kaldt.")
    with browsing(staff, TOVE) as desk:
        page = desk.open(f"/stab/{activation}").text
    assert "Alarmeringen har sagt nej" in page
    assert SAYS in page
    shown = staff.world.http.get(staff.stack.url("beredskabsstab") + "/metrics").text
    [line] = [one for one in shown.splitlines() if one.startswith('staff_errands_refused{kind="ad_hoc"}')]
    assert float(line.split()[1]) >= 1
    assert staff.board(activation, LEMVIG)["refused_errands"] == [], "what the desk does is the police's own"
    texts = [one["text"] for one in staff.ask("GET", f"/activations/{activation}/log", LEMVIG)["entries"]]
    assert [one for one in texts if one.startswith(f"{SAYS}: Adressen kan ikke bruges")]
    assert not [one for one in texts if "Åløkke" in one], "names go after a year, and the log does not"
    staff.end(activation)


def test_what_alerting_has_taken_is_no_refusal(staff: Staff) -> None:
    activation = staff.activate(INFO)
    errand = add(staff, activation, "+4501234567")
    done = "select done_at is not null and failure is null from errand where errand_id = $1::text::uuid"
    staff.wait_for("the call", lambda: staff.sql(done, errand))
    assert refused(staff, activation) == []
    with browsing(staff, TOVE) as desk:
        assert "Alarmeringen har sagt nej" not in desk.open(f"/stab/{activation}").text
    staff.end(activation)

"""The vice chair is elected by a decision among the mayors, and a vacant place comes on the agenda by itself."""

import pytest

from tests.component.councils.seating import HERNING, POLICE, STRUER, Councils
from tests.component.councils.test_seats import mayor, refused

pytestmark = pytest.mark.component

IKAST, LEMVIG = "kommune-0756", "kommune-0665"


@pytest.fixture
def kredsraad(councils: Councils) -> str:
    """Return the kredsraad with today's twelve."""
    return councils.seat_all()


def said(councils: Councils, body_id: str, votes: dict[str, int], **more: object) -> dict[str, object]:
    """Return what a secretary records of an election."""
    found = {"version": councils.version(body_id), "decision_id": councils.decision(body_id), "votes": votes}
    return found | more


@pytest.mark.ledger("O-1-05")
def test_a_kredsraad_without_a_vice_chair_is_asked_to_elect_one_and_then_is_quiet(
    councils: Councils, kredsraad: str
) -> None:
    if not councils.told(kredsraad, "ViceChairElected"):
        assert councils.matters(kredsraad, "vice_chair_vacant") == 1
    path = f"/bodies/{kredsraad}/vice-chair"
    body = said(councils, kredsraad, {HERNING: 7, IKAST: 5})
    assert councils.send("POST", path, json=body).status_code == 201
    assert councils.matters(kredsraad, "vice_chair_vacant") == 0
    assert councils.everyone("GET", f"/bodies/{kredsraad}").json()["vice_chair"] == HERNING
    again = body | {"version": councils.version(kredsraad)}
    assert refused(councils.send("POST", path, json=again)) == (422, "decision-does-not-elect")
    assert refused(councils.send("POST", path, json=body | {"version": 0})) == (409, "stale-version")


@pytest.mark.ledger("O-1-05")
def test_the_politidirektoer_a_stranger_and_a_tie_are_refused(councils: Councils, kredsraad: str) -> None:
    path = f"/bodies/{kredsraad}/vice-chair"
    chief = councils.send("POST", path, json=said(councils, kredsraad, {POLICE: 12}))
    assert (*refused(chief), chief.json()["paragraph"]) == (422, "vice-chair-is-no-mayor", "1")
    assert chief.json()["rule"] == "O-1-05"
    tie = councils.send("POST", path, json=said(councils, kredsraad, {HERNING: 6, IKAST: 6}))
    assert refused(tie) == (409, "tie-without-lot")
    assert "ny afstemning, derefter lodtrækning" in tie.json()["title"]
    other = said(councils, kredsraad, {HERNING: 12}) | {"decision_id": councils.decision(councils.body("0657"))}
    assert refused(councils.send("POST", path, json=other)) == (422, "decision-does-not-elect")
    local = councils.body("0657")
    assert refused(councils.send("POST", f"/bodies/{local}/vice-chair", json=said(councils, local, {HERNING: 1}))) == (
        422,
        "not-the-kredsraad",
    )
    too_many = councils.send("POST", path, json=said(councils, kredsraad, {HERNING: 13}))
    assert refused(too_many) == (422, "votes-do-not-add-up")
    assert (
        councils.send("POST", path, ("secretary", HERNING), json=said(councils, kredsraad, {HERNING: 1})).status_code
        == 403
    )
    assert councils.send("POST", path, json=said(councils, kredsraad, {HERNING: -1})).status_code == 422


@pytest.mark.ledger("O-1-05")
def test_the_place_is_vacant_with_the_mayors_term_and_comes_on_the_agenda(councils: Councils, kredsraad: str) -> None:
    lot = said(councils, kredsraad, {LEMVIG: 6, STRUER: 6}, lot=LEMVIG)
    assert councils.send("POST", f"/bodies/{kredsraad}/vice-chair", json=lot).status_code == 201
    assert '"by_lot":true' in councils.told(kredsraad, "ViceChairElected")[-1].replace(" ", "")
    ended = sum("term_ended" in one for one in councils.told(kredsraad, "ViceChairVacated"))

    first = councils.today(9)
    councils.seat(kredsraad, mayor(authority=LEMVIG, holder="Ny i Lemvig", valid_from=str(first)))
    councils.move_to(councils.today(8))
    assert councils.everyone("GET", f"/bodies/{kredsraad}").json()["vice_chair"] == LEMVIG
    councils.move_to(first)
    councils.wait_for("the place is vacant", lambda: councils.matters(kredsraad, "vice_chair_vacant") == 1)
    assert councils.everyone("GET", f"/bodies/{kredsraad}").json()["vice_chair"] is None
    assert sum("term_ended" in one for one in councils.told(kredsraad, "ViceChairVacated")) == ended + 1
    history = councils.everyone("GET", f"/bodies/{kredsraad}/history").json()["vice_chairs"]
    assert (history[0]["authority"], history[0]["to"]) == (LEMVIG, str(first))

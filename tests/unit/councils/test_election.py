"""The vice chair is one of the mayors, elected by most votes; a tie is for a new vote, and then for the lot."""

from datetime import date
from uuid import UUID

import pytest

from contracts.codes import municipality_authority
from contracts.refusal import Refusal
from services.councils.domain.bodies import of_kredsraad
from services.councils.domain.election import LotOfNoTie, TieWithoutLot, ViceChairIsNoMayor, VotesDoNotAddUp, elect
from services.councils.domain.kredsraad import district_municipalities
from services.councils.domain.seating import Entry, seat
from tests.unit.councils.builders import kredsraad

TODAY = date(2026, 1, 20)
HERNING, IKAST, POLICE = "kommune-0657", "kommune-0756", "politi-mvj"
OFFICES = [
    (POLICE, "politidirektoer"),
    *((municipality_authority(one), "borgmester") for one in district_municipalities()),
]
ENTRIES = [Entry(authority, office, "Navn", date(2026, 1, 1)) for authority, office in OFFICES]
BODY = of_kredsraad(kredsraad())
SEATS = [seat(BODY, entry, UUID(int=number), []).member for number, entry in enumerate(ENTRIES)]
DEPUTY = seat(BODY, Entry(HERNING, "stedfortraeder", "Navn", date(2026, 1, 1)), UUID(int=99), []).member


@pytest.mark.ledger("O-1-05")
def test_most_votes_elect_a_mayor() -> None:
    elected = elect({HERNING: 7, IKAST: 5}, None, [*SEATS, DEPUTY], TODAY)
    assert (elected.member.authority, elected.votes, elected.by_lot) == (HERNING, 7, False)
    assert elected.member.function == "borgmester"


@pytest.mark.ledger("O-1-05")
@pytest.mark.parametrize("who", [POLICE, "kommune-0751", "nobody"])
def test_a_vice_chair_who_is_no_mayor_is_refused_by_rule_and_paragraph(who: str) -> None:
    with pytest.raises(ViceChairIsNoMayor) as refused:
        elect({who: 12}, None, SEATS, TODAY)
    assert refused.value.status == 422
    assert refused.value.facts == {"rule": "O-1-05", "paragraph": "1", "authority": who}


def test_a_mayor_whose_term_is_over_cannot_be_elected() -> None:
    with pytest.raises(ViceChairIsNoMayor):
        elect({HERNING: 12}, None, SEATS, date(2025, 12, 31))


def test_a_deputy_does_not_make_the_municipality_eligible() -> None:
    others = [one for one in SEATS if one.authority != HERNING]
    with pytest.raises(ViceChairIsNoMayor):
        elect({HERNING: 3}, None, [*others, DEPUTY], TODAY)


@pytest.mark.ledger("O-1-05")
def test_a_tie_is_for_a_new_vote_and_then_for_the_lot() -> None:
    with pytest.raises(TieWithoutLot) as refused:
        elect({HERNING: 6, IKAST: 6}, None, SEATS, TODAY)
    assert "ny afstemning, derefter lodtrækning" in refused.value.title
    elected = elect({HERNING: 6, IKAST: 6}, IKAST, SEATS, TODAY)
    assert (elected.member.authority, elected.by_lot) == (IKAST, True)


@pytest.mark.parametrize(
    ("votes", "lot", "refusal"),
    [
        ({HERNING: 7, IKAST: 5}, IKAST, LotOfNoTie),
        ({HERNING: 6, IKAST: 6}, "kommune-0791", LotOfNoTie),
        ({HERNING: 6, IKAST: 6}, POLICE, ViceChairIsNoMayor),
        ({HERNING: 12, IKAST: 1}, None, VotesDoNotAddUp),
        ({HERNING: 0}, None, VotesDoNotAddUp),
    ],
)
def test_votes_and_lot_have_to_make_sense(votes: dict[str, int], lot: str | None, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        elect(votes, lot, SEATS, TODAY)

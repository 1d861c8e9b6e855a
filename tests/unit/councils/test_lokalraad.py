"""A lokalraad has a municipality, and both sides sit on it."""

from dataclasses import replace
from uuid import UUID

import pytest

from services.councils.domain.lokalraad import (
    LokalraadExists,
    NotInTheDistrict,
    SeatOfAnotherAuthority,
    SideMissing,
    establish,
)
from tests.unit.councils.builders import AARHUS, HERNING, KREDSRAAD_ID, POLICE, lokalraad


def test_police_and_municipality_make_a_lokalraad() -> None:
    told = establish(lokalraad(), None, POLICE)
    assert (told.municipality, told.kredsraad_id) == (HERNING, KREDSRAAD_ID)


@pytest.mark.ledger("O-2-06")
def test_a_municipality_has_one_lokalraad() -> None:
    with pytest.raises(LokalraadExists):
        establish(lokalraad(), UUID(int=9), POLICE)


def test_a_municipality_of_another_district_has_none_here() -> None:
    with pytest.raises(NotInTheDistrict):
        establish(lokalraad(AARHUS), None, POLICE)


@pytest.mark.ledger("O-2-01")
@pytest.mark.parametrize(("kept", "missing"), [(0, "kommune"), (1, "politi")])
def test_a_lokalraad_without_one_of_its_sides_is_refused(kept: int, missing: str) -> None:
    with pytest.raises(SideMissing) as refused:
        establish(lokalraad(HERNING, lokalraad().seats[kept]), None, POLICE)
    assert refused.value.facts == {"missing": missing}


def test_another_municipality_cannot_take_the_municipal_seat() -> None:
    police, municipal = lokalraad().seats
    stranger = replace(municipal, authority="kommune-0791")
    with pytest.raises(SeatOfAnotherAuthority):
        establish(lokalraad(HERNING, police, municipal, stranger), None, POLICE)

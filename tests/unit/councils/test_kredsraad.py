"""Who sits on a kredsraad follows from office."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from services.councils.domain.kredsraad import (
    ChairIsNotThePolitidirektoer,
    KredsraadExists,
    NotYourCouncil,
    OfficeTerm,
    SeatsDoNotFollowOffice,
    district_municipalities,
    establish,
)
from tests.unit.councils.builders import KREDSRAAD_ID, POLICE, kredsraad, seats


@pytest.mark.ledger("O-1-04")
def test_the_politidirektoer_and_eleven_mayors_make_a_kredsraad() -> None:
    told = establish(kredsraad(), None, POLICE)
    assert told.kredsraad_id == KREDSRAAD_ID
    assert told.municipalities == district_municipalities()


@pytest.mark.ledger("O-1-01")
def test_a_second_kredsraad_for_the_district_is_refused() -> None:
    with pytest.raises(KredsraadExists):
        establish(kredsraad(), UUID(int=9), POLICE)


@pytest.mark.ledger("O-1-04")
def test_a_mayor_cannot_chair() -> None:
    chair, mayor, *others = seats()
    swapped = (replace(chair, chair=False), replace(mayor, chair=True), *others)
    with pytest.raises(ChairIsNotThePolitidirektoer):
        establish(kredsraad(*swapped), None, POLICE)


def test_two_chairs_are_one_too_many() -> None:
    with pytest.raises(ChairIsNotThePolitidirektoer):
        establish(kredsraad(*seats(), seats()[0]), None, POLICE)


def test_a_missing_mayor_is_named() -> None:
    with pytest.raises(SeatsDoNotFollowOffice) as refused:
        establish(kredsraad(*seats()[:-1]), None, POLICE)
    assert refused.value.facts == {"missing": "kommune-0791 borgmester", "extra": ""}


@pytest.mark.ledger("O-1-04")
def test_a_thirteenth_member_is_refused() -> None:
    guest = replace(seats()[1], authority="kommune-0751")
    with pytest.raises(SeatsDoNotFollowOffice) as refused:
        establish(kredsraad(*seats(), guest), None, POLICE)
    assert refused.value.facts == {"missing": "", "extra": "kommune-0751 borgmester"}


def test_one_office_has_one_seat() -> None:
    with pytest.raises(SeatsDoNotFollowOffice):
        establish(kredsraad(*seats(), seats()[1]), None, POLICE)


def test_another_authority_cannot_keep_the_councils_papers() -> None:
    with pytest.raises(NotYourCouncil):
        establish(kredsraad(), None, "kommune-0657")


def test_a_term_covers_its_first_and_last_day_and_none_beside_them() -> None:
    term = OfficeTerm("Navn", date(2023, 1, 1), date(2023, 12, 31))
    days = [date(2022, 12, 31), date(2023, 1, 1), date(2023, 12, 31), date(2024, 1, 1)]
    assert [term.covers(day) for day in days] == [False, True, True, False]
    assert replace(term, valid_to=None).covers(date(2030, 1, 1))

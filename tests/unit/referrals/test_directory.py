"""The directory as data: every municipality has its forums, a confidential programme shows nothing but its entry."""

from datetime import date

import pytest

from contracts.codes import AuthorityKind, authorities
from contracts.refusal import NotFound
from services.referrals.domain.directory import (
    OutsideDistrict,
    check_kommune,
    forums_of,
    found,
    founded,
    matching,
    place_of,
    places,
)
from services.referrals.domain.forums import UnknownProfession, coverage, district, forums, team
from services.referrals.domain.programmes import programme, programmes

TODAY = date(2026, 11, 28)


def of_kind(code: str) -> list[str | None]:
    return [one.kommune for one in forums() if one.code.partition("-")[0] == code]


@pytest.mark.ledger("O-6.1-01", "O-6.1-06", "O-6.8.1-01")
@pytest.mark.parametrize("kind", ["ssp", "psp", "rusmiddelcenter"])
def test_each_of_the_eleven_municipalities_has_one(kind: str) -> None:
    assert sorted(filter(None, of_kind(kind))) == sorted(district())
    assert len(of_kind(kind)) == 11
    assert coverage(TODAY)[kind] == (11, 11)
    assert coverage(date(2018, 12, 31))[kind] == (0, 11)


@pytest.mark.ledger("O-6.1-11")
def test_there_is_one_visitation_group_for_the_district_from_2022() -> None:
    assert of_kind("psp_visitation") == [None]
    assert [one.code for one in forums_of(programme("psp_visitation"), date(2022, 1, 1))] == ["psp_visitation"]
    assert forums_of(programme("psp_visitation"), date(2021, 12, 31)) == ()


@pytest.mark.ledger("O-6.4-01")
def test_there_is_one_lokalenhed_for_the_district() -> None:
    assert of_kind("lokalenhed") == [None]


@pytest.mark.ledger("O-6.5-01")
def test_the_traumeteam_is_a_psychologist_a_social_worker_and_two_officers_since_september_2021() -> None:
    one = team("traumeteam")
    assert one.valid_from == date(2021, 9, 1)
    assert one.planned == {"psykolog": 1, "socialraadgiver": 1, "politi": 2}
    assert one.vacancies(one.planned) == ()
    assert one.vacancies({"psykolog": 3, "socialraadgiver": 1, "politi": 2}) == (), "more than the plan is no vacancy"
    assert one.vacancies({"psykolog": 1, "socialraadgiver": 1, "politi": 1}) == (
        "Traumeteamet mangler politifolk: 1 besat, 2 efter planen.",
    )
    assert len(one.vacancies({"psykolog": 0, "socialraadgiver": 0, "politi": 0})) == 3


@pytest.mark.parametrize(
    "filled", [{}, {"psykolog": 1}, {"psykolog": 1, "socialraadgiver": 1, "politi": 2, "laege": 1}]
)
def test_a_team_takes_its_own_professions_and_all_of_them(filled: dict[str, int]) -> None:
    with pytest.raises(UnknownProfession):
        team("traumeteam").check_filled(filled)


def test_a_team_that_there_is_not_is_not_found() -> None:
    with pytest.raises(NotFound):
        team("hjerteteam")


def test_a_confidential_programme_shows_no_office_and_no_forum() -> None:
    hidden = [one for one in programmes().values() if one.confidential]
    assert {one.code for one in hidden} == {"infohus", "bandeexit", "alcapone"}
    for one in hidden:
        assert places(one) == (), one.code
        assert forums_of(one, TODAY) == (), one.code
        with pytest.raises(NotFound):
            place_of(one, "politi-mvj-fnt", "ssp")


def test_every_other_programme_has_somebody_who_receives_in_every_municipality() -> None:
    for one in programmes().values():
        for kommune in district():
            served = places(one, kommune)
            assert one.confidential or served, f"{one.code} in {kommune}"
            assert all(place.kommune in {None, kommune} for place in served), f"{one.code} in {kommune}"


def test_a_municipality_meets_its_own_region() -> None:
    regions = {one.id for one in authorities().values() if one.kind is AuthorityKind.REGION}
    for kommune in district():
        [region] = [one.authority for one in places(programme("psp"), kommune) if one.authority in regions]
        assert region == ("region-nordjylland" if kommune in {"0773", "0787"} else "region-midtjylland"), kommune


def test_the_desk_of_the_vagtcentral_receives_nothing() -> None:
    receivers = {place.authority for one in programmes().values() for place in places(one)}
    assert "politi-mvj-fnt" in receivers
    assert "politi-mvj-vagtcentral" not in receivers


def test_an_office_finds_its_own_place_and_no_other() -> None:
    assert place_of(programme("rusmiddel"), "kommune-0657", "rusmiddel").kommune == "0657"
    assert place_of(programme("traumeteam"), "politi-mvj-fnt", "traumeteam").kommune is None
    for authority, office in (("kommune-0657", "psp"), ("kommune-0751", "rusmiddel"), ("nobody", "rusmiddel")):
        with pytest.raises(NotFound):
            place_of(programme("rusmiddel"), authority, office)


def test_a_programme_is_in_the_directory_from_its_first_day() -> None:
    assert found("traumeteam", date(2021, 9, 1)).code == "traumeteam"
    assert "traumeteam" not in [one.code for one in founded(date(2021, 8, 31))]
    for code, day in (("traumeteam", date(2021, 8, 31)), ("intet", TODAY)):
        with pytest.raises(NotFound):
            found(code, day)


def test_all_words_must_stand_in_what_is_said_in_any_case_and_order() -> None:
    one = programme("rusmiddel")
    assert matching(one, "")
    assert matching(one, "VEJLEDNING gratis")
    assert not matching(one, "gratis bandeexit")


def test_only_the_eleven_municipalities_are_looked_up() -> None:
    check_kommune("")
    check_kommune("0657")
    with pytest.raises(OutsideDistrict):
        check_kommune("0751")

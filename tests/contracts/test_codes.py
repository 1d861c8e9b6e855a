"""The closed lists: complete, and nothing outside them exists."""

import pytest
from pydantic import TypeAdapter, ValidationError

from contracts.codes import (
    DISTRICTS,
    AuthorityKind,
    DutyRoute,
    Kommunekode,
    Mailbox,
    Office,
    Role,
    SignIn,
    authorities,
    mailbox_of,
    mailboxes,
    municipalities,
    municipality_authority,
)

DISTRICT = {"0657", "0661", "0665", "0671", "0740", "0756", "0760", "0773", "0779", "0787", "0791"}


def test_there_are_98_municipalities_and_eleven_of_them_are_the_district() -> None:
    assert len(municipalities()) == 98
    assert {code for code, one in municipalities().items() if one.in_district} == DISTRICT


@pytest.mark.parametrize("code", ["657", "9999", "", "0657 ", "herning"])
def test_what_is_no_kommunekode_is_refused(code: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Kommunekode).validate_python(code)


def test_every_municipality_is_an_authority_under_its_own_code() -> None:
    found = {one.kommunekode: one for one in authorities().values() if one.kind is AuthorityKind.MUNICIPALITY}
    assert set(found) == set(municipalities())
    assert all(one.id == municipality_authority(code) for code, one in found.items() if code)
    assert all(one.name == f"{municipalities()[code].name} Kommune" for code, one in found.items() if code)


def test_all_kinds_of_authority_are_on_the_list() -> None:
    assert {one.kind for one in authorities().values()} == set(AuthorityKind)
    assert {"politi-mvj", "politi-mvj-vagtcentral", "politi-mvj-fnt"} <= set(authorities())
    assert {"region-midtjylland", "region-nordjylland", "kriminalforsorgen", "pet", "siri"} <= set(authorities())


def test_an_authority_with_a_mailbox_signs_in_somewhere_and_has_a_duty() -> None:
    for one in authorities().values():
        if one.offices:
            assert one.sign_in is not SignIn.NONE, one.id
            assert one.duty is not DutyRoute.NONE, one.id


OF_OTHERS = {Office.KONFLIKTRAAD, Office.TRAUMETEAM, Office.OFFER}
"""Offices of the police and of Offerrådgivningen, that no municipality has."""


def test_the_eleven_municipalities_own_every_office_of_theirs_and_the_other_87_none() -> None:
    for code, one in municipalities().items():
        offices = authorities()[municipality_authority(code)].offices
        assert set(offices) == ({*Office} - OF_OTHERS if one.in_district else set())


def test_a_mailbox_is_a_topic_and_no_two_are_the_same() -> None:
    topics = [mailbox.topic for mailbox in mailboxes()]
    assert len(topics) == len(set(topics))
    assert "samvirke.mailbox.kommune-0657.boern.v1" in topics
    assert all(len(topic) < 249 for topic in topics)


def test_a_mailbox_outside_the_list_is_no_audience() -> None:
    assert mailbox_of("kommune-0657", Office.BOERN) == {Mailbox("kommune-0657", Office.BOERN)}
    assert mailbox_of("kommune-0751", Office.BOERN) == frozenset()
    assert mailbox_of("nobody", Office.BOERN) == frozenset()


def test_a_restricted_circle_has_no_mailbox_yet() -> None:
    assert authorities()["pet"].offices == ()


def test_there_are_twelve_police_districts() -> None:
    assert len(DISTRICTS) == 12
    assert DISTRICTS["midt_og_vestjylland"] == "Midt- og Vestjylland"


def test_the_roles_are_a_closed_list() -> None:
    assert {role.value for role in Role} == {
        "system",
        "service",
        "registrar",
        "key_officer",
        "approver",
        "caseworker",
        "secretary",
        "leader",
        "data_protection",
        "operator",
        "duty_planner",
        "duty_officer",
        "staff_chair",
        "staff_member",
        "on_call",
        "referrer",
        "receiver",
        "referral_manager",
        "investigator",
        "ssp_consultant",
        "prevention_officer",
        "visitation_coordinator",
        "release_facilitator",
        "board_chair",
        "prosecutor",
        "info_house_officer",
        "exit_coordinator",
        "control_unit",
        "trauma_team",
        "mediation_coordinator",
        "mediator",
        "victim_support_coordinator",
        "adviser",
        "council_member",
        "plan_approver",
        "school_contact",
    }

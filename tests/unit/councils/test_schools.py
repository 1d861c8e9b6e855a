"""Schools: one type each, roles and offices alone in the directory, and a working day for a concern."""

from datetime import UTC, datetime

import pytest
from pydantic import TypeAdapter, ValidationError

from services.councils.domain.schools import (
    NotARoleAddress,
    OfficialNumber,
    PolitigarantiType,
    RoleMail,
    SchoolOutsideDistrict,
    SchoolType,
    assign_by,
    check_school,
)


@pytest.mark.ledger("O-4.4-01")
def test_politigaranti_and_school_types_are_exactly_those_of_the_plan() -> None:
    assert [one.value for one in PolitigarantiType] == [
        *("indbrud_i_private_hjem", "vold", "voldtaegt", "narkotikasalg_ved_skoler"),
    ]
    assert all(one.danish for one in PolitigarantiType)
    assert [one.value for one in SchoolType] == ["grundskole", "ungdomsuddannelse"]


@pytest.mark.ledger("O-4.4-05")
def test_a_concern_has_one_whole_working_day_also_over_a_weekend_and_easter() -> None:
    for raised, until in (
        ("2026-03-02T09:00:00+00:00", "2026-03-03T23:00:00+00:00"),
        ("2026-03-06T22:59:00+00:00", "2026-03-09T23:00:00+00:00"),
        ("2026-03-07T12:00:00+00:00", "2026-03-09T23:00:00+00:00"),
        ("2026-04-01T12:00:00+00:00", "2026-04-07T22:00:00+00:00"),
        ("2026-12-31T22:59:00+00:00", "2027-01-04T23:00:00+00:00"),
    ):
        assert assign_by(datetime.fromisoformat(raised)) == datetime.fromisoformat(until).astimezone(UTC), raised


def test_a_contact_point_is_an_office_and_never_somebodys_own_address() -> None:
    mail = TypeAdapter(RoleMail)
    assert mail.validate_python("Lokalpoliti@politi.example") == "lokalpoliti@politi.example"
    for own in ("jens.jensen@politi.example", "skole@gmail.com", "skole", "@politi.example", "a b@politi.example"):
        with pytest.raises(NotARoleAddress):
            mail.validate_python(own)
    number = TypeAdapter(OfficialNumber)
    assert number.validate_python("+45 96 28 00 00")
    assert number.validate_python("114")
    for wrong in ("12", "spørg Jens", "96 28 00 00 00"):
        with pytest.raises(ValidationError):
            number.validate_python(wrong)


def test_the_directory_is_the_districts() -> None:
    check_school("0657")
    with pytest.raises(SchoolOutsideDistrict):
        check_school("0101")

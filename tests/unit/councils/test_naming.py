"""A misspelt name is put right, and nobody is replaced by it."""

from datetime import date
from uuid import UUID

import pytest

from contracts.councils.v1.seats import SeatKind
from services.councils.domain.naming import AnotherPerson, NameChangedMeanwhile, NameIsTheSame, check_spelling
from services.councils.domain.seating import Member


def member(holder: str) -> Member:
    ids = (UUID(int=1), UUID(int=2))
    return Member(*ids, SeatKind.BORGMESTER, "kommune", "kommune-0657", "borgmester", holder, date(2026, 1, 1))


def test_another_spelling_is_taken_and_another_person_is_not() -> None:
    for was, holder in (
        ("Dorte Vest", "Dorthe West"),
        ("Jens birk", "Jens Birk"),
        ("Anne Holm", "Anne Christoffersen"),
        ("Soren", "Søren"),
    ):
        check_spelling(member(was), was, holder)
    for was, holder in (("Dorte Vest", "Hans Østergaard"), ("Anne Holm", "Per Krogh")):
        with pytest.raises(AnotherPerson):
            check_spelling(member(was), was, holder)


def test_what_somebody_else_put_right_meanwhile_is_not_written_over() -> None:
    with pytest.raises(NameChangedMeanwhile):
        check_spelling(member("Dorthe West"), "Dorte Vest", "Dorthe Vest")
    with pytest.raises(NameIsTheSame):
        check_spelling(member("Dorthe West"), "Dorthe West", "Dorthe West")

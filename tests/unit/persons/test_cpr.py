import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.persons.domain.cpr import MOST_NUMBERS, NotACprNumber, TooManyNumbers, is_invented, parse, parse_all

DATES = st.dates()
SERIALS = st.integers(0, 9999)


@given(DATES, SERIALS, st.sampled_from([0, 60]), st.sampled_from(["", "-", " "]))
def test_every_date_with_any_four_digits_is_a_number_whatever_its_check_digit(
    date: object, serial: int, mark: int, between: str
) -> None:
    day, rest = f"{date:%d}", f"{date:%m%y}"
    digits = f"{int(day) + mark:02}{rest}"
    assert parse(f"{digits}{between}{serial:04}") == f"{digits}{serial:04}"


def test_day_plus_sixty_marks_an_invented_number() -> None:
    assert is_invented("6101901234")
    assert is_invented("9112901234")
    assert not is_invented("3112901234")


@pytest.mark.parametrize(
    "written",
    ["", "1", "3002901234", "6013901234", "9213901234", "0000000000", "010190-12345", "o101901234", "01-01-90-1234"],
)
def test_what_is_no_date_and_four_digits_is_no_number(written: str) -> None:
    assert parse(written) is None


@given(st.text())
def test_any_text_at_all_gives_ten_digits_or_nothing(written: str) -> None:
    digits = parse(written)
    assert digits is None or (len(digits) == 10 and digits.isascii() and digits.isdigit())


def test_a_refusal_names_the_place_and_never_the_value() -> None:
    with pytest.raises(NotACprNumber) as refused:
        parse_all(["6101901234", "9999991234", "6101901235", "nobody"])
    assert refused.value.facts == {"place": 1, "wrong": 2}
    assert "9999991234" not in str(refused.value)


def test_more_numbers_than_the_limit_are_refused() -> None:
    with pytest.raises(TooManyNumbers):
        parse_all(["6101901234"] * (MOST_NUMBERS + 1))

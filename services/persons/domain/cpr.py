"""CPR numbers: what looks like one, and never a word of what did not.

Ten digits, DDMMYY-SSSS. The check digit decides nothing: numbers that fail modulus 11 are given out since October 2007.
Day + 60 marks invented and administrative numbers. A birth date is a fact of its own and never read from a number.
"""

import re
from calendar import monthrange
from collections.abc import Sequence

from contracts.refusal import Refusal

MOST_NUMBERS = 10_000
"""How many numbers one call may ask about."""

_WRITTEN = re.compile(r"([0-9]{6})[- ]?([0-9]{4})")
_LEAP_YEAR = 2000
_INVENTED = 60


class NotACprNumber(Refusal):
    """Something among the numbers is no CPR number; its place is told, its value is not."""

    slug = "not-a-cpr-number"
    status = 422
    title = "Mindst ét af numrene er ikke et CPR-nummer."
    todo = "Ret nummeret på den angivne plads (talt fra 0): ti cifre, DDMMÅÅ-LLLL, med en dato, der findes."


class TooManyNumbers(Refusal):
    """One call asks about more numbers than fit into one transaction."""

    slug = "too-many-numbers"
    status = 422
    title = "Der er for mange numre i ét kald."
    todo = "Del numrene i portioner, der ikke er større end det højeste antal."


def parse(written: str) -> str | None:
    """Return the ten digits of a number as people write it; None when it is none."""
    match = _WRITTEN.fullmatch(written.strip())
    if match is None:
        return None
    digits = match[1] + match[2]
    return digits if _is_a_date(digits) else None


def parse_all(numbers: Sequence[str]) -> list[str]:
    """Return the ten digits of each number; NotACprNumber names the place of the first that is none."""
    if len(numbers) > MOST_NUMBERS:
        raise TooManyNumbers(most=MOST_NUMBERS)
    parsed = [parse(number) for number in numbers]
    good = [number for number in parsed if number is not None]
    if len(good) < len(parsed):
        raise NotACprNumber(place=parsed.index(None), wrong=len(parsed) - len(good))
    return good


def is_invented(digits: str) -> bool:
    """Tell whether the day carries the mark of invented and administrative numbers."""
    return int(digits[:2]) > _INVENTED


def _is_a_date(digits: str) -> bool:
    day, month = int(digits[:2]), int(digits[2:4])
    if day > _INVENTED:
        day -= _INVENTED
    # The century is not certain, so 29 February is right in every year.
    return 1 <= month <= 12 and 1 <= day <= monthrange(_LEAP_YEAR, month)[1]  # noqa: PLR2004  months of a year

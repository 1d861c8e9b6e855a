"""Ages by one rule, leap days too: every table that asks for an age is given what is reckoned here.

An age is reached on the day with the birth's number; where the month lacks it, on the first of the next. One born on
29 February is 18 on 1 March in a common year, as the worked cases of Socialsøg have it (C8). The law does not say so in
words: a lawyer is to confirm it.
"""

import re
from dataclasses import dataclass
from datetime import date

MONTHS_IN_YEAR = 12
WRITTEN = re.compile(r"(?=\d)(?:(\d+)y)?(?:(\d+)m)?(?:(\d+)d)?")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Time from a day on: whole months, and the days since the last whole one; longer ones are greater."""

    months: int = 0
    days: int = 0

    @classmethod
    def parse(cls, text: str) -> "Span":
        """Read `17y6m1d`; a ValueError says that it is none."""
        found = WRITTEN.fullmatch(text)
        if found is None:
            message = f"{text!r} is no span: one is written 17y6m1d"
            raise ValueError(message)
        years, months, days = (int(part or 0) for part in found.groups())
        return cls(years * MONTHS_IN_YEAR + months, days)

    def __str__(self) -> str:
        """Write it as it is read."""
        return self._joined("{}y", "{}m", "{}d", "") or "0d"

    @property
    def years(self) -> int:
        """Return the whole years."""
        return self.months // MONTHS_IN_YEAR

    @property
    def words(self) -> str:
        """Return it in Danish: `17 år 6 mdr. 1 dg.`."""
        return self._joined("{} år", "{} mdr.", "{} dg.", " ") or "0 år"

    def _joined(self, year: str, month: str, day: str, between: str) -> str:
        years, months = divmod(self.months, MONTHS_IN_YEAR)
        parts = ((year, years), (month, months), (day, self.days))
        return between.join(form.format(number) for form, number in parts if number)


NEVER = Span(9999 * MONTHS_IN_YEAR)
"""Since what has not happened: longer than any limit."""


def reached_on(born: date, months: int) -> date:
    """Return the day on which that many months are reached."""
    year, month = divmod(born.year * MONTHS_IN_YEAR + born.month - 1 + months, MONTHS_IN_YEAR)
    try:
        return date(year, month + 1, born.day)
    except ValueError:
        # Only a month with 30 days or fewer lacks a day, and never December.
        return date(year, month + 2, 1)


def age(born: date, on: date) -> Span:
    """Return how old somebody is on a reference date, which is always said.

    Raises:
        ValueError: the birth lies after that day.
    """
    if on < born:
        message = "nobody has an age before the birth"
        raise ValueError(message)
    months = (on.year - born.year) * MONTHS_IN_YEAR + on.month - born.month
    while reached_on(born, months) > on:
        months -= 1
    return Span(months, (on - reached_on(born, months)).days)


def since(then: date | None, on: date) -> Span:
    """Return how long ago something was; `NEVER` where it was not."""
    return age(then, on) if then else NEVER

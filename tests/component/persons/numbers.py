"""Numbers that no other test has: invented ones, counted."""

import itertools
import os
from random import Random

_COUNT = itertools.count(Random(os.getpid()).randrange(100_000) * 1000)  # noqa: S311  nothing is kept secret


def new_number() -> str:
    """Return an invented number that this session has not used before."""
    count = next(_COUNT)
    serial, month, day, year = count % 10_000, count // 10_000 % 12, count // 120_000 % 28, count // 3_360_000 % 100
    return f"{day + 61:02}{month + 1:02}{year:02}{serial:04}"


def new_numbers(count: int) -> list[str]:
    """Return that many of them."""
    return [new_number() for _ in range(count)]

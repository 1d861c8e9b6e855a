"""How many courses a seat follows, as counts that nobody can be told from."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from services.referrals.domain.volumes import Followed, volumes

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


def followed(waiting: int, begun: int, ended: int, late: int = 0) -> list[Followed]:
    """Return courses: so many that nobody has begun, that somebody has, and that are over; the first ones are late."""
    each = [(False, True)] * waiting + [(False, False)] * begun + [(True, False)] * ended
    due = [NOW - timedelta(days=1)] * late + [None] * (len(each) - late)
    return [
        Followed(NOW - timedelta(days=number), at, *one) for number, (one, at) in enumerate(zip(each, due, strict=True))
    ]


@pytest.mark.ledger("O-6.7-03")
def test_counts_stand_beside_their_denominators_with_the_longest_wait() -> None:
    told = volumes(followed(6, 14, 30, late=5), NOW)
    assert [told[one] for one in ("courses", "open", "ended", "late", "waiting")] == [50, 20, 30, 5, 6]
    assert told["longest_wait_days"] == 5
    assert told["shares"]["waiting_of_open"] | {"says": ""} == {
        "numerator": 6,
        "denominator": 20,
        "percent": 30,
        "says": "",
    }


def test_nothing_is_counted_where_there_is_nothing() -> None:
    told = volumes([], NOW)
    assert (told["courses"], told["longest_wait_days"], told["shares"]["late_of_open"]["percent"]) == (0, 0, None)


def test_no_number_under_five_is_told_nor_one_that_another_count_would_tell() -> None:
    for waiting, begun, ended in product(range(8), range(8), range(8)):
        for late in {0, 3, 6} & set(range(waiting + begun + 1)):
            told = volumes(followed(waiting, begun, ended, late), NOW)
            case = (waiting, begun, ended, late, told)
            for part, whole in (("open", "courses"), ("ended", "courses"), ("late", "open"), ("waiting", "open")):
                if told[part] is not None:
                    assert not 0 < told[part] < 5, case
                    assert told[whole] is None or not 0 < told[whole] - told[part] < 5, case
            if told["waiting"] is None:
                assert told["longest_wait_days"] is None, case

"""What services say of their days, beside what the log holds."""

from datetime import UTC, date, datetime, timedelta

from services.audit.domain.closing import Closing, Fault, Tally, compare

DAY = date(2026, 3, 2)
NEXT_MORNING = datetime(2026, 3, 3, 8, tzinfo=UTC)
TWO = Tally(2, 1, "a" * 64)
ONE = Tally(1, 1, "b" * 64)


def faults(
    held: dict[date, Tally], told: dict[date, Closing], now: datetime = NEXT_MORNING
) -> list[tuple[date, Fault]]:
    """Return the days of one service that do not add up."""
    found = compare(
        {("concerns", day): one for day, one in held.items()},
        {("concerns", day): one for day, one in told.items()},
        date(2026, 1, 1),
        now,
    )
    return [(one.day, one.fault) for one in found]


def test_equal_days_add_up() -> None:
    assert faults({DAY: TWO}, {DAY: Closing(TWO, None)}) == []
    assert faults({}, {DAY: Closing(Tally(), None)}) == []


def test_a_record_too_few_or_too_many_is_found() -> None:
    assert faults({DAY: ONE}, {DAY: Closing(TWO, None)}) == [(DAY, Fault.DIFFERS)]
    assert faults({}, {DAY: Closing(TWO, None)}) == [(DAY, Fault.DIFFERS)]
    assert faults({DAY: TWO}, {DAY: Closing(Tally(), None)}) == [(DAY, Fault.DIFFERS)]


def test_as_many_records_of_other_words_are_found() -> None:
    assert faults({DAY: Tally(2, 1, "c" * 64)}, {DAY: Closing(TWO, None)}) == [(DAY, Fault.DIFFERS)]


def test_a_day_without_closing_is_missed_once_the_grace_is_over() -> None:
    midnight = datetime(2026, 3, 3, tzinfo=UTC)
    assert faults({DAY: TWO}, {}, midnight + timedelta(minutes=59)) == []
    assert faults({DAY: TWO}, {}, midnight + timedelta(hours=1)) == [(DAY, Fault.MISSING)]


def test_a_closing_that_a_later_one_names_is_missed_though_no_record_of_its_day_came() -> None:
    later = DAY + timedelta(days=1)
    told = {later: Closing(Tally(), DAY)}
    assert faults({}, told, NEXT_MORNING + timedelta(days=1)) == [(DAY, Fault.MISSING)]


def test_a_service_that_closes_its_days_no_more_is_asked_about() -> None:
    told = {DAY: Closing(Tally(), None)}
    assert faults({}, told, NEXT_MORNING + timedelta(days=2)) == []
    assert faults({}, told, NEXT_MORNING + timedelta(days=3)) == [(DAY, Fault.SILENT)]


def test_days_before_the_first_that_is_asked_for_are_left_alone() -> None:
    assert faults({date(2025, 12, 31): TWO}, {}) == []

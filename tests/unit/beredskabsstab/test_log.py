"""The log's chain: whole it has no fault; touched anywhere, the first fault is named."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.beredskabsstab.domain.log import (
    START_OF_CHAIN,
    Chained,
    Entry,
    Fault,
    FaultKind,
    Kind,
    canonical,
    chain,
    first_fault,
)

AT = datetime(2026, 11, 20, 14, 2, tzinfo=UTC)
ID = UUID(int=7)


def written(texts: list[str]) -> list[Chained]:
    """Return a log with these words."""
    made: list[Chained] = []
    for number, text in enumerate(texts, 1):
        entry = Entry(ID, number, AT + timedelta(minutes=number), Kind.ACTION, text, "nogen", "kommune-0665", False)
        made.append(chain(made[-1].hash if made else START_OF_CHAIN, entry))
    return made


LOGS = st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=12).map(written)


@given(LOGS)
def test_a_log_as_it_was_written_has_no_fault(log: list[Chained]) -> None:
    assert first_fault(log) is None
    assert first_fault([]) is None


@given(LOGS, st.data())
def test_words_that_were_changed_are_found_where_they_stand(log: list[Chained], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(log) - 1))
    log[place] = replace(log[place], entry=replace(log[place].entry, text=log[place].entry.text + "!"))
    assert first_fault(log) == Fault(place + 1, FaultKind.CHANGED)


@given(LOGS, st.data())
def test_an_entry_that_is_written_anew_breaks_what_follows_it(log: list[Chained], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(log) - 1))
    anew = chain(log[place].previous, replace(log[place].entry, text="noget helt andet end før"))
    changed = [*log[:place], anew, *log[place + 1 :]]
    assert first_fault(changed) == (Fault(place + 2, FaultKind.UNCHAINED) if place + 1 < len(log) else None)


@given(LOGS, st.data())
def test_an_entry_that_is_gone_is_missed(log: list[Chained], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(log) - 1))
    del log[place]
    assert first_fault(log) == (Fault(place + 1, FaultKind.MISSING) if place < len(log) else None)


def test_the_same_moment_in_another_zone_is_the_same_content() -> None:
    [one] = written(["Æøå"])
    elsewhere = one.entry.at.astimezone(datetime.strptime("+0200", "%z").tzinfo)
    assert canonical(replace(one.entry, at=elsewhere)) == canonical(one.entry)
    assert "Æøå".encode() in canonical(one.entry)


def test_two_places_of_a_word_are_two_contents() -> None:
    [one] = written(["a"])
    moved = replace(one.entry, by=one.entry.authority, authority=one.entry.by)
    assert canonical(moved) != canonical(one.entry)

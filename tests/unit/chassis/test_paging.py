"""A list a page at a time: every line stands on one page, all are counted, and the ways lead on and back."""

import re

from chassis.web.paging import address, paged


def test_every_line_stands_on_one_page_and_the_ways_lead_from_the_first_to_the_last_and_back() -> None:
    rows, at = list(range(205)), address("/liste", {"nu": 1}, "nu", "nu")
    found, number = list[int](), 1
    while True:
        page = paged(rows, number, at)
        assert (page.total, page.before) == (205, len(found))
        assert (page.previous is None) is (number == 1)
        found += page.lines
        if page.next is None:
            break
        said = re.search(r"nu=(\d+)", page.next)
        assert said
        number = int(said[1])
    assert found == rows
    assert page.previous == "/liste?nu=2#nu"
    assert paged(rows, 2, at).previous == "/liste#nu", "the first page is not named"


def test_a_list_that_fits_has_no_ways_and_one_that_became_shorter_ends_with_its_last_page() -> None:
    at = address("/liste", {"nu": 9}, "nu")
    for count in (0, 1, 100):
        page = paged(list(range(count)), 9, at)
        assert (len(page.lines), page.total, page.previous, page.next) == (count, count, None, None)
    assert list(paged(list(range(101)), 9, at).lines) == [100]


def test_the_other_lists_of_a_page_stay_where_they_are() -> None:
    assert address("/liste", {"nu": 3, "andre": 2}, "nu")(4) == "/liste?nu=4&andre=2"
    assert address("/liste", {"nu": 3, "andre": 2}, "nu")(1) == "/liste?andre=2"

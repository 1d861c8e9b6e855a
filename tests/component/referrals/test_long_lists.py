"""Lists longer than one page: how many there are in all is said, and every line is reached by links alone."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from uuid import UUID

import pytest

from chassis.web.paging import LINES
from tests.component.referrals.conftest import CENTRE, OFFICER, Driver
from tests.component.referrals.grouping import CONVENER, Meeting
from tests.component.referrals.grouping import Case as Group
from tests.system.playing import World

pytestmark = pytest.mark.component
LATELY = 5
"""How many meetings that are over stand on one part of the page."""

HTML = {"accept": "text/html"}
WAY = re.compile(r'<a rel="next" href="([^"]*)"')


@contextmanager
def copies(driver: Driver, table: str, row: str, count: int, *but: str) -> Iterator[None]:
    """Let there be more rows like one for a while, without the columns that only one may have."""
    columns = driver.sql(
        "select string_agg(column_name, ',') from information_schema.columns where table_name = $1"
        " and table_schema = 'public' and is_generated = 'NEVER' and column_name <> all($2)",
        *(table, [f"{table}_id", *but]),
    )
    made = driver.sql(
        f"with made as (insert into {table} ({table}_id, {columns}) select gen_random_uuid(), {columns}"
        f" from {table}, generate_series(1, $2) where {table}_id = $1 returning {table}_id)"
        f" select array_agg({table}_id) from made",
        *(UUID(row), count),
    )
    yield
    driver.sql(f"delete from {table} where {table}_id = any($1::uuid[])", made)


def walked(driver: Driver, who: tuple[str, ...], start: str, anchor: str, line: str) -> tuple[list[str], list[str]]:
    """Return the lines of one list over all of its pages, and each page's own count."""
    path, found, said = start, list[str](), list[str]()
    while path:
        shown = driver.send("GET", path, who, headers=HTML)
        assert shown.is_success, shown.text
        its = shown.text.partition(f'id="{anchor}"')[2].partition("<h2")[0]
        found += re.findall(line, its)
        said += re.findall(r"Viser \d+-\d+ af \d+", its)
        ahead = WAY.search(its)
        path = unescape(ahead[1]).partition("#")[0] if ahead else ""
    return found, said


def test_a_work_list_longer_than_a_page_is_counted_and_every_line_is_reached_by_links(driver: Driver) -> None:
    driver.said_yes().went("receive")
    line = r'href="/henvisninger/([0-9a-f-]{36})"'
    before, said = walked(driver, CENTRE, "/henvisninger", "nu", line)
    assert (driver.referral_id in before, said) == (True, []), "one page is enough, and nothing is said"
    with copies(driver, "referral", driver.referral_id, 2 * LINES, "person_id"):
        found, said = walked(driver, CENTRE, "/henvisninger", "nu", line)
        total = len(before) + 2 * LINES
        assert (len(found), len(set(found))) == (total, total)
        assert said[0] == f"Viser 1-{LINES} af {total}"
        assert said[-1].endswith(f"-{total} af {total}")
        text = driver.send("GET", "/henvisninger", CENTRE, headers=HTML).text
        assert f"Jeres tur ({total})" in text
        waiting, _ = walked(driver, OFFICER, "/henvisninger", "andre", line)
        assert set(found) <= set(waiting), "the sender reaches them all too"
        past = driver.send("GET", "/henvisninger?nu=999", CENTRE, headers=HTML).text
        assert f"-{total} af {total}" in past, "past the end stands the last page"
        for wrong in ("0", "-1", "to"):
            assert driver.send("GET", f"/henvisninger?nu={wrong}", CENTRE, headers=HTML).status_code == 422, wrong


def test_meetings_that_were_held_are_counted_and_every_one_is_reached_by_links(driver: Driver, running: World) -> None:
    meeting = Meeting(Group(running).begun()).convened()
    driver.sql("update meeting set state = 'held', ended_at = clock() where meeting_id = $1", UUID(meeting.id))
    line = r'href="/moeder/([0-9a-f-]{36})"'
    before, _ = walked(driver, CONVENER, "/moeder", "holdt", line)
    with copies(driver, "meeting", meeting.id, 2 * LATELY):
        found, said = walked(driver, CONVENER, "/moeder", "holdt", line)
        total = len(before) + 2 * LATELY
        assert (len(set(found)), said[0]) == (total, f"Viser 1-{LATELY} af {total}")

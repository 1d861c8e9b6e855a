"""Tables of figures as offices send them, the rules that find a development, and the screening."""

import io

import pytest
from openpyxl import Workbook

from contracts.refusal import Refusal
from services.councils.domain.indicators import change, indicator, signal, trend_rules
from services.councils.domain.kredsraad import district_municipalities
from services.councils.domain.screening import (
    Counted,
    CountedTwice,
    ScreeningNotWhole,
    check_counts,
    next_quarter,
    quarter_end,
    runs_on,
    screen,
    suppressed,
)
from services.councils.domain.tables import (
    MOST_LINES,
    ColumnsUnmatched,
    Figure,
    NotATable,
    TableTooLarge,
    read,
    rows_of_csv,
)
from services.councils.handlers.spreadsheets import rows_of

HERNING = Figure("0657", 2026, 1, 1234)


def test_a_table_is_read_as_danish_offices_send_it() -> None:
    sent = {
        "utf-8 with commas": b"kommunekode,year,quarter,count\n0657,2026,1,1234\n",
        "BOM and semicolons": "\ufeffKommune;År;Kvartal;Antal\n0657;2026;K1;1.234\n".encode(),
        "windows-danish": "Kommune;År;Kvartal;Antal\n657;2026;1;1234,0\n".encode("cp1252"),
        "tabs and other line ends": b"kommune\taar\tkvartal\tantal\r\n0657\t2026\t1\t1234\r\n\r\n",
        "quoted, in another order": b'"antal";"kvartal";"aar";"kommune"\n"1234";"1";"2026";"0657"\n',
    }
    for how, content in sent.items():
        table = read(rows_of_csv(content), {})
        assert (table.figures, table.faults) == ((HERNING,), ()), how


def test_columns_are_matched_by_who_sends_when_the_headings_do_not_say() -> None:
    rows = rows_of_csv(b"sted;aar;kvartal;n\n0657;2026;1;1234\n")
    with pytest.raises(ColumnsUnmatched) as refused:
        read(rows, {})
    assert refused.value.facts["missing"] == "kommunekode, count"
    assert read(rows, {"kommunekode": "Sted", "count": "n"}).figures == (HERNING,)
    with pytest.raises(ColumnsUnmatched):
        read(rows_of_csv(b"kommune;aar;kvartal;antal;antal\n"), {})


def test_each_wrong_line_is_named_and_nothing_is_guessed() -> None:
    wrong = {
        "0657;2026;1;=SUM(A1:A9)": "formel",
        "0657;2026;1;-3": "formel",
        "0657;2026;1;12,5": "helt tal",
        "0657;2026;1;1.23": "helt tal",
        "0657;2026;1;mange": "helt tal",
        "0657;2026;1;99999999999999": "uden for",
        "0657;2026;1": "helt tal",
        "0657;2026;5;1": "uden for",
        "0657;1999;1;1": "uden for",
        "9999;2026;1;1": "kommunekoden",
    }
    for line, word in wrong.items():
        table = read(rows_of_csv(f"kommune;aar;kvartal;antal\n{line}\n".encode()), {})
        assert table.figures == (), line
        assert [(fault.line, word in fault.text) for fault in table.faults] == [(2, True)], line
    twice = read(rows_of_csv(b"kommune;aar;kvartal;antal\n0657;2026;1;1\n657;2026;1;2\n"), {})
    assert [fault.line for fault in twice.faults] == [3]


def test_what_is_no_table_or_too_large_is_refused() -> None:
    empty = b"\n\n"
    for content in (b"\x00\x01\x02", empty, b"PK\x03\x04 and no workbook"):
        with pytest.raises(NotATable):
            read(rows_of(content), {})
    with pytest.raises(TableTooLarge):
        read([["kommune"]] * (MOST_LINES + 1), {})


def test_a_workbook_is_read_and_a_formula_in_it_stays_text() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Kommune", "År", "Kvartal", "Antal"])
    sheet.append(["0657", 2026, 1, 1234.0])
    sheet.append(["0661", 2026, 1, "=1+1"])
    sheet.append(["0665", 2026, 1, 1.5])
    content = io.BytesIO()
    book.save(content)
    table = read(rows_of(content.getvalue()), {})
    assert table.figures == (HERNING,)
    assert [fault.line for fault in table.faults] == [3, 4]


@pytest.mark.ledger("O-2-04")
def test_a_signal_is_raised_by_the_newest_quarter_alone_and_by_visible_thresholds() -> None:
    of = indicator("vold_natteliv_offentligt_rum")
    quiet = [
        {},
        {(2026, 1): 500},
        {(2019, 1): 40, (2026, 1): 49},
        {(2019, 1): 4, (2026, 1): 13},
        {(2019, 1): 400, (2026, 1): 499},
        {(2019, 1): 40, (2025, 1): 90, (2026, 1): 30},
        {(2019, 2): 10, (2026, 1): 90},
    ]
    for series in quiet:
        assert signal(of, series) is None, series
    loud = signal(of, {(2019, 1): 40, (2026, 1): 50})
    assert loud is not None
    assert (loud.rule, loud.compared, loud.count) == ("above_baseline", 40, 50)
    yearly = signal(of, {(2025, 1): 40, (2026, 1): 50})
    assert yearly is not None
    assert yearly.rule == "above_last_year"
    assert all(rule.title and rule.percent and rule.more for rule in trend_rules())


@pytest.mark.ledger("O-4.2-01")
def test_the_change_from_the_baseline_is_missing_where_there_is_none() -> None:
    assert (change(80, 40), change(30, 40), change(80, None), change(80, 0)) == (100, -25, None, None)


def everywhere(count: int = 20) -> list[Counted]:
    return [Counted(code, "Midtbyen", count) for code in district_municipalities()]


@pytest.mark.ledger("O-4.1-08")
def test_small_counts_are_never_shown() -> None:
    assert [suppressed(count) for count in (0, 1, 4, 5, 20)] == ["0", "<5", "<5", "5", "20"]


@pytest.mark.ledger("O-4.1-08")
def test_a_run_is_the_same_from_the_same_counts_in_any_order_and_ranks_nothing() -> None:
    counts = [*everywhere(), Counted("0657", "Gullestrup", 90)]
    first, again = screen(2026, 1, counts), screen(2026, 1, counts[::-1])
    assert first == again
    assert screen(2026, 1, everywhere(21))[0] != screen(2026, 1, everywhere())[0]
    assert screen(2026, 2, everywhere())[0] != screen(2026, 1, everywhere())[0]
    places = [(one["kommunekode"], one["title"]) for one in first[1]]
    assert places == sorted(places)


def test_a_screening_is_of_the_whole_district_and_counts_an_area_once() -> None:
    check_counts(everywhere())
    wrong: list[tuple[list[Counted], type[Refusal]]] = [
        (everywhere()[1:], ScreeningNotWhole),
        ([*everywhere(), Counted("0101", "Nørrebro", 1)], ScreeningNotWhole),
        ([*everywhere(), everywhere()[0]], CountedTwice),
    ]
    for counts, refusal in wrong:
        with pytest.raises(refusal):
            check_counts(counts)


def test_quarters_follow_each_other_over_the_year() -> None:
    assert [str(quarter_end(2026, quarter)) for quarter in (1, 4)] == ["2026-04-01", "2027-01-01"]
    assert str(runs_on(2026, 4)) == "2027-01-16"
    assert (next_quarter(2026, 3), next_quarter(2026, 4)) == ((2026, 4), (2027, 1))

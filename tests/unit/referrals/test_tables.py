"""What holds for every table: it leaves nothing out, says nothing twice, and a spoiled one is not used."""

import re
import tomllib
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.refusal import NotFound
from services.referrals.domain.columns import Between, NotInColumn, TableFault
from services.referrals.domain.rulebook import NotInForce, by_name, rulebook, table_on
from services.referrals.domain.table_proof import cases, in_words, load
from services.referrals.domain.tables import Outcome, Table, effect
from tests.each import each
from tests.unit.referrals.written import Raw, bounds, conditions, is_ordered, moved, names, rows_of, written

ROWS = [row for name in names() for row in rows_of(name)]
TABLES = [table for versions in rulebook().values() for table in versions]
CASES = {table.name: list(cases(table)) for table in TABLES}
each_table = each("table", TABLES, ids=lambda table: table.name)

SMALL = """
name = "lille"
title = "En lille regel"
valid_from = 2020-01-01
[columns]
day = { title = "dag", type = "date" }
age = { title = "alder", type = "span" }
[[rows]]
id = "old-rule"
when = { day = "..2024-01-01" }
outcome = "admitted"
hjemmel = "§ 1"
says = "Ja."
[[rows]]
id = "grown-up"
when = { day = "2024-01-01..", age = "18y.." }
outcome = "admitted"
hjemmel = "§ 2"
says = "Ja."
[[rows]]
id = "child"
when = { day = "2024-01-01..", age = "..18y" }
outcome = "not_admitted"
hjemmel = "§ 2"
says = "Nej."
[[rows]]
id = "unknown"
outcome = "menneske_afgoer"
hjemmel = "§ 3"
says = "Et menneske afgør det."
[[examples]]
row = "old-rule"
given = { day = "2023-12-31" }
[[examples]]
row = "grown-up"
given = { day = "2024-01-01", age = "18y" }
[[examples]]
row = "child"
given = { day = "2024-01-01", age = "17y11m30d" }
[[examples]]
row = "unknown"
given = {}
"""


def small() -> Raw:
    return tomllib.loads(SMALL)


def test_every_programme_of_the_plan_has_its_table() -> None:
    assert set(rulebook()) == {
        *("ssp", "ssp_plus", "ssp_generel", "psp", "psp_visitation", "ksp", "ukn", "ungesamraad", "infohus"),
        *("bandeexit", "bekymringssamtale", "alcapone", "traumeteam", "konfliktraad", "offerraadgivning"),
        *("rusmiddel", "rusmiddel_recidiv"),
    }


@each(("name", "number"), ROWS)
def test_without_any_one_row_the_gap_is_named(name: str, number: int) -> None:
    raw = written(name)
    lost = raw["rows"].pop(number)
    with pytest.raises(TableFault) as fault:
        load(raw)
    if "when" in lost:
        said = re.search("ingen række svarer, når (.+)", str(fault.value))
        assert said
        assert all(raw["columns"][column]["title"] in said[1] for column in lost["when"])
    else:
        assert "den sidste række" in str(fault.value)


@each(("name", "number"), [row for row in ROWS if row not in {rows_of(name)[-1] for name in names()}])
def test_a_row_that_stands_twice_is_named(name: str, number: int) -> None:
    raw = written(name)
    row = raw["rows"][number]
    raw["rows"].insert(0, row | {"id": "again"})
    with pytest.raises(TableFault, match=f"rækkerne again og {row['id']} svarer begge, når "):
        load(raw)


@each(("name", "number", "column"), conditions())
def test_a_row_that_asks_for_less_overlaps_another_and_both_are_named(name: str, number: int, column: str) -> None:
    raw = written(name)
    row = raw["rows"][number]
    del row["when"][column]
    with pytest.raises(TableFault, match="svarer begge, når ") as fault:
        load(raw)
    assert row["id"] in str(fault.value)


@each(("name", "number", "column"), [one for one in conditions() if is_ordered(written(one[0]), one[2])])
def test_no_row_can_move_a_bound_by_a_day_or_a_year_alone(name: str, number: int, column: str) -> None:
    kind, cell = written(name)["columns"][column]["type"], written(name)["rows"][number]["when"][column]
    low, high = cell.split("..")
    moves = [f"{to}..{high}" for to in (moved(low, kind) if low else ())]
    moves += [f"{low}..{to}" for to in (moved(high, kind) if high else ())]
    assert moves
    for move in moves:
        raw = written(name)
        raw["rows"][number]["when"][column] = move
        with pytest.raises(TableFault):
            load(raw)


@each(("name", "column", "bound"), bounds())
def test_no_table_can_move_a_bound_by_a_day_or_a_year_everywhere(name: str, column: str, bound: str) -> None:
    """Rows that move together still exclude each other and leave nothing out: then it is an example that fails."""
    for to in moved(bound, written(name)["columns"][column]["type"]):
        raw = written(name)
        for row in raw["rows"]:
            if column in row.get("when", {}):
                ends = row["when"][column].split("..")
                row["when"][column] = "..".join(to if end == bound else end for end in ends)
        with pytest.raises(TableFault):
            load(raw)


@each("name", names())
def test_every_row_needs_an_example_that_it_decides(name: str) -> None:
    for row in written(name)["rows"]:
        raw = written(name)
        raw["examples"] = [example for example in raw["examples"] if example["row"] != row["id"]]
        with pytest.raises(TableFault, match=f"uden eget eksempel er {row['id']}"):
            load(raw)


@each_table
def test_exactly_one_row_answers_every_known_case(table: Table) -> None:
    for case in CASES[table.name]:
        assert len(table.fitting({name: cell.sample for name, cell in case.items()})) == 1


@each_table
def test_the_unknown_is_decided_only_where_it_does_not_matter(table: Table) -> None:
    for case in CASES[table.name]:
        known = _given(case)
        decided = table.decide(known)
        for column in table.columns:
            asked = table.decide({name: value for name, value in known.items() if name != column})
            assert asked.unknown == (column,)
            assert asked.row == (table.otherwise.id if column in decided.used else decided.row)
            assert column not in asked.used


@each_table
def test_of_nothing_known_a_human_decides(table: Table) -> None:
    verdict = table.decide({})
    assert (verdict.outcome, verdict.row) == (Outcome.HUMAN, table.otherwise.id)
    assert verdict.unknown == tuple(table.columns)


@given(data=st.data())
def test_a_verdict_tells_what_it_rests_on_and_is_the_same_when_asked_again(data: st.DataObject) -> None:
    table = data.draw(st.sampled_from(TABLES))
    case = data.draw(st.sampled_from(CASES[table.name]))
    left_out = data.draw(st.sets(st.sampled_from(list(table.columns))))
    verdict = table.decide({name: None if name in left_out else value for name, value in _given(case).items()})
    assert (verdict.table, verdict.version) == (table.name, table.version)
    assert verdict.hjemmel
    assert verdict.says.endswith(".")
    assert set(verdict.inputs) == set(table.columns) - left_out
    assert set(verdict.used) <= set(verdict.inputs)
    assert table.decide(verdict.inputs) == verdict
    assert table.decide({name: verdict.inputs[name] for name in verdict.used}).row == verdict.row


def _given(case: dict[str, Any]) -> dict[str, Any]:
    """Return a part of the domain as a caller would give it."""
    return {
        name: cell.sample if not isinstance(cell, Between) or isinstance(cell.sample, int) else str(cell.sample)
        for name, cell in case.items()
    }


# --- what is read and what is not -----------------------------------------------------------------------------------


def test_dates_are_a_column_too() -> None:
    table = load(small())
    assert table.decide({"day": "2023-12-31"}).row == "old-rule"
    assert table.decide({"day": "2024-01-01", "age": "18y"}).row == "grown-up"
    assert table.decide({"day": "2024-01-01"}).outcome is Outcome.HUMAN


def test_a_gap_is_told_in_words() -> None:
    raw = small()
    raw["rows"][1]["when"]["age"] = "18y1d.."
    with pytest.raises(TableFault) as fault:
        load(raw)
    assert str(fault.value) == (
        "lille: ingen række svarer, når dag: fra 2024-01-01; alder: fra 18 år til (ikke med) 18 år 1 dg."
    )


def test_an_overlap_is_told_in_words_with_both_rows() -> None:
    raw = small()
    raw["rows"][1]["when"]["age"] = "17y11m.."
    with pytest.raises(TableFault) as fault:
        load(raw)
    assert str(fault.value) == (
        "lille: rækkerne grown-up og child svarer begge, når dag: fra 2024-01-01; "
        "alder: fra 17 år 11 mdr. til (ikke med) 18 år"
    )


def test_choices_are_told_by_their_words() -> None:
    table = table_on("rusmiddel", date(2023, 1, 1))
    assert "sigtelse: spirituskørsel; ønsker at blive kontaktet: ja" in in_words(table, next(iter(cases(table))))


def spoiled(*path: str | int, to: object) -> Raw:
    raw: Any = small()
    at = raw
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = to
    return dict(raw)


@pytest.mark.parametrize(
    "raw",
    [
        spoiled("rows", to=[]),
        spoiled("columns", "age", to={"title": "alder", "type": "guess"}),
        spoiled("columns", "age", to={"title": "alder"}),
        spoiled("columns", "age", "also", to="x"),
        spoiled("rows", 0, "hjemmel", to=" "),
        spoiled("rows", 0, "says", to=""),
        spoiled("rows", 0, "outcome", to="perhaps"),
        spoiled("rows", 0, "outcome", to="elsewhere"),
        spoiled("rows", 0, "id", to="child"),
        spoiled("rows", 0, "when", to={"colour": "red"}),
        spoiled("rows", 0, "when", to={"day": "2024-01-01"}),
        spoiled("rows", 0, "when", to={"day": "2024-13-01.."}),
        spoiled("rows", 1, "when", "age", to="18y..18y"),
        spoiled("rows", 1, "when", "age", to="18.."),
        spoiled("rows", 3, "outcome", to="not_admitted"),
        spoiled("rows", 3, "when", to={"age": "..18y"}),
        spoiled("examples", 0, "row", to="child"),
        spoiled("examples", 0, "given", to={"day": "yesterday"}),
        spoiled("examples", 0, "given", to={"colour": "red"}),
        spoiled("valid_to", to=date(2019, 12, 31)),
    ],
)
def test_a_table_that_is_not_well_written_is_not_used(raw: Raw) -> None:
    with pytest.raises(TableFault, match="lille: "):
        load(raw)


def test_a_choice_is_of_its_values_and_not_of_all_of_them() -> None:
    for values in ["red", [], ["drink_driving", "drug_driving", "other", "none"]]:
        raw = written("rusmiddel 2020-03-01")
        raw["rows"][0]["when"]["charge"] = values
        with pytest.raises(TableFault, match="sigtelse"):
            load(raw)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("rusmiddel", {"charge": "speeding"}),
        ("rusmiddel", {"charge": True}),
        ("rusmiddel", {"answer": 1}),
        ("rusmiddel", {"answer": "ja"}),
        ("rusmiddel", {"colour": "red"}),
        ("ukn", {"age": 12}),
        ("ukn", {"age": "twelve"}),
        ("ukn", {"age": "-1y"}),
        ("rusmiddel_recidiv", {"newest": -1}),
        ("rusmiddel_recidiv", {"newest": "90"}),
        ("rusmiddel_recidiv", {"newest": True}),
    ],
)
def test_what_is_no_value_of_a_column_is_refused(name: str, given: dict[str, Any]) -> None:
    with pytest.raises(NotInColumn) as refusal:
        table_on(name, date(2023, 1, 1)).decide(given)
    assert refusal.value.facts["column"] in given
    assert refusal.value.facts["allowed"]


# --- versions -------------------------------------------------------------------------------------------------------


def test_a_version_is_what_decides_and_no_more() -> None:
    one = load(small())
    assert load(spoiled("examples", 0, "given", to={"day": "2022-12-31"})).version == one.version
    assert load(spoiled("rows", 0, "hjemmel", to="§ 4")).version != one.version
    assert load(spoiled("valid_to", to=date(2030, 1, 1))).version != one.version


@pytest.mark.ledger("O-5.1-01")
def test_a_rule_holds_from_its_first_day() -> None:
    assert table_on("ukn", date(2019, 1, 1)).name == "ukn"
    with pytest.raises(NotInForce):
        table_on("ukn", date(2018, 12, 31))
    with pytest.raises(NotFound):
        table_on("no-such-rule", date(2023, 1, 1))


def test_a_rule_holds_to_its_last_day_and_the_next_version_after_it() -> None:
    first, second = spoiled("valid_to", to=date(2024, 12, 31)), spoiled("valid_from", to=date(2025, 1, 1))
    versions = by_name([load(second), load(first)])["lille"]
    assert [table.holds_on(date(2024, 12, 31)) for table in versions] == [True, False]
    assert [table.holds_on(date(2025, 1, 1)) for table in versions] == [False, True]


@pytest.mark.parametrize("last", [date(2025, 1, 1), None])
def test_two_versions_of_a_rule_never_hold_on_the_same_day(last: date | None) -> None:
    first = spoiled("valid_to", to=last) if last else small()
    with pytest.raises(TableFault, match="to udgaver"):
        by_name([load(first), load(spoiled("valid_from", to=date(2025, 1, 1)))])


FROM = {
    "konfliktraad": "2010-01-01",
    "ukn": "2019-01-01",
    "rusmiddel": "2020-03-01",
    "rusmiddel_recidiv": "2020-03-01",
    "traumeteam": "2021-09-01",
    "psp_visitation": "2022-01-01",
}


def test_each_rule_holds_from_the_day_that_the_plan_or_the_law_names() -> None:
    from_day = {table.name: str(table.valid_from) for table in TABLES}
    assert from_day == {table.name: FROM.get(table.name, "2019-01-01") for table in TABLES}


def test_the_effect_of_a_new_rule_is_seen_before_it_holds() -> None:
    old = load(small())
    raw = small()
    for row in raw["rows"][1:3]:
        row["when"]["age"] = row["when"]["age"].replace("18y", "21y")
    raw["examples"][1]["given"]["age"], raw["examples"][2]["given"]["age"] = "21y", "20y11m30d"
    decided = [old.decide({"day": "2026-01-01", "age": age}) for age in ("17y", "18y", "20y11m30d", "21y")]
    changes = effect(load(raw), [*decided, old.decide({"day": "2023-01-01"}), old.decide({})])
    assert [(one.before.inputs["age"], one.before.outcome, one.after.outcome) for one in changes] == [
        ("18y", Outcome.ADMITTED, Outcome.NOT_ADMITTED),
        ("20y11m30d", Outcome.ADMITTED, Outcome.NOT_ADMITTED),
    ]

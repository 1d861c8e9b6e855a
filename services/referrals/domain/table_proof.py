"""Proves of a table, before it is used, that exactly one row answers each known case, and that its examples hold.

The proof walks through the whole domain: every value of every choice, every stretch between two bounds of an order.
A table that has a gap or an overlap is not loaded, and the message tells the case in words.
"""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from services.referrals.domain.columns import Cell, NotInColumn, TableFault
from services.referrals.domain.tables import Example, Outcome, Table, read


def load(raw: Mapping[str, Any]) -> Table:
    """Return a table that is proved.

    Raises:
        TableFault: it is not.
    """
    table = read(raw)
    _has_its_shape(table)
    _answers_once(table)
    _holds_to_its_examples(table)
    return table


def cases(table: Table) -> Iterator[dict[str, Cell]]:
    """Yield the whole known domain, in the parts between which the rows distinguish."""
    parts = [list(column.parts(table.cells[name])) for name, column in table.columns.items()]
    return (dict(zip(table.columns, case, strict=True)) for case in product(*parts))


def in_words(table: Table, case: Mapping[str, Cell]) -> str:
    """Tell a case in Danish."""
    return "; ".join(table.columns[name].in_words(cell) for name, cell in case.items())


def _has_its_shape(table: Table) -> None:
    ids = [row.id for row in (*table.rows, table.otherwise)]
    if table.otherwise.when or table.otherwise.outcome is not Outcome.HUMAN:
        raise TableFault(f"{table.name}: den sidste række, som lader et menneske afgøre det ukendte, mangler")
    if len(set(ids)) != len(ids):
        raise TableFault(f"{table.name}: to rækker hedder det samme")
    for row in (*table.rows, table.otherwise):
        if not (row.hjemmel.strip() and row.says.strip()) or (row.outcome is Outcome.ELSEWHERE) > bool(row.points_to):
            raise TableFault(f"{table.name}: rækken {row.id} mangler hjemmel, ord eller det, den henviser til")
    if table.valid_to is not None and table.valid_to < table.valid_from:
        raise TableFault(f"{table.name}: gyldigheden ender, før den begynder")


def _answers_once(table: Table) -> None:
    for case in cases(table):
        rows = table.fitting({name: cell.sample for name, cell in case.items()})
        if not rows:
            raise TableFault(f"{table.name}: ingen række svarer, når {in_words(table, case)}")
        if len(rows) > 1:
            both = " og ".join(row.id for row in rows)
            raise TableFault(f"{table.name}: rækkerne {both} svarer begge, når {in_words(table, case)}")


def _decided(table: Table, example: Example) -> str:
    try:
        return table.decide(example.given).row
    except NotInColumn as refusal:
        raise TableFault(f"{table.name}: {dict(example.given)} er intet eksempel") from refusal


def _holds_to_its_examples(table: Table) -> None:
    for example in table.examples:
        decided = _decided(table, example)
        if decided != example.row:
            raise TableFault(
                f"{table.name}: {dict(example.given)} afgøres af {decided} og skal afgøres af {example.row}"
            )
    without = {row.id for row in (*table.rows, table.otherwise)} - {example.row for example in table.examples}
    if without:
        raise TableFault(f"{table.name}: uden eget eksempel er {', '.join(sorted(without))}")

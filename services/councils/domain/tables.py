"""A table of figures that somebody sends: columns are matched, each line is read or named with what is wrong.

Cells are text and stay text: a formula is never computed, it is refused as no number.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from contracts.codes import municipalities
from contracts.refusal import Refusal

MOST_LINES = 20_000
COLUMNS = ("kommunekode", "year", "quarter", "count")
"""What a line says; the municipality may be of another district, to compare with."""

_KNOWN_AS = {
    "kommunekode": {"kommunekode", "kommune", "kommunenr", "komkode"},
    "year": {"year", "år", "aar"},
    "quarter": {"quarter", "kvartal"},
    "count": {"count", "antal", "anmeldelser", "værdi", "vaerdi"},
}

Rows = Sequence[Sequence[str]]
MOST_NAMED = 50


class NotATable(Refusal):
    """What was sent is neither CSV nor XLSX."""

    slug = "not-a-table"
    status = 422
    title = "Filen kan ikke læses som en tabel."
    todo = "Gem den som CSV (UTF-8 eller Windows-dansk) eller XLSX, og send den igen. Intet er gemt."


class TableTooLarge(Refusal):
    """A table has too many lines."""

    slug = "table-too-large"
    status = 413
    title = "Tabellen har for mange linjer."
    todo = "Del den i flere filer. Intet er gemt."


class ColumnsUnmatched(Refusal):
    """The columns that are needed cannot be told from the headings."""

    slug = "columns-unmatched"
    status = 422
    title = "Kolonnerne kan ikke genkendes på overskrifterne."
    todo = "Sig i `columns`, hvilken overskrift der er hvad; de, der mangler, er nævnt i `missing`."


class TableHasFaults(Refusal):
    """A table with a wrong line is not entered; the preview names the lines."""

    slug = "table-has-faults"
    status = 422
    title = "Tabellen har linjer med fejl og er ikke indlæst."
    todo = "Se fejlene i forhåndsvisningen, ret filen, og send den igen."


@dataclass(frozen=True, slots=True)
class Figure:
    """How many reports a municipality had in a quarter."""

    kommunekode: str
    year: int
    quarter: int
    count: int


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a line, in Danish."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Read:
    """What a table gives: which heading is what, its figures, and its faults."""

    columns: dict[str, str]
    figures: tuple[Figure, ...]
    faults: tuple[Fault, ...]


class _WrongCell(ValueError):
    """A cell does not say what its column asks for."""


def rows_of_csv(content: bytes) -> Rows:
    """Read CSV in UTF-8 (with or without BOM) or Windows-Danish, with comma, semicolon or tab."""
    if b"\0" in content:
        raise NotATable
    text = _decoded(content)
    first = text.partition("\n")[0]
    delimiter = max(";\t,", key=first.count)
    try:
        return [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text), delimiter=delimiter) if row]
    except csv.Error as error:
        raise NotATable from error


def read(rows: Rows, columns: Mapping[str, str]) -> Read:
    """Match the columns and read each line; what is wrong is named by line, and nothing is guessed."""
    if not rows:
        raise NotATable
    if len(rows) > MOST_LINES:
        raise TableTooLarge(most=MOST_LINES)
    places = _matched(rows[0], columns)
    figures: dict[tuple[str, int, int], Figure] = {}
    faults: list[Fault] = []
    for line, row in enumerate(rows[1:], 2):
        try:
            figure = _figure(row, places)
        except _WrongCell as wrong:
            faults.append(Fault(line, str(wrong)))
            continue
        if figures.setdefault((figure.kommunekode, figure.year, figure.quarter), figure) is not figure:
            faults.append(Fault(line, "samme kommune og kvartal står to gange"))
    matched = {column: rows[0][place] for column, place in places.items()}
    return Read(matched, tuple(figures.values()), tuple(faults[:MOST_NAMED]))


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _matched(headings: Sequence[str], columns: Mapping[str, str]) -> dict[str, int]:
    lowered = [heading.strip().lower() for heading in headings]
    places: dict[str, int] = {}
    for column in COLUMNS:
        wanted = {columns[column].strip().lower()} if column in columns else _KNOWN_AS[column]
        fitting = [place for place, heading in enumerate(lowered) if heading in wanted]
        if len(fitting) == 1:
            places[column] = fitting[0]
    missing = [column for column in COLUMNS if column not in places]
    if missing:
        raise ColumnsUnmatched(missing=", ".join(missing))
    return places


def _figure(row: Sequence[str], places: Mapping[str, int]) -> Figure:
    cells = {column: row[place] if place < len(row) else "" for column, place in places.items()}
    code = cells["kommunekode"].zfill(4)
    if code not in municipalities():
        raise _WrongCell("kommunekoden findes ikke")
    year = _number(cells["year"], "året", 2000, 2999)
    quarter = _number(cells["quarter"].upper().removeprefix("K"), "kvartalet", 1, 4)
    return Figure(code, year, quarter, _number(cells["count"], "antallet", 0, 1_000_000))


def _number(cell: str, what: str, least: int, most: int) -> int:
    """Read a whole number as Danes write it: `1.234`, also `1234,0`; a formula is text."""
    if cell.startswith(("=", "+", "-", "@")):
        raise _WrongCell(f"{what} er en formel eller har fortegn, ikke et tal")
    whole, _, part = cell.replace("\u00a0", "").partition(",")
    groups = whole.split(".")
    grouped = len(groups) == 1 or all(len(group) == 3 for group in groups[1:])  # noqa: PLR2004  thousands
    digits = "".join(groups)
    if not (digits.isascii() and digits.isdigit() and grouped) or part.strip("0"):
        raise _WrongCell(f"{what} er ikke et helt tal")
    number = int(digits) if len(digits) < 10 else most + 1  # noqa: PLR2004  no figure has ten digits
    if not least <= number <= most:
        raise _WrongCell(f"{what} er uden for {least} til {most}")
    return number

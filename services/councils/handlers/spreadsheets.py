"""Reading what an office sends: XLSX or CSV, told apart by content, never by the file's name."""

import io
import zipfile
from itertools import islice

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from services.councils.domain.tables import MOST_LINES, NotATable, Rows, TableTooLarge, rows_of_csv

ZIP = b"PK\x03\x04"
UNPACKED = 50_000_000
"""Bytes that a workbook may unpack to; a small file that holds more is no table."""


def rows_of(content: bytes) -> Rows:
    """Return the rows of a table as text; a formula stays the text that it is.

    Raises:
        NotATable: it is neither CSV nor XLSX.
        TableTooLarge: it has too many lines, or unpacks to too much.
    """
    return _rows_of_workbook(content) if content.startswith(ZIP) else rows_of_csv(content)


def _rows_of_workbook(content: bytes) -> Rows:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(each.file_size for each in packed.infolist()) > UNPACKED:
                raise TableTooLarge(most=MOST_LINES)
        sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False).worksheets[0]
        rows = [[_text(cell) for cell in row] for row in islice(sheet.iter_rows(values_only=True), MOST_LINES + 2)]
    except (zipfile.BadZipFile, InvalidFileException, KeyError, IndexError, ValueError, OSError) as error:
        raise NotATable from error
    return [row for row in rows if any(row)]


def _text(cell: object) -> str:
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else str(cell).replace(".", ",")
    return "" if cell is None else str(cell).strip()

"""A list of members as CSV, from whatever spreadsheet a secretary has: each wrong line says what is wrong with it."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from pydantic import TypeAdapter, ValidationError

from contracts.codes import AuthorityKind, authorities, municipalities, municipality_authority
from contracts.refusal import Refusal
from services.councils.domain.seating import Entry
from services.councils.domain.wording import LooksLikeAPerson

BYTES_AT_MOST, LINES_AT_MOST = 200_000, 500
COLUMNS = ("myndighed", "funktion", "navn", "formand", "offentlig", "fra", "til", "email", "konto")
NEEDED = ("myndighed", "funktion", "navn", "fra")

_ENTRY = TypeAdapter(Entry)
_DANISH_DAY = re.compile(r"(\d{1,2})[-./](\d{1,2})[-./](\d{4})", re.ASCII)
_WRONG = {
    "function": "Funktionen mangler eller er for lang.",
    "holder": "Navnet mangler eller er for langt.",
    "valid_from": "Dagen i »fra« er ikke en dag; skriv 2026-01-01 eller 01-01-2026.",
    "valid_to": "Dagen i »til« er ikke en dag; skriv 2026-01-01 eller 01-01-2026.",
    "chair": "»formand« er ja eller nej.",
    "public_office": "»offentlig« er ja eller nej.",
    "email": "E-mailadressen er ikke en adresse.",
    "subject": "Kontoen er ikke et brugernavn.",
}


class NotUtf8(Refusal):
    """The file is not UTF-8, so that its æ, ø and å would be lost."""

    slug = "not-utf-8"
    status = 422
    title = "Filen er ikke gemt som UTF-8, så æ, ø og å kan ikke læses."
    todo = "Gem regnearket igen som »CSV UTF-8«, og send filen igen. Intet er gemt."


class ListTooLarge(Refusal):
    """The file is larger than any council's list."""

    slug = "list-too-large"
    status = 413
    title = "Filen er for stor: højst 200.000 tegn og 500 linjer."
    todo = "Del listen, og send kun ét råds medlemmer ad gangen. Intet er gemt."


class ColumnsMissing(Refusal):
    """The first line does not name the columns."""

    slug = "columns-missing"
    status = 422
    title = "Den første linje skal have kolonnernes navne."
    todo = "Brug kolonnerne myndighed, funktion, navn, formand, offentlig, fra, til, email og konto. Intet er gemt."


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list: what it says, or what is wrong with it in Danish."""

    number: int
    """As a spreadsheet counts: the first line, with the columns' names, is 1."""
    entry: Entry | None
    errors: list[str] = field(default_factory=list)


def read(content: bytes) -> list[Line]:
    """Read a list of members; NotUtf8, ListTooLarge or ColumnsMissing where it is none."""
    if len(content) > BYTES_AT_MOST:
        raise ListTooLarge
    text = _text(content)
    rows = csv.reader(text.splitlines(), delimiter=";" if ";" in text.partition("\n")[0] else ",")
    try:
        names, *found = [[cell.strip() for cell in row] for row in rows] or [[]]
    except csv.Error as error:
        raise ColumnsMissing from error
    columns = [name.lower() for name in names]
    if not set(NEEDED) <= set(columns) <= set(COLUMNS) or len(set(columns)) != len(columns):
        raise ColumnsMissing
    if len(found) > LINES_AT_MOST:
        raise ListTooLarge
    return _each_once([_line(number, columns, row) for number, row in enumerate(found, 2) if any(row)])


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotUtf8 from error


def _line(number: int, columns: list[str], row: list[str]) -> Line:
    if len(row) > len(columns):
        return Line(number, None, ["Linjen har flere felter end kolonner."])
    said = dict.fromkeys(COLUMNS, "") | dict(zip(columns, row, strict=False))
    authority = authority_of(said["myndighed"])
    errors = [] if authority is not None else [f"Myndigheden »{said['myndighed'][:60]}« kendes ikke."]
    try:
        entry = _ENTRY.validate_python(_as_fields(authority or "", said))
    except ValidationError as error:
        return Line(number, None, errors + [_WRONG[str(one["loc"][0])] for one in error.errors()])
    except LooksLikeAPerson as error:
        return Line(number, None, [*errors, error.title])
    return Line(number, None if errors else entry, errors)


def _as_fields(authority: str, said: Mapping[str, str]) -> dict[str, Any]:
    return {
        "authority": authority,
        "function": said["funktion"],
        "holder": said["navn"],
        "valid_from": _day(said["fra"]),
        "valid_to": _day(said["til"]) or None,
        "chair": _yes(said["formand"]),
        "public_office": _yes(said["offentlig"]),
        "email": said["email"] or None,
        "subject": said["konto"] or None,
    }


def authority_of(said: str) -> str | None:
    """Return the authority that a cell names by id, kommunekode or name; empty for civil society, None: unknown."""
    wanted = said.strip().casefold().removesuffix(" kommune")
    if wanted in {"", "civilsamfund"}:
        return ""
    if wanted in {"politi", "politiet"}:
        return next(one.id for one in authorities().values() if one.kind is AuthorityKind.POLICE)
    by_name = {each.casefold(): one.code for one in municipalities().values() for each in (one.name, one.code)}
    if wanted in by_name:
        return municipality_authority(by_name[wanted])
    named = {each.casefold(): one.id for one in authorities().values() for each in (one.id, one.name)}
    return named.get(wanted)


def _day(said: str) -> date | str:
    """Return a day as Danes and computers write it; what is none as it stands, for the check to refuse."""
    danish = _DANISH_DAY.fullmatch(said)
    try:
        return datetime.strptime("-".join(danish.groups()), "%d-%m-%Y").date() if danish else said  # noqa: DTZ007  a day
    except ValueError:
        return said


def _yes(said: str) -> bool | str:
    return {"ja": True, "x": True, "nej": False, "": False}.get(said.casefold(), said)


def _each_once(lines: list[Line]) -> list[Line]:
    """Return the lines; one that says what an earlier one says is wrong."""
    seen: dict[tuple[object, ...], int] = {}
    checked = []
    for line in lines:
        one = line.entry
        key = (one.authority, one.function, one.holder, one.valid_from) if one else (line.number,)
        first = seen.setdefault(key, line.number)
        again = [] if first == line.number else [f"Linjen står allerede som linje {first}."]
        checked.append(Line(line.number, None if again else one, [*line.errors, *again]))
    return checked

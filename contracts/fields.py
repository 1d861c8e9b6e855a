"""docs/data-protection/fields.md: every field that can hold personal data, and what happens to it.

Fields of events are read from the contracts, columns from docs/data-protection/columns/<database>.toml, which a test
holds against the databases' own catalogue. `python -m contracts.catalogue` writes the page.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from contracts.event import Event, schema_of
from contracts.personal import Personal, personal_of, sensitive_kind

ROOT = Path(__file__).parent.parent
COLUMNS = ROOT / "docs" / "data-protection" / "columns"
PAGE = ROOT / "docs" / "data-protection" / "fields.md"

CHASSIS = "chassis"
"""The tables that stand in every service's database."""
CHASSIS_WEB = "chassis_web"
"""The tables that stand where a service has pages of signed-in people: its migration calls `provide_web_sessions()`."""
TITLES = {CHASSIS: "Every service's database", CHASSIS_WEB: "Databases of services with pages of signed-in people"}

FATES = ("kept", "shredded", "erased")
KEYS = {*FATES, "activities", "sealed", "sensitive", *Personal}


@dataclass(frozen=True, slots=True)
class Column:
    """What one column can hold about a person, and how it lies there."""

    name: str
    personal: Personal
    sealed: str
    """Under what it is encrypted or hashed; nothing when it lies readable."""
    sensitive: str
    """Why data of a sensitive kind is strictly necessary there; nothing when it holds none."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a database, with what becomes of its rows."""

    database: str
    name: str
    activities: tuple[str, ...]
    """The processing activities (contracts/processing.toml) that it serves."""
    kept: str
    shredded: str
    """What `PersonShredded` does."""
    erased: str
    """What the erasure of a case does."""
    columns: tuple[Column, ...]

    @property
    def personal(self) -> tuple[Column, ...]:
        """Return the columns that can hold personal data."""
        return tuple(column for column in self.columns if column.personal is not Personal.NONE)


@cache
def tables(folder: Path = COLUMNS) -> tuple[Table, ...]:
    """Return every table that is spoken of, by database."""
    files = sorted(folder.glob("*.toml"))
    return tuple(_table(file.stem, name, said) for file in files for name, said in _read(file).items())


def _read(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _table(database: str, name: str, said: Mapping[str, Any]) -> Table:
    if unknown := set(said) - KEYS:
        message = f"{database}.toml: {name}: unknown {sorted(unknown)}"
        raise ValueError(message)
    sealed, sensitive = said.get("sealed", {}), said.get("sensitive", {})
    columns = [
        Column(column, personal, sealed.get(column, ""), sensitive.get(column, ""))
        for personal in Personal
        for column in said.get(personal, ())
    ]
    fates = [str(said.get(fate, "")) for fate in FATES]
    return Table(database, name, tuple(said.get("activities", ())), fates[0], fates[1], fates[2], tuple(columns))


def faults(events: list[type[Event]]) -> list[str]:
    """Return what is missing: a field that takes any text and is not tagged, a fate or a reason that is not told."""
    return [*_faults_of_events(events), *(fault for table in tables() for fault in _faults_of_table(table))]


def _faults_of_events(events: list[type[Event]]) -> Iterator[str]:
    for event in events:
        for name, schema in schema_of(event)["properties"].items():
            place = f"{event.__name__}.{name}"
            if personal_of(name, schema, about_a_person=event.about_a_person) is None:
                yield f"{place}: takes any text; say what it can hold with da(…, personal=…)"
            if sensitive_kind(name) and not schema.get("sensitive"):
                yield f"{place}: {sensitive_kind(name)}; say with da(…, sensitive=…) why it is strictly necessary"


def _faults_of_table(table: Table) -> Iterator[str]:
    place = f"{table.database}.{table.name}"
    names = [column.name for column in table.columns]
    yield from (f"{place}.{name}: stands twice" for name in sorted(set(names)) if names.count(name) > 1)
    for column in table.columns:
        if sensitive_kind(column.name) and not column.sensitive:
            yield f"{place}.{column.name}: {sensitive_kind(column.name)}; say under `sensitive` why it is necessary"
        if column.personal in {Personal.IDENTITY, Personal.TEXT, Personal.KEY} and not column.sealed:
            yield f"{place}.{column.name}: {column.personal} lies readable; say under `sealed` how it is encrypted"
    missing = [fate for fate in FATES if not getattr(table, fate)]
    if table.personal and (missing or not table.activities):
        yield f"{place}: {', '.join(missing or ['activities'])} not told"


# --- docs/data-protection/fields.md ---------------------------------------------------------------------------------

HEAD = """# Every field that can hold personal data

Generated by `python -m contracts.catalogue`; do not edit. Fields of events come from the contracts, columns from
`docs/data-protection/columns/`, which a test holds against the databases' own catalogue: a column that stands in no
row, or a row that names no column, fails.

| category | is |
| --- | --- |
| identity | who somebody is: CPR number, name, address, birth date |
| text | words that somebody wrote about a person |
| key | opens what is sealed about one person |
| person | the opaque id of a citizen, or a keyed hash: nobody without `persons`, and always the same somebody |
| case | says something about one person together with an id beside it: an id, a code, a time, a number |
| staff | who did something at work: the subject of an access token, a named holder of a public office |

Identity and text stand nowhere unsealed. When a person's key is shredded, no id of that person leads to anybody.
"""

EVENTS = """
## Events

A record stays 35 days on its topic and in mailboxes, and in the `event` table of who told it as long as the case.
Nothing in it is sealed, because nothing in it says who anybody is. `PersonShredded`: its ids name nobody any more.
Erasure: the rows of `event` are deleted, records of access excepted, and `CaseErased` is told; the topics' copies run
out after 35 days.

| event | fields | category |
| --- | --- | --- |
"""

TABLE_HEAD = """| table | columns | category | sealed under | kept | `PersonShredded` | erasure |
| --- | --- | --- | --- | --- | --- | --- |
"""


def page(events: list[type[Event]]) -> str:
    """Return the page: fields of events, then the tables of each database."""
    databases = sorted({table.database for table in tables()}, key=lambda name: (name not in TITLES, name))
    return HEAD + EVENTS + "".join(_event_rows(events)) + "".join(_database(name) for name in databases)


def _event_rows(events: list[type[Event]]) -> Iterator[str]:
    """Yield a row for the fields of an event that can hold the same."""
    for event in events:
        alike: dict[str, list[str]] = {}
        for name, schema in schema_of(event)["properties"].items():
            personal = personal_of(name, schema, about_a_person=event.about_a_person)
            if personal is not None and personal is not Personal.NONE:
                alike.setdefault(_category(personal, schema.get("sensitive", "")), []).append(f"`{name}`")
        yield from (f"| {event.__name__} | {', '.join(names)} | {category} |\n" for category, names in alike.items())


def _category(personal: Personal, sensitive: str) -> str:
    return f"{personal}, **sensitive**: {sensitive}" if sensitive else str(personal)


def _database(name: str) -> str:
    title = TITLES.get(name, f"Database `{name}`")
    own = [table for table in tables() if table.database == name]
    rows = "".join(row for table in own for row in _rows(table))
    harmless = ", ".join(f"`{table.name}`" for table in own if not table.personal)
    told = f"\nNo personal data: {harmless}.\n" if harmless else ""
    return f"\n## {title}\n\n{TABLE_HEAD}{rows}{told}" if rows else f"\n## {title}\n\nNo personal data.\n"


def _rows(table: Table) -> Iterator[str]:
    """Yield a row for the columns that lie in the same way."""
    alike: dict[tuple[str, str], list[str]] = {}
    for column in table.personal:
        category = _category(column.personal, column.sensitive)
        alike.setdefault((category, column.sealed), []).append(f"`{column.name}`")
    fates = f"{table.kept} | {table.shredded} | {table.erased}"
    for (category, sealed), names in alike.items():
        yield f"| `{table.name}` | {', '.join(names)} | {category} | {sealed or '—'} | {fates} |\n"

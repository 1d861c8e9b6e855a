"""The plan as a document: its text word for word, and the facts in it that a reader looks for.

Plain dataclasses: the same shape is sent by the secretariat, hashed, kept and shown, so nothing is translated.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, is_dataclass
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import StringConstraints

from contracts.codes import Kommunekode
from contracts.form import Truth, Whole
from services.councils.domain.closed import Closed

REF = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
Ref = Annotated[str, StringConstraints(pattern=REF)]
"""The id of something that lies elsewhere, in lower case: JSON has no kind of its own for it."""


class SectionRole(StrEnum):
    """The three sub-sections that part one must have (O-0-02)."""

    ORGANISATION = "organisation"
    INTERPLAY = "interplay"
    PRIORITIES = "priorities"


@dataclass(frozen=True, slots=True)
class Paragraph(Closed):
    """Running text."""

    kind: Literal["paragraph"]
    text: str


@dataclass(frozen=True, slots=True)
class BulletList(Closed):
    """A list; one that names designated areas carries the caveat with it."""

    kind: Literal["list"]
    items: tuple[str, ...]
    caveat_da: str | None = None


@dataclass(frozen=True, slots=True)
class Section(Closed):
    """A numbered section with what stands in it and below it."""

    number: str
    heading: str
    blocks: tuple[Paragraph | BulletList, ...] = ()
    sections: tuple["Section", ...] = ()
    role: SectionRole | None = None
    note: str | None = None
    """What we say about the section that the plan doesn't: that the source is empty here."""


@dataclass(frozen=True, slots=True)
class Foreword(Closed):
    """What stands before part one."""

    heading: str
    blocks: tuple[Paragraph | BulletList, ...] = ()


@dataclass(frozen=True, slots=True)
class Part(Closed):
    """One of the plan's two parts."""

    number: Literal[1, 2]
    heading: str
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True)
class FocusArea(Closed):
    """An area that the kredsraad has chosen to focus on (plan §3)."""

    title: str
    level: Literal["kredsraad"]
    approach: tuple[Literal["individ", "strukturel"], ...] = ()


@dataclass(frozen=True, slots=True)
class LocalFocusAreas(Closed):
    """The areas that one lokalraad has chosen; empty ones say why (O-3-07)."""

    kommunekode: Kommunekode
    titles: tuple[str, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class PrimaryArea(Closed):
    """A section that the lokalraad named here must take up in the plan's year (O-4-05)."""

    section: str
    title: str
    lokalraad: tuple[Kommunekode, ...]


@dataclass(frozen=True, slots=True)
class Area(Closed):
    """A housing area on one of the ministry's lists; unnamed where the source does not name it."""

    name: str | None = None
    kommunekode: Kommunekode | None = None
    crime_criterion: Truth | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class AreaList(Closed):
    """One of the ministry's lists, as far as it touches the district; an empty one is a fact (O-4.1-01)."""

    kind: Literal["parallelsamfund", "forebyggelsesomraade", "udsat"]
    year: Whole
    issuer: str
    count: Whole
    caveat_da: str | None = None
    areas: tuple[Area, ...] = ()


@dataclass(frozen=True, slots=True)
class InitiativeRef(Closed):
    """An initiative that the plan sets going or carries on; what comes of it lies with the initiative itself."""

    initiative_id: Ref
    title: str
    section: str | None = None
    """The section, or of a local plan the work area, that it belongs to."""


@dataclass(frozen=True, slots=True)
class Agreement(Closed):
    """The political agreement that part two describes (O-4-01)."""

    title: str
    agreed: str
    first_year: Whole
    last_year: Whole
    pejlemaerker: tuple[str, ...]
    area_count: Whole
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Document(Closed):
    """One plan, whole."""

    title: str
    year: Whole
    foreword: Foreword
    parts: tuple[Part, ...]
    annexes: tuple[Section, ...] = ()
    focus_areas: tuple[FocusArea, ...] = ()
    local_focus_areas: tuple[LocalFocusAreas, ...] = ()
    primary_areas: tuple[PrimaryArea, ...] = ()
    area_lists: tuple[AreaList, ...] = ()
    agreement: Agreement | None = None
    source_notes: tuple[str, ...] = ()
    initiatives: tuple[InitiativeRef, ...] | None = None
    """Left out where there are none, so that the checksum of what was signed earlier stays."""


def as_data(document: Document) -> dict[str, Any]:
    """Return a document as plain data, as everyone reads it; what is not said is left out."""
    data: dict[str, Any] = without_none(asdict(document))
    return data


def as_json(document: Document) -> str:
    """Return the one JSON text of a document: what is hashed and kept."""
    return json.dumps(as_data(document), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256_of(document: Document) -> str:
    """Return the checksum of a document's JSON text."""
    return hashlib.sha256(as_json(document).encode()).hexdigest()


def missing_sections(document: Document) -> list[str]:
    """Name what must be written before a plan can be discussed: both parts, and three sub-sections (O-0-02)."""
    parts = {part.number: part.sections for part in document.parts}
    written = {section.role for section in parts.get(1, ()) if has_text(section)}
    missing = [f"del1.{role}" for role in SectionRole if role not in written]
    if not any(has_text(section) for section in parts.get(2, ())):
        missing.append("del2")
    return missing


def texts_of(value: object) -> Iterator[str]:
    """Walk every text of a document, or of a part of it; ids are no text."""
    if isinstance(value, str):
        yield from () if re.fullmatch(REF, value) else (value,)
    elif isinstance(value, dict):
        yield from texts_of(list(value.values()))
    elif isinstance(value, list | tuple):
        for each in value:
            yield from texts_of(each)
    elif is_dataclass(value) and not isinstance(value, type):
        yield from texts_of(asdict(value))


def has_text(section: Section) -> bool:
    """Tell whether anything stands in a section or below it."""
    return any(_text(block).strip() for block in section.blocks) or any(has_text(below) for below in section.sections)


def all_sections(document: Document) -> Iterator[Section]:
    """Walk the sections of parts and annexes in the order in which they are read."""
    for part in document.parts:
        yield from _walk(part.sections)
    yield from _walk(document.annexes)


def areas_without_caveat(document: Document) -> bool:
    """Tell whether areas stand somewhere without the plan's caveat about the crime criterion (O-4.1-06)."""
    lists = document.area_lists
    named = {area.name for one in lists for area in one.areas if area.name and area.crime_criterion}
    bare_list = any(not one.caveat_da for one in lists for area in one.areas if area.crime_criterion)
    return bare_list or any(
        not block.caveat_da
        for section in all_sections(document)
        for block in section.blocks
        if isinstance(block, BulletList) and any(name in item for item in block.items for name in named)
    )


def _walk(sections: tuple[Section, ...]) -> Iterator[Section]:
    for section in sections:
        yield section
        yield from _walk(section.sections)


def _text(block: Paragraph | BulletList) -> str:
    return block.text if isinstance(block, Paragraph) else " ".join(block.items)


def without_none(value: Any) -> Any:  # noqa: ANN401  any JSON value
    """Return plain data without what is not said."""
    if isinstance(value, dict):
        return {key: without_none(each) for key, each in value.items() if each is not None}
    if isinstance(value, list | tuple):
        return [without_none(each) for each in value]
    return value

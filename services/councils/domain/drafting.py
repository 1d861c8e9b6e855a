"""A plan's text changed piece by piece: what somebody else has changed meanwhile is never written over.

It works on plans as data, as `comparing` does, and never on the text that it is given.
"""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from contracts.refusal import Refusal
from services.councils.domain.comparing import passages
from services.councils.domain.plain_text import blocks_of, text_of

Data = dict[str, Any]
Nodes = list[Data]


class PieceChanged(Refusal):
    """Somebody else has saved this piece since it was read."""

    slug = "plan-piece-changed"
    title = "En anden har gemt det samme afsnit, siden du åbnede det."
    todo = "Begge tekster står her på siden. Ret din tekst til, og gem den igen."


class PieceMissing(Refusal):
    """The piece stands no more in the plan: it was removed or got another number."""

    slug = "plan-piece-missing"
    title = "Afsnittet findes ikke i planen længere: det er slettet eller har fået et andet nummer."
    todo = "Din tekst står her på siden. Kopiér den ind i det rette afsnit."


class NumberTaken(Refusal):
    """Two sections beside each other cannot have one number."""

    slug = "plan-number-taken"
    status = 422
    title = "Der er allerede et afsnit med det nummer."
    todo = "Giv afsnittet et andet nummer."


class SectionMustStay(Refusal):
    """Part one has three sections that a plan cannot be without (O-0-02)."""

    slug = "plan-section-must-stay"
    status = 422
    title = "Afsnittet skal stå i planen (regel O-0-02, planens del 1)."
    todo = "Skriv det om i stedet."


class TextUnreadable(Refusal):
    """The words would make no plan."""

    slug = "plan-text-unreadable"
    status = 422
    title = "Teksten kan ikke blive en plan: noget mangler eller har en form, som planen ikke kan have."
    todo = "Se felterne igennem, og prøv igen."


class Kind(StrEnum):
    """What a piece is."""

    FOREWORD = "foreword"
    SECTION = "section"
    AREA = "area"


ENDS = {
    "del-1": (1, "sections"),
    "del-2": (2, "sections"),
    "bilag": (0, "annexes"),
    "omraader": (0, "work_areas"),
    "afsnit": (0, "sections"),
}
"""Where a new piece may stand last, by its word in an address: the part it is of, and the list there."""
OF_LOCAL_PLANS = frozenset({"omraader", "afsnit"})


@dataclass(frozen=True, slots=True)
class Words:
    """What stands in a piece, as it is typed."""

    number: str
    heading: str
    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a plan, where it stands."""

    address: str
    """What it is called in an address: it follows the piece from version to version."""
    kind: Kind
    depth: int
    words: Words
    node: Data
    siblings: Nodes
    """The list that it stands in; empty of a foreword."""


def pieces(document: Data) -> list[Piece]:
    """Return a plan's pieces in the order in which they are read."""
    found: list[Piece] = []
    seen: dict[str, int] = {}
    for passage, (kind, depth, node, siblings) in zip(passages(document), _nodes(document), strict=True):
        seen[passage.key] = seen.get(passage.key, 0) + 1
        again = f"~{seen[passage.key]}" if seen[passage.key] > 1 else ""
        address = passage.key.replace(" ", "_") + again
        found.append(Piece(address, kind, depth, _words(kind, node), node, siblings))
    return found


def piece(document: Data, address: str) -> Piece:
    """Return one piece; PieceMissing where it stands no more."""
    for one in pieces(document):
        if one.address == address:
            return one
    raise PieceMissing


def written(seen: Data, now: Data, address: str, words: Words) -> Data:
    """Return the plan with other words in a piece.

    Args:
        seen: the version that the writer read.
        now: the newest one.
        address: of the piece.
        words: what is to stand there.

    Raises:
        PieceChanged: the piece is another than the one that was read.
        PieceMissing: it stands no more in the plan.
        NumberTaken: a section beside it has the number.
    """
    _require_seen(seen, now, address)
    changed = deepcopy(now)
    one = piece(changed, address)
    if words == one.words:
        return now
    _require_free(one.siblings, words.number, besides=one.node)
    _write(one, words)
    return changed


def added(now: Data, after: str, words: Words, *, below: bool) -> tuple[Data, str]:
    """Return the plan with a new piece, and the new one's address.

    Args:
        now: the newest version.
        after: the piece that it stands after, or one of `ENDS`.
        words: what stands in it.
        below: it becomes the last below that piece instead.

    Raises:
        PieceMissing: the other one stands no more in the plan.
        NumberTaken: a section beside it has the number.
    """
    changed = deepcopy(now)
    kind, siblings, at = _end(changed, after) if after in ENDS else _at(changed, after, below=below)
    node = _new(kind, words)
    _require_free(siblings, words.number)
    siblings.insert(at, node)
    return changed, next(each.address for each in pieces(changed) if each.node is node)


def removed(seen: Data, now: Data, address: str) -> Data:
    """Return the plan without a piece and what stands below it.

    Raises:
        PieceChanged: it, or something below it, is another than what was read.
        PieceMissing: it stands no more in the plan.
        SectionMustStay: it is one of those that a plan must have.
    """
    current = piece(now, address)
    if piece(seen, address).node != current.node:
        raise PieceChanged
    if current.node.get("role"):
        raise SectionMustStay
    changed = deepcopy(now)
    one = piece(changed, address)
    if not one.siblings:
        raise PieceMissing
    one.siblings[:] = [each for each in one.siblings if each is not one.node]
    return changed


def moved(now: Data, address: str, by: int) -> Data:
    """Return the plan with a piece one place further up (-1) or down (1) among those beside it."""
    changed = deepcopy(now)
    one = piece(changed, address)
    at = next((at for at, each in enumerate(one.siblings) if each is one.node), 0)
    if one.siblings and 0 <= at + by < len(one.siblings):
        one.siblings.insert(at + by, one.siblings.pop(at))
    return changed


def appended(now: Data, address: str, title: str, text: str) -> Data:
    """Return the plan with something taken in at the end of a piece's text, under its title."""
    one = piece(now, address)
    more = f"{title}\n\n{text}" if title else text
    whole = f"{one.words.text}\n\n{more}" if one.words.text else more
    return written(now, now, address, Words(one.words.number, one.words.heading, whole, one.words.note))


def _require_seen(seen: Data, now: Data, address: str) -> None:
    current = piece(now, address)
    if piece(seen, address).words != current.words:
        raise PieceChanged


def _require_free(siblings: Nodes, number: str, besides: Data | None = None) -> None:
    if number and any(each["number"] == number for each in siblings if each is not besides):
        raise NumberTaken


def _words(kind: Kind, node: Data) -> Words:
    if kind is Kind.AREA:
        return Words(node["number"], node["title"], text_of(node.get("description", ())))
    return Words(node.get("number", ""), node["heading"], text_of(node.get("blocks", ())), node.get("note", ""))


def _write(one: Piece, words: Words) -> None:
    node, is_area = one.node, one.kind is Kind.AREA
    if words.text != one.words.text:
        node["description" if is_area else "blocks"] = blocks_of(words.text)
    node["title" if is_area else "heading"] = words.heading
    if is_area:
        node["number"] = words.number
    if one.kind is Kind.SECTION:
        node["number"] = words.number
        node.pop("note", None)
        node |= {"note": words.note} if words.note else {}


def _new(kind: Kind, words: Words) -> Data:
    if kind is Kind.AREA:
        return {"number": words.number, "title": words.heading, "description": blocks_of(words.text)}
    note = {"note": words.note} if words.note else {}
    return {"number": words.number, "heading": words.heading, "blocks": blocks_of(words.text)} | note


def _at(document: Data, after: str, *, below: bool) -> tuple[Kind, Nodes, int]:
    """Return where a piece stands that comes after another one; after the foreword it is the first of part one."""
    one = piece(document, after)
    if one.kind is Kind.FOREWORD:
        return Kind.SECTION, document["parts"][0].setdefault("sections", []), 0
    if below and one.kind is Kind.SECTION:
        inside: Nodes = one.node.setdefault("sections", [])
        return one.kind, inside, len(inside)
    at = next(at for at, each in enumerate(one.siblings) if each is one.node)
    return one.kind, one.siblings, at + 1


def _end(document: Data, where: str) -> tuple[Kind, Nodes, int]:
    holder, name = ENDS[where]
    of = document
    if holder:
        of = next((part for part in document.get("parts", ()) if part["number"] == holder), {})
    if not of or ("parts" in document) is (where in OF_LOCAL_PLANS):
        raise PieceMissing
    siblings: Nodes = of.setdefault(name, [])
    return Kind.AREA if name == "work_areas" else Kind.SECTION, siblings, len(siblings)


_Node = tuple[Kind, int, Data, Nodes]


def _nodes(document: Data) -> Iterator[_Node]:
    """Walk as `passages` does."""
    if "foreword" in document:
        yield Kind.FOREWORD, 0, document["foreword"], []
    for part in document.get("parts", ()):
        yield from _below(part.get("sections", []), 0)
    areas = document.get("work_areas", [])
    yield from ((Kind.AREA, 0, area, areas) for area in areas)
    yield from _below(document.get("sections", []), 0)
    yield from _below(document.get("annexes", []), 0)


def _below(sections: Nodes, depth: int) -> Iterator[_Node]:
    for one in sections:
        yield Kind.SECTION, depth, one, sections
        yield from _below(one.get("sections", []), depth + 1)


Change = Callable[[Data, Data], Data]
"""What somebody does to a plan: takes the version that was read and the newest one, returns the next."""

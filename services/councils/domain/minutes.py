"""What became of each point, and the minutes that say so; nobody sees more of them than they may."""

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.councils.domain.agendas import Item, ItemState, Origin
from services.councils.domain.meeting_refusals import NotQuorate, OutcomeDoesNotFit, PointsOpen, PointTreated
from services.councils.domain.meetings import Meeting

Document = dict[str, Any]


class Outcome(StrEnum):
    """What became of a point."""

    NOTED = "noted"
    APPROVED = "approved"
    """Of a formal point: the agenda, or the minutes of the last meeting."""
    DISCUSSED = "discussed"
    DECIDED = "decided"
    START = "start"
    NOT_START = "not_start"
    PUT_OFF = "put_off"
    CARRIED = "carried"
    """The same point comes on the next agenda (samme punkt)."""


DECISIONS = frozenset({Outcome.DECIDED, Outcome.START, Outcome.NOT_START, Outcome.PUT_OFF})
TREATS_A_TOPIC = frozenset({Outcome.DISCUSSED, Outcome.DECIDED, Outcome.START, Outcome.NOT_START})
"""With which a standing topic counts as treated in the year."""


@dataclass(frozen=True, slots=True)
class Result:
    """What the secretary writes of a point."""

    outcome: Outcome
    text: str
    decision: str = ""
    put_off_to: date | None = None
    to_carry_out: bool = False


def require_fits(item: Item, meeting: Meeting, result: Result) -> None:
    """Refuse an outcome that does not hang together, or that the council could not reach.

    Raises:
        PointTreated: it is closed already, or left out.
        OutcomeDoesNotFit: a decision has no words, a day is missing or past, or a mandatory point is carried over.
        NotQuorate: a decision without quorum; putting a point off needs none.
    """
    if item.state is not ItemState.PLACED:
        raise PointTreated
    decides = result.outcome in DECISIONS
    fits = bool(result.decision) is decides and (result.put_off_to is not None) is (result.outcome is Outcome.PUT_OFF)
    later = result.put_off_to is None or result.put_off_to > meeting.day
    # A matter waits again when it is put off to a day; carrying it over would leave a mandatory point without an end.
    carried_matter = result.outcome is Outcome.CARRIED and item.matter_id is not None
    formal = result.outcome is not Outcome.APPROVED or item.came_by is Origin.FORMAL
    to_all = not result.to_carry_out or result.outcome is Outcome.DECIDED
    if not (fits and later and formal and to_all) or carried_matter:
        raise OutcomeDoesNotFit
    if decides and not meeting.quorate and result.outcome is not Outcome.PUT_OFF:
        raise NotQuorate(missing=meeting.lacking)


def require_all_treated(items: Iterable[Item]) -> None:
    """Refuse minutes while a point has no outcome."""
    open_ones = [item.title for item in items if item.state is ItemState.PLACED]
    if open_ones:
        raise PointsOpen(points="; ".join(open_ones))


def sha256_of(document: Document) -> str:
    """Return the checksum of minutes: SHA-256 of JSON with sorted keys, no spaces and no escapes."""
    written = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(written.encode()).hexdigest()


def words_of(document: Document, item_id: UUID) -> tuple[str, str] | None:
    """Return what minutes say of a point and of its decision; None where it does not stand in them."""
    found = (one for one in document["items"] if one["item_id"] == str(item_id))
    return next(((one["text"], one["decision"] or "") for one in found), None)


def for_reader(document: Document, roles: Collection[str], *, keeps: bool) -> Document:
    """Return minutes as somebody reads them: a confidential point that is not theirs keeps its number alone."""
    return document | {"items": [_shown(item, roles, keeps=keeps) for item in document["items"]]}


def for_everyone(document: Document) -> Document:
    """Return minutes as they are published: confidential points are left out, and so are deputies and guests."""
    items = [_without_readers(item) for item in document["items"] if not item["confidential"]]
    attendance = [{"seat": one["seat"], "status": one["status"]} for one in document["attendance"]]
    left_out = [one for one in document["left_out"] if not one["confidential"]]
    return {**document, "items": items, "left_out": left_out, "attendance": attendance, "guests": []}


def _shown(item: Document, roles: Collection[str], *, keeps: bool) -> Document:
    if not item["confidential"] or keeps or set(roles) & set(item["readers"]):
        return item
    return {"no": item["no"], "item_id": item["item_id"], "confidential": True, "readers": [], "title": "Lukket punkt"}


def _without_readers(item: Document) -> Document:
    return {name: value for name, value in item.items() if name not in {"confidential", "readers"}}

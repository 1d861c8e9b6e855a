"""Papers of a meeting: entered at a point of its agenda, marked as late where they are, and put in another's place."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from chassis.database import Tx
from chassis.ids import new_id
from contracts.refusal import NotFound
from services.councils.domain.agendas import ItemState
from services.councils.domain.meeting_refusals import MeetingNotInThisState
from services.councils.domain.meetings import Meeting, State
from services.councils.domain.papers import Content, Paper, PaperIsThere, PointNotOnAgenda
from services.councils.store import agendas, papers

OVER = frozenset({State.CANCELLED, State.CLOSED})
"""Nothing more is laid before a meeting that was called off, or whose minutes are closed."""
REPLACED = "Erstattet af en ny fil."

Pieces = Callable[[], Iterable[bytes]]
"""Gives a file's content from its beginning, as often as it is asked for."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is said about a new paper."""

    item_id: UUID
    title: str
    confidential: bool = True


async def enter(tx: Tx, meeting: Meeting, entry: Entry, content: Content, pieces: Pieces) -> UUID:
    """Keep a file as a paper of a point of a locked meeting; return its id.

    Raises:
        MeetingNotInThisState: the meeting was called off or is closed.
        PointNotOnAgenda: the point stands on another agenda, or on none any more.
        PaperIsThere: the point has this very file.
    """
    _require_open(meeting)
    item = await agendas.found(tx, entry.item_id)
    if item is None or item.meeting_id != meeting.id or item.state is ItemState.WITHDRAWN:
        raise PointNotOnAgenda
    if await papers.lies_at(tx, item.id, content.sha256):
        raise PaperIsThere
    await papers.add_content(tx, content, pieces())
    # What comes after the agenda was sent has not been read by whoever prepared by it.
    late = meeting.agenda_sent_at is not None
    new = Paper(new_id(), meeting.body_id, entry.title, content, item.id, entry.confidential, late)
    await papers.add(tx, new)
    return new.id


async def replace(tx: Tx, meeting: Meeting, old: Paper, content: Content, pieces: Pieces) -> UUID:
    """Put another file in the place of a paper, under its title; return the new one's id."""
    if old.item_id is None:
        raise NotFound
    entered = await enter(tx, meeting, Entry(old.item_id, old.title, old.confidential), content, pieces)
    await papers.withdraw(tx, old.id, REPLACED)
    return entered


async def of_meeting(tx: Tx, meeting: Meeting, paper_id: UUID) -> Paper:
    """Return a paper that lies at a point of a meeting; NotFound where it does not, or is withdrawn."""
    paper = await papers.found(tx, paper_id)
    item = await agendas.found(tx, paper.item_id) if paper and paper.item_id else None
    if paper is None or item is None or item.meeting_id != meeting.id:
        raise NotFound
    return paper


async def withdraw(tx: Tx, meeting: Meeting, paper_id: UUID, why: str) -> None:
    """Withdraw a paper of a meeting, with the reason; it is shown no more."""
    _require_open(meeting)
    paper = await of_meeting(tx, meeting, paper_id)
    await papers.withdraw(tx, paper.id, why)


def _require_open(meeting: Meeting) -> None:
    if meeting.state in OVER:
        raise MeetingNotInThisState(state=meeting.state)

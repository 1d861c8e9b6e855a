"""A member proposes other words for the minutes; the secretary takes them over as a new edition, or says why not."""

from typing import Any
from uuid import UUID

from chassis.database import Tx
from contracts.refusal import NotFound
from services.councils.domain import meetings
from services.councils.domain.agendas import Item
from services.councils.domain.bodies import Body
from services.councils.domain.corrections import (
    AnotherEdition,
    AnswerNeedsReason,
    CorrectionIsAnswered,
    NothingIsCorrected,
    PointCorrectedSince,
    ProposedAlready,
)
from services.councils.domain.meeting_refusals import MeetingNotInThisState
from services.councils.domain.meetings import Meeting, State
from services.councils.domain.minutes import words_of
from services.councils.handlers import minutes
from services.councils.handlers.agendas import item_of
from services.councils.store import corrections as store
from services.councils.store import meetings as kept
from services.councils.store import minutes as editions
from services.councils.store.corrections import Proposal

TAKEN_OVER = "Rettet efter forslag fra et medlem."


async def propose(tx: Tx, meeting: Meeting, item: Item, new: Proposal, edition: int) -> UUID:
    """Propose other words of a point, and of its decision where it has one; return the proposal.

    Raises:
        MeetingNotInThisState: the minutes are no draft.
        AnotherEdition: they were changed since they were read.
        NothingIsCorrected, ProposedAlready.
    """
    if meeting.state is not State.MINUTES_DRAFTED:
        raise MeetingNotInThisState(state=meeting.state.value)
    last = await minutes.newest(tx, meeting)
    if last.edition != edition:
        raise AnotherEdition
    now = words_of(last.document, item.id)
    if now is None:
        raise NotFound
    if now == (new.text, new.decision or now[1]):
        raise NothingIsCorrected
    correction_id = await store.add(tx, last, meeting.body_id, new)
    if correction_id is None:
        raise ProposedAlready
    return correction_id


async def accept(tx: Tx, body: Body, meeting: Meeting, correction_id: UUID, expected: int) -> Meeting:
    """Take a proposal over, word for word: a new edition, which is answered anew.

    Raises:
        CorrectionIsAnswered: it has its answer.
        PointCorrectedSince: the point says something else by now.
    """
    proposal = await _unanswered(tx, meeting, correction_id)
    read = await editions.of_edition(tx, meeting.id, proposal["edition"])
    last = await minutes.newest(tx, meeting)
    item = await item_of(tx, meeting, proposal["item_id"])
    if read is None or words_of(read.document, item.id) != words_of(last.document, item.id):
        raise PointCorrectedSince
    words = (proposal["text"], proposal["decision"])
    after = await minutes.correct(tx, body, meeting, item, words, TAKEN_OVER, expected)
    await store.answered(tx, correction_id, "", accepted=True)
    return after


async def refuse(tx: Tx, meeting: Meeting, correction_id: UUID, why: str, expected: int) -> Meeting:
    """Refuse a proposal with the reason; the minutes stay as they are.

    Raises:
        CorrectionIsAnswered, AnswerNeedsReason.
    """
    after = meetings.touched(meeting, expected, State.MINUTES_DRAFTED)
    if not why:
        raise AnswerNeedsReason
    await _unanswered(tx, meeting, correction_id)
    await store.answered(tx, correction_id, why, accepted=False)
    await kept.save(tx, meeting, after)
    return after


async def _unanswered(tx: Tx, meeting: Meeting, correction_id: UUID) -> dict[str, Any]:
    found = await store.locked(tx, meeting.id, correction_id)
    if found is None:
        raise NotFound
    if found["accepted"] is not None:
        raise CorrectionIsAnswered
    return found

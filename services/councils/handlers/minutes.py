"""What became of each point, and the minutes: drafted, corrected, approved at a meeting or in writing, published."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from chassis.database import Tx
from chassis.deadlines import cancel_deadline, due, set_deadline
from chassis.ids import new_id
from contracts.councils.v1.meetings import (
    CouncilMeetingClosed,
    DecisionRecorded,
    DiscussionRecorded,
    MinutesApproved,
    MinutesDrafted,
    MinutesObjected,
    MinutesPublished,
    MinutesRoundOpened,
)
from contracts.hverdage import DANISH_TIME, hverdage_after
from contracts.refusal import NotFound
from services.councils.domain import meetings, minutes
from services.councils.domain.agendas import APPROVE_MINUTES, Item, ItemState, in_order
from services.councils.domain.bodies import Body
from services.councils.domain.corrections import CorrectionsOpen
from services.councils.domain.matters import Treated
from services.councils.domain.meeting_refusals import (
    MeetingNotInThisState,
    MinutesAnsweredAlready,
    MinutesObjectedTo,
    RoundNotOpen,
)
from services.councils.domain.meetings import Meeting, State, day_of
from services.councils.domain.minutes import DECISIONS, Document, Outcome, Result
from services.councils.domain.practice import setting
from services.councils.handlers import mailing
from services.councils.handlers.indicators import after_meeting
from services.councils.handlers.matters import treat
from services.councils.handlers.meeting_actions import agree
from services.councils.handlers.meetings import tell
from services.councils.store import agendas, bodies, clock, corrections, decisions
from services.councils.store import meetings as kept
from services.councils.store import minutes as store
from services.councils.store.decisions import Decision
from services.councils.store.minutes import Minutes

MINUTES_ROUND = "minutes_round"
"""The deadline of a written round; its subject is the meeting."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """Something that an authority agreed to do."""

    task: str
    owner: str
    due: date


async def close_item(
    tx: Tx, body: Body, meeting: Meeting, item: Item, result: Result, agreed: list[Agreed], expected: int
) -> tuple[Meeting, UUID | None]:
    """Record what became of a point of a meeting that was held; return the meeting and the decision, if any.

    Raises:
        OutcomeDoesNotFit: it does not hang together.
        NotQuorate: it decides without quorum.
        MatterNotReady: the plan asks for more before the point may be closed.
    """
    after = meetings.touched(meeting, expected, State.HELD)
    minutes.require_fits(item, meeting, result)
    decision_id = await _decide(tx, body, meeting, item, result)
    await agendas.treat(tx, item.id, result, decision_id)
    for one in agreed:
        await agree(tx, item, one.task, one.owner, one.due)
    if item.matter_id is not None:
        done = Treated(meeting.id, item.id, decision_id, result.outcome.value, result.put_off_to)
        await treat(tx, item.matter_id, done)
    await kept.save(tx, meeting, after)
    about = {"item_id": item.id, "code": item.code or None, "outcome": result.outcome.value}
    await tell(tx, body, meeting.id, DiscussionRecorded, **about, sammenhaeng=item.sammenhaeng is not None)
    if item.code == APPROVE_MINUTES and result.outcome is Outcome.APPROVED:
        await _approve_earlier(tx, body, meeting)
    return after, decision_id


async def draft(tx: Tx, body: Body, meeting: Meeting, expected: int) -> Meeting:
    """Draft the minutes of a meeting, of which every point has an outcome.

    Raises:
        PointsOpen: one has none.
    """
    after = meetings.minuted(meeting, expected)
    items = await agendas.of_meeting(tx, meeting.id)
    minutes.require_all_treated(items)
    await kept.save(tx, meeting, after)
    # Every point has its outcome now: what should have been answered at this meeting and was not is overdue.
    await after_meeting(tx, body.id, meeting.id)
    await _new_edition(tx, body, meeting, 1, "")
    return after


async def correct(
    tx: Tx, body: Body, meeting: Meeting, item: Item, words: tuple[str, str], note: str, expected: int
) -> Meeting:
    """Put the words of a point and its decision right: a new edition, which is answered anew."""
    after = meetings.touched(meeting, expected, State.MINUTES_DRAFTED)
    last = await newest(tx, meeting)
    said, decided = words
    before = (await agendas.results(tx, meeting.id))[item.id]
    decided = decided or before["decided"]
    await agendas.correct(tx, item.id, said, decided if before["decision_id"] else "")
    if before["decision_id"]:
        await decisions.reword(tx, before["decision_id"], decided)
    if last.round_is_open:
        await store.end_round(tx, last)
        await cancel_deadline(tx, kind=MINUTES_ROUND, subject=meeting.id)
        await mailing.ask_no_more(tx, meeting)
    await kept.save(tx, meeting, after)
    await _new_edition(tx, body, meeting, last.edition + 1, note)
    return after


async def open_round(tx: Tx, body: Body, meeting: Meeting, expected: int) -> Meeting:
    """Ask the members to approve in writing, for some hverdage (5 in the councils' practice)."""
    after = meetings.touched(meeting, expected, State.MINUTES_DRAFTED)
    last = await newest(tx, meeting)
    if last.round_ends_at is not None:
        raise MinutesObjectedTo if last.round_ended_at else MeetingNotInThisState(state="round_open")
    today = day_of(await clock.now(tx))
    ends_at = _end_of(hverdage_after(today, setting("round_hverdage")))
    await store.open_round(tx, last, ends_at)
    await set_deadline(tx, kind=MINUTES_ROUND, subject=meeting.id, due_at=ends_at, correlation_id=meeting.id)
    await kept.save(tx, meeting, after)
    await tell(tx, body, meeting.id, MinutesRoundOpened, edition=last.edition, ends_at=ends_at)
    await mailing.ask_round(tx, body, meeting, last.edition, ends_at)
    return after


async def answer(tx: Tx, body_id: UUID, meeting: Meeting, edition: int, objection: str, who: tuple[str, str]) -> None:
    """Record a member's answer with its time; it cannot be undone. The last party's approval ends the round.

    Both ways lead here: sign-in and personal link; `who` is the member's account, or id, and authority.

    Raises:
        RoundNotOpen: nobody is asked about this edition.
        MinutesAnsweredAlready: this member has answered it.
    """
    last = await newest(tx, meeting)
    if not last.round_is_open or last.edition != edition:
        raise RoundNotOpen
    if not await store.answer(tx, meeting, edition, objection, who):
        raise MinutesAnsweredAlready
    body, said = await bodies.found(tx, body_id), await store.answers(tx, last)
    if body is not None and {one["authority"] for one in said} >= set(body.parties):
        now = await clock.now(tx)
        await set_deadline(
            tx, kind=MINUTES_ROUND, subject=meeting.id, due_at=now, correlation_id=meeting.id, at_once=True
        )


@due(MINUTES_ROUND)
async def end_round(meeting_id: UUID, _: datetime, tx: Tx) -> None:
    """End a written round: where nobody objected the minutes are approved, else the objection is told."""
    found = await kept.found(tx, meeting_id)
    body = await bodies.locked(tx, found.body_id) if found else None
    meeting = await kept.locked(tx, meeting_id)
    last = await store.newest(tx, meeting_id)
    if body is None or meeting is None or last is None or not last.round_is_open:
        return
    # A correction that nobody has answered counts as an objection: silence is no consent while it waits.
    waits = await corrections.are_open(tx, meeting_id)
    if not waits and all(one["approves"] for one in await store.answers(tx, last)):
        await _approve(tx, body, meeting, last, "round")
    else:
        await store.end_round(tx, last)
        await mailing.ask_no_more(tx, meeting)
        await tell(tx, body, meeting.id, MinutesObjected, edition=last.edition)


async def close(tx: Tx, body: Body, meeting: Meeting, expected: int, *, publish: bool) -> Meeting:
    """Close a meeting whose minutes are approved; where they are public, everyone reads them from now on."""
    after = meetings.closed(meeting, expected)
    await kept.save(tx, meeting, after)
    if publish:
        last = await newest(tx, meeting)
        sha256 = await store.publish(tx, meeting, minutes.for_everyone(last.document))
        path = f"/meetings/{meeting.id}/minutes"
        await tell(tx, body, meeting.id, MinutesPublished, document_path=path, document_sha256=sha256)
    await tell(tx, body, meeting.id, CouncilMeetingClosed, published=publish)
    return after


async def newest(tx: Tx, meeting: Meeting) -> Minutes:
    """Return a meeting's newest minutes; NotFound where there are none."""
    last = await store.newest(tx, meeting.id)
    if last is None:
        raise NotFound
    return last


async def _decide(tx: Tx, body: Body, meeting: Meeting, item: Item, result: Result) -> UUID | None:
    if result.outcome not in DECISIONS:
        return None
    new = Decision(
        *(new_id(), body.id, meeting.id, item.id, result.decision, result.outcome.value, result.put_off_to),
        *(result.to_carry_out, item.confidential),
    )
    await decisions.add(tx, new)
    about = {"item_id": item.id, "decision_id": new.id, "outcome": new.outcome, "put_off_to": new.put_off_to}
    await tell(tx, body, meeting.id, DecisionRecorded, **about, to_carry_out=new.to_carry_out)
    return new.id


async def _approve_earlier(tx: Tx, body: Body, meeting: Meeting) -> None:
    for earlier in await kept.with_open_minutes(tx, body.id, meeting):
        its = await kept.locked(tx, earlier)
        last = await store.newest(tx, earlier)
        if its is not None and last is not None:
            if await corrections.are_open(tx, earlier):
                raise CorrectionsOpen
            await cancel_deadline(tx, kind=MINUTES_ROUND, subject=earlier)
            await _approve(tx, body, its, last, "meeting")


async def _approve(tx: Tx, body: Body, meeting: Meeting, last: Minutes, how: str) -> None:
    await kept.save(tx, meeting, meetings.approved(meeting))
    await store.approve(tx, last, how)
    await mailing.ask_no_more(tx, meeting)
    await tell(tx, body, meeting.id, MinutesApproved, edition=last.edition, how=how)


async def _new_edition(tx: Tx, body: Body, meeting: Meeting, edition: int, note: str) -> None:
    document = await _document(tx, body, meeting)
    sha256 = await store.add(tx, meeting, edition, document, note)
    await tell(tx, body, meeting.id, MinutesDrafted, edition=edition, document_sha256=sha256)


async def _document(tx: Tx, body: Body, meeting: Meeting) -> Document:
    """Return the minutes as they stand: the meeting, who was there, and each point with what became of it."""
    items = await agendas.of_meeting(tx, meeting.id)
    results = await agendas.results(tx, meeting.id)
    agreed = await agendas.actions(tx, meeting.id)
    treated = [one for one in in_order(items) if one.state is ItemState.TREATED]
    points = [_point(number, one, results[one.id]) for number, one in enumerate(treated, 1)]
    for point in points:
        mine = [one for one in agreed if str(one["item_id"]) == point["item_id"]]
        point["actions"] = [{"task": one["task"], "owner": one["owner"], "due": str(one["due"])} for one in mine]
    left_out = [one for one in items if one.state is ItemState.WITHDRAWN]
    return {
        "body_id": str(body.id),
        "council": body.title,
        "number": meeting.title,
        "ordinary": meeting.ordinary,
        "starts_at": meeting.starts_at.isoformat(),
        "ends_at": meeting.ends_at.isoformat(),
        "place": meeting.place,
        "open_to_public": meeting.open_to_public,
        "quorate": meeting.quorate,
        "lacking": meeting.lacking,
        "attendance": await kept.attendance(tx, meeting.id),
        "guests": await kept.guests(tx, meeting.id),
        "items": points,
        "left_out": [{"title": one.title, "reason": one.reason, "confidential": one.confidential} for one in left_out],
    }


def _point(number: int, item: Item, result: Document) -> Document:
    both = item.sammenhaeng
    return {
        "no": number,
        "item_id": str(item.id),
        "code": item.code,
        "title": item.title,
        "responsible": item.responsible,
        "kind": item.kind.value,
        "paragraph": item.paragraph,
        "sammenhaeng": {"police_task": both.police_task, "municipal_task": both.municipal_task} if both else None,
        "confidential": item.confidential,
        "readers": list(item.readers),
        "text": result["said"],
        "outcome": result["outcome"],
        "decision_id": str(result["decision_id"]) if result["decision_id"] else None,
        "decision": result["decided"],
        "put_off_to": str(result["put_off_to"]) if result["put_off_to"] else None,
        "withheld": result["withheld"],
    }


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(1), time(), DANISH_TIME)

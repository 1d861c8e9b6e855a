"""Building an agenda: what stands on it by itself, what is proposed, and what is left out with a reason."""

from dataclasses import dataclass, replace
from uuid import UUID

from chassis.database import Tx
from chassis.ids import new_id
from contracts.refusal import NotFound
from services.councils.domain import agendas, meetings
from services.councils.domain.agendas import Item, ItemKind, ItemState, Origin, Sammenhaeng, pre_placed
from services.councils.domain.matters import Matter
from services.councils.domain.meeting_refusals import MeetingNotInThisState, PointTreated
from services.councils.domain.meetings import Meeting, State
from services.councils.domain.withholding import NothingWithheld, WithheldAlready
from services.councils.handlers.meetings import wait_again
from services.councils.store import agendas as store
from services.councils.store import matters, withholding
from services.councils.store import meetings as kept

BEFORE = (State.PLANNED, State.CONVENED)


@dataclass(frozen=True, slots=True)
class Words:
    """What a point says."""

    title: str
    kind: ItemKind
    responsible: str = ""
    sammenhaeng: Sammenhaeng | None = None
    confidential: bool = False
    readers: tuple[str, ...] = ()


async def build(tx: Tx, meeting: Meeting, expected: int) -> Meeting:
    """Put on an agenda what belongs there by itself and is not there yet; twice is harmless."""
    after = meetings.touched(meeting, expected, State.PLANNED)
    there = await store.of_meeting(tx, meeting.id)
    place = await store.last_place(tx, meeting.id)
    new = [*_missing_points(meeting, there), *await _waiting(tx, meeting, there), *await _left_open(tx, meeting)]
    for offset, item in enumerate(new, 1):
        await store.add(tx, replace(item, place=place + offset))
        if item.matter_id is not None:
            await matters.place(tx, item.matter_id)
    await kept.save(tx, meeting, after)
    return after


async def propose(tx: Tx, meeting: Meeting, words: Words) -> Item:
    """Put a proposal on an agenda that is not sent, as its secretary or a member (L-29)."""
    if meeting.state is not State.PLANNED:
        raise MeetingNotInThisState(state=meeting.state.value)
    place = await store.last_place(tx, meeting.id) + 1
    item = _with(_blank(meeting, Origin.PROPOSAL, "", words.title, words.kind), words)
    await store.add(tx, replace(item, place=place))
    return item


async def reorder(tx: Tx, meeting: Meeting, wanted: list[UUID], expected: int) -> Meeting:
    """Put the points in another order; formal points and sammenhaeng stay in front (O-1-07)."""
    after = meetings.touched(meeting, expected, *BEFORE)
    items = [one for one in await store.of_meeting(tx, meeting.id) if one.state is ItemState.PLACED]
    await store.place_at(tx, agendas.reordered(items, wanted))
    await kept.save(tx, meeting, after)
    return after


async def change(tx: Tx, meeting: Meeting, item: Item, words: Words, expected: int) -> Meeting:
    """Change the words of a point before the meeting, or who presents and who reads it."""
    after = meetings.touched(meeting, expected, *BEFORE)
    require_placed(item)
    await store.change(tx, _with(item, words))
    await kept.save(tx, meeting, after)
    return after


async def leave_out(tx: Tx, meeting: Meeting, item: Item, reason: str, expected: int) -> Meeting:
    """Leave a point out, with the reason.

    Raises:
        MandatoryPoint: the plan puts it there; it names the paragraph.
    """
    after = meetings.touched(meeting, expected, *BEFORE)
    require_placed(item)
    agendas.require_may_leave_out(item)
    await store.leave_out(tx, item.id, reason)
    await wait_again(tx, item)
    await kept.save(tx, meeting, after)
    return after


async def withhold(tx: Tx, meeting: Meeting, item: Item, reason: str, expected: int) -> Meeting:
    """Record that the chief withholds information on a point for weighty reasons (L-29).

    Raises:
        WithheldAlready: it is withheld for another reason.
    """
    after = meetings.touched(meeting, expected, *BEFORE, State.HELD)
    if not await withholding.add(tx, item, reason):
        raise WithheldAlready
    await kept.save(tx, meeting, after)
    return after


async def release(tx: Tx, meeting: Meeting, item: Item, why: str, expected: int) -> Meeting:
    """Record that what was withheld on a point is released, and why; that it was withheld stays in its history.

    Raises:
        NothingWithheld: there is nothing to release.
    """
    after = meetings.touched(meeting, expected, *BEFORE, State.HELD)
    if not await withholding.release(tx, item.id, why):
        raise NothingWithheld
    await kept.save(tx, meeting, after)
    return after


async def item_of(tx: Tx, meeting: Meeting, item_id: UUID) -> Item:
    """Return a point of a meeting; NotFound where it is another's or none."""
    item = await store.found(tx, item_id)
    if item is None or item.meeting_id != meeting.id:
        raise NotFound
    return item


def require_placed(item: Item) -> None:
    """Refuse to change a point that was left out or treated."""
    if item.state is not ItemState.PLACED:
        raise PointTreated


def _missing_points(meeting: Meeting, there: list[Item]) -> list[Item]:
    known = {one.code for one in there if one.came_by in {Origin.FORMAL, Origin.STANDING}}
    points = pre_placed(meeting.of, ordinary=meeting.ordinary)
    return [_blank(meeting, *point) for point in points if point[1] not in known]


async def _waiting(tx: Tx, meeting: Meeting, there: list[Item]) -> list[Item]:
    """Return the matters that wait; one that was left out of this agenda does not come back to it."""
    left_out = {one.matter_id for one in there}
    found = await matters.waiting(tx, meeting.body_id, meeting.day)
    return [_of_matter(meeting, matter) for matter in found if matter.id not in left_out]


async def _left_open(tx: Tx, meeting: Meeting) -> list[Item]:
    return [
        replace(one, id=new_id(), meeting_id=meeting.id, came_by=Origin.CARRIED, carried_from=one.id, reason="")
        for one in await store.to_carry(tx, meeting)
    ]


def _blank(meeting: Meeting, came_by: Origin, code: str, title: str, kind: ItemKind) -> Item:
    return Item(new_id(), meeting.id, meeting.body_id, 0, came_by, code, title, kind)


def _of_matter(meeting: Meeting, matter: Matter) -> Item:
    kind = ItemKind.BESLUTNING if matter.must_decide else ItemKind.DROEFTELSE
    point = _blank(meeting, Origin.MATTER, matter.kind, matter.title, kind)
    return replace(point, matter_id=matter.id, mandatory=matter.mandatory, paragraph=matter.paragraph)


def _with(item: Item, words: Words) -> Item:
    return replace(
        item,
        title=words.title,
        kind=words.kind,
        responsible=words.responsible,
        sammenhaeng=words.sammenhaeng,
        confidential=words.confidential,
        readers=words.readers,
    )

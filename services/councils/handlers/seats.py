"""Who sits on a council is entered, begins and ends on its very day, and is told without anybody's name."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from chassis.database import Tx
from chassis.deadlines import due, set_deadline
from chassis.ids import new_id
from contracts.councils.v1.seats import (
    ChairTaken,
    LokalraadActivated,
    LokalraadDeactivated,
    MemberLeft,
    MemberSeated,
    SeatKind,
)
from contracts.refusal import NotFound
from services.councils.domain import seating
from services.councils.domain.bodies import Body, BodyKind
from services.councils.domain.naming import Correction, check_spelling
from services.councils.domain.seating import Chairing, Entry, Member
from services.councils.handlers import mailing, vice_chair
from services.councils.handlers.telling import tell
from services.councils.store import bodies, clock, links, naming, seats

DENMARK = ZoneInfo("Europe/Copenhagen")
BEGINS, ENDS = "member_begins", "member_ends"


async def seat(tx: Tx, body: Body, entry: Entry) -> Member:
    """Seat somebody on a council from a day on; whoever holds the place leaves it the day before.

    Raises:
        A refusal of `domain/seating.py seat` and `take_chair`.
    """
    await seats.lock(tx, body.id)
    decided = seating.seat(body, entry, new_id(), await seats.of_body(tx, body.id))
    member, chairs = decided.member, entry.chair and body.kind is BodyKind.LOKALRAAD
    before = await _chair_before(tx, member, entry.valid_from) if chairs else None
    if decided.ends is not None:
        await _end(tx, decided.ends, seating.day_before(entry.valid_from))
    await seats.add(tx, member)
    await seats.reach(tx, member, entry)
    await watch(tx, member)
    if chairs:
        await _chair(tx, member, entry.valid_from, before)
    return member


async def leave(tx: Tx, body_id: UUID, member_id: UUID, last_day: date) -> Member:
    """End somebody's time on a council; NotFound, TermIsOver or TermBackwards where that cannot be."""
    await seats.lock(tx, body_id)
    member = await member_of(tx, body_id, member_id)
    seating.end(member, last_day, await seats.today(tx))
    await _end(tx, member, last_day)
    return member


async def take_chair(tx: Tx, member: Member, day: date) -> None:
    """Let a member chair the lokalraad from a day on, which is told on that day; see `seating.take_chair`."""
    await seats.lock(tx, member.body_id)
    await _chair(tx, member, day, await _chair_before(tx, member, day))


async def _chair_before(tx: Tx, member: Member, day: date) -> Chairing | None:
    return seating.take_chair(member, day, await seats.chairs(tx, member.body_id))


async def _chair(tx: Tx, member: Member, day: date, before: Chairing | None) -> None:
    await seats.chair(tx, member, day, before)
    await _on(tx, "chair_begins", member.id, day, member.body_id)


async def member_of(tx: Tx, body_id: UUID, member_id: UUID) -> Member:
    """Return a member of a council; NotFound where there is none."""
    member = await seats.found(tx, member_id)
    if member is None or member.body_id != body_id:
        raise NotFound
    return member


async def spell(tx: Tx, body_id: UUID, member_id: UUID, was: str, holder: str, reason: str) -> Correction:
    """Put a misspelt name right: nobody's time begins or ends, and no event tells it, for none has a name.

    Raises:
        NotFound, or a refusal of `naming.check_spelling`.
    """
    await seats.lock(tx, body_id)
    member = await member_of(tx, body_id, member_id)
    check_spelling(member, was, holder)
    made = Correction(new_id(), member, holder, reason)
    await naming.correct(tx, made)
    return made


async def work(tx: Tx, body: Body, *, active: bool) -> Body:
    """Put a lokalraad out of work, or take it up again with members of both sides (O-2-01, O-2-06).

    Raises:
        NotALokalraad, ActiveAlready, SideMissing.
    """
    if body.kind is not BodyKind.LOKALRAAD:
        raise seating.NotALokalraad
    if body.active is active:
        raise seating.ActiveAlready
    if active:
        seating.require_both_sides(await seats.of_body(tx, body.id), await seats.today(tx))
    await seats.activate(tx, body.id, active=active)
    told = LokalraadActivated if active else LokalraadDeactivated
    return await tell(tx, body, told(body_id=body.id, parties=body.parties))


async def watch(tx: Tx, member: Member) -> None:
    """Let a member's time begin and end on its very day."""
    await _on(tx, BEGINS, member.id, member.valid_from, member.body_id)
    if member.valid_to is not None:
        await _on(tx, ENDS, member.id, seating.day_after(member.valid_to), member.body_id)


async def watch_ends(tx: Tx, body_id: UUID) -> None:
    """Let the terms of a council that was just established end on their day; what is history stays quiet."""
    today = await seats.today(tx)
    for member in await seats.of_body(tx, body_id):
        if member.valid_to is not None and member.valid_to >= today:
            await _on(tx, ENDS, member.id, seating.day_after(member.valid_to), body_id)


async def _end(tx: Tx, member: Member, last_day: date) -> None:
    await seats.end(tx, member, last_day)
    await _on(tx, ENDS, member.id, seating.day_after(last_day), member.body_id)


async def _on(tx: Tx, kind: str, subject: UUID, day: date, body_id: UUID) -> None:
    at = datetime.combine(day, time(), DENMARK)
    is_due = at <= await clock.now(tx)
    await set_deadline(tx, kind=kind, subject=subject, due_at=at, correlation_id=body_id, at_once=is_due)


@due(BEGINS)
async def _begins(member_id: UUID, _: datetime, tx: Tx) -> None:
    """Tell that somebody's time began; the kredsraad without a vice chair is asked to elect one of its mayors."""
    member, body, today = await _found(tx, member_id)
    body = await tell(tx, body, MemberSeated(**_said(body, member), begins_on=member.valid_from))
    await mailing.follow_people(tx, body.id)
    if member.kind is SeatKind.BORGMESTER and member.covers(today) and body.in_service <= today:
        await vice_chair.ask_where_vacant(tx, body)


@due(ENDS)
async def _ends(member_id: UUID, _: datetime, tx: Tx) -> None:
    """Tell that somebody's time ended: their links open nothing more, and a vice chair's place is vacant."""
    member, body, today = await _found(tx, member_id)
    if member.valid_to is None or member.valid_to >= today:
        return
    body = await tell(tx, body, MemberLeft(**_said(body, member), ended_on=member.valid_to))
    await links.revoke(tx, member.id)
    await mailing.follow_people(tx, body.id)
    await mailing.forget(tx, member.id)
    await seats.forget_reach(tx, member.id)
    await vice_chair.vacate_with(tx, body, member, today)


@due("chair_begins")
async def _chairs(member_id: UUID, due_at: datetime, tx: Tx) -> None:
    """Tell who chairs a lokalraad from today."""
    member, body, today = await _found(tx, member_id)
    if any(one.member_id == member_id and one.covers(today) for one in await seats.chairs(tx, body.id)):
        await tell(tx, body, ChairTaken(**_said(body, member), begins_on=due_at.astimezone(DENMARK).date()))


async def _found(tx: Tx, member_id: UUID) -> tuple[Member, Body, date]:
    member = await seats.found(tx, member_id)
    body = await bodies.locked(tx, member.body_id) if member else None
    if member is None or body is None:
        message = f"member {member_id} of a deadline is not there"
        raise LookupError(message)
    return member, body, await seats.today(tx)


def _said(body: Body, member: Member) -> dict[str, Any]:
    return {
        "body_id": body.id,
        "parties": body.parties,
        "member_id": member.id,
        "authority": member.authority or None,
        "seat": member.kind,
    }

"""Calling a group together, and saying how often it meets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from chassis.database import Tx
from chassis.ids import new_id
from contracts.referrals.v1.groups import (
    ConvenerNamed,
    ConvenerVacated,
    MeetingCancelled,
    MeetingConvened,
    MeetingFrequencySet,
    ParticipantInvited,
)
from contracts.refusal import NotFound, StaleVersion
from services.referrals.domain.group_refusals import NotOnTheAgenda
from services.referrals.domain.groups import Group, check_seats, circle_of_meeting
from services.referrals.domain.meetings import Meeting, Place, State, cancelled, check_ahead
from services.referrals.handlers.group_following import found, keep_time
from services.referrals.handlers.group_telling import known, tell_forum, tell_meeting
from services.referrals.store import forums, group_cases, meetings
from services.referrals.store.forums import Forum


@dataclass(frozen=True, slots=True)
class Calling:
    """What a convener says of a meeting: when, how, and, where it is not all, about which cases and with whom."""

    starts_at: datetime
    place: Place
    note: str = ""
    cases: tuple[UUID, ...] = ()
    like: UUID | None = None
    also: tuple[str, ...] = ()


async def forum_of(tx: Tx, of: Group, kommune: str) -> Forum:
    """Return a group's row, locked; the first convener founds it."""
    await found(tx, of, kommune)
    forum = await forums.locked(tx, of.programme, kommune)
    if forum is None:
        raise NotFound
    return forum


async def name_convener(tx: Tx, of: Group, kommune: str, subject: str, expected: int) -> Forum:
    """Say who has the role that convenes a group, or that nobody has (O-6.1-09).

    Raises:
        StaleVersion: somebody else has changed it.
    """
    forum = await forum_of(tx, of, kommune)
    if expected != forum.version:
        raise StaleVersion(version=forum.version)
    await forums.name_holder(tx, forum, subject)
    await tell_forum(tx, forum, ConvenerNamed if subject else ConvenerVacated)
    return forum


async def convene(tx: Tx, of: Group, kommune: str, calling: Calling) -> Meeting:
    """Call a group together and invite each participant on its own.

    Raises:
        MeetingInThePast: it begins before now.
        NotFound: the last meeting is none of this group's.
        NotOnTheAgenda: a case is none of its open ones.
    """
    forum = await forum_of(tx, of, kommune)
    check_ahead(calling.starts_at, forum.now)
    cases = await group_cases.open_of(tx, of.programme, kommune)
    agenda = [case for case in cases if not calling.cases or case.id in calling.cases]
    if set(calling.cases) - {case.id for case in agenda}:
        raise NotOnTheAgenda
    circles = [case.circle for case in agenda]
    check_seats(calling.also, [seat for circle in circles for seat in circle])
    circle = circle_of_meeting(of, kommune, circles, [*await _last_circle(tx, forum, calling.like), *calling.also])
    meeting = Meeting(
        *(new_id(), forum.id, of.programme, kommune, forum.convener, calling.starts_at, tuple(circle), State.CONVENED),
        version=1,
    )
    await meetings.add(tx, meeting, calling.place, calling.note)
    await meetings.put_on_agenda(tx, meeting.id, [case.id for case in agenda])
    await _invite(tx, meeting, calling.place)
    return meeting


async def _last_circle(tx: Tx, forum: Forum, like: UUID | None) -> Sequence[str]:
    if like is None:
        return ()
    last = await meetings.found(tx, like)
    if last is None or last.forum != forum.id:
        raise NotFound
    return last.circle


async def _invite(tx: Tx, meeting: Meeting, place: Place) -> None:
    when = {"starts_at": meeting.starts_at}
    await tell_meeting(tx, meeting, MeetingConvened, convener=meeting.convener, **when)
    for seat in meeting.circle:
        await tell_meeting(tx, meeting, ParticipantInvited, invited=seat, place=place.value, **when)


async def call_off(tx: Tx, meeting: Meeting, expected: int) -> Meeting:
    """Call a meeting off that has not begun."""
    after = cancelled(meeting, expected)
    await meetings.save(tx, meeting, after)
    await tell_meeting(tx, after, MeetingCancelled, told=known(after))
    return after


@dataclass(frozen=True, slots=True)
class Frequency:
    """How often a group meets at the least, from which day, and why."""

    days: int | None
    reason: str
    decided_on: date


async def set_frequency(tx: Tx, of: Group, kommune: str, frequency: Frequency, expected: int) -> Forum:
    """Say how often a group meets; the clock runs anew from its last meeting.

    Raises:
        FrequencyNeeded: the plan wants it to meet regularly.
        StaleVersion: somebody else has changed it.
    """
    of.check_interval(frequency.days)
    forum = await forum_of(tx, of, kommune)
    if expected != forum.version:
        raise StaleVersion(version=forum.version)
    await forums.set_frequency(tx, forum, frequency.days, frequency.reason, frequency.decided_on)
    await keep_time(tx, forum, forum.since, frequency.days)
    await tell_forum(tx, forum, MeetingFrequencySet, interval_days=frequency.days)
    return forum

"""How a group follows the referrals of its programme, and is reminded when it has not met."""

from datetime import datetime
from uuid import UUID

from chassis.database import Tx
from chassis.deadlines import cancel_deadline, due, set_deadline
from contracts.codes import municipalities
from contracts.referrals.v1.groups import MeetingOverdue
from services.referrals.domain.group_cases import is_taken_up
from services.referrals.domain.groups import REMIND_AGAIN, Group, circle_of_case, groups, next_due, seat_name
from services.referrals.handlers.group_deadlines import GROUP_FOLLOWS, MEETING_DUE
from services.referrals.handlers.group_telling import tell_forum
from services.referrals.store import escalations, forums, group_cases, referrals
from services.referrals.store.forums import Forum
from services.referrals.store.referrals import Stored


@due(GROUP_FOLLOWS)
async def follow(referral_id: UUID, _: datetime, tx: Tx) -> None:
    """Let a group work on a referral that its receiver has accepted, and no longer on one that has ended."""
    stored = await referrals.found(tx, referral_id)
    if stored is None or not municipalities()[stored.kommune].in_district:
        return
    if is_taken_up(stored.referral.state, stored.referral.programme, groups()):
        await _take_up(tx, stored, groups()[stored.referral.programme])
    elif not stored.referral.is_open:
        await group_cases.end(tx, referral_id)


async def _take_up(tx: Tx, stored: Stored, of: Group) -> None:
    others = [
        seat_name(stored.sender, stored.sender_office),
        seat_name(stored.referral.receiver, stored.receiver_office),
        *stored.parties,
        *await _from_below(tx, stored.referral.id),
    ]
    await group_cases.take_up(tx, stored, list(circle_of_case(of, stored.kommune, *others)))
    await found(tx, of, of.forum_of(stored.kommune))


async def _from_below(tx: Tx, referral_id: UUID) -> tuple[str, ...]:
    """Return the circle of the case that was escalated, where it was."""
    escalation = await escalations.to(tx, referral_id)
    case = await group_cases.found(tx, escalation.from_case) if escalation else None
    return case.circle if case else ()


async def found(tx: Tx, of: Group, kommune: str) -> None:
    """Found a group that has not met yet; from then on it is due to meet."""
    if await forums.found(tx, of, kommune) and (forum := await forums.locked(tx, of.programme, kommune)):
        await keep_time(tx, forum, forum.since, forum.interval_days)


async def keep_time(tx: Tx, forum: Forum, since: datetime, days: int | None) -> None:
    """Let a group's deadline run from a time, or let it have none."""
    by = next_due(since, days)
    if by is None:
        await cancel_deadline(tx, kind=MEETING_DUE, subject=forum.id)
    else:
        await set_deadline(tx, kind=MEETING_DUE, subject=forum.id, due_at=by, correlation_id=forum.id)


@due(MEETING_DUE)
async def nobody_has_met(forum_id: UUID, _: datetime, tx: Tx) -> None:
    """Remind the convener that the group has not met, and again each week until it has."""
    forum = await forums.locked_by_id(tx, forum_id)
    since = next_due(forum.since, forum.interval_days) if forum else None
    if forum is None or since is None:
        return
    await forums.overdue(tx, forum, since)
    await tell_forum(tx, forum, MeetingOverdue, since=since)
    again = forum.now + REMIND_AGAIN
    await set_deadline(tx, kind=MEETING_DUE, subject=forum.id, due_at=again, correlation_id=forum.id)

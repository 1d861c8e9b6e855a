"""What is told of groups, meetings and cases, each under the purpose and basis of its programme."""

from chassis.database import Tx
from contracts.event import Event
from services.referrals.domain.group_cases import GroupCase
from services.referrals.domain.groups import told_to_all
from services.referrals.domain.meetings import Meeting
from services.referrals.handlers.acting import tell
from services.referrals.handlers.telling import grounds
from services.referrals.store import clock, group_cases, meetings
from services.referrals.store.forums import Forum


async def tell_forum(tx: Tx, forum: Forum, event: type[Event], **said: object) -> None:
    """Tell something of a group; its version counts one up."""
    facts = grounds(forum.of.of) | {"forum_id": forum.id, "convener": forum.convener} | said
    await tell(tx, event(**facts), forum.version + 1, forum.id, forum.now)


async def tell_meeting(tx: Tx, meeting: Meeting, event: type[Event], **said: object) -> None:
    """Tell something of a meeting; it is a case of its own, so that it leads to nobody's."""
    facts = grounds(meeting.of.of) | {"meeting_id": meeting.id, "forum_id": meeting.forum} | said
    await tell(tx, event(**facts), await meetings.step(tx, meeting.id), meeting.id, await clock.now(tx))


def known(meeting: Meeting) -> tuple[str, ...]:
    """Return the participants that everybody may know of."""
    return told_to_all(meeting.circle, secret=meeting.of.of.confidential)


async def tell_case(tx: Tx, case: GroupCase, event: type[Event], **said: object) -> int:
    """Count one more fact of a case, tell it to its circle, and return the case's version."""
    place, version = await group_cases.step(tx, case)
    facts = grounds(case.of.of) | {"group_case_id": case.id, "referral_id": case.referral, "seats": case.circle}
    await tell(tx, event(**facts | said), place, case.case_id, await clock.now(tx))
    return version

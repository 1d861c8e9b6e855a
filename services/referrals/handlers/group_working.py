"""What members do for a case: share or not, tell and ask each other, draw others in."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.database import Tx
from chassis.deadlines import cancel_deadline, due, set_deadline
from chassis.ids import new_id
from contracts.disclosure import Necessity
from contracts.referrals.v1.groups import (
    ActorInvited,
    ActorRemoved,
    ContributionGiven,
    QuestionAnswered,
    QuestionAsked,
    SharingDeclined,
    UpdatePosted,
)
from contracts.refusal import NotFound
from services.referrals.domain.group_cases import GroupCase, check_not_done
from services.referrals.domain.group_refusals import MeetingInThePast
from services.referrals.domain.group_words import Profession, Removal
from services.referrals.domain.groups import check_seats, seat_name
from services.referrals.domain.sharing import Sharing, answer, check_seen
from services.referrals.handlers.group_deadlines import ACTOR_LEAVES
from services.referrals.handlers.group_sharing import ANSWERED, GIVEN, TOLD
from services.referrals.handlers.group_sharing import shared as shared_with
from services.referrals.handlers.group_telling import tell_case
from services.referrals.store import actors, clock, group_cases, group_work
from services.referrals.store.actors import Actor, Drawn
from services.referrals.store.group_work import Question


def own_seat(tx: Tx) -> str:
    """Return the seat of whoever asks."""
    return seat_name(tx.principal.authority, tx.principal.office)


async def _answer(tx: Tx, case: GroupCase, now: Sharing, expected: int) -> None:
    """Save what the own office answers; the case is locked, so that the answer's version is the last one."""
    before, version = await group_work.own_answer(tx, case.id)
    check_seen(before, now, version, expected)
    if answer(before, now) is not before:
        await group_work.put_answer(tx, case.id, now)


@dataclass(frozen=True, slots=True)
class Contribution:
    """What somebody shares: out of which profession, why that is necessary, and the words that persons keeps."""

    profession: Profession
    necessity: Necessity
    why_text_id: UUID
    text_id: UUID


async def contribute(tx: Tx, case: GroupCase, shared: Contribution, expected: int) -> tuple[UUID, int]:
    """Share something with the circle of a case; returns its id and the case's version.

    `expected` is the version of the own office's answer: only its becoming »deler« can meet a colleague's »deler ikke«.
    What is shared besides overwrites nothing, so that two contributions at once both stand.
    """
    case.check_open()
    contribution_id = new_id()
    said, texts = (shared.profession, shared.necessity), (shared.why_text_id, shared.text_id)
    await group_work.contribute(tx, contribution_id, case.id, said, texts)
    await _answer(tx, case, Sharing.SHARES, expected)
    await shared_with(tx, GIVEN, contribution_id, case)
    told = {"contribution_id": contribution_id, "given_by": own_seat(tx), "profession": shared.profession.value}
    return contribution_id, await tell_case(tx, case, ContributionGiven, **told)


async def decline(tx: Tx, case: GroupCase, expected: int) -> int:
    """Answer that nothing is shared, at a version of the own office's answer; no reason is asked for or kept.

    Returns the case's version.
    """
    case.check_open()
    await _answer(tx, case, Sharing.DECLINES, expected)
    return await tell_case(tx, case, SharingDeclined, answered_by=own_seat(tx))


async def post(tx: Tx, case: GroupCase, text_id: UUID) -> tuple[UUID, int]:
    """Tell the others something between two meetings; returns its id and the case's version.

    It asks for no version: it overwrites nothing, and of two at once both stand.
    """
    case.check_open()
    update_id = new_id()
    await group_work.post(tx, update_id, case.id, text_id)
    await shared_with(tx, TOLD, update_id, case)
    return update_id, await tell_case(tx, case, UpdatePosted, update_id=update_id, posted_by=own_seat(tx))


async def ask(tx: Tx, case: GroupCase, to: str, text_id: UUID, answer_by: datetime) -> tuple[UUID, int]:
    """Ask another member of the circle; returns the question's id and the case's version.

    It asks for no version: it overwrites nothing, and of two at once both stand.
    """
    case.check_open()
    mine, question_id = own_seat(tx), new_id()
    check_seats([to], set(case.circle) - {mine})
    if answer_by <= await clock.now(tx):
        raise MeetingInThePast
    await group_work.ask(tx, question_id, case.id, to, text_id, answer_by)
    told = {"question_id": question_id, "asked_by": mine, "asked": to, "answer_by": answer_by}
    return question_id, await tell_case(tx, case, QuestionAsked, **told)


async def reply(tx: Tx, case: GroupCase, question: Question, text_id: UUID) -> int:
    """Answer another member, late or not; returns the case's version.

    It is done once, under the case's lock: whoever comes second is told the case's version, and overwrites nothing.

    Raises:
        NotFound: somebody else was asked.
    """
    if question.asked != own_seat(tx):
        raise NotFound
    check_not_done(question.answered_at, case.version)
    await group_work.answered(tx, question.id, text_id)
    await shared_with(tx, ANSWERED, question.id, case)
    told = {"question_id": question.id, "asked_by": question.asked_by, "asked": question.asked}
    return await tell_case(tx, case, QuestionAnswered, **told)


async def draw_in(tx: Tx, case: GroupCase, new: Drawn) -> int:
    """Draw an actor into a case until a day; returns the case's version."""
    case.check_open()
    if new.until <= await clock.now(tx):
        raise MeetingInThePast
    await actors.add(tx, case.id, case.circle, new)
    await set_deadline(tx, kind=ACTOR_LEAVES, subject=new.id, due_at=new.until, correlation_id=case.case_id)
    return await tell_case(tx, case, ActorInvited, actor_id=new.id, actor=new.seat, until=new.until)


async def leave(tx: Tx, actor: Actor, why: Removal) -> int:
    """Let an actor be no longer part of a case; returns the case's version."""
    case = await group_cases.locked(tx, actor.case)
    if case is None:
        raise NotFound
    check_not_done(actor.removed_at, case.version)
    await actors.removed(tx, actor.id)
    await cancel_deadline(tx, kind=ACTOR_LEAVES, subject=actor.id)
    return await tell_case(tx, case, ActorRemoved, actor_id=actor.id, actor=actor.seat, code=why.value)


@due(ACTOR_LEAVES)
async def their_time_is_over(actor_id: UUID, _: datetime, tx: Tx) -> None:
    """Say that an actor's time in a case is over; it has seen nothing since that moment."""
    actor = await actors.found(tx, actor_id)
    if actor and actor.removed_at is None:
        await leave(tx, actor, Removal.TIME)


async def leave_without_consent(tx: Tx, consent_id: UUID) -> None:
    """Let those leave who take part by a consent that is taken back."""
    for actor_id in await actors.resting_on(tx, consent_id):
        if actor := await actors.found(tx, actor_id):
            await leave(tx, actor, Removal.CONSENT)

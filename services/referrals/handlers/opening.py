"""What follows from a yes, in the same transaction: the courses of the programme that need nothing more to be said."""

from chassis.database import Tx
from chassis.ids import new_id
from contracts.codes import authorities
from services.referrals.domain.course_opening import by_itself, facts_of, opened_by_acceptance
from services.referrals.domain.course_parties import at_table
from services.referrals.domain.course_refusals import CourseThere, NobodyHere
from services.referrals.domain.courses import Definition
from services.referrals.domain.programmes import PartyMissing
from services.referrals.handlers.coursing import open_course
from services.referrals.store.courses import NewCourse
from services.referrals.store.referrals import Stored


async def open_what_follows(tx: Tx, stored: Stored) -> None:
    """Open the courses of a referral whose receiver has just said yes; what is open is left as it is.

    The receiver's yes never fails for it: what lacks a party or a word is opened by whose it is.
    """
    for of in opened_by_acceptance(stored.programme.code):
        try:
            if new := _new(of, stored):
                await open_course(tx, new)
        except (CourseThere, PartyMissing, NobodyHere):
            continue


def _new(of: Definition, stored: Stored) -> NewCourse | None:
    sender = authorities().get(stored.sender)
    facts = facts_of(stored.verdict, sender.kind.value if sender else "")
    course = by_itself(of, new_id(), facts, stored.now, stored.referral.receiver)
    if course is None or (of.opening.counterpart and stored.counterpart is None):
        return None
    sides = [(stored.sender, stored.sender_office), (stored.referral.receiver, stored.receiver_office)]
    taking_part = [(authority, office) for authority, _, office in (one.partition(".") for one in stored.parties)]
    return NewCourse(
        course=course,
        referral_id=stored.referral.id,
        case_id=stored.case_id,
        person=stored.referral.person,
        counterpart=stored.counterpart if of.opening.counterpart else None,
        sealed_under=stored.referral.person,
        kommune=stored.kommune,
        parties=at_table(of, sides, taking_part),
        text_ids={},
        once_key=None,
    )

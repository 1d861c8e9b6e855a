"""Asking the district's group about what an operativgruppe cannot lift: a referral of its own, linked both ways."""

from dataclasses import replace
from uuid import UUID

from chassis.database import Tx
from chassis.ids import new_id
from contracts.hverdage import DANISH_TIME
from contracts.referrals.v1.groups import CaseEscalated
from services.referrals.domain import referral as machine
from services.referrals.domain.group_cases import GroupCase, group_above
from services.referrals.domain.groups import DISTRICT, convener_of, group, parted
from services.referrals.domain.preview import UNKNOWN
from services.referrals.domain.programmes import Programme
from services.referrals.domain.referral_refusals import OneIsOpen
from services.referrals.domain.rulebook import table_on
from services.referrals.domain.states import Action, Side
from services.referrals.handlers.acting import keep_time, tell
from services.referrals.handlers.group_telling import tell_case
from services.referrals.handlers.telling import told
from services.referrals.store import clock, escalations, referrals
from services.referrals.store.escalations import Escalation
from services.referrals.store.referrals import New

CANNOT_LIFT = {"from_psp": True, "liftable": False, "reasoned": True}
"""What the rule of the group above is asked: a case of its own group, which cannot lift it, and says why."""


async def escalate(tx: Tx, case: GroupCase, reason_text_id: UUID) -> tuple[UUID, int]:
    """Refer a case upwards, with the reason; returns the new referral's id and the case's version.

    Raises:
        CannotBeEscalated: there is no group above.
        OneIsOpen: it is there already.
    """
    case.check_open()
    above = group_above(case.programme)
    new = await _requested(tx, case, above)
    one = new.referral
    if not await referrals.add(tx, new):
        raise OneIsOpen
    await keep_time(tx, one, case.case_id, await clock.now(tx))
    if stored := await referrals.found(tx, one.id):
        await tell(tx, told(stored, one, Action.REQUEST), one.version, case.case_id, stored.now)
    escalation = Escalation(new_id(), case.id, one.id, None)
    await escalations.add(tx, escalation, reason_text_id)
    version = await tell_case(tx, case, CaseEscalated, escalation_id=escalation.id, to_referral_id=one.id)
    return one.id, version


async def _requested(tx: Tx, case: GroupCase, above: Programme) -> New:
    """Return the referral as it is sent; how old the person is, only those know who had the first one."""
    now, first = await clock.now(tx), await referrals.found(tx, case.referral)
    receiver, office = parted(convener_of(group(above.code), DISTRICT))
    one = machine.draft(new_id(), above, now, receiver=receiver, person=case.person, consents={})
    return New(
        # Its first event is the request, as with every other.
        referral=replace(machine.act(one, above, Action.REQUEST, Side.SENDER, now), version=1),
        case_id=case.case_id,
        receiver_office=office,
        kommune=case.kommune,
        age_band=first.age_band if first else UNKNOWN,
        contact_text_id=None,
        told_facts={},
        verdict=referrals.kept(table_on(above.table, now.astimezone(DANISH_TIME).date()).decide(CANNOT_LIFT)),
        parties=case.circle,
    )

"""Who a case is about, told in the room alone: while its own circle is there, and neither before nor after."""

from dataclasses import dataclass
from datetime import date

from chassis.access import record_access
from chassis.database import Tx
from chassis.identity import Principal
from chassis.service import Service
from contracts.codes import Purpose
from contracts.disclosure import Category, Disclosure, LogKind, Necessity
from services.referrals.api.common import read_person
from services.referrals.api.grouping import seat_of
from services.referrals.domain.group_cases import GroupCase
from services.referrals.domain.groups import parted
from services.referrals.domain.meetings import Meeting
from services.referrals.domain.offers import basis_of


@dataclass(frozen=True, slots=True)
class Named:
    """A name as the room is told it."""

    name: str
    born: date | None


def is_told(meeting: Meeting, case: GroupCase, principal: Principal) -> bool:
    """Say whether a reader is told who it is: whoever is called and not in the room hears it not."""
    return case.person is not None and seat_of(principal) in meeting.present


async def named(service: Service, principal: Principal, case: GroupCase) -> Named:
    """Ask persons who a case is about; ServiceAway when it does not answer."""
    asked = {"person_ids": [str(case.person)], "fields": ["name", "born"]}
    told = await read_person(service, principal, Purpose(case.of.of.purpose), case.case_id, **asked)
    [one] = told["persons"]
    return Named(one["name"] or "", date.fromisoformat(one["born"]) if one["born"] else None)


async def record_named(tx: Tx, meeting: Meeting, case: GroupCase) -> None:
    """Record to whom the convener's authority discloses who it is: to the reader, and to the room by the own screen."""
    sender, reader = parted(meeting.convener)[0], tx.principal.authority
    heard = [parted(seat)[0] for seat in meeting.present] if reader == sender else [reader]
    for receiver in dict.fromkeys(one for one in heard if one != sender):
        await record_access(
            tx,
            operation="group_case.named",
            purpose=Purpose(case.of.of.purpose),
            persons=[case.person] if case.person else [],
            kind=LogKind.DISCLOSURE,
            case_id=case.case_id,
            disclosure=_disclosure(case, sender, receiver),
        )


def _disclosure(case: GroupCase, sender: str, receiver: str) -> Disclosure:
    return Disclosure(
        basis=basis_of(case.of.of),
        reference=case.of.of.hjemmel,
        necessity=Necessity.RECEIVER_MUST_DECIDE,
        sender=sender,
        receiver=receiver,
        categories=(Category.IDENTITY,),
    )

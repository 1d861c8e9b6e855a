"""What every route of groups needs: who is a member, who convenes, and a case opened by somebody who may."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from chassis.access import record_access
from chassis.database import Tx
from chassis.identity import Forbidden, Principal
from chassis.kinship import require_stranger
from chassis.service import Service
from contracts.codes import Office, Purpose, Role, authorities
from contracts.disclosure import ClosedToInvestigation, LogKind
from contracts.form import WHOLE
from contracts.refusal import NotFound
from services.referrals.api.common import PARTIES, keep_text
from services.referrals.domain.group_cases import GroupCase
from services.referrals.domain.groups import Group, convener_of, parted, seat_name
from services.referrals.domain.programmes import Programme
from services.referrals.store import forums, group_cases

CONVENERS = (
    Role.SSP_CONSULTANT,
    Role.PREVENTION_OFFICER,
    Role.VISITATION_COORDINATOR,
    Role.RELEASE_FACILITATOR,
    Role.INFO_HOUSE_OFFICER,
    Role.CONTROL_UNIT,
)
MEMBERS = (*PARTIES, *CONVENERS)

Version = Annotated[int, Field(ge=0, le=2**31), WHOLE]
Words = Annotated[str, StringConstraints(max_length=4000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]
SeatNamed = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+\.[a-z]*$", max_length=80)]


def seat_of(principal: Principal) -> str:
    """Return the seat of whoever asks."""
    return seat_name(principal.authority, principal.office)


def is_member(principal: Principal) -> bool:
    """Say whether somebody has a role that sits in groups."""
    return not principal.roles.isdisjoint(MEMBERS)


def require_member(principal: Principal) -> None:
    """Refuse whoever sits in no group; which groups one sits in the rows say."""
    principal.require(*MEMBERS)


def require_usable(principal: Principal, of: Programme) -> None:
    """Refuse an investigator what is shared under retsplejeloven § 115 (stk. 2)."""
    if of.section_115 and Role.INVESTIGATOR in principal.roles:
        raise ClosedToInvestigation


async def require_convener(tx: Tx, of: Group, kommune: str) -> None:
    """Refuse whoever does not convene a group; one that stands in for the convener does.

    Raises:
        Forbidden: somebody else convenes it.
        NotFound: there is no such group, or it is one that is invisible to the caller.
    """
    of.check_place(kommune)
    principal, seat = tx.principal, convener_of(of, kommune)
    if seat == seat_of(principal):
        kind = authorities()[principal.authority].kind
        office = Office(principal.office) if principal.office in set(Office) else None
        if any(of.of.may_convene(kind, office, role) for role in principal.roles):
            return
        if await forums.is_deputy(tx, of.programme, kommune, principal.subject):
            return
    if of.of.confidential and principal.office != parted(seat)[1]:
        raise NotFound
    raise Forbidden


def there(case: GroupCase | None, principal: Principal) -> GroupCase:
    """Return a case that somebody may use."""
    if case is None:
        raise NotFound
    require_usable(principal, case.of.of)
    return case


async def opened(service: Service, principal: Principal, group_case_id: UUID) -> GroupCase:
    """Return a case of the caller's circle, about somebody who is a stranger to them."""
    require_member(principal)
    async with service.database.tx(principal) as tx:
        case = there(await group_cases.found(tx, group_case_id), principal)
    await require_stranger(service, principal, [case.person], case.case_id)
    return case


async def locked(tx: Tx, group_case_id: UUID) -> GroupCase:
    """Lock a case of the caller's circle."""
    return there(await group_cases.locked(tx, group_case_id), tx.principal)


def require_circle(case: GroupCase, principal: Principal) -> None:
    """Refuse what an actor that is drawn in for a time does not decide."""
    if seat_of(principal) not in case.circle:
        raise Forbidden


async def kept(service: Service, case: GroupCase, text: str) -> UUID | None:
    """Let persons keep words about a case's person; nothing where there are none."""
    return await keep_text(service, case.person, text.strip()) if case.person and text.strip() else None


async def record(tx: Tx, case: GroupCase, operation: str, kind: LogKind = LogKind.ALTERATION) -> None:
    """Record that somebody used a case."""
    await record_access(
        tx,
        operation=operation,
        purpose=Purpose(case.of.of.purpose),
        persons=[case.person] if case.person else [],
        kind=kind,
        case_id=case.case_id,
    )

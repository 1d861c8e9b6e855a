"""What every route of referrals needs: who asks, on which side they stand, and how persons is asked."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import Depends
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from chassis.http import Command, command, signed_in
from chassis.identity import Forbidden, Principal
from chassis.ids import new_id
from chassis.service import Service
from contracts.codes import Office, Purpose, Role, authorities
from contracts.form import Day
from contracts.refusal import NotFound, Refusal
from services.referrals.domain.programmes import Programme
from services.referrals.domain.states import Side
from services.referrals.handlers.telling import UNSENT
from services.referrals.store.referrals import Stored

Call = Annotated[Command, Depends(command)]
Asking = Annotated[Principal, Depends(signed_in)]

SENDERS = (Role.REFERRER, Role.REFERRAL_MANAGER)
RECEIVERS = (Role.RECEIVER, Role.SYSTEM)
PARTIES = (*SENDERS, *RECEIVERS)


class Body(BaseModel):
    """A command's body: nothing unknown in it, and nothing of it in an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Born(Body):
    """A birth, as persons tells it."""

    on: Day | None = None


def answer(body: object) -> Response:
    """Answer with JSON that nobody may keep."""
    # The driver's own kind of UUID is not orjson's.
    return Response(
        orjson.dumps(body, default=str), headers={"Cache-Control": "no-store"}, media_type="application/json"
    )


def require_sender(principal: Principal, programme: Programme) -> None:
    """Refuse whoever may not refer to a programme."""
    authority, office = authorities().get(principal.authority), _office(principal)
    roles = principal.roles if authority else ()
    if not any(authority and programme.may_send(authority.kind, office, role) for role in roles):
        raise Forbidden
    check_open_to(principal, programme)


def _office(principal: Principal) -> Office | None:
    return Office(principal.office) if principal.office in set(Office) else None


class ClosedToInvestigation(Refusal):
    """It is shared under retsplejeloven § 115, and whoever asks investigates criminal cases (stk. 2)."""

    slug = "closed-to-investigation"
    status = 403
    title = "Oplysninger delt efter retsplejelovens § 115 må ikke bruges til efterforskning."
    todo = "Sagen kan kun åbnes af en, der ikke efterforsker straffesager. Bed en kollega i samarbejdet."


ROLES: Mapping[Side, tuple[Role, ...]] = {
    Side.SENDER: (Role.REFERRER,),
    Side.MANAGER: (Role.REFERRAL_MANAGER,),
    Side.RECEIVER: RECEIVERS,
}
"""Who acts for each side, in the office where it sits."""


def sides_of(stored: Stored, principal: Principal) -> frozenset[Side]:
    """Return on which sides of a referral somebody stands; whoever's office is on none does not find it."""
    seat = (principal.authority, principal.office)
    sends, receives = seat == (stored.sender, stored.sender_office), seat == _receiver(stored)
    if not sends and not (receives and stored.referral.state not in UNSENT):
        raise NotFound
    check_open_to(principal, stored.programme)
    there = {Side.SENDER: sends, Side.MANAGER: sends, Side.RECEIVER: receives}
    found = frozenset(side for side, roles in ROLES.items() if there[side] and {*roles} & {*principal.roles})
    if not found:
        raise Forbidden
    return found


def _receiver(stored: Stored) -> tuple[str, str]:
    return stored.referral.receiver, stored.receiver_office


def check_open_to(principal: Principal, programme: Programme) -> None:
    """Refuse whoever investigates what is shared under § 115 (L-02); of a restricted circle it says nothing at all."""
    if programme.section_115 and Role.INVESTIGATOR in principal.roles:
        raise NotFound if programme.confidential else ClosedToInvestigation


async def read_person(
    service: Service, principal: Principal, purpose: Purpose, case_id: UUID, **asked: object
) -> dict[str, Any]:
    """Ask persons who somebody is, or for texts about them, on behalf of the reader."""
    reader = {"subject": principal.subject, "authority": principal.authority, "office": principal.office}
    body = {"purpose": purpose, "case_id": str(case_id), "on_behalf_of": reader, **asked}
    told: dict[str, Any] = await service.clients.post("persons", "/read", body)
    return told


async def keep_text(service: Service, person: UUID, text: str) -> UUID:
    """Let persons keep words about somebody, sealed: words that nothing refers to stay unread."""
    kept = await service.clients.post("persons", "/texts", {"person_id": str(person), "text": text}, key=str(new_id()))
    return UUID(kept["text_id"])

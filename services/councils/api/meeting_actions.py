"""What was agreed at a meeting over HTTP: done, or given another day by who agreed to it or the secretary."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from chassis.database import Tx
from chassis.http import Answer
from chassis.identity import Principal
from chassis.openapi import refusing
from contracts.codes import Role
from contracts.form import Day
from contracts.refusal import NotFound, StaleVersion
from services.councils.api.common import Call, is_of_council_office, kept_body
from services.councils.api.meeting_common import Versioned, keeps, seated_body
from services.councils.domain.agreed import AgreementIsDone, NotYourAgreement, SameDay
from services.councils.domain.bodies import Body
from services.councils.domain.following import InThePast
from services.councils.domain.wording import Text
from services.councils.handlers import meeting_actions as acts

router = APIRouter(tags=["dagsorden"])


class Postponed(Versioned):
    """Another day, and why; the version counts how often it has been moved."""

    due_on: Day
    reason: Text


@router.post("/meeting-actions/{action_id}/done")
async def done(action_id: UUID, call: Call) -> Response:
    """Record that something agreed at a meeting is done."""
    call.require(Role.SECRETARY)

    async def work(tx: Tx) -> Answer:
        await kept_body(tx, await acts.found(tx, action_id))
        await acts.done(tx, action_id)
        return Answer(200, {"action_id": action_id})

    return await call.run(work)


@router.post(
    "/meeting-actions/{action_id}/due",
    responses=refusing(AgreementIsDone, NotYourAgreement, SameDay, InThePast, StaleVersion),
)
async def move(action_id: UUID, body: Postponed, call: Call) -> Response:
    """Give something agreed and not done another day; the day that was promised first stays with it."""
    call.require(Role.SECRETARY, Role.COUNCIL_MEMBER)

    async def work(tx: Tx) -> Answer:
        await _require_may_move(tx, action_id)
        version = await acts.move(tx, action_id, body.due_on, body.reason, body.version)
        return Answer(200, {"action_id": action_id}, version)

    return await call.run(work)


def may_move(who: Principal, body: Body, owner: str) -> bool:
    """Say whether somebody may give another day to what an authority agreed to do."""
    is_owner = who.authority == owner and is_of_council_office(who, body)
    return keeps(body, who) or (is_owner and not who.roles.isdisjoint({Role.SECRETARY, Role.COUNCIL_MEMBER}))


async def _require_may_move(tx: Tx, action_id: UUID) -> None:
    """Refuse whoever it is not; what was agreed under a point that is closed to the asker is not there."""
    body = await seated_body(tx, await acts.found(tx, action_id))
    owner = await acts.owner(tx, action_id, keeps=keeps(body, tx.principal))
    if owner is None:
        raise NotFound
    if not may_move(tx.principal, body, owner):
        raise NotYourAgreement

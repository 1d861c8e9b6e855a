"""What lokalraad propose for the kredsraad's plan, and how each is answered (O-2-11)."""

from uuid import UUID

from chassis.database import Tx
from chassis.outbox import append
from contracts.councils.v1.plans import ProposalAnswered, ProposalSubmitted
from contracts.refusal import NotFound
from services.councils.domain import preparation
from services.councils.domain.bodies import Body
from services.councils.domain.plan_year import require_open
from services.councils.domain.preparation import Reply, require_reason
from services.councils.handlers.planning import today
from services.councils.store import bodies, clock, plans, proposals


async def propose(tx: Tx, plan_id: UUID, body: Body, title: str, text: str) -> UUID:
    """Keep a proposal of a lokalraad; return its id.

    Raises:
        WindowClosed: today lies outside the days for proposals.
    """
    require_open(await plans.timetable(tx, plan_id), await today(tx))
    proposal_id = await proposals.add(tx, plan_id, body.id, title, text)
    event = ProposalSubmitted(body_id=body.id, parties=body.parties, plan_proposal_id=proposal_id, plan_id=plan_id)
    await append(tx, event, version=1, correlation_id=plan_id, time=await clock.now(tx))
    return proposal_id


async def answer(tx: Tx, proposal: proposals.Proposal, reply: Reply, reason: str | None, section: str | None) -> None:
    """Keep what the kredsraad answers to a locked proposal, and tell the lokalraad."""
    if proposal.answered:
        raise preparation.ProposalAnswered
    require_reason(reply, reason)
    body = await bodies.found(tx, proposal.body_id)
    if body is None:
        raise NotFound
    await proposals.answer(tx, proposal.id, reply, reason, section)
    event = ProposalAnswered(
        body_id=body.id,
        parties=body.parties,
        plan_proposal_id=proposal.id,
        plan_id=proposal.plan_id,
        answer=reply.value,
        section=section,
    )
    await append(tx, event, version=2, correlation_id=proposal.plan_id, time=await clock.now(tx))

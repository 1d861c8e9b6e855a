"""The text of a plan while it is written, the kredsraad's or a lokalraad's: read, saved as a version, brought back."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from chassis.database import Tx
from contracts.refusal import NotFound
from services.councils.domain import drafting
from services.councils.domain.bodies import Body
from services.councils.domain.document import Document
from services.councils.domain.drafting import Data, PieceMissing, TextUnreadable
from services.councils.domain.local_plan import LocalDocument, LocalPlan, LocalState
from services.councils.domain.preparation import ProposalAnswered, Reply
from services.councils.domain.samarbejdsplan import Samarbejdsplan, State
from services.councils.handlers import local_planning, mandatory, planning, proposing
from services.councils.store import bodies, local_plans, plan_work, plans, proposals

_DOCUMENT = TypeAdapter(Document)
_LOCAL = TypeAdapter(LocalDocument)


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan and its newest text."""

    plan: Samarbejdsplan | LocalPlan
    body: Body
    number: int
    """Of the newest version."""
    document: Data

    @property
    def plan_id(self) -> UUID:
        """Return whose versions and comments these are."""
        return id_of(self.plan)

    @property
    def is_local(self) -> bool:
        """Say whether it is a lokalraad's."""
        return isinstance(self.plan, LocalPlan)

    @property
    def is_open(self) -> bool:
        """Say whether its text may be changed: the kredsraad's while it is a draft, a lokalraad's always."""
        return self.is_local or self.plan.state is State.DRAFT

    @property
    def is_settled(self) -> bool:
        """Say whether a change takes back what was submitted, approved or published."""
        return self.is_local and self.plan.state is not LocalState.DRAFT


def id_of(plan: Samarbejdsplan | LocalPlan) -> UUID:
    """Return the id of a plan, whichever council's it is."""
    return plan.local_plan_id if isinstance(plan, LocalPlan) else plan.samarbejdsplan_id


async def read(tx: Tx, plan_id: UUID) -> Draft:
    """Return a plan for whoever sits on its council or keeps its papers; NotFound for others."""
    newest = await plan_work.newest(tx, plan_id)
    body = await bodies.found(tx, newest[0]) if newest else None
    if newest is None or body is None:
        raise NotFound
    plan = await (plans.found_by_id(tx, plan_id) if body.kommunekode is None else local_plans.found_by_id(tx, plan_id))
    return await _draft(tx, plan, body, newest[1])


async def locked(tx: Tx, plan_id: UUID, body: Body) -> Draft:
    """Return a plan of a locked council, locked."""
    is_local = body.kommunekode is not None
    plan = await (local_plans.locked_by_id(tx, plan_id) if is_local else plans.lock_plan_by_id(tx, plan_id))
    newest = await plan_work.newest(tx, plan_id)
    return await _draft(tx, plan, body, newest[1] if newest else 0)


async def version(tx: Tx, plan_id: UUID, number: int) -> Data:
    """Return the text of one version."""
    found = await plan_work.version(tx, plan_id, number)
    if found is None:
        raise NotFound
    document: Data = found["document"]
    return document


async def change(tx: Tx, draft: Draft, seen: int, how: drafting.Change) -> int:
    """Save what somebody does to a locked plan, who has read one of its versions; return the newest version's number.

    What changes nothing makes no version.
    """
    before = draft.document if seen == draft.number else await version(tx, draft.plan_id, seen)
    return await save(tx, draft, how(before, draft.document))


async def save(tx: Tx, draft: Draft, document: Data) -> int:
    """Save a text of a locked plan as its next version; return the version's number."""
    if document == draft.document:
        return draft.number
    text = json.dumps(document, ensure_ascii=False)
    try:
        if isinstance(draft.plan, LocalPlan):
            await local_planning.revise(tx, draft.plan, draft.body, _LOCAL.validate_json(text))
        else:
            await planning.revise(tx, draft.plan, _DOCUMENT.validate_json(text))
            await mandatory.assign_for_year(tx, draft.plan.year)
    except ValidationError as error:
        raise TextUnreadable from error
    return draft.number + 1


async def take_in(tx: Tx, draft: Draft, proposal_id: UUID, address: str) -> int:
    """Take a lokalraad's proposal into a piece of the kredsraad's plan, and answer it with that; return the version.

    Raises:
        ProposalAnswered: it was turned down, or stands in the plan.
        PieceMissing: there is no such piece, or it has no number by which the answer could name it.
    """
    found = await _proposal(tx, draft, proposal_id)
    if found["answer"] == Reply.REJECTED or found["section"]:
        raise ProposalAnswered
    section = drafting.piece(draft.document, address).words.number
    if not section:
        raise PieceMissing
    locked_one = await proposals.locked(tx, proposal_id)
    if locked_one is None:
        raise NotFound
    if locked_one.answered:
        await proposals.place(tx, proposal_id, section)
    else:
        await proposing.answer(tx, locked_one, Reply.ACCEPTED, None, section)
    return await save(tx, draft, drafting.appended(draft.document, address, found["title"], found["text"]))


async def _proposal(tx: Tx, draft: Draft, proposal_id: UUID) -> dict[str, Any]:
    for one in await proposals.of_plan(tx, draft.plan_id):
        if one["plan_proposal_id"] == proposal_id:
            return one
    raise NotFound


async def _draft(tx: Tx, plan: Samarbejdsplan | LocalPlan | None, body: Body, number: int) -> Draft:
    if plan is None:
        raise NotFound
    return Draft(plan, body, number, await version(tx, id_of(plan), number))

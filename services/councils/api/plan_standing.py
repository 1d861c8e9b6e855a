"""How far a plan is signed or approved: by whom, when, and who is missing, as its page shows it."""

from typing import Any
from uuid import UUID

from chassis.database import Tx
from contracts.codes import Role
from services.councils.api.meeting_common import keeps
from services.councils.domain.document import sha256_of
from services.councils.domain.local_plan import LocalPlan, LocalState, local_sha256
from services.councils.domain.lokalraad import Side
from services.councils.domain.samarbejdsplan import Samarbejdsplan, State
from services.councils.handlers.drafting import Draft
from services.councils.handlers.planning import TO_DISCUSS, today
from services.councils.store import councils, local_plans, matters, meetings, papers, sheets

SIDES = {Side.POLITI: "Politiet", Side.KOMMUNE: "Kommunen"}


async def standing(tx: Tx, draft: Draft) -> dict[str, Any]:
    """Return the names under a plan and those that are missing, and what the asker can do about it."""
    if isinstance(draft.plan, LocalPlan):
        return await _of_local(tx, draft, draft.plan)
    return await _of_district(tx, draft, draft.plan)


async def _of_district(tx: Tx, draft: Draft, plan: Samarbejdsplan) -> dict[str, Any]:
    seats = await seats_of(tx, plan)
    missing, asker = [one for one in seats if not one["name"]], tx.principal
    open_to_names = plan.state is State.DISCUSSED
    own = next((one for one in missing if one["authority"] == asker.authority and one["holder"]), None)
    found = {"seats": seats, "missing": missing, "sha256": sha256_of(plan.document), "plan_version": plan.version}
    found["own"] = own if open_to_names and Role.PLAN_APPROVER in asker.roles else None
    found["met"] = await _discussed_at(tx, plan.samarbejdsplan_id)
    if open_to_names and keeps(draft.body, asker):
        found["sheets"] = await sheets.unconfirmed(tx, plan.samarbejdsplan_id)
        found["files"] = [one for one in await papers.of_body(tx, plan.kredsraad_id) if one.signed_sheet]
    return found | {"asker": asker.subject, "today": await today(tx)}


async def seats_of(tx: Tx, plan: Samarbejdsplan) -> list[dict[str, Any]]:
    """Return the seats of the kredsraad in their order: who holds each today, and the name under the plan."""
    council, day = await councils.kredsraad(tx, None), await today(tx)
    names = {(one["authority"], one["office"]): one for one in await sheets.names(tx, plan.samarbejdsplan_id)}
    found = []
    for seat in council.seats if council else ():
        holder = seat.term.holder if seat.term.covers(day) else ""
        facts: dict[str, Any] = {
            "authority": seat.authority,
            "office": seat.office.value,
            "title": seat.title,
            "holder": holder,
        }
        facts |= {"name": "", "signed_on": None}
        found.append(facts | names.get((seat.authority, seat.office.value), {}))
    return found


async def _discussed_at(tx: Tx, plan_id: UUID) -> Any:  # noqa: ANN401  a meeting, or none
    meeting_id = await matters.treated_at(tx, TO_DISCUSS, plan_id)
    return await meetings.found(tx, meeting_id) if meeting_id else None


async def _of_local(tx: Tx, draft: Draft, plan: LocalPlan) -> dict[str, Any]:
    given = await local_plans.approvals(tx, plan.local_plan_id)
    sides = [
        {"side": side.value, "words": words, "given": [one for one in given if one["side"] == side]}
        for side, words in SIDES.items()
    ]
    asker = tx.principal
    approves = (
        plan.state is LocalState.SUBMITTED
        and Role.PLAN_APPROVER in asker.roles
        and asker.authority in draft.body.parties
        and asker.subject not in {one["subject"] for one in given}
    )
    return {"sides": sides, "approves": approves, "sha256": local_sha256(plan.document)}

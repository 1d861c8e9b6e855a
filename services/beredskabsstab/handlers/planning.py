"""Putting a framework plan in force."""

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from chassis.database import Tx
from chassis.ids import new_id
from chassis.outbox import append
from contracts.beredskabsstab.v1 import FrameworkPlanSigned
from contracts.refusal import NotFound
from services.beredskabsstab.domain.plan import YEARLY_DAYS, Plan, PlanSigned
from services.beredskabsstab.store import plans

if TYPE_CHECKING:
    from datetime import datetime


async def draft(tx: Tx, plan: Plan, by: str) -> UUID:
    """Save a new edition as a draft and return its id."""
    plan_id = new_id()
    await plans.add(tx, plan_id, plan, by, await plans.now(tx))
    return plan_id


async def sign(tx: Tx, plan_id: UUID, by: str) -> int:
    """Put an edition in force for a year; the one before it is not in force any more. Returns its version."""
    row = await plans.lock(tx, plan_id)
    if row is None:
        raise NotFound
    if row["state"] != "draft":
        raise PlanSigned
    now = await plans.now(tx)
    until = now + timedelta(days=YEARLY_DAYS)
    version = await plans.sign(tx, plan_id, by, now, until)
    await _tell(tx, plan_id, row["edition"], until, version, now)
    return version


async def _tell(tx: Tx, plan_id: UUID, edition: int, until: "datetime", version: int, now: "datetime") -> None:
    event = FrameworkPlanSigned(framework_plan_id=plan_id, edition=edition, valid_until=until)
    await append(tx, event, version=version, correlation_id=plan_id, time=now)

"""Putting a framework plan in force, its year running out, and whether its places have deputies."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from prometheus_client import Gauge

from chassis.database import Tx
from chassis.deadlines import due, set_deadline
from chassis.gauges import looked_at, show
from chassis.ids import new_id
from chassis.inbox import reacts_to
from chassis.outbox import append
from contracts.alerting.v1 import RosterChanged
from contracts.beredskabsstab.v1 import FrameworkPlanExpired, FrameworkPlanSigned, Place, Step
from contracts.event import Envelope
from contracts.refusal import NotFound
from services.beredskabsstab.domain.calling import calls_of
from services.beredskabsstab.domain.plan import YEARLY_DAYS, Plan, PlanSigned, places_at, without_deputy
from services.beredskabsstab.store import forum, plans

if TYPE_CHECKING:
    from asyncpg import Record

RUNS_OUT = "framework-plan-runs-out"
"""The deadline by which the framework plan is to be signed again (ledger O-5.3-02)."""

DAYS_LEFT = Gauge("beredskabsstab_framework_plan_days_left", "Days for which the signature of the plan still holds")
UNSIGNED = -9999
"""What is shown where no plan was ever signed: as an alarm, and not as no number."""
WITHOUT_DEPUTY = Gauge(
    "beredskabsstab_places_without_deputy", "Standing places with no roster of a deputy", ["authority"]
)


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
    await set_deadline(tx, kind=RUNS_OUT, subject=plan_id, due_at=until, correlation_id=plan_id)
    steps = calls_of(plans.document(row))
    event = FrameworkPlanSigned(framework_plan_id=plan_id, edition=row["edition"], valid_until=until, steps=steps)
    await append(tx, event, version=version, correlation_id=plan_id, time=now)
    return version


@due(RUNS_OUT)
async def runs_out(plan_id: UUID, _: datetime, tx: Tx) -> None:
    """Tell that no framework plan is in force: an activation needs a reason until one is signed."""
    now = await plans.now(tx)
    row = await plans.expire(tx, plan_id, now)
    if row is None:
        return
    event = FrameworkPlanExpired(framework_plan_id=plan_id, edition=row["edition"])
    await append(tx, event, version=row["version"], correlation_id=plan_id, time=now)


@reacts_to(RosterChanged)
async def roster_changed(event: RosterChanged, envelope: Envelope, tx: Tx) -> None:
    """Keep which place of the staff has which lines of rosters; what does not say so is none of ours."""
    if event.role is None or event.line is None:
        return
    place = Place(authority=event.authority, office=event.office, role=event.role)
    await forum.save_roster(tx, event.roster_id, place, event.line, event.ends_on, envelope.time)


async def missing_deputies(tx: Tx, row: "Record") -> tuple[Place, ...]:
    """Return the standing places of an edition that have no roster of a deputy (ledger O-5.3-01)."""
    wanted, have = places_at(plans.document(row), Step.OPERATIONSBEREDSKAB), await forum.lines(tx)
    return without_deputy({place: have.get(place, frozenset()) for place in wanted})


@looked_at
async def what_the_plan_lacks(tx: Tx) -> None:
    """Show how long the plan's signature holds, and how many places of each authority have no deputy."""
    left = await plans.days_left(tx)
    DAYS_LEFT.set(UNSIGNED if left is None else left)
    row = await plans.newest(tx)
    missing = [one.authority for one in (await missing_deputies(tx, row) if row else ())]
    show(WITHOUT_DEPUTY, [(one, missing.count(one)) for one in sorted(set(missing))])

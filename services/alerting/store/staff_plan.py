"""Whom the steps of the beredskabsstab call, by the framework plan that was signed last."""

from datetime import datetime

from pydantic import TypeAdapter

from chassis.database import Tx
from contracts.beredskabsstab.v1 import FrameworkPlanSigned, StepCall
from services.alerting.domain.call_lists import ListedCall, ListedStaff

_CALLS: TypeAdapter[tuple[StepCall, ...]] = TypeAdapter(tuple[StepCall, ...])
_STEPS: TypeAdapter[tuple[ListedCall, ...]] = TypeAdapter(tuple[ListedCall, ...])


async def save(tx: Tx, signed: FrameworkPlanSigned, at: datetime) -> bool:
    """Keep what a plan says unless a later one is kept; each plan is a key of its own, so they overtake each other."""
    steps = _CALLS.dump_json(signed.steps).decode()
    saved = await tx.fetchval(
        "insert into staff_plan (framework_plan_id, edition, signed_at, valid_until, steps)"
        " values ($1, $2, $3, $4, $5::jsonb) on conflict (the_only) do update set framework_plan_id = $1, edition = $2,"
        " signed_at = $3, valid_until = $4, steps = $5::jsonb where staff_plan.signed_at < $3 returning true",
        *(signed.framework_plan_id, signed.edition, at, signed.valid_until, steps),
    )
    return bool(saved)


async def current(tx: Tx) -> ListedStaff | None:
    """Return it as a call list carries it; None where no plan has said whom it calls."""
    row = await tx.fetchrow("select edition, valid_until, steps from staff_plan where steps <> '[]'")
    if row is None:
        return None
    return ListedStaff(edition=row["edition"], valid_until=row["valid_until"], steps=_STEPS.validate_json(row["steps"]))

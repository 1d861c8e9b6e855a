"""What follows when an edition of the kredsraad's plan is published: it stands on the police district's website."""

from datetime import datetime, timedelta
from uuid import UUID

from chassis.database import Tx
from chassis.deadlines import due, set_deadline
from contracts.councils.v1.plans import PlanMissingOnWebsite, PlanWebsiteCheckDue
from contracts.refusal import NotFound
from services.councils.domain.samarbejdsplan import Samarbejdsplan
from services.councils.handlers.planning import tell
from services.councils.store import clock, plans, websites

WEBSITE_CHECK = "website_check"
"""The deadline, a week after the last one, at which somebody looks whether the plan stands where it should."""
EVERY = timedelta(days=7)


async def expect(tx: Tx, plan: Samarbejdsplan, edition: int, document_sha256: str) -> None:
    """Say that an edition is to stand on the website; what comes from paper stands there or does not, as history."""
    if plan.history:
        return
    await websites.expect(tx, plan.samarbejdsplan_id, edition, document_sha256)
    await _next(tx, plan.samarbejdsplan_id)


async def saw(tx: Tx, plan: Samarbejdsplan, found: str) -> None:
    """Keep what somebody found at the plan's address; anything but the plan itself is told."""
    website = await websites.locked(tx, plan.samarbejdsplan_id)
    if website is None:
        raise NotFound
    await websites.checked(tx, plan.samarbejdsplan_id, found)
    if found != "ok":
        await tell(tx, plan, PlanMissingOnWebsite, edition=website.edition, found=found)


@due(WEBSITE_CHECK)
async def _a_week_has_passed(plan_id: UUID, _: datetime, tx: Tx) -> None:
    plan = await plans.lock_plan_by_id(tx, plan_id)
    website = await websites.locked(tx, plan_id)
    if plan is None or website is None:
        return
    await websites.due(tx, plan_id)
    await tell(tx, plan, PlanWebsiteCheckDue, edition=website.edition)
    await _next(tx, plan_id)


async def _next(tx: Tx, plan_id: UUID) -> None:
    at = await clock.now(tx) + EVERY
    await set_deadline(tx, kind=WEBSITE_CHECK, subject=plan_id, due_at=at, correlation_id=plan_id)

"""How names come under the kredsraad's plan, whichever way they are given (O-0-06)."""

from typing import Literal

from chassis.database import Tx
from contracts.councils.v1.plans import PlanCorrectionBegun, PlanSignatureRecorded, PlanSigned
from services.councils.domain import samarbejdsplan, signing
from services.councils.domain.kredsraad import Kredsraad
from services.councils.domain.samarbejdsplan import Samarbejdsplan, Sheet, State
from services.councils.handlers.planning import tell
from services.councils.store import clock, plans

Way = Literal["sign_in", "sheet", "history"]


async def add_names(tx: Tx, plan: Samarbejdsplan, kredsraad: Kredsraad, sheet: Sheet, way: Way) -> int:
    """Add the names on a sheet to a locked plan; with the last one it is signed. Return the plan's version."""
    signed = samarbejdsplan.sign(plan, kredsraad, sheet)
    await plans.add_signatures(tx, signed, sheet, tx.principal.subject, await clock.now(tx))
    # All is told before the state changes: a mayor's authority reaches a plan only while it is discussed.
    for one in signed.signatures[len(plan.signatures) :]:
        await tell(tx, plan, PlanSignatureRecorded, authority=one.authority, way=way)
    if signed.state is State.SIGNED:
        last = (await plans.signed(tx, plan))["signed_on"]
        await tell(tx, plan, PlanSigned, signed_on=last, document_sha256=sheet.document_sha256)
    return await plans.save_plan(tx, signed)


async def correct(tx: Tx, plan: Samarbejdsplan) -> int:
    """Begin the next edition of a published plan; return the plan's version. What is published stays readable."""
    corrected = signing.correct(plan)
    await plans.drop_signatures(tx, plan.samarbejdsplan_id)
    await tell(tx, plan, PlanCorrectionBegun, edition=await plans.next_edition(tx, plan.year))
    return await plans.save_plan(tx, corrected)

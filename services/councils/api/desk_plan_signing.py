"""A plan from discussed to published by forms: the names under it, by sign-in or on a sheet, and who is missing."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from chassis.database import Tx
from chassis.http import Command, service_of
from chassis.web.forms import form_of
from chassis.web.page_forms import WORDS, Again, Faults, Faulty, Places, Typed, body, done, version, words
from chassis.web.sessions import page_command
from contracts.codes import Role
from contracts.refusal import NotFound
from services.councils.api import local_plans, plan_making, plan_signing, secretariat
from services.councils.api.desk_plan import show
from services.councils.api.desk_plan_edit import Writing, changed
from services.councils.api.desk_plan_versions import AGAIN as CHANGED
from services.councils.api.web import PAGES
from services.councils.domain.local_plan import LocalPlan
from services.councils.domain.local_refusals import (
    ApprovalMissing,
    ApprovedAnotherText,
    OnePersonBothSides,
    WrongLocalState,
)
from services.councils.domain.preparation import ChairsNotHeard, ProposalsUnanswered, SignaturesMissing
from services.councils.domain.samarbejdsplan import (
    FocusAreaMissing,
    PlanIsPublished,
    Samarbejdsplan,
    SectionsMissing,
    SignedAnotherText,
    WrongState,
)
from services.councils.domain.signing import NothingToCorrect
from services.councils.handlers import drafting, planning

pages = APIRouter(route_class=PAGES.route(), include_in_schema=False)

MOVED = "Planen er kommet videre, siden siden blev hentet. Se, hvor den står nu."
ANOTHER = "Teksten er en anden end den, du har læst. Læs den, der står nu, og send så igen."
LACKS = "Planen kan ikke drøftes endnu. Se, hvad der mangler, øverst på siden."
UNSIGNED = "Ikke alle har skrevet under. Se herunder, hvem der mangler."

SIGN_PLACES: Places = {
    **WORDS,
    **dict.fromkeys((WrongState, PlanIsPublished, WrongLocalState, NothingToCorrect), ("", MOVED)),
    **dict.fromkeys((SignedAnotherText, ApprovedAnotherText), ("", ANOTHER)),
    **dict.fromkeys((SectionsMissing, FocusAreaMissing, ProposalsUnanswered, ChairsNotHeard), ("droeftet", LACKS)),
    SignaturesMissing: ("", UNSIGNED),
    ApprovalMissing: ("", "Begge sider skal have godkendt. Se herunder, hvem der mangler."),
    OnePersonBothSides: ("", f"{OnePersonBothSides.title} {OnePersonBothSides.todo}"),
}
"""Where a refusal of a step is said, in words of the page."""


async def approving(call: Annotated[Command, Depends(page_command)]) -> Command:
    """Return the command of somebody who approves plans; refuse anybody else before a word is read."""
    call.require(Role.PLAN_APPROVER)
    return call


Approving = Annotated[Command, Depends(approving)]


@pages.post("/planarbejde/{plan_id}/droeftet")
async def discuss(plan_id: UUID, request: Request, call: Writing) -> Response:
    """Record that the kredsraad has discussed the plan as it reads now: its text is fixed."""
    form = await form_of(request)

    async def act() -> str:
        require_tick(form, "droeftet", "Sæt kryds, hvis kredsrådet har drøftet planen på et møde.")
        seen = version(form)

        async def do(tx: Tx, draft: drafting.Draft) -> int:
            if isinstance(draft.plan, LocalPlan):
                raise NotFound
            if seen != draft.number:
                raise Faulty({"": CHANGED})
            return await planning.discuss(tx, draft.plan)

        await changed(call, plan_id, do)
        return f"/planarbejde/{plan_id}#underskrifter"

    return await done(form, act, again_of(request, call, plan_id), SIGN_PLACES, "droeftet")


@pages.post("/planarbejde/{plan_id}/underskrift")
async def sign(plan_id: UUID, request: Request, call: Approving) -> Response:
    """Sign the kredsraad's plan for the own seat, by whoever holds it today."""
    form, at = await form_of(request), "underskrift-sted"

    async def act() -> str:
        plan = await district_plan(request, call, plan_id)
        require_words(form, {at: "Skriv, hvor du skriver under."})
        said = {"place": words(form, at), "document_sha256": form.get("kontrolsum")}
        await plan_signing.sign_by_login(plan.year, body(plan_signing.OwnSignature, said, at), call)
        return f"/planarbejde/{plan_id}#underskrifter"

    return await done(form, act, again_of(request, call, plan_id), SIGN_PLACES, at)


@pages.post("/planarbejde/{plan_id}/ark/{sheet_id}/bekraeft")
async def confirm(plan_id: UUID, sheet_id: UUID, request: Request, call: Writing) -> Response:
    """Confirm, as a second person, that a signed sheet says what was read off it."""
    form, at = await form_of(request), f"laest-{sheet_id}"

    async def act() -> str:
        plan = await district_plan(request, call, plan_id)
        require_tick(form, at, "Åbn arket, sammenlign navne og dag, og sæt så kryds.")
        said = body(plan_signing.Confirmation, {"file_sha256": form.get("fil")}, at)
        await plan_signing.confirm_sheet(plan.year, sheet_id, said, call)
        return f"/planarbejde/{plan_id}#underskrifter"

    return await done(form, act, again_of(request, call, plan_id), SIGN_PLACES, at)


@pages.post("/planarbejde/{plan_id}/godkend")
async def approve(plan_id: UUID, request: Request, call: Approving) -> Response:
    """Approve a lokalraad's plan for the own side."""
    form, at = await form_of(request), "godkender"

    async def act() -> str:
        plan = await _local_plan(request, call, plan_id)
        require_words(form, {at: "Skriv dit navn, som det skal stå i planen."})
        said = {"holder": words(form, at), "document_sha256": form.get("kontrolsum")}
        await local_plans.approve(plan.body_id, plan.year, body(local_plans.ApprovalSaid, said, at), call)
        return f"/planarbejde/{plan_id}#underskrifter"

    return await done(form, act, again_of(request, call, plan_id), SIGN_PLACES, at)


@pages.post("/planarbejde/{plan_id}/offentliggoer")
async def publish(plan_id: UUID, request: Request, call: Writing) -> Response:
    """Publish a plan that everyone has signed, or both sides have approved."""
    form, at = await form_of(request), "offentliggoer"

    async def act() -> str:
        plan = (await _draft(request, call, plan_id)).plan
        require_tick(form, at, "Sæt kryds, hvis planen skal kunne læses af alle.")
        if isinstance(plan, LocalPlan):
            await local_plans.publish(plan.body_id, plan.year, call)
        else:
            await secretariat.publish_plan(plan.year, call)
        return f"/planarbejde/{plan_id}#underskrifter"

    return await done(form, act, again_of(request, call, plan_id), SIGN_PLACES, at)


@pages.post("/planarbejde/{plan_id}/rettelse")
async def correct(plan_id: UUID, request: Request, call: Writing) -> Response:
    """Begin the next edition of a published plan of the kredsraad; what is published stays."""
    form, at = await form_of(request), "rettelse"

    async def act() -> str:
        plan = await district_plan(request, call, plan_id)
        require_tick(form, at, "Sæt kryds, hvis planen skal rettes og underskrives igen.")
        said = body(plan_making.CorrectionSaid, {"version": version(form)}, at)
        await plan_making.correct(plan.year, said, call)
        return f"/planarbejde/{plan_id}"

    return await done(form, act, again_of(request, call, plan_id), SIGN_PLACES, at)


def again_of(request: Request, call: Command, plan_id: UUID) -> Again:
    """Return how a plan's page is shown once more."""
    return partial(show, request, call.principal, plan_id)


async def district_plan(request: Request, call: Command, plan_id: UUID) -> Samarbejdsplan:
    """Return a plan of the kredsraad as the asker reads it; NotFound where it is none of theirs, or a lokalraad's."""
    plan = (await _draft(request, call, plan_id)).plan
    if isinstance(plan, LocalPlan):
        raise NotFound
    return plan


async def _local_plan(request: Request, call: Command, plan_id: UUID) -> LocalPlan:
    plan = (await _draft(request, call, plan_id)).plan
    if not isinstance(plan, LocalPlan):
        raise NotFound
    return plan


async def _draft(request: Request, call: Command, plan_id: UUID) -> drafting.Draft:
    async with service_of(request).database.tx(call.principal) as tx:
        return await drafting.read(tx, plan_id)


def require_tick(form: Typed, name: str, otherwise: str) -> None:
    """Refuse a form in which something that cannot be undone is not ticked."""
    if name not in form:
        raise Faulty({name: otherwise})


def require_words(form: Typed, lacking: Faults) -> None:
    """Refuse a form in which a field is empty, with what belongs there."""
    if faults := {name: said for name, said in lacking.items() if not words(form, name)}:
        raise Faulty(faults)

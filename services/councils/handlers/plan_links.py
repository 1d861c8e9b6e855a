"""Without an account: a member approves a local plan, a chair answers about the kredsraad's plan, by personal link."""

from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from chassis.database import Tx
from contracts.refusal import NotFound, Refusal
from services.councils.domain.bodies import Body
from services.councils.domain.document import texts_of
from services.councils.domain.links import Link
from services.councils.domain.local_plan import LocalState, local_sha256
from services.councils.domain.lokalraad import Side
from services.councils.domain.seating import CIVIL
from services.councils.domain.wording import Text
from services.councils.handlers.links import Shown, serve
from services.councils.handlers.local_planning import Approver, approve
from services.councils.handlers.minutes_links import answers_as
from services.councils.handlers.planning import respond
from services.councils.store import bodies, local_plans, proposals, seats

APPROVE, RESPOND = "approve_plan", "respond_plan"
_TEXT: TypeAdapter[str] = TypeAdapter(Text)


class NotTheChair(Refusal):
    """The chair of the lokalraad answers about the kredsraad's plan (O-2-12)."""

    slug = "not-the-chair"
    status = 403
    title = "Kun lokalrådets formand svarer på planen."
    todo = "Bed sekretariatet om at spørge den, der er formand nu."


class NotOfASide(Refusal):
    """A local plan is approved by police and municipality (O-2-10)."""

    slug = "not-of-a-side"
    status = 403
    title = "Kun politiet og kommunen godkender den lokale plan."
    todo = "Du skal ikke gøre mere."


class ResponseMissing(Refusal):
    """Whoever answers says something."""

    slug = "response-missing"
    status = 422
    title = "Skriv dit svar."
    todo = "Skriv det i feltet, og send igen. Intet er gemt."


# --- the local plan -----------------------------------------------------------------------------------------------


async def _plan_shown(tx: Tx, link: Link) -> Shown:
    plan = await local_plans.found_by_id(tx, link.subject)
    if plan is None:
        raise NotFound
    title, *lines = texts_of(plan.document)
    name, _ = answers_as(link)
    if name in {one.subject for one in plan.approvals}:
        return Shown(title, tuple(lines), done="Du har godkendt planen.")
    if plan.state is not LocalState.SUBMITTED:
        return Shown(title, tuple(lines), done="Planen skal ikke godkendes nu.")
    return Shown(title, tuple(lines), buttons=((local_sha256(plan.document), "Godkend planen"),))


async def _plan_approved(tx: Tx, link: Link, said: str, _: str) -> None:
    plan, member = await local_plans.locked_by_id(tx, link.subject), await seats.found(tx, link.member_id)
    if plan is None or member is None:
        raise NotFound
    if member.side == CIVIL:
        raise NotOfASide
    await approve(tx, plan, Side(member.side), Approver(answers_as(link)[0], member.holder, said))


async def _is_its_plan(tx: Tx, body: Body, subject: UUID) -> bool:
    plan = await local_plans.found_by_id(tx, subject)
    return plan is not None and plan.body_id == body.id


serve(APPROVE, show=_plan_shown, act=_plan_approved, belongs=_is_its_plan)


# --- what the chair says about the kredsraad's plan ---------------------------------------------------------------


async def _asked(tx: Tx, link: Link) -> Shown:
    found = await proposals.involvement(tx, link.subject)
    if found is None:
        raise NotFound
    title = "Hvad siger lokalrådet til udkastet til samarbejdsplan?"
    lines = (f"Svar senest den {found['answer_by']:%d.%m.%Y}. Kredsrådet drøfter planen derefter.",)
    done = "Du har svaret. Et nyt svar træder i stedet for det gamle." if found["responded_at"] else ""
    return Shown(title, lines, buttons=(("respond", "Send svaret"),), asks="Dit svar", done=done)


async def _responded(tx: Tx, link: Link, said: str, words: str) -> None:
    found, body = await proposals.involvement(tx, link.subject), await bodies.found(tx, link.body_id)
    if found is None or body is None or said != "respond":
        raise NotFound
    chair = await seats.chair_on(tx, link.body_id, await seats.today(tx))
    if chair is None or chair.id != link.member_id:
        raise NotTheChair
    try:
        text = _TEXT.validate_python(words.strip())
    except ValidationError as error:
        raise ResponseMissing from error
    await respond(tx, found["samarbejdsplan_id"], body, text)


async def _is_asked(tx: Tx, body: Body, subject: UUID) -> bool:
    found = await proposals.involvement(tx, subject)
    return found is not None and found["body_id"] == body.id


serve(RESPOND, show=_asked, act=_responded, belongs=_is_asked)

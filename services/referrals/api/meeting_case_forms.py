"""What a circle does for a case on the screen of its day: told, asked, answered, done, asked of the group above."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from chassis.access import accessing
from chassis.web.forms import form_of
from chassis.web.page_forms import Faulty, Places, Typed, body, done, version, words
from services.referrals.api import group_cases, group_help, group_work
from services.referrals.api.meeting_forms import PLACES, Sent, again_at
from services.referrals.api.web import PAGES
from services.referrals.domain.group_refusals import MeetingInThePast, NotAParticipant, ReasonMissing
from services.referrals.domain.moments import from_day

pages = APIRouter(route_class=PAGES.route(), include_in_schema=False)

CASE = "/moeder/{meeting_id}/sager/{group_case_id}"
LATER = "Dagen er forbi. Vælg en senere."
NOTHING_SAID = "Skriv noget. Intet er gemt."
REMOVED = "fjern"
"""What the form says by which a case is in no grey zone any more."""

Do = Callable[[Typed], Awaitable[Response]]


@pages.post(f"{CASE}/nyt", dependencies=[Depends(accessing("group_case.update", "group_case_id"))])
async def tell(meeting_id: UUID, group_case_id: UUID, request: Request, call: Sent) -> Response:
    """Tell the circle something new."""

    async def do(form: Typed) -> Response:
        return await group_work.update(group_case_id, _saying(form, "nyt"), request, call)

    return await _sent(meeting_id, group_case_id, request, call, do, "nyt")


@pages.post(f"{CASE}/spoerg", dependencies=[Depends(accessing("group_case.ask", "group_case_id"))])
async def ask(meeting_id: UUID, group_case_id: UUID, request: Request, call: Sent) -> Response:
    """Ask another member of the circle."""

    async def do(form: Typed) -> Response:
        answer_by = from_day(form.get("svarfrist", ""))
        faults = {} if form.get("til") else {"til": "Vælg, hvem I spørger."}
        faults |= {} if answer_by else {"svarfrist": "Skriv, hvornår I håber på et svar."}
        if faults:
            raise Faulty(faults)
        said = {"to": form["til"], "text": words(form, "spoergsmaal"), "answer_by": answer_by}
        return await group_work.ask(group_case_id, body(group_work.AskingOne, said, "spoergsmaal"), request, call)

    other = "Vælg en anden i sagens kreds."
    places: Places = {MeetingInThePast: ("svarfrist", LATER), NotAParticipant: ("til", other)}
    return await _sent(meeting_id, group_case_id, request, call, do, "spoergsmaal", places)


@pages.post(
    f"{CASE}/spoergsmaal/{{question_id}}",
    dependencies=[Depends(accessing("group_case.reply", "question_id"))],
)
async def reply(meeting_id: UUID, group_case_id: UUID, question_id: UUID, request: Request, call: Sent) -> Response:
    """Answer what another member asked."""
    name = f"svar-{question_id}"

    async def do(form: Typed) -> Response:
        return await group_work.reply(question_id, _saying(form, name), request, call)

    return await _sent(meeting_id, group_case_id, request, call, do, name)


@pages.post(f"{CASE}/opgaver/{{task_id}}", dependencies=[Depends(accessing("group_case.task_done", "task_id"))])
async def finish(meeting_id: UUID, group_case_id: UUID, task_id: UUID, request: Request, call: Sent) -> Response:
    """Say that the own task is done."""

    async def do(_: Typed) -> Response:
        return await group_work.done(task_id, group_work.Nothing(), request, call)

    return await _sent(meeting_id, group_case_id, request, call, do, f"opgave-{task_id}")


@pages.post(f"{CASE}/graazone", dependencies=[Depends(accessing("group_case.grey_zone", "group_case_id"))])
async def flag(meeting_id: UUID, group_case_id: UUID, request: Request, call: Sent) -> Response:
    """Flag a case that falls between the authorities' work, with why, or say that it does not any more."""

    async def do(form: Typed) -> Response:
        why = "" if form.get("valg") == REMOVED else words(form, "graazone")
        if not why and form.get("valg") != REMOVED:
            raise ReasonMissing
        said = {"version": version(form), "text": why}
        return await group_cases.grey_zone(group_case_id, body(group_cases.GreyZone, said, "graazone"), request, call)

    why: Places = {ReasonMissing: ("graazone", "Skriv, hvad sagen falder imellem. Intet er gemt.")}
    return await _sent(meeting_id, group_case_id, request, call, do, "graazone", why)


@pages.post(f"{CASE}/igen", dependencies=[Depends(accessing("group_case.review", "group_case_id"))])
async def look_again(meeting_id: UUID, group_case_id: UUID, request: Request, call: Sent) -> Response:
    """Say when the case is looked at again."""

    async def do(form: Typed) -> Response:
        review_at = from_day(form.get("ses-igen", ""))
        if review_at is None:
            raise Faulty({"ses-igen": "Skriv en dag."})
        said = group_cases.Review(version=version(form), review_at=review_at)
        return await group_cases.review(group_case_id, said, request, call)

    later: Places = {MeetingInThePast: ("ses-igen", LATER)}
    return await _sent(meeting_id, group_case_id, request, call, do, "ses-igen", later)


@pages.post(f"{CASE}/eskaler", dependencies=[Depends(accessing("group_case.escalate", "group_case_id"))])
async def escalate(meeting_id: UUID, group_case_id: UUID, request: Request, call: Sent) -> Response:
    """Ask the district's group about what the own one cannot lift."""

    async def do(form: Typed) -> Response:
        return await group_help.escalate(group_case_id, _saying(form, "eskaler"), request, call)

    why: Places = {ReasonMissing: ("eskaler", "Skriv, hvorfor gruppen ikke selv kan løfte sagen. Intet er sendt.")}
    return await _sent(meeting_id, group_case_id, request, call, do, "eskaler", why)


def _saying(form: Typed, name: str) -> group_work.Saying:
    return body(group_work.Saying, {"text": words(form, name)}, name)


async def _sent(
    meeting_id: UUID,
    group_case_id: UUID,
    request: Request,
    call: Sent,
    do: Do,
    at: str,
    places: Places | None = None,
) -> Response:
    """Do what a form says and show the case; whatever is refused is said at one of its fields."""
    form = await form_of(request)
    # Whatever has no version was sent by none of our pages: nothing is shown again.
    version(form)

    async def act() -> str:
        await do(form)
        return f"/moeder/{meeting_id}/sager/{group_case_id}#sag"

    again = again_at(request, call, meeting_id, group_case_id)
    return await done(form, act, again, {**PLACES, ReasonMissing: (at, NOTHING_SAID), **(places or {})}, at)

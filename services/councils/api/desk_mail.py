"""What a council sent by mail, for its secretary's browser: who has it since when, and one press to send again."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from chassis.http import Command, service_of
from chassis.identity import Principal
from chassis.web.forms import form_of
from chassis.web.page_forms import WORDS, Again, Faults, Places, Typed, done
from chassis.web.pages import HEADERS
from chassis.web.sessions import page_command
from contracts.codes import Role
from services.councils.api import mailings
from services.councils.api.common import kept_body
from services.councils.api.web import PAGES, READ, Colleague, render, told
from services.councils.domain.mailings import MailNotFailed, MailTooLate

pages = APIRouter(route_class=PAGES.route(), include_in_schema=False)

Sent = Annotated[Command, Depends(page_command)]


@pages.api_route("/udsendt/{body_id}", methods=READ)
async def page(body_id: UUID, request: Request, who: Colleague) -> Response:
    """Show what a council sent, what could not be delivered first."""
    return await show(request, who, body_id)


async def show(
    request: Request,
    who: Principal,
    body_id: UUID,
    status: int = 200,
    faults: Faults | None = None,
    typed: Typed | None = None,
) -> Response:
    """Return the page; where something was refused, with why."""
    async with service_of(request).database.tx(who) as tx:
        council = (await kept_body(tx, body_id)).title
    found = told(await mailings.of_body(body_id, request, who))["mailings"]
    said = {"faults": faults or {}, "typed": typed or {}}
    return render(request, who, "desk_mail.html", status, council=council, body_id=body_id, mails=found, **said)


@pages.post("/udsendt/{body_id}/igen/{mailing_id}")
async def again(body_id: UUID, mailing_id: UUID, request: Request, call: Sent) -> Response:
    """Send a mail again that could not be delivered."""
    call.require(Role.SECRETARY)
    form, at = await form_of(request), f"mail-{mailing_id}"

    async def act() -> str:
        await mailings.again(mailing_id, call)
        return f"/udsendt/{body_id}"

    refuse: Again = partial(show, request, call.principal, body_id)
    places: Places = {**WORDS, MailNotFailed: ("", MailNotFailed.title), MailTooLate: ("", MailTooLate.title)}
    return await done(form, act, refuse, places, at)


@pages.post("/udsendt/moede/{meeting_id}")
async def send_missing(meeting_id: UUID, call: Sent) -> Response:
    """Send what is out about a meeting to whoever has not got it."""
    await mailings.send_missing(meeting_id, call)
    return RedirectResponse(f"/moede/{meeting_id}#udsendt", 303, HEADERS)

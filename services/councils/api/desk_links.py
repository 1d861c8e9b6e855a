"""A member without an account is sent a personal link by a press, until a day; and a link is withdrawn."""

from datetime import date, datetime, time, timedelta
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import ValidationError

from chassis.database import Tx
from chassis.http import Answer
from chassis.web.forms import form_of
from chassis.web.page_forms import WORDS, Again, Faulty, Places, Typed, body, done, words
from contracts.hverdage import DANISH_TIME
from services.councils.api import mailings, seats
from services.councils.api.common import kept_body
from services.councils.api.desk_seats import show
from services.councils.api.desk_year import Sent
from services.councils.api.links import LinkBody
from services.councils.api.web import PAGES
from services.councils.domain.links import LinkInThePast, NotOnTheCouncil
from services.councils.domain.mailings import NoAddress
from services.councils.handlers.links import revoke
from services.councils.handlers.seats import member_of
from services.councils.store import seats as kept

pages = APIRouter(route_class=PAGES.route(), include_in_schema=False)

NO_ADDRESS = "Der er ikke skrevet en mailadresse ind for medlemmet. Skriv den ind herunder, og send så igen."
UNLIKE = "Det ligner ikke en mailadresse. Skriv den som navn@myndighed.dk."


@pages.post("/raad-arbejde/{body_id}/pladser/{member_id}/link")
async def send(body_id: UUID, member_id: UUID, request: Request, call: Sent) -> Response:
    """Send a member a personal link by mail; it is made when the mail goes out, and holds until the end of a day."""
    form, at, until = await form_of(request), f"link-{member_id}", f"til-{member_id}"
    again: Again = partial(show, request, call.principal, body_id)

    async def act() -> str:
        said = _said(form, at, until)
        await mailings.send_link(body_id, member_id, said, call)
        return f"/udsendt/{body_id}"

    places: Places = {
        **WORDS,
        LinkInThePast: (until, "Vælg en dag fra i dag og højst et år frem."),
        NoAddress: (at, NO_ADDRESS),
        NotOnTheCouncil: (at, NotOnTheCouncil.title),
    }
    return await done(form, act, again, places, at)


@pages.post("/raad-arbejde/{body_id}/pladser/{member_id}/mail")
async def reach(body_id: UUID, member_id: UUID, request: Request, call: Sent) -> Response:
    """Say by which mail address a member is reached; which account they have stays as it is."""
    form, at = await form_of(request), f"mail-{member_id}"
    again: Again = partial(show, request, call.principal, body_id)

    async def act() -> str:
        if not words(form, at):
            raise Faulty({at: "Skriv medlemmets mailadresse."})
        async with call.database.tx(call.principal) as tx:
            known = (await kept.contacts(tx, [member_id])).get(member_id, {})
        try:
            said = seats.ReachBody.model_validate({"email": words(form, at), "subject": known.get("subject")})
        except ValidationError as error:
            raise Faulty({at: UNLIKE}) from error
        await seats.reach(body_id, member_id, said, call)
        return f"/raad-arbejde/{body_id}/pladser#medlem-{member_id}"

    return await done(form, act, again, at=at)


@pages.post("/raad-arbejde/{body_id}/pladser/{member_id}/link/{link_id}/traek")
async def withdraw(body_id: UUID, member_id: UUID, link_id: UUID, request: Request, call: Sent) -> Response:
    """Withdraw one link of a member: it opens nothing any more; a second time changes nothing."""
    again: Again = partial(show, request, call.principal, body_id)

    async def act() -> str:
        async def work(tx: Tx) -> Answer:
            council = await kept_body(tx, body_id)
            member = await member_of(tx, council.id, member_id)
            return Answer(200, {"revoked": str(await revoke(tx, member.id, link_id))})

        await call.run(work)
        return f"/raad-arbejde/{body_id}/pladser#medlem-{member_id}"

    return await done(await form_of(request), act, again)


def _said(form: Typed, at: str, until: str) -> LinkBody:
    purpose, _, subject = form.get(at, "").partition(".")
    ends_at = _end_of(words(form, until))
    faults = {
        at: "" if subject else "Vælg, hvad linket skal bruges til.",
        until: "" if ends_at else "Vælg den sidste dag, linket gælder.",
    }
    if lacking := {field: said for field, said in faults.items() if said}:
        raise Faulty(lacking)
    return body(LinkBody, {"purpose": purpose, "subject": subject, "until": ends_at}, at)


def _end_of(day: str) -> datetime | None:
    """Return when a day that a browser's field says is over in Denmark; None where it says none."""
    try:
        return datetime.combine(date.fromisoformat(day) + timedelta(days=1), time(), DANISH_TIME)
    except (ValueError, OverflowError):
        return None

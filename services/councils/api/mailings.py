"""What went out by mail, to whom and when; and sending again what could not be delivered."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from chassis.database import Tx
from chassis.http import Answer, service_of
from chassis.openapi import refusing
from contracts.codes import Role
from contracts.refusal import NotFound
from services.councils.api.common import Asking, Call, answer, kept_body
from services.councils.api.links import BodyId, LinkBody, MemberId
from services.councils.api.meeting_common import kept_meeting
from services.councils.domain.links import LinkInThePast, NotOnTheCouncil
from services.councils.domain.mailings import Kind, MailNotFailed, MailTooLate, NoAddress, in_time
from services.councils.domain.meetings import Meeting
from services.councils.handlers import mailing as acts
from services.councils.handlers.links import PURPOSES, require_holder
from services.councils.handlers.seats import member_of
from services.councils.store import mailings as store
from services.councils.store import meetings, seats

router = APIRouter(tags=["mail"])

WHAT = {
    Kind.INVITATION: "Indkaldelse",
    Kind.CANCELLATION: "Aflysning",
    Kind.WITHDRAWAL: "Besked om ikke at skulle med",
    Kind.AGENDA: "Dagsorden",
    Kind.ROUND: "Referat til godkendelse",
    Kind.LINK: "Personligt link",
}
"""What a mail is called on a page."""

ADVICE = {
    "left": "Modtageren sidder ikke i rådet mere. Der skal ikke gøres noget.",
    "no_address": "Skriv en mailadresse ind for modtageren, og send igen.",
    "too_late": "Det, mailen handler om, er overstået. Kontakt modtageren på anden vis, hvis det stadig har betydning.",
    "not_connected": "Mailserveren svarede ikke. Send igen, og tal med driften, hvis det bliver ved.",
    "not_written": "Mailen kunne ikke skrives. Tal med driften, og aflevér den selv så længe.",
}
"""What a secretary does about a mail that could not be delivered, by why."""
REFUSED = (
    "Modtagerens mailserver afviste mailen. Ret adressen, og send igen, eller hent mailens indhold og aflevér det selv."
)
UNSURE = "Mailserveren tog ikke imod mailen. Send igen; hvis det bliver ved, så aflevér den selv."


@router.get("/meetings/{meeting_id}/mailings")
async def of_meeting(meeting_id: UUID, request: Request, principal: Asking) -> Response:
    """Return what went out about a meeting: to whom, when it was sent, and what could not be delivered."""
    async with service_of(request).database.tx(principal) as tx:
        body, meeting = await kept_meeting(tx, meeting_id)
        found = await store.of_meeting(tx, meeting_id)
        names = await _names(tx, body.id)
    return answer({"meeting_id": meeting_id, "mailings": [shown(one, meeting, names) for one in found]})


@router.post("/meetings/{meeting_id}/mailings", responses=refusing(NotFound))
async def send_missing(meeting_id: UUID, call: Call) -> Response:
    """Send what is out about a meeting to whoever has not got it: new addresses, and what could not be delivered."""
    call.require(Role.SECRETARY)

    async def work(tx: Tx) -> Answer:
        body, meeting = await kept_meeting(tx, meeting_id)
        return Answer(200, {"meeting_id": meeting_id, "mails": str(await acts.send_missing(tx, body, meeting))})

    return await call.run(work)


@router.get("/bodies/{body_id}/mailings")
async def of_body(body_id: BodyId, request: Request, principal: Asking) -> Response:
    """Return what a council sent in the last year, the newest first; of no link is more said than what it is for."""
    async with service_of(request).database.tx(principal) as tx:
        await kept_body(tx, body_id)
        found = await store.of_body(tx, body_id)
        about = {one: await meetings.found(tx, one) for one in {one["subject"] for one in found}}
        names = await _names(tx, body_id)
    return answer({"body_id": body_id, "mailings": [shown(one, about[one["subject"]], names) for one in found]})


@router.post(
    "/bodies/{body_id}/members/{member_id}/links/mailing",
    status_code=201,
    responses=refusing(NoAddress, NotOnTheCouncil, LinkInThePast, NotFound),
)
async def send_link(body_id: BodyId, member_id: MemberId, body: LinkBody, call: Call) -> Response:
    """Send a member a personal link by mail; it is made when the mail goes out, and nobody else ever sees it."""
    call.require(Role.SECRETARY)

    async def work(tx: Tx) -> Answer:
        kept = await kept_body(tx, body_id)
        await member_of(tx, kept.id, member_id)
        if body.purpose not in PURPOSES or not await PURPOSES[body.purpose].belongs(tx, kept, body.subject):
            raise NotFound
        await require_holder(tx, member_id, body.until)
        sent = await acts.send_link(tx, kept, member_id, body.purpose, body.subject, body.until)
        return Answer(201, {"mailing_id": sent.id})

    return await call.run(work)


@router.post("/mailings/{mailing_id}/again", responses=refusing(MailNotFailed, MailTooLate, NotFound))
async def again(mailing_id: UUID, call: Call) -> Response:
    """Try a mail anew that could not be delivered, under its own Message-ID."""
    call.require(Role.SECRETARY)

    async def work(tx: Tx) -> Answer:
        await acts.try_again(tx, await acts.found(tx, mailing_id))
        return Answer(200, {"mailing_id": mailing_id})

    return await call.run(work)


async def _names(tx: Tx, body_id: UUID) -> dict[UUID, str]:
    return {one.id: one.holder for one in await seats.of_body(tx, body_id)}


def shown(one: Mapping[str, Any], meeting: Meeting | None, names: Mapping[UUID, str]) -> dict[str, Any]:
    """Return a mail as its secretary sees it; of an address that is forgotten, whose it was."""
    who = ", ".join(part for part in (names.get(one["member_id"], ""), one["address"]) if part) or one["seat"]
    sent_at, failed = one["sent_at"], one["state"] == "failed"
    timely = in_time(meeting, Kind(one["kind"]), sent_at) if sent_at and meeting and one["first"] else None
    waits = one["state"] == "waiting" and one["tries"] > 0
    todo = ADVICE.get(one["failure"], REFUSED if one["failure"].startswith("smtp_5") else UNSURE) if failed else None
    said = {"what": WHAT[Kind(one["kind"])], "who": who or "en tidligere modtager"}
    facts = {name: value for name, value in one.items() if name != "first"}
    return facts | said | {"in_time": timely, "todo": todo, "is_tried_again": waits}

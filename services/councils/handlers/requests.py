"""A municipal member of the kredsraad asks for an extraordinary meeting; it comes on the agenda by itself (L-29)."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from chassis.database import Tx
from chassis.deadlines import due, set_deadline
from chassis.ids import new_id
from contracts.codes import authorities
from contracts.councils.v1.seats import MeetingRequested, SeatKind
from contracts.refusal import NotFound, Refusal
from services.councils.domain.bodies import Body, BodyKind
from services.councils.domain.links import Link
from services.councils.domain.matters import Matter, Treated
from services.councils.domain.meetings import Meeting
from services.councils.domain.seating import NotTheKredsraad
from services.councils.domain.wording import Text
from services.councils.handlers import meetings
from services.councils.handlers.links import Shown, serve
from services.councils.handlers.matters import raise_matter, when_treated
from services.councils.handlers.meetings import Proposed
from services.councils.handlers.telling import tell
from services.councils.store import bodies, clock, requests, seats

REQUESTED = "meeting_requested"
BY_LINK = "ask_meeting"
_TEXT: TypeAdapter[str] = TypeAdapter(Text)


class NotAMunicipalMember(Refusal):
    """The municipal members of the kredsraad may ask for more meetings; the chair convenes them anyway (L-29)."""

    slug = "not-a-municipal-member"
    status = 403
    title = "Kun kredsrådets kommunale medlemmer kan bede om et ekstraordinært møde (bekendtgørelse 1426/2006)."
    todo = "Politidirektøren indkalder selv. Er du fra en anden myndighed, så tal med rådets sekretariat."


class AskedAlready(Refusal):
    """The municipality has asked, and no meeting has answered it yet."""

    slug = "asked-already"
    title = "Kommunen har allerede bedt om et ekstraordinært møde, som ikke er holdt endnu."
    todo = "Du skal ikke gøre mere. Sekretariatet har fået anmodningen."


class RequestIsMet(Refusal):
    """A request is answered by one meeting."""

    slug = "request-is-met"
    title = "Der er allerede et møde for denne anmodning."
    todo = "Se mødet i rådets årshjul. Et aflyst møde kan erstattes af et nyt."


class ReasonMissing(Refusal):
    """Whoever asks for a meeting says what about."""

    slug = "reason-missing"
    status = 422
    title = "Skriv, hvad mødet skal handle om."
    todo = "Skriv det i feltet, og send igen. Intet er gemt."


async def ask(tx: Tx, body: Body, authority: str, reason: str) -> UUID:
    """Ask for a meeting on behalf of a municipality that sits on the kredsraad; return the request.

    Raises:
        NotTheKredsraad, NotAMunicipalMember, AskedAlready.
    """
    if body.kind is not BodyKind.KREDSRAAD:
        raise NotTheKredsraad
    if not may_ask(body, authority):
        raise NotAMunicipalMember
    await seats.lock(tx, body.id)
    if await requests.waiting_of(tx, body.id, authority) is not None:
        raise AskedAlready
    request_id = new_id()
    await requests.add(tx, request_id, body.id, authority, reason)
    # A municipality does not keep the kredsraad's papers: the service itself puts it on the agenda and tells it.
    at = await clock.now(tx)
    await set_deadline(tx, kind=REQUESTED, subject=request_id, due_at=at, correlation_id=body.id, at_once=True)
    return request_id


def may_ask(body: Body, authority: str) -> bool:
    """Say whether an authority is a municipal member of the kredsraad: its chair convenes without asking."""
    return body.kind is BodyKind.KREDSRAAD and authority in body.parties and authority not in body.secretariats


async def plan(tx: Tx, body: Body, request_id: UUID, wanted: Proposed) -> Meeting:
    """Plan the extraordinary meeting of a locked council for which a member has asked, with the member's reason.

    Raises:
        NotFound: nobody has asked this council by that id.
        RequestIsMet: another meeting answers it.
    """
    asked = await requests.found(tx, request_id)
    if asked is None or asked["body_id"] != body.id:
        raise NotFound
    if not await requests.is_open(tx, request_id):
        raise RequestIsMet
    meeting = await meetings.plan(tx, body, replace(wanted, ordinary=False, reason=asked["reason"]))
    await requests.plan(tx, request_id, meeting.id)
    return meeting


@due(REQUESTED)
async def _put_on_the_agenda(request_id: UUID, _: datetime, tx: Tx) -> None:
    """Let the chair's secretariat see it: on the next agenda, and in the mailboxes of the council."""
    asked = await requests.found(tx, request_id)
    body = await bodies.locked(tx, asked["body_id"]) if asked else None
    if asked is None or body is None:
        return
    title = f"Ekstraordinært møde: {authorities()[asked['authority']].name} har bedt om et møde"
    await raise_matter(tx, Matter(new_id(), body.id, REQUESTED, request_id, title))
    told = MeetingRequested(body_id=body.id, parties=body.parties, request_id=request_id, authority=asked["authority"])
    await tell(tx, body, told)


@when_treated(REQUESTED)
async def _met(tx: Tx, matter: Matter, treated: Treated) -> None:
    """Say that the meeting answered the request."""
    await requests.meet(tx, matter.subject, treated.meeting_id)


# --- by a mayor's personal link ---------------------------------------------------------------------------------------


async def _shown(tx: Tx, link: Link) -> Shown:
    waiting = await requests.waiting_of(tx, link.body_id, link.authority)
    title = "Bed om et ekstraordinært møde i kredsrådet"
    if waiting is not None:
        return Shown(title, done="Kommunen har bedt om et møde. Sekretariatet har fået anmodningen.")
    lines = ("Kredsrådets kommunale medlemmer kan bede om flere møder end de fire ordinære.",)
    return Shown(title, lines, buttons=(("ask", "Bed om et møde"),), asks="Hvad skal mødet handle om?")


async def _said(tx: Tx, link: Link, said: str, words: str) -> None:
    body, member = await bodies.found(tx, link.body_id), await seats.found(tx, link.member_id)
    if said != "ask" or body is None or member is None or member.kind is not SeatKind.BORGMESTER:
        raise NotAMunicipalMember
    try:
        reason = _TEXT.validate_python(words.strip())
    except ValidationError as error:
        raise ReasonMissing from error
    await ask(tx, body, link.authority, reason)


async def _belongs(_: Tx, body: Body, subject: UUID) -> bool:
    return body.kind is BodyKind.KREDSRAAD and subject == body.id


serve(BY_LINK, show=_shown, act=_said, belongs=_belongs)

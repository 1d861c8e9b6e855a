"""A mail is written when it is sent, from what is so then; its personal link is made for this very try."""

from dataclasses import replace
from uuid import UUID

from chassis.database import Tx
from services.councils.domain import mailings as words
from services.councils.domain.agendas import ItemState
from services.councils.domain.bodies import Body
from services.councils.domain.invitations import Frame, Guest, invitation
from services.councils.domain.mailings import Draft, House, Kind, Mailing, Words
from services.councils.domain.meetings import Meeting
from services.councils.handlers.links import Issued, issue
from services.councils.store import agendas, bodies, clock, invitations, links, mailings, meetings, seats

IN_CALENDARS = {Kind.INVITATION: "REQUEST", Kind.CANCELLATION: "CANCEL", Kind.WITHDRAWAL: "CANCEL"}


async def write(tx: Tx, mailing: Mailing, house: House) -> Draft | None:
    """Return a mail as it goes out now; None where nobody is reached any more.

    Raises:
        NotOnTheCouncil: whoever should get a personal link does not sit there any more.
    """
    (address, member_id), body = await mailings.reached(tx, mailing), await bodies.found(tx, mailing.body_id)
    if not address or body is None or not await mailings.waits(tx, mailing.id):
        return None
    organizer, _ = await invitations.organizer(tx, body.id)
    made = await _link(tx, mailing)
    at = f"{house.base}{made.path}" if made else ""
    meeting = await meetings.found(tx, mailing.subject)
    said = await _words(tx, mailing, body, meeting, at, house)
    member = await seats.found(tx, member_id) if member_id else None
    name, link_id = member.holder if member else "", made.id if made else None
    draft = Draft(address, body.title, words.framed(said, house), organizer, name=name, link_id=link_id)
    if meeting is None or mailing.kind not in IN_CALENDARS:
        return draft
    return await _with_calendar(tx, mailing, draft, meeting, house)


async def take_back_link(tx: Tx, mailing: Mailing, link_id: UUID | None) -> None:
    """Take back the link of a try that surely did not go out."""
    if link_id is not None and mailing.member_id is not None:
        await links.revoke(tx, mailing.member_id, link_id)


async def open_points(tx: Tx, meeting: Meeting) -> list[str]:
    """Return the titles of what is on an agenda that is sent, without its confidential points."""
    if meeting.agenda_sent_at is None:
        return []
    items = await agendas.of_meeting(tx, meeting.id)
    return [one.title for one in items if not one.confidential and one.state is not ItemState.WITHDRAWN]


async def _link(tx: Tx, mailing: Mailing) -> Issued | None:
    if not mailing.purpose or mailing.member_id is None:
        return None
    return await issue(tx, mailing.member_id, mailing.purpose, mailing.subject, mailing.until, by=mailing.queued_by)


async def _words(tx: Tx, mailing: Mailing, body: Body, meeting: Meeting | None, at: str, house: House) -> Words:
    if meeting is None or mailing.kind is Kind.LINK:
        return words.about_link(body.title, mailing.until, at)
    page = f"{house.base}/moede/{meeting.id}"
    if mailing.kind is Kind.ROUND:
        return words.about_round(body.title, meeting, mailing.until, at or f"{page}#referat", is_link=bool(at))
    if mailing.kind in {Kind.CANCELLATION, Kind.WITHDRAWAL}:
        page = f"{house.base}/raad/{body.id}"
    changed = 0 if await mailings.is_first(tx, mailing.id) else meeting.answers_from
    return words.about_meeting(mailing.kind, changed, body.title, meeting, await open_points(tx, meeting), page)


async def _with_calendar(tx: Tx, mailing: Mailing, draft: Draft, meeting: Meeting, house: House) -> Draft:
    now = mailing.queued_at or await clock.now(tx)
    frame = Frame(draft.council, now, house.demonstration, house.exercise)
    is_out = mailing.kind is Kind.WITHDRAWAL
    points = [] if is_out else await open_points(tx, meeting)
    guest = Guest(draft.address, draft.name, withdrawn=is_out)
    edition = replace(meeting, sequence=mailing.edition)
    calendar = invitation(edition, draft.reply_to or house.sender, guest, points, frame)
    return replace(draft, calendar=calendar, method=IN_CALENDARS[mailing.kind])

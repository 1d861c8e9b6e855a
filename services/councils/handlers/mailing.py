"""What goes out by mail: queued in the same transaction as the act, and written when it is sent.

A row says who and what by id alone. A personal link is made for the very try that sends it, so that no token is ever
kept: one that may have gone out stays good, one that surely has not is taken back.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from prometheus_client import Gauge

from chassis.database import Tx
from chassis.deadlines import due, set_deadline
from chassis.gauges import looked_at
from chassis.ids import new_id
from contracts.refusal import NotFound
from services.councils.domain.bodies import Body
from services.councils.domain.links import APPROVE_MINUTES
from services.councils.domain.mailings import (
    INSTEAD_OF,
    Kind,
    Mailing,
    MailNotFailed,
    MailState,
    MailTooLate,
    NoAddress,
)
from services.councils.domain.meetings import Meeting, State, withdrawn
from services.councils.store import bodies, clock, invitations, mailings, meetings, minutes, seats, withdrawals

WAITING = Gauge("council_mail_waiting_seconds", "How long the oldest mail of a council waits to be sent")
PEOPLE_CHANGED = "people_changed"
"""The deadline at which the service follows what somebody entered who does not keep the council's papers."""
FAILED = Gauge("council_mail_failed", "Mails of councils that could not be delivered and still matter")


async def invite(tx: Tx, body: Body, meeting: Meeting) -> None:
    """Send the invitation to a meeting whose notice is out, or its change, to each member who sits there that day."""
    if meeting.noticed_at is not None:
        await follow_addresses(tx, body.id)
        meeting = await withdraw(tx, body, meeting)
        await _queue(tx, body, meeting, Kind.INVITATION, meeting.starts_at, meeting.sequence)


async def send_agenda(tx: Tx, body: Body, meeting: Meeting) -> None:
    """Send the agenda to each member: open points by title, and where all of it is read."""
    await _queue(tx, body, meeting, Kind.AGENDA, meeting.starts_at)


async def call_off(tx: Tx, body: Body, meeting: Meeting) -> None:
    """Take a meeting out of the calendars of whoever was invited."""
    if meeting.noticed_at is not None:
        await _queue(tx, body, meeting, Kind.CANCELLATION, meeting.starts_at, meeting.sequence)


async def ask_round(tx: Tx, body: Body, meeting: Meeting, edition: int, ends_at: datetime) -> None:
    """Ask each member to approve minutes; whoever has no login gets a personal link."""
    await _queue(tx, body, meeting, Kind.ROUND, ends_at, edition)


async def ask_no_more(tx: Tx, meeting: Meeting) -> None:
    """Let what asks about minutes and has not gone out stay at home: the round is over."""
    await mailings.drop(tx, meeting.id, (Kind.ROUND,))


async def send_link(tx: Tx, body: Body, member_id: UUID, purpose: str, subject: UUID, until: datetime) -> Mailing:
    """Send a member a personal link, which is made when the mail goes out.

    Raises:
        NoAddress: it is not entered where the member is reached.
    """
    if not (await seats.contacts(tx, [member_id])).get(member_id, {}).get("email"):
        raise NoAddress
    new = Mailing(new_id(), body.id, Kind.LINK, subject, until, member_id=member_id, purpose=purpose)
    await mailings.add(tx, [new])
    return new


async def send_missing(tx: Tx, body: Body, meeting: Meeting) -> int:
    """Send what is out about a meeting to whoever has not got it: new addresses, and what failed; return how many."""
    await follow_addresses(tx, body.id)
    failed = [one for one in await mailings.of_meeting(tx, meeting.id) if one["state"] == MailState.FAILED]
    now = await clock.now(tx)
    to_try = [one["mailing_id"] for one in failed if one["until"] > now]
    await mailings.again(tx, to_try)
    return len(to_try) + await _send_new(tx, body, await withdraw(tx, body, meeting))


async def follow_people(tx: Tx, body_id: UUID) -> None:
    """Let who is invited to the meetings ahead be who sits on the council that day and is reached.

    Whoever is not any more is told so once, and whoever is now gets what is out; the others hear nothing. What a
    municipality's secretary enters about the own deputy is carried out by the service itself, at once.
    """
    body = await bodies.found(tx, body_id)
    if body is None:
        return
    if not _may_follow(tx, body):
        at = await clock.now(tx)
        await set_deadline(tx, kind=PEOPLE_CHANGED, subject=body_id, due_at=at, correlation_id=body_id, at_once=True)
        return
    await follow_addresses(tx, body_id)
    for found in await meetings.around(tx, body_id, back_days=0):
        meeting = await meetings.locked(tx, found.id) if found.noticed_at else None
        if meeting is not None and meeting.state is not State.CANCELLED:
            await _send_new(tx, body, await withdraw(tx, body, meeting))


@due(PEOPLE_CHANGED)
async def _people_changed(body_id: UUID, _: datetime, tx: Tx) -> None:
    await bodies.locked(tx, body_id)
    await follow_people(tx, body_id)


async def withdraw(tx: Tx, body: Body, meeting: Meeting) -> Meeting:
    """Tell whoever was invited to a locked meeting and is no longer; return the meeting as it is then.

    Who stood on the list at the address of somebody who is still invited is that recipient, and hears nothing.
    """
    if meeting.noticed_at is None or meeting.state is State.CANCELLED or meeting.starts_at <= await clock.now(tx):
        return meeting
    sits, everybody = await _sitting(tx, meeting), await withdrawals.invited(tx, meeting.id)
    gone = [one for one in everybody if one["removed"] or not (one["member_id"] is None or one["member_id"] in sits)]
    stays = {one["address"] for one in await invited_to(tx, meeting)}
    await withdrawals.drop_of(tx, meeting.id, [one["invitee_id"] for one in gone])
    told = [one for one in gone if one["has_it"] and (one["member_id"] or one["address"] not in stays)]
    if not told:
        return meeting
    after, edition = withdrawn(meeting)
    await meetings.save(tx, meeting, after)
    to = [one["invitee_id"] for one in told]
    about = (body.id, Kind.WITHDRAWAL, meeting.id, meeting.starts_at, edition)
    await mailings.add(tx, [Mailing(new_id(), *about, invitee_id=one) for one in to])
    return after


async def invited_to(tx: Tx, meeting: Meeting) -> list[dict[str, Any]]:
    """Return whom a council invites to a meeting: who is on its list, or sits there on the day; each with the name."""
    sits = await _sitting(tx, meeting)
    found = [one | {"name": sits.get(one["member_id"], "")} for one in await invitations.invitees(tx, meeting)]
    return [one for one in found if one["member_id"] is None or one["member_id"] in sits]


async def _send_new(tx: Tx, body: Body, meeting: Meeting) -> int:
    """Send what is out about a meeting to whoever has not got it; return how many."""
    count, now = 0, await clock.now(tx)
    for kind, until, edition in await _out(tx, meeting):
        new = await _rows(tx, body, meeting, kind, until, edition)
        if kind is Kind.INVITATION:
            await withdrawals.take_back(tx, meeting.id, [one.invitee_id for one in new if one.invitee_id])
            has = await withdrawals.have_it(tx, meeting.id, meeting.answers_from)
            new = [one for one in new if one.invitee_id not in has]
        count += await mailings.add(tx, new) if until > now else 0
    return count


async def try_again(tx: Tx, mailing: Mailing) -> None:
    """Try a mail anew that could not be delivered.

    Raises:
        MailNotFailed: it waits, is sent, or was dropped.
        MailTooLate: what it is about has passed.
    """
    if mailing.state is not MailState.FAILED:
        raise MailNotFailed
    if mailing.until <= await clock.now(tx):
        raise MailTooLate
    await mailings.again(tx, [mailing.id])


async def found(tx: Tx, mailing_id: UUID) -> Mailing:
    """Return a mail that the asker may see; NotFound for any other."""
    mailing = await mailings.found(tx, mailing_id)
    if mailing is None:
        raise NotFound
    return mailing


async def follow_addresses(tx: Tx, body_id: UUID) -> None:
    """Let invitations go to where the members are reached today.

    A municipality's secretary, who enters the own deputy on the kredsraad, leaves it to the next mail of its secretary.
    """
    body = await bodies.found(tx, body_id)
    if body is None or not _may_follow(tx, body):
        return
    today = await seats.today(tx)
    members = [one.id for one in await seats.of_body(tx, body_id) if one.valid_to is None or one.valid_to >= today]
    reached = await seats.contacts(tx, members)
    emails = {one: contact["email"].lower() for one, contact in reached.items() if contact["email"]}
    await invitations.follow(tx, body_id, emails)
    await mailings.drop_of_removed(tx, body_id)


def _may_follow(tx: Tx, body: Body) -> bool:
    return tx.principal.kind == "worker" or tx.principal.authority in body.secretariats


async def _sitting(tx: Tx, meeting: Meeting) -> dict[UUID, str]:
    """Return who sits on the council on the day of a meeting, by name."""
    return {one.id: one.holder for one in await seats.of_body(tx, meeting.body_id) if one.covers(meeting.day)}


async def forget(tx: Tx, member_id: UUID) -> None:
    """Send nothing more to somebody who has left, and forget where their invitations went."""
    await mailings.drop_of_member(tx, member_id)
    await invitations.forget(tx, member_id)


async def _queue(tx: Tx, body: Body, meeting: Meeting, kind: Kind, until: datetime, edition: int = 0) -> None:
    await mailings.drop(tx, meeting.id, INSTEAD_OF[kind])
    if until > await clock.now(tx):
        await mailings.add(tx, await _rows(tx, body, meeting, kind, until, edition))


async def _rows(tx: Tx, body: Body, meeting: Meeting, kind: Kind, until: datetime, edition: int) -> list[Mailing]:
    """Return a mail for each recipient who sits on the council on the day of the meeting, or is on its list."""
    await follow_addresses(tx, body.id)
    sits = await _sitting(tx, meeting)
    found = []
    for one in await invitations.recipients(tx, body.id):
        if one["member_id"] is None or one["member_id"] in sits:
            by_link = kind is Kind.ROUND and not one["signs_in"]
            member_id, purpose = (one["member_id"], APPROVE_MINUTES) if by_link else (None, "")
            to = {"invitee_id": one["invitee_id"], "member_id": member_id, "purpose": purpose}
            found.append(Mailing(new_id(), body.id, kind, meeting.id, until, edition, **to))
    return found


async def _out(tx: Tx, meeting: Meeting) -> list[tuple[Kind, datetime, int]]:
    """Return what is out about a meeting now, each with until when it matters and its edition."""
    if meeting.state is State.CANCELLED:
        return [(Kind.CANCELLATION, meeting.starts_at, meeting.sequence)] if meeting.noticed_at else []
    last = await minutes.newest(tx, meeting.id)
    if last is not None and last.round_is_open and last.round_ends_at is not None:
        return [(Kind.ROUND, last.round_ends_at, last.edition)]
    out = [(Kind.INVITATION, meeting.starts_at, meeting.sequence)] if meeting.noticed_at else []
    return out + ([(Kind.AGENDA, meeting.starts_at, 0)] if meeting.agenda_sent_at else [])


@looked_at
async def what_waits(tx: Tx) -> None:
    """Show how long mail waits, and how much could not be delivered."""
    WAITING.set(await mailings.waiting_since(tx))
    FAILED.set(await mailings.failed(tx))

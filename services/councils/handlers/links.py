"""Personal links for members without an account: one member, one thing, until a time.

What a link opens is registered by its purpose with `serve`. To use one from another route, open the transaction as
`principal_of(token)` and ask `opened(tx, purpose)`; the row-level policies of the thing name `linked_subject(purpose)`.
"""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from chassis.database import Tx
from chassis.identity import Principal
from chassis.ids import new_id
from services.councils.domain.bodies import Body
from services.councils.domain.links import (
    TOKEN_BYTES,
    Link,
    LinkEnded,
    LinkInThePast,
    LinkIsForAnother,
    LinkUnknown,
    NotOnTheCouncil,
    digest,
)
from services.councils.domain.seating import Member
from services.councils.store import clock, links, seats

AT_MOST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Issued:
    """A link that was just made; its token is told once, here."""

    id: UUID
    token: str

    @property
    def path(self) -> str:
        """Return its address below the service's own."""
        return f"/l/{self.token}"


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page of a link shows."""

    title: str
    lines: tuple[str, ...] = ()
    documents: tuple[tuple[str, str], ...] = ()
    """Titles and addresses."""
    buttons: tuple[tuple[str, str], ...] = ()
    """What a button says to `act`, and what stands on it; none: there is nothing to do any more."""
    asks: str = ""
    """The label of a field for words, where there is one."""
    done: str = ""
    """What has been done with it already."""


Show = Callable[[Tx, Link], Awaitable[Shown]]
Act = Callable[[Tx, Link, str, str], Awaitable[None]]
"""What a button does: what it says, and the words that were written. The same twice must do no harm."""
Belongs = Callable[[Tx, Body, UUID], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a link of one purpose shows and does."""

    show: Show
    act: Act
    belongs: Belongs
    """Whether a subject is this council's, so that its secretary may make a link for it."""


PURPOSES: dict[str, Purpose] = {}


def serve(purpose: str, *, show: Show, act: Act, belongs: Belongs) -> None:
    """Register what links of a purpose show and do; ValueError where it is registered already."""
    if purpose in PURPOSES:
        message = f"links for {purpose} are served already"
        raise ValueError(message)
    PURPOSES[purpose] = Purpose(show, act, belongs)


async def issue(tx: Tx, member_id: UUID, purpose: str, subject_id: UUID, until: datetime, by: str = "") -> Issued:
    """Make a link for a member who sits today; its token is returned now and never again.

    `by` is who had it made, where that is not whoever asks now: a mail makes its link when it is sent.

    Raises:
        NotOnTheCouncil: nobody sits there by that id today.
        LinkInThePast: it would have ended, or last longer than a year.
    """
    member = await require_holder(tx, member_id, until)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = Link(new_id(), member.id, member.body_id, member.authority, purpose, subject_id, until)
    await links.add(tx, link, member, digest(token), by or tx.principal.subject)
    return Issued(link.id, token)


async def require_holder(tx: Tx, member_id: UUID, until: datetime) -> Member:
    """Return who may hold a link until then; NotOnTheCouncil or LinkInThePast as for `issue`."""
    member, now = await seats.found(tx, member_id), await clock.now(tx)
    if member is None or not member.covers(await seats.today(tx)):
        raise NotOnTheCouncil
    if not now < until <= now + AT_MOST:
        raise LinkInThePast
    return member


def principal_of(token: str) -> Principal:
    """Return whoever holds a token: they see what their link is about, and nothing else; LinkUnknown for no token."""
    return Principal(subject=f"link:{digest(token)}", authority="link", kind="link")


async def opened(tx: Tx, purpose: str | None = None) -> Link:
    """Return the link that the transaction's principal holds, for a purpose where one is given; nothing is changed.

    Raises:
        LinkUnknown: nobody made it, or it was taken back.
        LinkEnded: its time is over.
        LinkIsForAnother: it is for another purpose.
    """
    held = await links.held(tx)
    if held is None:
        raise LinkUnknown
    link, now = held
    if link.until <= now:
        raise LinkEnded
    if purpose is not None and link.purpose != purpose:
        raise LinkIsForAnother
    return link


def purpose_of(link: Link) -> Purpose:
    """Return what a link shows and does; LinkUnknown where this version knows no such purpose."""
    if link.purpose not in PURPOSES:
        raise LinkUnknown
    return PURPOSES[link.purpose]


async def revoke(tx: Tx, member_id: UUID, link_id: UUID | None = None) -> int:
    """Take back a member's links, or one of them; return how many there were."""
    return await links.revoke(tx, member_id, link_id)

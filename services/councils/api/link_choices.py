"""What a personal link can be sent to somebody for just now, and which links each member has."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from chassis.database import Tx
from contracts.councils.v1.seats import SeatKind
from services.councils.domain.bodies import Body, BodyKind
from services.councils.domain.links import APPROVE_MINUTES
from services.councils.domain.local_plan import LocalState
from services.councils.domain.moments import day
from services.councils.domain.seating import CIVIL, Member
from services.councils.handlers import plan_links, requests
from services.councils.store import links, local_plans, meetings, minutes, proposals, seats

FOR = {
    requests.BY_LINK: "at bede om et ekstraordinært møde",
    APPROVE_MINUTES: "at godkende et referat",
    plan_links.APPROVE: "at godkende den lokale plan",
    plan_links.RESPOND: "at svare på udkastet til samarbejdsplan",
}
"""What a link is for, as a page says it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that a member can be sent a link for."""

    purpose: str
    subject: UUID
    words: str

    @property
    def code(self) -> str:
        """Return how a form names it."""
        return f"{self.purpose}.{self.subject}"


async def choices(tx: Tx, council: Body, members: list[Member], today: date) -> dict[UUID, list[Choice]]:
    """Return what each of a council's members can be sent a link for; nothing is asked that nobody asks for."""
    shared = await _minutes(tx, council)
    if council.kind is BodyKind.KREDSRAAD:
        ask = Choice(requests.BY_LINK, council.id, "Bede om et ekstraordinært møde")
        mayors = {one.id for one in members if one.kind is SeatKind.BORGMESTER}
        return {one.id: [*shared, ask] if one.id in mayors else shared for one in members}
    plans, asked = await _plans(tx, council), await _asked(tx, council)
    chair = await seats.chair_on(tx, council.id, today)
    found = {}
    for one in members:
        own = [*shared, *(plans if one.side != CIVIL else [])]
        found[one.id] = [*own, *asked] if chair and chair.id == one.id else own
    return found


async def held(tx: Tx, council: Body) -> dict[UUID, list[dict[str, Any]]]:
    """Return the links that still open something, by member, as far as the asker may see them."""
    found: dict[UUID, list[dict[str, Any]]] = {}
    for one in await links.of_body(tx, council.id):
        words = FOR.get(one["purpose"], one["purpose"])
        found.setdefault(one["member_id"], []).append(one | {"words": words})
    return found


async def _minutes(tx: Tx, council: Body) -> list[Choice]:
    found = []
    for meeting_id, ends_at in await minutes.open_rounds(tx, council.id):
        meeting = await meetings.found(tx, meeting_id)
        if meeting is not None:
            found.append(Choice(APPROVE_MINUTES, meeting_id, _round(meeting.title, ends_at)))
    return found


def _round(title: str, ends_at: datetime) -> str:
    return f"Godkende referatet af {title} (runden slutter {day(ends_at)})"


async def _plans(tx: Tx, council: Body) -> list[Choice]:
    waiting = await local_plans.in_state(tx, council.id, LocalState.SUBMITTED)
    return [Choice(plan_links.APPROVE, plan_id, f"Godkende den lokale plan {year}") for plan_id, year in waiting]


async def _asked(tx: Tx, council: Body) -> list[Choice]:
    return [
        Choice(
            plan_links.RESPOND,
            one["chair_involvement_id"],
            f"Svare på udkastet til samarbejdsplan (senest {day(one['answer_by'])})",
        )
        for one in await proposals.asked(tx, council.id)
    ]

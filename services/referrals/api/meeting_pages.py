"""The day of a group on one screen: what is ahead, who is in the room, and one case at a time."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from chassis.access import accessing
from chassis.clients import ServiceAway
from chassis.database import Tx
from chassis.http import service_of
from chassis.identity import Principal
from chassis.problems import noted
from chassis.web.page_forms import Faults, Typed
from chassis.web.paging import Number
from chassis.web.sessions import signed_in_page
from contracts.refusal import NotFound
from services.referrals.api.coursing import works
from services.referrals.api.group_cases import of_circle
from services.referrals.api.grouping import require_member, seat_of
from services.referrals.api.meeting_cases import in_the_room
from services.referrals.api.meeting_view import (
    AHEAD,
    CODES,
    cards,
    convenes,
    for_page,
    overview,
    seat_words,
    sides,
    title_of,
)
from services.referrals.api.meetings import minutes, told
from services.referrals.api.web import PAGES, READ
from services.referrals.domain.group_refusals import OutsideTheCircle
from services.referrals.domain.groups import parted
from services.referrals.domain.meetings import Meeting, State
from services.referrals.domain.referral_words import PURPOSES
from services.referrals.store import clock, meetings

pages = APIRouter(route_class=PAGES.route(), include_in_schema=False)

Colleague = Annotated[Principal, Depends(signed_in_page)]
TASKS = (1, 2, 3)
"""How many tasks one decision's form has; a further decision in the same case takes more."""


@pages.api_route("/moeder", methods=READ)
async def page(request: Request, who: Colleague, indkaldt: Number = 1, holdt: Number = 1) -> Response:
    """Show the meetings of the own office, and to a convener how to call the next one."""
    require_member(who)
    return await show_all(request, who, numbers={"indkaldt": indkaldt, "holdt": holdt})


async def show_all(
    request: Request,
    who: Principal,
    status: int = 200,
    faults: Faults | None = None,
    typed: Typed | None = None,
    numbers: dict[str, int] | None = None,
) -> Response:
    """Return the overview; where something was refused, with why, and with what was typed."""
    async with service_of(request).database.tx(who) as tx:
        shown = await overview(tx, numbers or {"indkaldt": 1, "holdt": 1})
    return _render(request, who, "meetings.html", status, **shown, faults=faults or {}, typed=typed or {})


@pages.api_route("/moeder/{meeting_id}", methods=READ)
async def page_of_one(meeting_id: UUID, request: Request, who: Colleague) -> Response:
    """Show a meeting and its agenda, without the contents of any case."""
    require_member(who)
    return await show_one(request, who, meeting_id)


@pages.api_route(
    "/moeder/{meeting_id}/sager/{group_case_id}",
    methods=READ,
    dependencies=[Depends(accessing("group_case.show", "group_case_id"))],
)
async def page_of_case(meeting_id: UUID, group_case_id: UUID, request: Request, who: Colleague) -> Response:
    """Show the meeting with one case open: while it is held, only if everybody in the room is of the case's circle."""
    require_member(who)
    return await show_one(request, who, meeting_id, group_case_id)


async def show_one(
    request: Request,
    who: Principal,
    meeting_id: UUID,
    group_case_id: UUID | None = None,
    status: int = 200,
    faults: Faults | None = None,
    typed: Typed | None = None,
) -> Response:
    """Return the page of a meeting, with one case open where one is named."""
    async with service_of(request).database.tx(who) as tx:
        meeting, said = await told(tx, meeting_id)
        shown = said | await _of_day(tx, meeting, said)
    card = _card(shown["agenda"], group_case_id) if group_case_id else None
    case = await _contents(request, who, meeting, card) if card else None
    if card and card["away"]:
        status = ServiceAway.status
    shown |= {"card": card, "case": case, "faults": faults or {}, "typed": typed or {}}
    shown |= {"own_seat": seat_of(who), "tasks_of_form": TASKS}
    shown["seat"] = seat = in_words(meeting)
    shown["seats_in_words"] = lambda seats: [(one, seat(one)) for one in seats]
    shown["purpose"] = PURPOSES[meeting.of.of.purpose]
    return _render(request, who, "meeting.html", status, **shown)


def in_words(meeting: Meeting) -> Callable[[str], str]:
    """Return how a seat is called in a meeting."""
    return partial(seat_words, usual=parted(meeting.convener)[1])


async def _of_day(tx: Tx, meeting: Meeting, said: dict[str, Any]) -> dict[str, Any]:
    """Return what the page says besides: whether the reader leads, who could be in the room, what was decided."""
    leads = await convenes(tx, meeting.of, meeting.kommune)
    guests = sorted(await meetings.guests(tx, meeting.id) - {*meeting.circle}) if leads else []
    is_over = meeting.state in {State.OPEN, State.HELD}
    return {
        "leads": leads,
        "title": title_of(meeting.programme, meeting.kommune),
        "seats": [*said["participants"], *guests],
        "ticked": said["present"] if meeting.state is State.OPEN else said["participants"],
        "agenda": await cards(tx, meeting, said["agenda"]),
        "minutes": await minutes(tx, meeting) if is_over else None,
        "missing_sides": sides(meeting.missing),
        "now": await clock.now(tx),
        "watched": await meetings.watched(tx, meeting.id) if meeting.state in AHEAD else "",
    }


def _card(agenda: list[dict[str, Any]], group_case_id: UUID) -> dict[str, Any]:
    card = next((one for one in agenda if one["group_case_id"] == group_case_id), None)
    if card is None:
        raise NotFound
    return card


async def _contents(request: Request, who: Principal, meeting: Meeting, card: dict[str, Any]) -> dict[str, Any] | None:
    """Return a case with its words; nothing while the room may not see it, or while persons is away."""
    service, case_id = service_of(request), card["group_case_id"]
    try:
        if meeting.state is not State.OPEN:
            return for_page(await of_circle(service, who, case_id), seat_of(who))
        return for_page(await in_the_room(service, who, meeting.id, case_id), seat_of(who))
    except OutsideTheCircle as refusal:
        # Somebody came in since the agenda was read.
        card["refused"] = f"{refusal.title} {refusal.todo}"
    except ServiceAway as away:
        noted(away)
        card["away"] = True
    return None


def _render(request: Request, who: Principal, template: str, status: int, **shown: Any) -> Response:  # noqa: ANN401  as `render`
    frame: dict[str, Any] = {"colleague": True, "member": True, "works": works(who), "words": CODES}
    return PAGES.render(request, template, status, **frame, **shown)

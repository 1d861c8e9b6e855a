"""One referral on a page, with what can be done with it now."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from chassis.access import accessing
from chassis.http import service_of
from chassis.identity import Principal
from chassis.web.page_forms import Faults, Typed
from chassis.web.sessions import signed_in_page
from services.referrals.api.grouping import is_member
from services.referrals.api.referrals import opened
from services.referrals.api.web import PAGES, READ
from services.referrals.api.work_list import seat
from services.referrals.api.work_view import page_of
from services.referrals.domain.course_form import openable
from services.referrals.domain.courses import Definition
from services.referrals.store import courses
from services.referrals.store.referrals import Stored

pages = APIRouter(route_class=PAGES.route(), include_in_schema=False)

Colleague = Annotated[Principal, Depends(signed_in_page)]


@pages.api_route(
    "/henvisninger/{referral_id}",
    methods=READ,
    dependencies=[Depends(accessing("referral.read", "referral_id"))],
)
async def page_of_one(referral_id: UUID, request: Request, who: Colleague) -> Response:
    """Show one referral: a preview before acceptance, then how the person is reached, and what can be done now."""
    return await show_one(request, who, referral_id)


async def show_one(
    request: Request,
    who: Principal,
    referral_id: UUID,
    status: int = 200,
    faults: Faults | None = None,
    typed: Typed | None = None,
) -> Response:
    """Return the page of a referral; where something was refused, with why, and with what was typed."""
    reading, shown = await opened(service_of(request), who, referral_id)
    said = page_of(reading, shown) | {"openings": await _openings(request, who, reading.stored)}
    return render(request, who, "referral.html", status, **said, faults=faults or {}, typed=typed or {})


async def _openings(request: Request, who: Principal, stored: Stored) -> list[Definition]:
    """Return the courses that the reader may open on a referral."""
    at = seat(who)
    found = [of for of in openable(at) if of.programme == stored.programme] if at else []
    async with service_of(request).database.tx(who) as tx:
        return [of for of in found if await courses.without(tx, of, stored.referral.id)]


def render(request: Request, who: Principal, template: str, status: int = 200, **shown: Any) -> Response:  # noqa: ANN401  as `Pages.render`
    """Return a page of a colleague."""
    return PAGES.render(request, template, status, colleague=True, member=is_member(who), works=True, **shown)

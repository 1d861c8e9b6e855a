"""»Det venter på dig«: all that waits for a colleague, on one page, and how something new is begun."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from chassis.http import service_of
from chassis.web.paging import Number, Paged, address, paged
from services.referrals.api.draft_pages import referable
from services.referrals.api.web import PAGES, READ
from services.referrals.api.work_lines import Line
from services.referrals.api.work_list import BACK, NOW, OTHERS, Parts, seat, waiting
from services.referrals.api.work_pages import Colleague, render
from services.referrals.domain.course_form import openable

ANCHORS = {NOW: "nu", OTHERS: "andre", BACK: "tilbage"}
"""What each part of the page is called in its address: which of its pages is shown, and where it begins."""

pages = APIRouter(route_class=PAGES.route(), include_in_schema=False)


@pages.api_route("/henvisninger", methods=READ)
async def page(request: Request, who: Colleague, nu: Number = 1, andre: Number = 1, tilbage: Number = 1) -> Response:
    """Show what waits for the own office, the earliest deadline first; nobody is named."""
    async with service_of(request).database.tx(who) as tx:
        parts = await waiting(tx, who)
    at = seat(who)
    begins = {"may_draft": bool(referable(who)), "may_open": bool(at and openable(at))}
    shown = _paged(parts, {"nu": nu, "andre": andre, "tilbage": tilbage})
    return render(request, who, "work.html", parts=shown, **begins)


def _paged(parts: Parts, numbers: dict[str, int]) -> dict[str, Paged[Line]]:
    found = {}
    for name, lines in parts.items():
        anchor = ANCHORS[name]
        found[name] = paged(lines, numbers[anchor], address("/henvisninger", numbers, anchor, anchor))
    return found

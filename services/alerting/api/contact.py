"""What people on call put into their telephones beforehand: whom calls come from, and a way past the silence."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from chassis.http import service_of
from contracts.codes import Mode
from services.alerting.api.links import PAGES, READ
from services.alerting.domain.contact import card

router = APIRouter(route_class=PAGES.route(), include_in_schema=False)


def _senders(request: Request) -> tuple[str, ...]:
    senders: tuple[str, ...] = request.app.state.senders
    return senders


@router.api_route("/kontaktkort.vcf", methods=READ)
async def contact_card(request: Request) -> Response:
    """Return a contact with every number that calls and messages come from."""
    settings = service_of(request).settings
    text = card(_senders(request), exercise=settings.mode != Mode.LIVE, demonstration=settings.demonstration)
    named = {"Content-Disposition": 'attachment; filename="samvirke.vcf"', "X-Content-Type-Options": "nosniff"}
    return Response(text, headers=named, media_type="text/vcard; charset=utf-8")


@router.api_route("/vejledning", methods=READ)
async def guide(request: Request) -> Response:
    """Show how calls get past "forstyr ikke" on the telephones that people have."""
    return PAGES.render(request, "guide.html", senders=_senders(request))

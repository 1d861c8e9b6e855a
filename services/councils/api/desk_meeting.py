"""A council's meeting on one page: its agenda, its papers, who was there, what became of each point, its minutes."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from chassis.http import service_of
from chassis.identity import Principal
from chassis.web.page_forms import Faults, Typed
from contracts.codes import Role
from contracts.refusal import NotFound
from services.councils.api import agendas, corrections, invitations, mailings, meetings, minutes, papers, withholding
from services.councils.api.desk_year import STATES
from services.councils.api.meeting_common import keeps, seated_meeting
from services.councils.api.web import PAGES, READ, Colleague, render, told
from services.councils.domain.bodies import BodyKind
from services.councils.domain.minutes import DECISIONS, Outcome

pages = APIRouter(route_class=PAGES.route(), include_in_schema=False)

KINDS = {"orientering": "Orientering", "droeftelse": "Drøftelse", "beslutning": "Beslutning"}
STATUS = {"present": "Til stede", "deputy": "Stedfortræder", "apology": "Afbud", "absent": "Udeblevet"}
READERS = {"council_member": "Rådets medlemmer", "plan_approver": "Dem, der godkender planen", "leader": "Ledere"}
OUTCOMES = {
    Outcome.NOTED: "Taget til efterretning",
    Outcome.APPROVED: "Godkendt",
    Outcome.DISCUSSED: "Drøftet",
    Outcome.DECIDED: "Besluttet",
    Outcome.START: "Besluttet: sæt i gang",
    Outcome.NOT_START: "Besluttet: sæt ikke i gang",
    Outcome.PUT_OFF: "Udsat til en dag",
    Outcome.CARRIED: "Samme punkt på næste møde",
}
REPLIES = {"ACCEPTED": "Kommer", "DECLINED": "Kommer ikke", "TENTATIVE": "Kommer måske"}
HAS_MINUTES = {"minutes_drafted", "minutes_approved", "closed"}


@pages.api_route("/moede/{meeting_id}", methods=READ)
async def page(meeting_id: UUID, request: Request, who: Colleague) -> Response:
    """Show a meeting to whoever sits on the council or keeps its papers."""
    return await show(request, who, meeting_id)


async def show(
    request: Request,
    who: Principal,
    meeting_id: UUID,
    status: int = 200,
    faults: Faults | None = None,
    typed: Typed | None = None,
) -> Response:
    """Return the page of a meeting; where something was refused, with why, and with what was typed."""
    async with service_of(request).database.tx(who) as tx:
        body, meeting = await seated_meeting(tx, meeting_id)
    own = keeps(body, who)
    facts = told(await meetings.read(meeting_id, request, who))
    agenda = told(await agendas.read(meeting_id, request, who))
    shown = {"meeting": facts, "agenda": agenda, "keeps": own, "body_id": str(body.id)}
    shown |= {"draft": await _draft(request, who, meeting_id, facts["state"])}
    shown |= await _proposed(request, who, meeting_id, shown["draft"])
    shown |= {"released": await _released(request, who, meeting_id), "of_kredsraad": body.kind is BodyKind.KREDSRAAD}
    shown |= {"invited": told(await invitations.invited(meeting_id, request, who)) if own else None}
    shown |= {"mails": told(await mailings.of_meeting(meeting_id, request, who)) if own else None}
    shown |= {"papers": await _papers(request, who, meeting.body_id), "owners": _owners(facts["seats"])}
    words = {
        "states": STATES,
        "kinds": KINDS,
        "statuses": STATUS,
        "readers": READERS,
        "outcomes": OUTCOMES,
        "replies": REPLIES,
    }
    said = {"faults": faults or {}, "typed": typed or {}, "answers": Role.COUNCIL_MEMBER in who.roles}
    return render(request, who, "desk_meeting.html", status, **shown, **words, **said, fitting=_fitting, me=who.subject)


async def _draft(request: Request, who: Principal, meeting_id: UUID, state: str) -> dict[str, Any] | None:
    if state not in HAS_MINUTES:
        return None
    try:
        found: dict[str, Any] = told(await minutes.read_draft(meeting_id, request, who))
    except NotFound:
        return None
    return found


async def _proposed(request: Request, who: Principal, meeting_id: UUID, draft: dict[str, Any] | None) -> dict[str, Any]:
    """Return the corrections that were proposed, each point's title, and the points about which the reader waits."""
    if draft is None:
        return {"proposals": [], "titles": {}, "asked_about": set()}
    found = told(await corrections.listed(meeting_id, request, who))["proposals"]
    mine = {one["item_id"] for one in found if one["accepted"] is None and one["proposed_by"] == who.subject}
    titles = {one["item_id"]: one["title"] for one in draft["document"]["items"]}
    return {"proposals": found, "titles": titles, "asked_about": mine}


async def _released(request: Request, who: Principal, meeting_id: UUID) -> dict[str, list[dict[str, Any]]]:
    by_item: dict[str, list[dict[str, Any]]] = {}
    for one in told(await withholding.released(meeting_id, request, who))["released"]:
        by_item.setdefault(one["item_id"], []).append(one)
    return by_item


async def _papers(request: Request, who: Principal, body_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Return the papers of the council by their point, as far as the reader reads them."""
    by_item: dict[str, list[dict[str, Any]]] = {}
    if who.roles.isdisjoint(papers.READERS):
        return by_item
    for one in told(await papers.listed(body_id, request, who)):
        by_item.setdefault(one["item_id"] or "", []).append(one)
    return by_item


def _owners(seats: list[str]) -> list[str]:
    """Return the authorities that sit on a council, each once."""
    return list(dict.fromkeys(one.partition(".")[0] for one in seats))


def _fitting(item: dict[str, Any]) -> list[tuple[str, str]]:
    """Return which outcomes a point can have; what the plan asks of it is checked when it is sent."""
    no = {Outcome.APPROVED} if item["came_by"] != "formal" else set()
    no |= {Outcome.CARRIED} if item["matter_id"] else {Outcome.START, Outcome.NOT_START}
    found = [(code.value, word) for code, word in OUTCOMES.items() if code not in no]
    is_approved = item["came_by"] == "formal" and item["kind"] == "beslutning"
    first = Outcome.APPROVED if is_approved else Outcome.DISCUSSED
    return sorted(found, key=lambda one: (one[0] != first, Outcome(one[0]) in DECISIONS))

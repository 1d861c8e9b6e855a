"""What waits for a council's secretary, the most urgent first; every line leads to where it is done."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from chassis.database import Tx
from contracts.codes import authorities
from services.councils.api.mailings import WHAT
from services.councils.domain.bodies import Body, BodyKind
from services.councils.domain.local_plan import LocalState, missing_sides
from services.councils.domain.meetings import Meeting, State, day_of
from services.councils.domain.practice import setting
from services.councils.domain.samarbejdsplan import State as PlanState
from services.councils.handlers.years import wheel
from services.councils.store import clock, corrections, followed, local_plans, mailings, meetings, plans, requests

BACK_DAYS = 400
"""A meeting that was not closed within a year is somebody's to find in the wheel of its year."""
AUTUMN = 9
"""The month from which next year's meetings are planned."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to be done."""

    what: str
    path: str
    due: date | None = None
    late: bool = False


async def waits(tx: Tx, body: Body) -> list[Line]:
    """Return what waits for who keeps a council's papers."""
    today = day_of(await clock.now(tx))
    found = [*await _of_years(tx, body, today), *await _of_meetings(tx, body, today)]
    found += await _not_delivered(tx, body)
    found += [*await _overdue(tx, body), *await _unsigned(tx, body, today), *await _asked_for(tx, body)]
    return sorted(found, key=lambda one: (not one.late, one.due or date.max))


def wheel_path(body: Body, year: int) -> str:
    """Return where a council's year is shown."""
    return f"/raad-arbejde/{body.id}/aarshjul/{year}"


async def _of_years(tx: Tx, body: Body, today: date) -> list[Line]:
    found = []
    for year in (today.year, *((today.year + 1,) if today.month >= AUTUMN else ())):
        its = await wheel(tx, body, year)
        if its.missing and not its.is_over and its.act_by is not None:
            what = f"Planlæg ordinære møder i {year}: {its.missing} mangler"
            found.append(Line(what, wheel_path(body, year), its.act_by, today > its.act_by))
    return found


async def _of_meetings(tx: Tx, body: Body, today: date) -> list[Line]:
    found = await meetings.around(tx, body.id, back_days=BACK_DAYS)
    lines = [line for one in found if (line := _of_meeting(one, today))]
    asked = [one for one in found if one.state is State.MINUTES_DRAFTED and await corrections.are_open(tx, one.id)]
    return lines + [Line(f"Besvar rettelsesforslag ({one.title})", f"/moede/{one.id}#rettelser") for one in asked]


def _of_meeting(meeting: Meeting, today: date) -> Line | None:
    what, due = _next_step(meeting, today)
    late = due is not None and due < today
    return Line(f"{what} ({meeting.title or 'mødet'})", f"/moede/{meeting.id}", due, late) if what else None


def _next_step(meeting: Meeting, today: date) -> tuple[str, date | None]:
    """Return what a meeting needs next, and by when."""
    if meeting.state is State.PLANNED and meeting.day < today:
        return "Aflys: der blev ikke sendt indkaldelse og dagsorden", meeting.day
    if meeting.state is State.PLANNED:
        code, what = ("agenda_days", "Send dagsorden") if meeting.noticed_at else ("notice_days", "Send indkaldelse")
        return what, meeting.day - timedelta(setting(code)) if meeting.ordinary else meeting.day
    steps = {
        State.HELD: "Skriv resultater og referat",
        State.MINUTES_DRAFTED: "Få referatet godkendt",
        State.MINUTES_APPROVED: "Luk mødet, og afgør, om referatet offentliggøres",
    }
    if meeting.state is State.CONVENED and meeting.day <= today:
        return "Skriv, hvem der var til stede", meeting.day
    return steps.get(meeting.state, ""), None


async def _overdue(tx: Tx, body: Body) -> list[Line]:
    path = f"/opfoelgning/{body.id}"
    late = [one for one in await followed.promised(tx, body.id) if one["overdue"]]
    return [Line(f"Forsinket aftale: {one['title']}", path, one["due_on"], late=True) for one in late]


async def _not_delivered(tx: Tx, body: Body) -> list[Line]:
    """Return what could not be delivered by mail, or waits for a mail server; a link is found with the members."""
    found = []
    for one in await mailings.troubles(tx, body.id):
        words = "Kunne ikke leveres" if one["state"] == "failed" else "Er ikke sendt endnu: mailserveren svarer ikke"
        path = f"/udsendt/{body.id}" if one["kind"] == "link" else f"/moede/{one['subject']}#udsendt"
        what = f"{words}: {WHAT[one['kind']].lower()} til {one['mails']}"
        found.append(Line(what, path, day_of(one["since"]) if one["state"] == "failed" else None, late=True))
    return found


async def _unsigned(tx: Tx, body: Body, today: date) -> list[Line]:
    found = []
    for year in (today.year, today.year + 1):
        missing, plan_id = await (_names_missing if body.kind is BodyKind.KREDSRAAD else _sides_missing)(tx, body, year)
        if missing:
            what = f"Planen for {year} mangler underskrift eller godkendelse: {missing}"
            found.append(Line(what, f"/planarbejde/{plan_id}"))
    return found


async def _names_missing(tx: Tx, body: Body, year: int) -> tuple[str, UUID | None]:
    plan = await plans.found(tx, year)
    if plan is None or plan.state is not PlanState.DISCUSSED:
        return "", None
    signed = {one.authority for one in plan.signatures}
    return ", ".join(_name(one) for one in body.parties if one not in signed), plan.samarbejdsplan_id


async def _sides_missing(tx: Tx, body: Body, year: int) -> tuple[str, UUID | None]:
    plan = await local_plans.found(tx, body.id, year)
    if plan is None or plan.state is not LocalState.SUBMITTED:
        return "", None
    return ", ".join(missing_sides(plan.approvals)), plan.local_plan_id


async def _asked_for(tx: Tx, body: Body) -> list[Line]:
    unanswered = [one for one in await requests.unmet(tx, body.id) if one["meeting_id"] is None]
    of = [(_name(one["authority"]), f"/sekretariat#anmodning-{one['request_id']}") for one in unanswered]
    return [Line(f"{name} beder om et ekstraordinært møde", path) for name, path in of]


def _name(authority: str) -> str:
    found = authorities().get(authority)
    return found.name if found else authority

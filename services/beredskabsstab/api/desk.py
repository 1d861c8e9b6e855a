"""The desk's page: three fields that are filled in beforehand, who would be called, and one word that confirms."""

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from pydantic import ValidationError

from chassis.database import Tx
from chassis.http import service_of
from chassis.identity import Principal
from chassis.web.forms import form_of
from contracts.beredskabsstab.v1 import Cause, Severity, Step
from contracts.codes import Mode, authorities, municipalities
from contracts.refusal import NotFound, Refusal
from services.beredskabsstab.api.activations import Activating, activated
from services.beredskabsstab.api.common import LEADS, require_police
from services.beredskabsstab.api.page import (
    WHOLE,
    Faults,
    Faulty,
    Sent,
    Visitor,
    back,
    faults_from,
    faults_of,
    pages_router,
    show,
)
from services.beredskabsstab.domain import words
from services.beredskabsstab.domain.plan import NoPlanInForce, Plan, choose_facility, places_at
from services.beredskabsstab.domain.steps import (
    CONFIRM_EXERCISE,
    CONFIRM_LIVE,
    AlreadyActivated,
    DailyIsNoStep,
    require_confirmation,
)
from services.beredskabsstab.domain.warnings import proposed_step
from services.beredskabsstab.store import incidents, plans, warnings

if TYPE_CHECKING:
    from asyncpg import Record

router = pages_router()

CALLED = (Step.INFORMATIONSBEREDSKAB, Step.STABSBEREDSKAB, Step.OPERATIONSBEREDSKAB)
LONGEST = 60
"""As many signs as an SMS has room for (contracts.beredskabsstab.v1.Words)."""
TICKED = "kommune-"
"""The beginning of the fields that say which municipalities are touched: a form's fields of one name are one."""
SENT = {
    "title": "hvad",
    "meets": "moedested",
    "step": "trin",
    "cause": "aarsag",
    "incident": "haendelse",
    "reason": "begrundelse",
    "confirm": "bekraeft",
}
"""The names of the form's fields."""
TEXTS = {
    "title": ("hvad", "Skriv med 1 til 60 tegn, hvad der er sket."),
    "meets": ("moedested", "Mødestedet kan have 60 tegn."),
    "step": ("trin", "Vælg et trin."),
    "cause": ("aarsag", "Vælg, hvad det er for en hændelse."),
    "municipalities": ("kommuner", "Vælg mindst én kommune."),
    "confirm": ("bekraeft", "Skriv ordet, der bekræfter."),
    "override_reason": ("begrundelse", "Begrundelsen kan have 500 tegn."),
    "incident_id": (WHOLE, "Hændelsen kan ikke læses. Åbn siden igen fra forsiden."),
}
REFUSED: dict[type[Refusal], str] = {NoPlanInForce: "begrundelse", DailyIsNoStep: "trin"}


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form."""

    title: str = ""
    meets: str = ""
    step: str = Step.STABSBEREDSKAB
    cause: str = Cause.HAENDELSE_UVARSLET
    municipalities: frozenset[str] = frozenset()
    incident: str = ""
    reason: str = ""
    confirm: str = ""

    @classmethod
    def of(cls, form: dict[str, str]) -> "Typed":
        """Read what was sent."""
        ticked = frozenset(name.removeprefix(TICKED) for name in form if name.startswith(TICKED))
        return cls(municipalities=ticked, **{name: form.get(sent, "").strip() for name, sent in SENT.items()})


@dataclass(frozen=True, slots=True)
class Desk:
    """What the page knows besides what was typed."""

    plan: Plan | None
    in_force: bool
    room: str
    incident: "Record | None" = None
    requests: "list[Record]" = field(default_factory=list)
    warning: "Record | None" = None


async def desk_of(tx: Tx, incident_id: UUID | None, warning_id: UUID | None = None) -> Desk:
    """Return what the page needs; NotFound for an incident or a warning that the caller does not see."""
    warning = await warnings.find(tx, warning_id) if warning_id else None
    if warning_id and warning is None:
        raise NotFound
    incident_id = incident_id or (warning["incident_id"] if warning else None)
    now = await plans.now(tx)
    in_force = await plans.in_force(tx, now)
    row = in_force or await plans.newest(tx)
    plan = plans.document(row) if row else None
    incident = await incidents.find(tx, incident_id) if incident_id else None
    if incident_id and incident is None:
        raise NotFound
    asked = [one for one in await incidents.requests(tx, incident_id) if one["state"] == "open"] if incident_id else []
    return Desk(plan, in_force is not None, await _room(tx, plan) if plan else "", incident, asked, warning)


async def _room(tx: Tx, plan: Plan) -> str:
    ready = frozenset(one.code for one in plan.facilities) - await plans.not_ready(tx)
    room = choose_facility(plan, ready)
    return room.name if room else ""


def prefilled(desk: Desk) -> Typed:
    """Return the form as it is first shown: what is known stands there already."""
    known = desk.warning or desk.incident
    if known is None:
        return Typed(meets=desk.room)
    asked = [Step(one["step"]) for one in desk.requests]
    asked += [proposed_step(Severity(desk.warning["severity"]))] if desk.warning else []
    return Typed(
        title=known["title"][:LONGEST],
        meets=desk.room,
        step=max(asked, key=lambda one: one.height, default=Step.STABSBEREDSKAB),
        cause=desk.incident["cause"] if desk.incident else Cause.HAENDELSE_VARSLET,
        municipalities=frozenset(known["municipalities"]),
        incident=str(desk.incident["incident_id"]) if desk.incident else "",
    )


@router.get("/aktiver")
async def desk_page(
    request: Request, principal: Visitor, haendelse: UUID | None = None, varsel: UUID | None = None
) -> Response:
    """Show the form; nothing happens by opening it, and it never runs out."""
    require_police(principal, *LEADS)
    async with service_of(request).database.tx(principal) as tx:
        desk = await desk_of(tx, haendelse, varsel)
    return _shown(request, principal, desk, prefilled(desk), {})


@router.post("/aktiver/vis")
async def look(request: Request, principal: Visitor) -> Response:
    """Show the form again with who would be called, for a browser without script."""
    require_police(principal, *LEADS)
    typed = Typed.of(await form_of(request))
    async with service_of(request).database.tx(principal) as tx:
        desk = await desk_of(tx, _id(typed.incident))
    return _shown(request, principal, desk, typed, {})


@router.get("/aktiver/hvem")
async def whom(request: Request, principal: Visitor, trin: Step = Step.STABSBEREDSKAB) -> Response:
    """Show who would be called at a step, as a part of the page."""
    require_police(principal, *LEADS)
    async with service_of(request).database.tx(principal) as tx:
        desk = await desk_of(tx, None)
    return show(request, principal, "preview.html", preview=preview_of(desk.plan, trin))


@router.post("/aktiver")
async def send(request: Request, call: Sent) -> Response:
    """Activate the staff and show its board; what is wrong is said at its field, and nothing that was typed is lost."""
    require_police(call.principal, *LEADS)
    typed = Typed.of(await form_of(request))
    async with call.database.tx(call.principal) as tx:
        desk = await desk_of(tx, _id(typed.incident))
    try:
        require_confirmation(typed.confirm, exercise=call.database.settings.mode is not Mode.LIVE)
        body = body_of(typed, desk)
        answer = await call.carry_out(partial(activated, body=body, who=call.principal))
    except AlreadyActivated as there:
        shown = {"there": there.facts["activation_id"]}
        return _shown(request, call.principal, desk, typed, faults_from(there), **shown)
    except Faulty as faulty:
        return _shown(request, call.principal, desk, typed, faulty.faults)
    except Refusal as refusal:
        return _shown(request, call.principal, desk, typed, faults_from(refusal, REFUSED))
    return back(f"/stab/{answer.ids['activation_id']}")


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise NotFound from error


def body_of(typed: Typed, desk: Desk) -> Activating:
    """Return the command that a form means; Faulty where a field is wrong."""
    try:
        return Activating.model_validate(_said(typed, desk))
    except ValidationError as error:
        raise Faulty(faults_of(error, TEXTS)) from error


def _said(typed: Typed, desk: Desk) -> dict[str, Any]:
    if not typed.title or not typed.municipalities:
        missing = {TEXTS["title"]: typed.title, TEXTS["municipalities"]: typed.municipalities}
        raise Faulty(dict(text for text, there in missing.items() if not there))
    places = sorted(typed.municipalities)
    said = {
        "step": typed.step,
        "confirm": typed.confirm,
        # The room is reserved at the activation: what stood there beforehand binds nobody to it.
        "meets": "" if typed.meets == desk.room else typed.meets,
        "title": typed.title,
        "municipalities": places,
        "emergency_override": bool(typed.reason),
        "override_reason": typed.reason,
    }
    if desk.incident is not None:
        return said | {"incident_id": typed.incident}
    return said | {"incident": {"cause": typed.cause, "title": typed.title, "municipalities": places}}


def _shown(
    request: Request,
    principal: Principal,
    desk: Desk,
    typed: Typed,
    faults: Faults,
    **more: Any,  # noqa: ANN401  what the template shows
) -> Response:
    exercise = service_of(request).settings.mode is not Mode.LIVE
    shown: dict[str, Any] = {
        "typed": typed,
        "desk": desk,
        "steps": [(one, words.STEPS[one], words.MEANS[one]) for one in CALLED],
        "causes": words.CAUSES,
        "places": places_of(typed),
        "preview": preview_of(desk.plan, _step(typed.step)),
        "confirm": CONFIRM_EXERCISE if exercise else CONFIRM_LIVE,
        "requests": [_request(one) for one in desk.requests],
        "is_alive": True,
        "faults": faults,
        "first": next(iter(faults), "hvad"),
        "there": None,
    }
    return show(request, principal, "desk.html", 422 if faults else 200, **(shown | more))


def _step(text: str) -> Step:
    try:
        return Step(text)
    except ValueError:
        return Step.STABSBEREDSKAB


def places_of(typed: Typed) -> list[tuple[str, str, bool]]:
    """Return the municipalities that may be ticked: our own, and whatever else is ticked already."""
    wanted = [one for one in municipalities().values() if one.in_district or one.code in typed.municipalities]
    return [(one.code, one.name, one.code in typed.municipalities) for one in sorted(wanted, key=lambda one: one.name)]


def _request(row: "Record") -> dict[str, Any]:
    return {
        "name": authorities()[row["authority"]].name,
        "step": words.STEPS[Step(row["step"])],
        "reason": row["reason"],
        "at": row["requested_at"],
        "by_telephone": row["by_telephone"],
    }


def preview_of(plan: Plan | None, step: Step) -> dict[str, Any]:
    """Return who would be called at a step, authority by authority."""
    found: dict[str, list[str]] = {}
    for place in places_at(plan, step) if plan else ():
        found.setdefault(place.authority, []).append(words.role(place.role))
    parties = [{"name": authorities()[who].name, "roles": roles} for who, roles in found.items()]
    return {"step": words.STEPS[step], "parties": parties, "roles": sum(len(roles) for roles in found.values())}

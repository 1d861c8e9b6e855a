"""Warnings over HTTP, as CAP 1.2 or in our JSON form, and the activation that one proposes to the desk."""

from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import AwareDatetime, Field, StringConstraints, ValidationError

from chassis.database import Tx
from chassis.http import Answer, service_of
from chassis.openapi import refusing
from contracts.beredskabsstab.v1 import Severity
from contracts.codes import Kommunekode, Mode, Role
from contracts.refusal import NotFound, Refusal
from services.beredskabsstab.api.common import LEADS, SEES, Asking, Body, Call, Id, answer, require_police
from services.beredskabsstab.domain import cap
from services.beredskabsstab.domain.cap_read import accept, read
from services.beredskabsstab.domain.plan import choose_facility, places_at
from services.beredskabsstab.domain.warnings import WarningState, is_in_force, proposed_step, short
from services.beredskabsstab.handlers.warning import Came, receive
from services.beredskabsstab.store import plans, warnings

if TYPE_CHECKING:
    from asyncpg import Record

router = APIRouter(tags=["varsel"])

CAP, JSON = "application/cap+xml", "application/json"

Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Line = Annotated[str, StringConstraints(max_length=500)]


class OtherMedia(Refusal):
    """A warning came as something that is neither CAP nor JSON."""

    slug = "media-type-unsupported"
    status = 415
    title = "Varsler modtages som CAP 1.2 eller JSON."
    todo = "Send Content-Type application/cap+xml eller application/json. Intet er gemt."


class NoWarning(Refusal):
    """No warning is in force that could propose anything."""

    slug = "no-warning-in-force"
    title = "Intet varsel er i kraft."
    todo = "Registrér hændelsen, eller vælg et varsel med warning. Aktivering kræver intet varsel."


class Referring(Body):
    """An earlier message."""

    sender: Name
    identifier: Name
    sent: AwareDatetime


class Warned(Body):
    """A warning in our JSON form: the words of CAP 1.2, and what they mean to it."""

    identifier: Name
    sender: Name
    sent: AwareDatetime
    msg_type: cap.MsgType
    status: cap.Status
    event: Line = ""
    categories: Annotated[tuple[cap.Category, ...], Field(max_length=12)] = ()
    urgency: cap.Urgency = cap.Urgency.UNKNOWN
    severity: cap.Severity = cap.Severity.UNKNOWN
    certainty: cap.Certainty = cap.Certainty.UNKNOWN
    headline: Line = ""
    onset: AwareDatetime | None = None
    expires: AwareDatetime | None = None
    areas: Annotated[tuple[Line, ...], Field(max_length=200)] = ()
    kommunekoder: Annotated[tuple[Kommunekode, ...], Field(max_length=98)] = ()
    references: Annotated[tuple[Referring, ...], Field(max_length=100)] = ()


def _inlined(part: Any, parts: dict[str, Any]) -> Any:  # noqa: ANN401  any JSON
    """Return a schema without references: the route reads its body itself, so that FastAPI names no parts of it."""
    if isinstance(part, list):
        return [_inlined(one, parts) for one in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        return _inlined(parts[part["$ref"].rpartition("/")[2]], parts)
    return {name: _inlined(one, parts) for name, one in part.items() if name != "$defs"}


_SCHEMA = Warned.model_json_schema()

AS_CAP_OR_JSON = {
    "required": True,
    "content": {
        CAP: {"schema": {"type": "string", "description": "CAP 1.2"}},
        JSON: {"schema": _inlined(_SCHEMA, _SCHEMA["$defs"])},
    },
}


@router.post(
    "/warnings",
    status_code=201,
    openapi_extra={"requestBody": AS_CAP_OR_JSON},
    responses=refusing(OtherMedia),
)
async def take_in(request: Request, call: Call, incident: UUID | None = None) -> Response:
    """Take a warning in, once: the same again changes nothing; an update or a cancellation ends the one before.

    The incident that it warns of is the one that is named, that of the earlier warning, or a new one.
    """
    require_police(call.principal, Role.SYSTEM, *LEADS)
    came = _came(await request.body(), request.headers.get("content-type", ""), call.database.settings.mode, incident)

    async def work(tx: Tx) -> Answer:
        warning_id, incident_id, is_new = await receive(tx, came, call.principal)
        ids: dict[str, UUID | str | list[str]] = {"warning_id": warning_id}
        return Answer(201 if is_new else 200, ids | ({"incident_id": incident_id} if incident_id else {}))

    return await call.run(work)


def _came(body: bytes, content_type: str, mode: Mode, incident: UUID | None) -> Came:
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type == CAP:
        return Came(read(body, mode), CAP, body.decode("utf-8", "replace").replace("\x00", ""), incident)
    if media_type != JSON:
        raise OtherMedia
    return Came(accept(_warning(body), mode), JSON, body.decode(), incident)


def _warning(body: bytes) -> cap.ReceivedWarning:
    try:
        said = Warned.model_validate_json(body)
    except ValidationError as error:
        places = [
            ".".join(map(str, fault["loc"])) + ": " + fault["type"] for fault in error.errors(include_input=False)
        ]
        raise cap.CapInvalid(places) from None
    plain: dict[str, Any] = {name: getattr(said, name) for name in Warned.model_fields}
    plain["references"] = tuple(cap.Reference(one.sender, one.identifier, one.sent) for one in said.references)
    return cap.ReceivedWarning(**plain)


@router.get("/warnings")
async def read_warnings(request: Request, principal: Asking, *, in_force: bool = False) -> Response:
    """List the newest warnings; only those in force where asked for."""
    principal.require(*SEES)
    async with service_of(request).database.tx(principal) as tx:
        now = await plans.now(tx)
        rows = await warnings.newest(tx, now, in_force=in_force)
    return answer({"warnings": [_shown(row) | {"in_force": _holds(row, now)} for row in rows]})


@router.get("/warnings/{warning_id}")
async def read_warning(warning_id: Id, request: Request, principal: Asking) -> Response:
    """Show a warning, word by word as it came."""
    principal.require(*SEES)
    async with service_of(request).database.tx(principal) as tx:
        now, row = await plans.now(tx), await warnings.find(tx, warning_id)
    if row is None:
        raise NotFound
    whole = {name: row[name] for name in ("media_type", "document", "document_sha256")}
    return answer(_shown(row) | {"in_force": _holds(row, now)} | whole)


def _holds(row: "Record", now: Any) -> bool:  # noqa: ANN401  the service's time
    return is_in_force(WarningState(row["state"]), row["expires"], now)


def _shown(row: "Record") -> dict[str, Any]:
    names = ("warning_id", "sender", "identifier", "sent", "msg_type", "title", "event", "severity", "urgency")
    more = ("certainty", "onset", "expires", "areas", "municipalities", "incident_id", "state", "ended_by", "ended_at")
    return {name: row[name] for name in (*names, *more, "received_at")}


@router.get("/activation-proposal", responses=refusing(NoWarning, NotFound))
async def propose(request: Request, principal: Asking, warning: Annotated[UUID | None, Query()] = None) -> Response:
    """Propose what the desk's three fields say, from a warning or the newest in force, and show who would be called."""
    require_police(principal, *LEADS)
    async with service_of(request).database.tx(principal) as tx:
        row = await _newest(tx, warning)
        plan = await plans.in_force(tx, await plans.now(tx)) or await plans.newest(tx)
        taken = await plans.not_ready(tx)
    return answer(_proposal(row) | (_by_plan(plan, row, taken) if plan else {"meets": "", "places": []}))


async def _newest(tx: Tx, warning_id: UUID | None) -> "Record":
    if warning_id is not None:
        row = await warnings.find(tx, warning_id)
        if row is None:
            raise NotFound
        return row
    rows = await warnings.newest(tx, await plans.now(tx), in_force=True)
    if not rows:
        raise NoWarning
    return rows[0]


def _proposal(row: "Record") -> dict[str, Any]:
    names = ("warning_id", "incident_id", "title", "onset", "expires", "severity", "municipalities")
    place = short(" ".join(row["areas"][:1]))
    step = proposed_step(Severity(row["severity"]))
    return {name: row[name] for name in names} | {"place": place, "step": step}


def _by_plan(row: "Record", warning: "Record", taken: frozenset[str]) -> dict[str, Any]:
    plan = plans.document(row)
    room = choose_facility(plan, frozenset(one.code for one in plan.facilities) - taken)
    called = places_at(plan, proposed_step(Severity(warning["severity"])))
    return {"meets": room.name if room else "", "places": [one.model_dump(mode="json") for one in called]}

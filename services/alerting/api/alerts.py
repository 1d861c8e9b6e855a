"""Alerts over HTTP: raise one, follow who is coming, answer for somebody, end it."""

from collections import defaultdict
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import Field, StringConstraints

from chassis.database import Tx
from chassis.http import Answer, service_of
from contracts.alerting.v1 import AnswerKind, AnswerSource, CloseReason, SourceEventId, TemplateCode, Urgency
from contracts.codes import Office, Role
from contracts.refusal import NotFound
from services.alerting.api.common import (
    Asking,
    AuthorityName,
    Body,
    Call,
    Id,
    Raiser,
    RoleName,
    Subject,
    answer,
    on_behalf,
)
from services.alerting.domain import calling as rules
from services.alerting.domain.tables import ROUTE_TEST, policies
from services.alerting.domain.texts import check
from services.alerting.handlers.calling import Said, answer_call, close_alert, raise_alert
from services.alerting.handlers.notices import tell_all
from services.alerting.store import alerts, callbacks, deliveries
from services.alerting.store.alerts import Draft, Place

if TYPE_CHECKING:
    from asyncpg import Record

router = APIRouter(tags=["kald"])

FieldName = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]+$")]


Fields = Annotated[
    dict[FieldName, Text],
    Field(max_length=10, default_factory=dict, json_schema_extra={"additionalProperties": False}),
]


class OfficeCalled(Body):
    """An office whose people on duty as something are called."""

    authority: AuthorityName
    office: Office
    role: RoleName = "vagt"


class Raising(Body):
    """An alert as a service or a desk raises it."""

    source_event_id: SourceEventId
    template: TemplateCode
    urgency: Urgency = Urgency.IMMEDIATE
    policy: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")] = "call_in"
    wanted: Literal["first", "each"] = "each"
    # A list: of a tuple, one office too wrong to count would also be told as one too few.
    offices: Annotated[list[OfficeCalled], Field(min_length=1, max_length=200)]
    fields: Fields
    case_id: UUID | None = None
    raised_by: AuthorityName | None = None


class Answering(Body):
    """An answer that somebody at a desk enters for a person who was called."""

    answer: AnswerKind
    eta_minutes: Annotated[int, Field(ge=0, le=1440)] | None = None
    source: Literal[AnswerSource.CONSOLE, AnswerSource.TELEPHONE, AnswerSource.SINE, AnswerSource.IN_PERSON]
    recorded_by: Subject | None = None
    """Who entered it, where a service passes it on."""


class Noticing(Body):
    """What everybody who was called is told afterwards."""

    template: TemplateCode
    fields: Fields


@router.post("/alerts", status_code=201)
async def raise_one(body: Raising, call: Call) -> Response:
    """Raise an alert; the same source event raised again, by whatever way, is the same alert."""
    call.require(Role.SERVICE, Role.DUTY_OFFICER)
    if body.policy not in policies() or body.policy == ROUTE_TEST:
        raise rules.UnknownPolicy
    check(body.template, body.fields)
    if call.principal.kind == "service":
        # A service raises for the authority that it names, a person for the own one.
        call.principal = on_behalf(call.principal, body.raised_by)
    draft = _draft(body, call)

    async def work(tx: Tx) -> Answer:
        await raise_alert(tx, draft)
        return Answer(201, {"alert_id": draft.alert_id}, version=1)

    return await call.run(work)


def _draft(body: Raising, call: Call) -> Draft:
    raised_by = call.principal.authority
    alert_id = rules.alert_id_of(call.database.settings.mode, raised_by, body.source_event_id, body.template)
    return Draft(
        alert_id=alert_id,
        raised_by=raised_by,
        raised_by_office=call.principal.office,
        subject=call.principal.subject,
        source_event_id=body.source_event_id,
        template=body.template,
        urgency=body.urgency,
        fields=dict(body.fields),
        case_id=body.case_id or alert_id,
        wanted=body.wanted,
        steps=policies()[body.policy],
        places=tuple(dict.fromkeys(Place(one.authority, one.office, one.role) for one in body.offices)),
    )


@router.get("/alerts")
async def list_alerts(
    request: Request, principal: Asking, state: Literal["open", "closed"] | None = None, case: UUID | None = None
) -> Response:
    """List the newest alerts that the caller raised or whose people are called."""
    principal.require(Role.DUTY_OFFICER, Role.ON_CALL, Role.DUTY_PLANNER)
    async with service_of(request).database.tx(principal) as tx:
        rows = await alerts.newest(tx, state, case)
    return answer({"alerts": [dict(row) for row in rows]})


@router.get("/alerts/{alert_id}")
async def read_board(alert_id: Id, request: Request, principal: Asking, raised_by: Raiser = None) -> Response:
    """Show who was called, by which channels, who answered what, and what is missing."""
    principal.require(Role.SERVICE, Role.DUTY_OFFICER, Role.ON_CALL, Role.DUTY_PLANNER)
    async with service_of(request).database.tx(on_behalf(principal, raised_by)) as tx:
        alert = await alerts.find(tx, alert_id)
        if alert is None:
            raise NotFound
        calls, sent = await alerts.calls(tx, alert_id), await deliveries.of_alert(tx, alert_id)
        paths, unread = await alerts.escalations(tx, alert_id), await callbacks.unread(tx, alert_id)
    return answer(_board(alert, paths, calls, sent) | {"unread": [dict(row) for row in unread]})


def _board(alert: "Record", paths: "list[Record]", calls: "list[Record]", sent: "list[Record]") -> dict[str, Any]:
    by_call: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for row in sent:
        by_call[row["call_id"]].append(_delivery(row))
    kept = ("alert_id", "source_event_id", "template", "urgency", "state", "raised_at", "closed_at", "closed_reason")
    handed_over = [row["handed_over_at"] for row in sent if row["handed_over_at"] and row["notice"] is None]
    return {
        **{name: alert[name] for name in (*kept, "version")},
        "first_handed_over_at": min(handed_over, default=None),
        "offices": [
            {name: row[name] for name in ("authority", "office", "role", "state", "steps_taken", "holes")}
            for row in paths
        ],
        "calls": [_call(row) | {"deliveries": by_call[row["call_id"]]} for row in calls],
    }


def _call(row: "Record") -> dict[str, Any]:
    shown = ("call_id", "staff_id", "authority", "office", "role", "name", "telephone", "letter", "state", "answer")
    more = ("eta_minutes", "answered_at", "answer_source", "answers", "called_at", "reached_at", "ad_hoc", "unverified")
    return {name: row[name] for name in (*shown, *more)}


def _delivery(row: "Record") -> dict[str, Any]:
    shown = ("channel", "wave", "notice", "state", "provider", "attempts", "possible_duplicate", "failure")
    return {name: row[name] for name in (*shown, "created_at", "handed_over_at", "delivered_at", "ended_at")}


@router.post("/alerts/{alert_id}/calls/{call_id}/answer")
async def answer_for(alert_id: Id, call_id: Id, body: Answering, call: Call, raised_by: Raiser = None) -> Response:
    """Enter an answer for somebody who gave it by telephone, radio or at the desk; it can be changed."""
    call.require(Role.DUTY_OFFICER, Role.SERVICE)
    call.principal = on_behalf(call.principal, raised_by, body.recorded_by)
    said = Said(rules.Reply(body.answer, body.eta_minutes), AnswerSource(body.source), call.principal.subject)

    async def work(tx: Tx) -> Answer:
        row = await alerts.call(tx, call_id)
        if row is None or row["alert_id"] != alert_id:
            raise NotFound
        await answer_call(tx, call_id, said)
        return Answer(ids={"call_id": call_id})

    return await call.run(work)


@router.post("/alerts/{alert_id}/notices")
async def tell_afterwards(alert_id: Id, body: Noticing, call: Call, raised_by: Raiser = None) -> Response:
    """Tell everybody whom something of an alert was handed over to one text more, once and by the same channels.

    It waits for no answer, and goes out whether the alert is open or closed: what is still queued for an open one
    follows it, so that a correction comes after the close.
    """
    call.require(Role.DUTY_OFFICER, Role.SERVICE)
    call.principal = on_behalf(call.principal, raised_by)
    if body.template not in rules.AFTERWARDS:
        raise rules.UnknownNotice(expected=" ".join(rules.AFTERWARDS))
    check(body.template, body.fields)

    async def work(tx: Tx) -> Answer:
        alert = await alerts.lock(tx, alert_id)
        if alert is None:
            raise NotFound
        await tell_all(tx, alert, body.template, body.fields)
        return Answer(ids={"alert_id": alert_id})

    return await call.run(work)


@router.post("/alerts/{alert_id}/close")
async def close_one(alert_id: Id, call: Call, raised_by: Raiser = None) -> Response:
    """Call an alert off: nothing more is sent, and nobody is waited for."""
    call.require(Role.DUTY_OFFICER, Role.SERVICE)
    call.principal = on_behalf(call.principal, raised_by)

    async def work(tx: Tx) -> Answer:
        alert = await alerts.lock(tx, alert_id)
        if alert is None:
            raise NotFound
        if alert["state"] != "open":
            raise rules.AlertClosed
        version = await close_alert(tx, alert, CloseReason.STOOD_DOWN, await alerts.now(tx))
        return Answer(ids={"alert_id": alert_id}, version=version)

    return await call.run(work)

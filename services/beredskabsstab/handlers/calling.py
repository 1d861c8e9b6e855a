"""Calling people in: one call-in, told to alerting by event and over HTTP at once, and the same alert either way."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from chassis.database import Tx
from chassis.ids import new_id
from chassis.outbox import append
from contracts.alerting.v1 import Urgency
from contracts.beredskabsstab.v1 import CallInEnded, CallKind, Place, StaffCalled, StandDown, Step
from services.beredskabsstab.domain.calling import (
    ENDINGS,
    CallIn,
    Errand,
    newly_called,
    policy_of,
    template_of,
    told_at_the_end,
)
from services.beredskabsstab.domain.log import Kind, Line
from services.beredskabsstab.domain.plan import Plan
from services.beredskabsstab.handlers.log import say
from services.beredskabsstab.store import activations, calls, errands, plans
from services.beredskabsstab.store.errands import Told

if TYPE_CHECKING:
    from asyncpg import Record

COPENHAGEN = ZoneInfo("Europe/Copenhagen")

ALERTS = UUID("3d3c1b1e-6a55-5c0e-8d0b-52f3f0c8a1f2")
"""The namespace of alerts' ids at alerting (docs/architecture/alerting.md): a call-in's is known beforehand."""


def alert_id_of(mode: str, raised_by: str, call_in: CallIn) -> UUID:
    """Return the id that alerting gives a call-in's alert, by whatever way it hears of it."""
    return uuid5(ALERTS, f"{mode}/{raised_by}/{call_in.call_in_id}/{call_in.template}")


async def call_step(tx: Tx, row: "Record", now: datetime) -> CallIn | None:
    """Call whoever is new at an activation's step; its row is locked. None where nobody is."""
    plan, step = plans.document(row), Step(row["step"])
    places = newly_called(plan, step, await calls.called_places(tx, row["activation_id"]))
    if not places:
        return None
    return await call(
        tx, row, CallKind.STEP, template_of(step), policy_of(plan, step), fields_of(plan, row, now), places
    )


def fields_of(plan: Plan, row: "Record", now: datetime) -> dict[str, str]:
    """Return what a call-in's text says: what has happened, where to meet and when."""
    room = next((one.name for one in plan.facilities if one.code == row["facility"]), "")
    at = max(now, row["starts_at"]).astimezone(COPENHAGEN)
    return {"what": row["title"], "place": row["meets"] or room or "Ring til vagtcentralen", "at": f"{at:%H.%M}"}


async def call(
    tx: Tx,
    row: "Record",
    kind: CallKind,
    template: str,
    policy: str,
    fields: dict[str, str],
    places: tuple[Place, ...],
    step: Step | None = None,
) -> CallIn:
    """Call roles of the staff of an activation, whose row is locked; for its own step where no other is named."""
    now, plan = await plans.now(tx), plans.document(row)
    new = CallIn(new_id(), kind, step or Step(row["step"]), template, policy, fields, places)
    await calls.add(tx, row["activation_id"], new, alert_id_of(tx.mode, plan.desk, new), now)
    body = _as_alert(new, plan.desk, row["activation_id"])
    await errands.add(tx, new, row["activation_id"], Told(Errand.RAISE, "/alerts", body))
    version = await activations.next_version(tx, row["activation_id"])
    event = _called(new, plan.desk, row["activation_id"])
    await append(tx, event, version=version, correlation_id=row["activation_id"], time=now)
    return new


def _as_alert(new: CallIn, desk: str, activation_id: UUID) -> dict[str, object]:
    return {
        "source_event_id": str(new.call_in_id),
        "template": new.template,
        "urgency": Urgency.IMMEDIATE,
        "policy": new.policy,
        "wanted": "each",
        "offices": [one.model_dump(mode="json") for one in new.places],
        "fields": new.fields,
        "case_id": str(activation_id),
        "raised_by": desk,
    }


def _called(new: CallIn, desk: str, activation_id: UUID) -> StaffCalled:
    return StaffCalled(
        activation_id=activation_id,
        call_in_id=new.call_in_id,
        kind=new.kind,
        raised_by=desk,
        template=new.template,
        policy=new.policy,
        fields=new.fields,
        places=new.places,
    )


async def end_calls(tx: Tx, row: "Record", now: datetime, kind: CallKind | None = None) -> None:
    """Let nobody be called or waited for any more, by all call-ins or those of a kind; the activation is locked."""
    for one in await calls.end_all(tx, row["activation_id"], now, kind):
        await _let_be(tx, row, one, now)


async def end_call(tx: Tx, row: "Record", call_in_id: UUID, now: datetime) -> None:
    """Let nobody be called or waited for any more by one call-in; the activation's row is locked."""
    one = await calls.end_one(tx, call_in_id, now)
    if one is not None:
        await _let_be(tx, row, one, now)


async def _let_be(tx: Tx, row: "Record", one: "Record", now: datetime) -> None:
    if one["kind"] == CallKind.READINESS:
        await say(tx, row["activation_id"], POLLED, **await calls.counts(tx, one["call_in_id"]))
    path = f"/alerts/{one['alert_id']}/close?raised_by={plans.document(row).desk}"
    await errands.add(tx, one, row["activation_id"], Told(Errand.CLOSE, path, {}))
    version = await activations.next_version(tx, row["activation_id"])
    event = CallInEnded(activation_id=row["activation_id"], call_in_id=one["call_in_id"])
    await append(tx, event, version=version, correlation_id=row["activation_id"], time=now)


POLLED: Line = (
    Kind.INFORMATION,
    "Spørgsmålet om, hvem der kan møde, er slut: {answered} af {asked} har svaret, {can} kan møde.",
)
ENDING: dict[StandDown, Line] = {
    StandDown.STOOD_DOWN: (Kind.ACTION, "Alle, der er kaldt, får besked om, at staben er afsluttet."),
    StandDown.HANDED_OVER: (Kind.ACTION, "Alle, der er kaldt, får besked om, at staben er afsluttet."),
    StandDown.CANCELLED: (Kind.ACTION, "Alle, der er kaldt, får besked om at se bort fra indkaldelsen."),
}


async def tell_ending(tx: Tx, row: "Record", outcome: StandDown) -> None:
    """Tell everybody who was called how it ended, by the same channels; their call-ins are closed before."""
    made = await calls.of_activation(tx, row["activation_id"])
    told = told_at_the_end((one["call_in_id"], calls.kind_of(one), calls.places(one)) for one in made)
    desk, body = plans.document(row).desk, {"template": ENDINGS[outcome], "fields": {"what": row["title"]}}
    for one in made:
        if one["call_in_id"] in told:
            path = f"/alerts/{one['alert_id']}/notices?raised_by={desk}"
            await errands.add(tx, one, row["activation_id"], Told(Errand.NOTICE, path, body))
    if told:
        await say(tx, row["activation_id"], ENDING[outcome])

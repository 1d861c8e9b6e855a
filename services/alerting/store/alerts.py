"""Alerts, the escalation of each office, the call of each person, and answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson

from chassis.database import Tx
from chassis.ids import new_id
from contracts.alerting.v1 import Urgency
from services.alerting.domain.calling import CallState, Reply
from services.alerting.domain.tables import Step

if TYPE_CHECKING:
    from asyncpg import Record


@dataclass(frozen=True, slots=True)
class Place:
    """An office's role, whose people on duty are called."""

    authority: str
    office: str
    role: str


@dataclass(frozen=True, slots=True)
class Draft:
    """An alert that is being raised."""

    alert_id: UUID
    raised_by: str
    raised_by_office: str
    subject: str
    source_event_id: str
    template: str
    urgency: Urgency
    fields: dict[str, Any]
    case_id: UUID
    wanted: str
    steps: tuple[Step, ...]
    places: tuple[Place, ...]


async def add(tx: Tx, draft: Draft, now: datetime) -> bool:
    """Save an alert with a path for each office; False when the same was raised before."""
    status = await tx.execute(
        "insert into alert (alert_id, raised_by, raised_by_office, raised_by_subject, source_event_id, template,"
        " urgency, fields, case_id, wanted, policy, state, raised_at, version)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'open', $12, 1)"
        " on conflict (alert_id) do nothing",
        *(draft.alert_id, draft.raised_by, draft.raised_by_office, draft.subject, draft.source_event_id),
        *(draft.template, draft.urgency),
        *(orjson.dumps(draft.fields).decode(), draft.case_id, draft.wanted),
        *(orjson.dumps([step.as_json() for step in draft.steps]).decode(), now),
    )
    return status == "INSERT 0 1"


async def add_escalations(tx: Tx, draft: Draft) -> list[UUID]:
    """Save one path an office and role, and return their ids."""
    ids = [new_id() for _ in draft.places]
    await tx.execute(
        "insert into escalation (escalation_id, alert_id, raised_by, raised_by_office, authority, office, role, state)"
        " select id, $2, $3, $4, authority, office, role, 'running'"
        " from unnest($1::uuid[], $5::text[], $6::text[], $7::text[]) as path (id, authority, office, role)",
        *(ids, draft.alert_id, draft.raised_by, draft.raised_by_office),
        *([one.authority for one in draft.places], [one.office for one in draft.places]),
        [one.role for one in draft.places],
    )
    return ids


async def lock(tx: Tx, alert_id: UUID) -> "Record | None":
    """Return an alert, its row locked; None when there is none that the caller may see."""
    return await tx.fetchrow("select * from alert where alert_id = $1 for update", alert_id)


async def find(tx: Tx, alert_id: UUID) -> "Record | None":
    """Return an alert; None when there is none that the caller may see."""
    return await tx.fetchrow("select * from alert where alert_id = $1", alert_id)


async def newest(tx: Tx, state: str | None, case_id: UUID | None) -> "list[Record]":
    """Return the newest hundred alerts that the caller may see, of a state or a case where that is asked."""
    return await tx.fetch(
        "select alert_id, template, urgency, state, raised_by, raised_at, closed_at, closed_reason from alert"
        " where ($1::text is null or state = $1) and ($2::uuid is null or case_id = $2)"
        " order by raised_at desc, alert_id limit 100",
        *(state, case_id),
    )


async def escalation(tx: Tx, escalation_id: UUID) -> "Record | None":
    """Return an escalation, its row and its alert's locked in the order in which everybody locks them."""
    found = await tx.fetchrow("select alert_id from escalation where escalation_id = $1", escalation_id)
    if found is None:
        return None
    await lock(tx, found["alert_id"])
    return await tx.fetchrow("select * from escalation where escalation_id = $1 for update", escalation_id)


async def running(tx: Tx, alert_id: UUID) -> "list[Record]":
    """Return the paths of an alert that still go on, locked."""
    return await tx.fetch(
        "select * from escalation where alert_id = $1 and state = 'running' order by escalation_id for update", alert_id
    )


async def escalations(tx: Tx, alert_id: UUID) -> "list[Record]":
    """Return every path of an alert."""
    return await tx.fetch("select * from escalation where alert_id = $1 order by authority, office, role", alert_id)


async def path_of(tx: Tx, alert: "Record", place: Place) -> "Record | None":
    """Return an office's path of a locked alert; one without steps is made where the alert has none yet."""
    await tx.execute(
        "insert into escalation (escalation_id, alert_id, raised_by, raised_by_office, authority, office, role, state)"
        " values ($1, $2, $3, $4, $5, $6, $7, 'running') on conflict (alert_id, authority, office, role) do nothing",
        *(new_id(), alert["alert_id"], alert["raised_by"], alert["raised_by_office"]),
        *(place.authority, place.office, place.role),
    )
    return await tx.fetchrow(
        "select * from escalation where alert_id = $1 and authority = $2 and office = $3 and role = $4",
        *(alert["alert_id"], place.authority, place.office, place.role),
    )


async def step_taken(tx: Tx, escalation_id: UUID, number: int) -> None:
    """Remember that a step was taken."""
    await tx.change_one("update escalation set steps_taken = $2 where escalation_id = $1", escalation_id, number)


async def note_hole(tx: Tx, escalation_id: UUID, line: int) -> None:
    """Remember that a line had nobody on duty when it was to be called."""
    await tx.change_one(
        "update escalation set holes = holes || $2::smallint where escalation_id = $1", escalation_id, line
    )


async def end_escalation(tx: Tx, escalation_id: UUID, state: str, now: datetime) -> None:
    """End a path that still goes on: answered, unreached or stopped."""
    await tx.change_one(
        "update escalation set state = $2, ended_at = $3 where escalation_id = $1 and state = 'running'",
        *(escalation_id, state, now),
    )


async def close(tx: Tx, alert_id: UUID, reason: str, now: datetime) -> int:
    """Close an alert, and return its next version; the caller holds its row."""
    version: int = await tx.fetchval(
        "update alert set state = 'closed', closed_at = $3, closed_reason = $2, version = version + 1"
        " where alert_id = $1 and state = 'open' returning version",
        *(alert_id, reason, now),
    )
    return version


async def next_version(tx: Tx, alert_id: UUID) -> int:
    """Count an alert's version up and return it: who locked the row tells the next event."""
    version: int = await tx.fetchval("select bump_alert($1)", alert_id)
    return version


# -- calls -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Called:
    """Somebody who is called, with what the board shows."""

    call_id: UUID
    staff_id: UUID
    name: str
    telephone: str | None
    role: str
    letter: str
    ad_hoc: bool = False
    unverified: bool = False
    """By no route that a test has shown to reach them."""


async def people(tx: Tx, ids: Sequence[UUID]) -> "list[Record]":
    """Return people with a telephone that the desk can dial and the letters of their open calls."""
    return await tx.fetch(
        "select s.*, (select address from contact_route r where r.staff_id = s.staff_id and channel in ('voice', 'sms')"
        " and removed_at is null order by rank limit 1) as telephone,"
        " array(select c.letter from call c join alert a using (alert_id) where c.staff_id = s.staff_id"
        "  and a.state = 'open') as letters,"
        " not exists (select from contact_route r where r.staff_id = s.staff_id and r.state = 'verified'"
        "  and removed_at is null) as unverified"
        " from staff s where s.staff_id = any($1) and s.ended_at is null",
        ids,
    )


async def everyone(tx: Tx, place: Place) -> list[UUID]:
    """Return all of an office's people of a role."""
    rows = await tx.fetch(
        "select staff_id from staff s where authority = $1 and office = $2 and ended_at is null and not ad_hoc"
        " and (role = $3 or exists (select from staff_role r where r.staff_id = s.staff_id and r.role = $3"
        "  and until is null)) order by staff_id",
        *(place.authority, place.office, place.role),
    )
    return [row["staff_id"] for row in rows]


async def add_calls(tx: Tx, path: "Record", called: Sequence[Called], now: datetime) -> None:
    """Save calls of people who have none in this alert yet."""
    await tx.execute(
        "insert into call (call_id, alert_id, escalation_id, staff_id, raised_by, raised_by_office, authority, office,"
        " role, name, telephone, letter, state, called_at, ad_hoc, unverified)"
        " select call_id, $1, $2, staff_id, $3, $4, $5, $6, role, name, telephone, letter, 'called', $7, ad_hoc,"
        " unverified from unnest($8::uuid[], $9::uuid[], $10::text[], $11::text[], $12::text[], $13::text[],"
        " $14::bool[], $15::bool[]) as c (call_id, staff_id, name, telephone, role, letter, ad_hoc, unverified)"
        " on conflict (alert_id, staff_id) do nothing",
        *(path["alert_id"], path["escalation_id"], path["raised_by"], path["raised_by_office"]),
        *(path["authority"], path["office"], now),
        *([one.call_id for one in called], [one.staff_id for one in called], [one.name for one in called]),
        *([one.telephone for one in called], [one.role for one in called], [one.letter for one in called]),
        *([one.ad_hoc for one in called], [one.unverified for one in called]),
    )


async def calls(tx: Tx, alert_id: UUID) -> "list[Record]":
    """Return every call of an alert, in a steady order."""
    return await tx.fetch(
        "select * from call where alert_id = $1 order by authority, office, role, name, call_id", alert_id
    )


async def call(tx: Tx, call_id: UUID) -> "Record | None":
    """Return one call; None when there is none that the caller may see."""
    return await tx.fetchrow("select * from call where call_id = $1", call_id)


async def lock_call(tx: Tx, call_id: UUID) -> "Record | None":
    """Return one call, its row locked."""
    return await tx.fetchrow("select * from call where call_id = $1 for update", call_id)


async def call_states(tx: Tx, alert_id: UUID) -> list[CallState]:
    """Return what decides whether the paths of an alert have their answers."""
    rows = await tx.fetch("select escalation_id, answer from call where alert_id = $1", alert_id)
    return [CallState(row["escalation_id"], row["answer"]) for row in rows]


async def save_answer(
    tx: Tx, row: "Record", reply: Reply, source: str, now: datetime, *, recorded_by: str | None, said: str | None
) -> int:
    """Save an answer as the one that counts, keep it beside the earlier ones, and return its number."""
    number = int(row["answers"]) + 1
    await tx.change_one(
        "update call set state = 'answered', answer = $2, eta_minutes = $3, answered_at = $4, answer_source = $5,"
        " answers = $6 where call_id = $1 and answers = $6 - 1",
        *(row["call_id"], reply.answer, reply.eta_minutes, now, source, number),
    )
    await tx.execute(
        "insert into answer (call_id, number, answer, eta_minutes, source, recorded_by, said, answered_at)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8)",
        *(row["call_id"], number, reply.answer, reply.eta_minutes, source, recorded_by, said, now),
    )
    return number


async def stop_calls(tx: Tx, alert_id: UUID) -> None:
    """Say of those who have not answered that nobody waits for them any more; locked in the order of receipts."""
    await tx.execute(
        "update call set state = 'stopped' where call_id in (select call_id from call where alert_id = $1"
        " and state in ('called', 'reached') order by call_id for no key update)",
        alert_id,
    )


async def now(tx: Tx) -> datetime:
    """Return what time it is by the service's clock."""
    moment: datetime = await tx.fetchval("select clock()")
    return moment


async def open_of_case(tx: Tx, case_id: UUID) -> "list[Record]":
    """Return the open alerts of a case, locked."""
    return await tx.fetch(
        "select * from alert where case_id = $1 and state = 'open' order by alert_id for update", case_id
    )

"""Deliveries: what is still to be handed to a provider, and what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

import orjson

from chassis.database import Tx
from contracts.alerting.v1 import Urgency

if TYPE_CHECKING:
    from asyncpg import Record

WAKE = "dispatcher"
"""The name under which a commit wakes the dispatcher (`Tx.wakes`)."""

RANK = {Urgency.IMMEDIATE: 0, Urgency.PROMPT: 1, Urgency.ROUTINE: 2}


@dataclass(frozen=True, slots=True)
class Message:
    """One message to hand over: to whose call, by which route."""

    delivery_id: UUID
    call_id: UUID
    route_id: UUID
    channel: str
    key: str


async def add(tx: Tx, path: "Record", messages: Sequence[Message], wave: int, urgency: Urgency) -> None:
    """Queue messages; the dispatcher is woken by the commit. A key that is there already is left as it is."""
    await tx.execute(
        "insert into delivery (delivery_id, alert_id, call_id, route_id, raised_by, raised_by_office, authority,"
        " office, channel, wave, key, urgency, state)"
        " select id, $1, call_id, route_id, $2, $3, $4, $5, channel, $6, key, $7, 'queued'"
        " from unnest($8::uuid[], $9::uuid[], $10::uuid[], $11::text[], $12::text[])"
        " as m (id, call_id, route_id, channel, key) on conflict (key) do nothing",
        *(path["alert_id"], path["raised_by"], path["raised_by_office"], path["authority"], path["office"]),
        *(wave, RANK[urgency]),
        *([one.delivery_id for one in messages], [one.call_id for one in messages]),
        *([one.route_id for one in messages], [one.channel for one in messages], [one.key for one in messages]),
    )
    tx.wakes.add(WAKE)


async def handed_over(tx: Tx, alert_id: UUID) -> "list[Record]":
    """Return by which routes something of an alert was handed over to whom, or may have been."""
    return await tx.fetch(
        "select distinct call_id, route_id, channel from delivery where notice is null"
        " and (handed_over_at is not null or possible_duplicate or state = 'sending')"
        " and call_id in (select call_id from call where alert_id = $1)",
        alert_id,
    )


async def words_of_notice(tx: Tx, alert_id: UUID, notice: str) -> str | None:
    """Return the fields with which a notice of an alert was told before."""
    found: str | None = await tx.fetchval(
        "select notice_fields from delivery where notice = $2"
        " and call_id in (select call_id from call where alert_id = $1) limit 1",
        *(alert_id, notice),
    )
    return found


async def add_notices(
    tx: Tx, messages: Sequence[Message], wave: int, urgency: Urgency, told: tuple[str, Mapping[str, str]]
) -> None:
    """Queue notices, by code and fields, to people who were called; a key that is there already is left as it is."""
    await tx.execute(
        "insert into delivery (delivery_id, alert_id, call_id, route_id, raised_by, raised_by_office, authority,"
        " office, channel, wave, key, urgency, state, notice, notice_fields)"
        " select m.id, c.alert_id, c.call_id, m.route_id, c.raised_by, c.raised_by_office, c.authority, c.office,"
        " m.channel, $1, m.key, $2, 'queued', $3, $4"
        " from unnest($5::uuid[], $6::uuid[], $7::uuid[], $8::text[], $9::text[])"
        " as m (id, call_id, route_id, channel, key) join call c using (call_id) on conflict (key) do nothing",
        *(wave, RANK[urgency], told[0], orjson.dumps(dict(told[1])).decode()),
        *([one.delivery_id for one in messages], [one.call_id for one in messages]),
        *([one.route_id for one in messages], [one.channel for one in messages], [one.key for one in messages]),
    )
    tx.wakes.add(WAKE)


async def routes(tx: Tx, staff: Sequence[UUID], channels: Sequence[str]) -> "list[Record]":
    """Return the living routes of people on some channels, the first of each person's channel first."""
    return await tx.fetch(
        "select distinct on (staff_id, channel) * from contact_route where staff_id = any($1) and channel = any($2)"
        " and state <> 'dead' and removed_at is null order by staff_id, channel, rank, route_id",
        *(staff, channels),
    )


async def supersede_of_call(tx: Tx, call_id: UUID) -> None:
    """Stop what is still queued for somebody who has answered."""
    await tx.execute(
        "update delivery set state = 'superseded', ended_at = clock() where call_id = $1 and state = 'queued'", call_id
    )


async def supersede_of_alert(tx: Tx, alert_id: UUID) -> None:
    """Stop what is still queued for an alert that has ended."""
    await tx.execute(
        "update delivery set state = 'superseded', ended_at = clock() where state = 'queued'"
        " and call_id in (select call_id from call where alert_id = $1)",
        alert_id,
    )


async def of_alert(tx: Tx, alert_id: UUID) -> "list[Record]":
    """Return every delivery of an alert, in order of waves and channels."""
    return await tx.fetch(
        "select * from delivery where call_id in (select call_id from call where alert_id = $1)"
        " order by call_id, wave, channel, delivery_id",
        alert_id,
    )

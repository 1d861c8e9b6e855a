"""Health and what operators ask: liveness, readiness, metrics, what waits, and how a case was handled."""

import asyncio
import time
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from chassis import gauges
from chassis.database import Database
from chassis.http import service_of, signed_in
from chassis.identity import Principal
from chassis.infrastructure import describe, is_of_the_house
from contracts.codes import Role

if TYPE_CHECKING:
    from chassis.service import Service

router = APIRouter()

SILENT_TOO_LONG_S = 120.0
"""A consumer that has neither polled nor been busy for so long is stuck (aiokafka #1154)."""

ANSWERS_WITHIN_S = 5.0
"""A database that needs longer for a look at its catalogue is away."""


@router.get("/health/live", include_in_schema=False)
async def live(request: Request) -> Response:
    """Answer 200 while every consumer polls and is a member of its group, or the broker is away for all."""
    stuck = await service_of(request).consumers.hanging(SILENT_TOO_LONG_S)
    return JSONResponse({"stuck": stuck}, 503 if stuck else 200)


@router.get("/health/ready", include_in_schema=False)
async def ready(request: Request) -> Response:
    """Answer 200 when database, migrations, tomorrow's partitions and broker are there."""
    missing = await missing_parts(service_of(request))
    return JSONResponse({"missing": missing}, 503 if missing else 200)


@router.get("/metrics", include_in_schema=False)
async def prometheus(request: Request) -> Response:
    """Answer this process's metrics."""
    await gauges.refresh(service_of(request))
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


@router.get("/operations/summary")
async def summary(request: Request, principal: Annotated[Principal, Depends(signed_in)]) -> dict[str, Any]:
    """Answer what waits in this service, with the keys of what is parked; for operators."""
    principal.require(Role.OPERATOR, Role.SERVICE)
    service = service_of(request)
    return {"service": service.settings.service} | await waiting(service.database)


@router.get("/operations/messages")
async def messages(request: Request, case: UUID, principal: Annotated[Principal, Depends(signed_in)]) -> dict[str, Any]:
    """Answer how this service handled a case: told, heard, parked, due; for operators."""
    principal.require(Role.OPERATOR, Role.SERVICE)
    return await handled(service_of(request).database, case)


_TOMORROW = (
    "select to_regclass(to_char(clock() at time zone 'utc' + interval '1 day', '\"inbox_\"YYYY_MM_DD')) is not null"
)
"""Whether there is a partition for tomorrow, by the service's clock, by which they are made."""


async def missing_parts(service: "Service") -> list[str]:
    """Return what a ready service needs and does not have."""
    missing = [] if await service.consumers.broker_answers() else ["broker"]
    try:
        async with asyncio.timeout(ANSWERS_WITHIN_S), service.database.tx(service.worker) as tx:
            if not await tx.fetchval(_TOMORROW):
                missing.append("tomorrow's partitions")
    except Exception as error:  # noqa: BLE001  not ready is an answer, whatever the reason
        if not is_of_the_house(error):
            return [*missing, f"migrations ({describe(error)})"]
        missing.append("database")
    return missing


async def waiting(database: Database) -> dict[str, Any]:
    """Return outbox age, parked keys and overdue deadlines."""
    async with database.tx(Principal.worker(database.settings.service)) as tx:
        oldest = await tx.fetchval("select extract(epoch from clock_timestamp() - min(created_at))::float8 from outbox")
        parked = await tx.fetch(
            "select topic, key, cause as reason, count(*) as messages,"
            " extract(epoch from clock_timestamp() - min(parked_at))::float8 as since_s"
            " from parked_message group by topic, key, cause"
            " union all select topic, key, 'outbox: ' || reason, 1,"
            " extract(epoch from clock_timestamp() - parked_at)::float8 from outbox_parked_key"
            " order by since_s desc limit 100"
        )
        overdue = await tx.fetch(
            "select kind, subject, failure, extract(epoch from clock() - due_at)::float8 as since_s from deadline"
            " where due_at < (select clock()) order by due_at limit 100"
        )
    return {
        "outbox_oldest_s": oldest or 0.0,
        "parked": [dict(row) for row in parked],
        "overdue": [dict(row) for row in overdue],
    }


async def handled(database: Database, case: UUID) -> dict[str, Any]:
    """Return what this service told, heard, parked and waits for in one case."""
    async with database.tx(Principal.worker(database.settings.service)) as tx:
        told = await tx.fetch(
            "select e.id, type, topic, recorded_at, aggregate_id, aggregate_version, mailboxes,"
            " exists (select from outbox o where o.event_id = e.id) as waits_to_be_sent"
            " from event e where correlation_id = $1 order by recorded_at, aggregate_version",
            case,
        )
        heard = await tx.fetch(
            "select event_id, topic, state, handled_at from inbox where correlation_id = $1 order by handled_at", case
        )
        parked = await tx.fetch(
            "select id, topic, key, cause, reason, attempts, parked_at from parked_message where correlation_id = $1",
            case,
        )
        due = await tx.fetch("select kind, subject, due_at, failure from deadline where correlation_id = $1", case)
    return {
        "service": database.settings.service,
        "told": [dict(row) for row in told],
        "heard": [dict(row) for row in heard],
        "parked": [dict(row) for row in parked],
        "deadlines": [dict(row) for row in due],
        "asked_at": time.time(),
    }

"""After a breach of security: whose data was used, what was passed on, and the 72 hours."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from pydantic import StringConstraints

from chassis.access import accessing
from chassis.database import Tx
from chassis.deadlines import cancel_deadline, set_deadline
from chassis.http import Answer, service_of
from chassis.ids import new_id
from contracts.codes import Purpose, Role
from contracts.form import Moment
from contracts.refusal import NotFound
from services.audit.api.common import Asking, Body, Call, Id, answer, confidential, persons_of, record_reading, shown
from services.audit.domain import breach as rules
from services.audit.store import breaches, log, lookups

router = APIRouter(tags=["sikkerhedsbrud"])

Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Operation = Annotated[str, StringConstraints(pattern=r"^[a-z_]+(\.[a-z_]+)+$", max_length=100)]
MOST_PERSONS = 10_000


class Report(Body):
    """A breach as it was discovered: between which times, by which credential, of which kind."""

    discovered_at: Moment
    happened_from: Moment
    happened_to: Moment
    subject: Name | None = None
    operation: Operation | None = None


class Notice(Body):
    """Whether Datatilsynet was notified, and under which number of the authority's journal that stands."""

    decision: Literal["notified", "not_required"]
    journal_number: Annotated[str, StringConstraints(pattern=r"^[\w./ -]{1,50}$")]


@router.get("/breaches", dependencies=[Depends(accessing("audit.breach.search"))])
async def search_breach(
    request: Request,
    principal: Asking,
    start: Annotated[Moment, Query(alias="from")],
    end: Annotated[Moment, Query(alias="to")],
    authority: Annotated[str | None, Query(max_length=100)] = None,
    subject: Annotated[str | None, Query(max_length=200)] = None,
    operation: Annotated[str | None, Query(max_length=100)] = None,
    after_person: UUID | None = None,
    after_position: Annotated[int, Query(ge=0, le=2**62)] = 0,
) -> Response:
    """Return whose data was used between two times by a credential or an authority, and what was passed on."""
    principal.require(Role.DATA_PROTECTION)
    within = lookups.Within(start, end, authority, subject, operation)
    async with service_of(request).database.tx(principal) as tx:
        persons = await lookups.affected(tx, within, after_person, MOST_PERSONS)
        lines = await lookups.disclosed(tx, within, after_position)
        await record_reading(
            tx, "audit.breach.search", [*persons, *persons_of(lines)], purpose=Purpose.LAWFULNESS_CONTROL
        )
    more = {
        "after_person": persons[-1] if len(persons) == MOST_PERSONS else None,
        "after_position": lines[-1].position if len(lines) == lookups.MOST_LINES else None,
    }
    return confidential({"persons": persons, "disclosures": [shown(one) for one in lines], "next": more})


@router.post("/breaches", status_code=201)
async def report_breach(body: Report, call: Call) -> Response:
    """Report a breach; the 72 hours run from its discovery."""
    call.require(Role.DATA_PROTECTION)
    within = lookups.Within(body.happened_from, body.happened_to, None, body.subject, body.operation)

    async def report(tx: Tx) -> Answer:
        by = rules.notify_by(within.start, within.end, body.discovered_at, await log.now(tx))
        breach_id = new_id()
        await breaches.add(tx, breach_id, within, body.discovered_at, by)
        await set_deadline(
            tx, kind=rules.DEADLINE, subject=breach_id, due_at=by - rules.WARN_BEFORE, correlation_id=breach_id
        )
        return Answer(201, {"breach_id": breach_id, "notify_by": by.isoformat()}, version=1)

    return await call.run(report)


@router.get("/breaches/{breach_id}")
async def read_breach(breach_id: Id, request: Request, principal: Asking) -> Response:
    """Return a breach with its deadline and what was decided."""
    principal.require(Role.DATA_PROTECTION)
    async with service_of(request).database.tx(principal) as tx:
        row = await breaches.find(tx, breach_id)
    if row is None:
        raise NotFound
    return answer(dict(row))


@router.post("/breaches/{breach_id}/notice")
async def decide_notice(breach_id: Id, body: Notice, call: Call) -> Response:
    """Record that Datatilsynet was notified, or need not be; the deadline ends with it."""
    call.require(Role.DATA_PROTECTION)

    async def decide(tx: Tx) -> Answer:
        row = await breaches.lock(tx, breach_id)
        if row is None:
            raise NotFound
        if row["decision"]:
            raise rules.AlreadyDecided
        version = await breaches.decide(tx, breach_id, row["version"], body.decision, body.journal_number)
        await cancel_deadline(tx, kind=rules.DEADLINE, subject=breach_id)
        return Answer(ids={"breach_id": breach_id}, version=version)

    return await call.run(decide)

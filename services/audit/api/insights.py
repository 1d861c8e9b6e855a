"""What was done with my data? The answer is drafted from the log, decided line by line, and released by two people."""

from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import Response
from pydantic import StringConstraints

from chassis.access import accessing, record_access
from chassis.database import Tx
from chassis.http import Answer, service_of
from chassis.ids import new_id
from chassis.openapi import refusing
from contracts.codes import Purpose, Role
from contracts.disclosure import LogKind
from contracts.form import Truth
from contracts.refusal import NotFound
from services.audit.api.common import Asking, Body, Call, Id, answer, confidential
from services.audit.domain import insight as rules
from services.audit.domain.withholding import paragraph, proposed, rule_of
from services.audit.store import insights, log, lookups

router = APIRouter(tags=["indsigt"])

Position = Annotated[int, Path(ge=1, le=2**62)]


class Asked(Body):
    """Whom the answer is about: the opaque id, which the officer has from the case."""

    person_id: UUID


class Decision(Body):
    """What an officer decides of one line."""

    withhold: Truth
    paragraph: Annotated[str, StringConstraints(max_length=120)] | None = None
    reason: rules.Reason


@router.post("/insights", status_code=201, dependencies=[Depends(accessing("insight.draft"))])
async def draft_insight(body: Asked, call: Call) -> Response:
    """Draft an answer: every use of the person's data that the authority answers for, with what may be withheld."""
    call.require(Role.DATA_PROTECTION)

    async def draft(tx: Tx) -> Answer:
        insight_id, at = new_id(), await log.now(tx)
        lines = [(one.position, _slug(one.value)) for one in await lookups.about(tx, body.person_id)]
        await insights.add(tx, insight_id, body.person_id, at)
        await insights.add_lines(tx, insight_id, lines)
        await _record(tx, "insight.draft", body.person_id, insight_id, LogKind.COMBINATION)
        return Answer(201, {"insight_id": insight_id}, version=1)

    return await call.run(draft)


@router.get("/insights/{insight_id}", dependencies=[Depends(accessing("insight.read", "insight_id"))])
async def read_insight(insight_id: Id, request: Request, principal: Asking) -> Response:
    """Return a draft with its proposals and decisions, for the officers who work on it."""
    principal.require(Role.DATA_PROTECTION)
    async with service_of(request).database.tx(principal) as tx:
        found = await insights.find(tx, insight_id)
        if found is None:
            raise NotFound
        insight, row = found
        lines = [_draft_line(one, insight.authority) for one in await insights.lines(tx, insight_id)]
        await _record(tx, "insight.read", row["person_id"], insight_id)
    names = ("insight_id", "person_id", "state", "drafted_by", "drafted_at", "released_by", "released_at", "version")
    return confidential({name: row[name] for name in names} | {"undecided": insight.undecided, "lines": lines})


@router.post(
    "/insights/{insight_id}/lines/{position}", dependencies=[Depends(accessing("insight.decide", "insight_id"))]
)
async def decide_line(insight_id: Id, position: Position, body: Decision, call: Call) -> Response:
    """Show or withhold one line, with the paragraph where it is withheld, and the reason in any case."""
    call.require(Role.DATA_PROTECTION)

    async def decide(tx: Tx) -> Answer:
        insight, version, person_id = await _locked(tx, insight_id)
        rules.decide(insight, withhold=body.withhold, paragraph=body.paragraph)
        kept = body.paragraph if body.withhold else None
        decided = {"withheld": body.withhold, "paragraph": kept, "reason": body.reason}
        if not await insights.decide(tx, insight_id, position, **decided, at=await log.now(tx)):  # type: ignore[arg-type]  # one dict of three kinds
            raise NotFound
        await _record(tx, "insight.decide", person_id, insight_id, LogKind.ALTERATION)
        return Answer(ids={"insight_id": insight_id}, version=await insights.changed(tx, insight_id, version))

    return await call.run(decide)


@router.post("/insights/{insight_id}/release", dependencies=[Depends(accessing("insight.release", "insight_id"))])
async def release_insight(insight_id: Id, call: Call) -> Response:
    """Release an answer that somebody else has drafted."""
    call.require(Role.DATA_PROTECTION)

    async def release(tx: Tx) -> Answer:
        insight, version, person_id = await _locked(tx, insight_id)
        rules.release(insight, call.principal.subject)
        await _record(tx, "insight.release", person_id, insight_id, LogKind.ALTERATION)
        return Answer(
            ids={"insight_id": insight_id}, version=await insights.release(tx, insight_id, version, await log.now(tx))
        )

    return await call.run(release)


@router.get(
    "/insights/{insight_id}/answer",
    dependencies=[Depends(accessing("insight.answer", "insight_id"))],
    responses=refusing(rules.NotReleased),
)
async def read_answer(insight_id: Id, request: Request, principal: Asking) -> Response:
    """Return a released answer as the citizen gets it: nothing in it tells whether a line is left out."""
    principal.require(Role.DATA_PROTECTION)
    async with service_of(request).database.tx(principal) as tx:
        found = await insights.find(tx, insight_id)
        if found is None:
            raise NotFound
        insight, row = found
        if not insight.released:
            raise rules.NotReleased
        shown = [orjson.loads(one["value"]) for one in await insights.lines(tx, insight_id) if not one["withheld"]]
        await _record(tx, "insight.answer", row["person_id"], insight_id)
    return answer(rules.answer(insight.authority, row["drafted_at"].date().isoformat(), shown))


async def _locked(tx: Tx, insight_id: UUID) -> tuple[rules.Insight, int, UUID]:
    found = await insights.lock(tx, insight_id)
    if found is None:
        raise NotFound
    return found[0], found[1]["version"], found[1]["person_id"]


def _slug(value: dict[str, Any]) -> str | None:
    rule = proposed(value)
    return rule.slug if rule else None


def _draft_line(row: Any, authority: str) -> dict[str, Any]:  # noqa: ANN401  asyncpg's rows carry no type of their columns
    """Return a line for the officer: the record, what is proposed and why, and what was decided."""
    value = orjson.loads(row["value"])
    rule = rule_of(row["proposed_rule"]) if row["proposed_rule"] else None
    names = (
        "at",
        "authority",
        "office",
        "kind",
        "stated_purpose",
        "operation",
        "basis",
        "sender",
        "receiver",
        "case_id",
    )
    proposal = {"rule": rule.slug, "why": rule.why, "paragraph": paragraph(rule, authority)} if rule else None
    decided = {name: row[name] for name in ("withheld", "paragraph", "reason", "decided_by", "decided_at")}
    return {"position": row["position"]} | {name: value.get(name) for name in names} | {"proposed": proposal, **decided}


async def _record(
    tx: Tx, operation: str, person_id: UUID, insight_id: UUID, kind: LogKind = LogKind.CONSULTATION
) -> None:
    await record_access(
        tx, operation=operation, purpose=Purpose.INSIGHT, persons=[person_id], case_id=insight_id, kind=kind
    )

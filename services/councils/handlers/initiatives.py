"""Initiatives of councils, from plan to result, and the measure that failed (O-0-03, O-2-02, O-3-03)."""

from datetime import datetime
from uuid import UUID

from chassis.database import Tx
from chassis.deadlines import due, set_deadline
from chassis.http import Answer
from chassis.ids import new_id
from contracts.councils.v1.goals import (
    InitiativeChanged,
    InitiativeClosed,
    InitiativeCreated,
    InitiativeProgressed,
    MeasureFailed,
)
from contracts.refusal import NotFound
from services.councils.domain.bodies import Body
from services.councils.domain.following import missed, year_is_over
from services.councils.domain.initiatives import (
    FAILED_MEASURE,
    Closing,
    InitiativeChange,
    InitiativeSaid,
    Progress,
    changes,
    check_closing,
    check_initiative,
    progressed,
)
from services.councils.handlers.chaining import link
from services.councils.handlers.following import begin, bring_up, council, require_decision, step
from services.councils.store import initiatives, rows
from services.councils.store.rows import INITIATIVE, Row

MEASURE_DUE = "measure_due"
"""The deadline at the end of the year in which an initiative's target was to be reached."""


async def plan(tx: Tx, body: Body, said: InitiativeSaid) -> Answer:
    """Plan an initiative: for a goal or as a local focus, with its parties, owner and measure."""
    check_initiative(said, dual=await initiatives.is_dual(tx, body.id, said.year, said.focus_area))
    if said.decision_id:
        await require_decision(tx, said.decision_id, body)
    if await initiatives.open_goals(tx, said.goals) < len(set(said.goals)):
        raise NotFound
    answer = await begin(tx, body, INITIATIVE, InitiativeCreated, _facts(said), **_told(said))
    its_id = UUID(str(answer.ids["initiative_id"]))
    await _rest_on(tx, body, said, its_id)
    at = year_is_over(said.measure.on.year)
    await set_deadline(tx, kind=MEASURE_DUE, subject=its_id, due_at=at, correlation_id=its_id)
    return answer


def _told(said: InitiativeSaid) -> Row:
    return {"goals": said.goals, "objective": said.purpose}


def _facts(said: InitiativeSaid) -> Row:
    facts = said.model_dump(exclude={"goals", "measure"})
    lists = {name: list(facts[name]) for name in ("parties", "tags")}
    measure = said.measure
    return facts | lists | measure.model_dump(exclude={"on"}) | {"target_on": measure.on}


async def _rest_on(tx: Tx, body: Body, said: InitiativeSaid, its_id: UUID) -> None:
    for goal in dict.fromkeys(said.goals):
        await rows.add(tx, "initiative_goal", {"initiative_id": its_id, "goal_id": goal, "body_id": body.id})
        await link(tx, body, ("goal", goal), ("initiative", its_id))
    if said.decision_id:
        await link(tx, body, ("decision", said.decision_id), ("initiative", its_id))


async def change(tx: Tx, body: Body, row: Row, said: InitiativeChange) -> Answer:
    """Change what an initiative says; what it said before is kept, and a published plan's text stays as it is."""
    draft = await initiatives.plan_is_draft(tx, body.id, row["year"])
    changed = changes(row, said, draft=draft)
    kept = {"initiative_id": row["initiative_id"], "body_id": body.id, "number": row["version"] + 1}
    kept |= {"reason": said.reason or "", "authority": tx.principal.authority, "changed_by": tx.principal.subject}
    for fact, became in changed.items():
        words = {"fact": fact, "was": _written(row[fact]), "became": _written(became)}
        await rows.add(tx, "initiative_change", kept | words)
    if "target_on" in changed:
        await set_deadline(tx, **_due(row | changed))
    return await step(tx, body, INITIATIVE, row, InitiativeChanged, changed, objective=row["purpose"])


def _written(value: object) -> str:
    """Return a fact as it is kept: a number without needless noughts, yes and no as in JSON."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.15g}" if isinstance(value, float) else str(value)


async def progress(tx: Tx, body: Body, row: Row, said: Progress) -> Answer:
    """Note how an initiative goes."""
    state = progressed(row["state"], said.state)
    await _note(tx, row, state, said.note)
    return await step(tx, body, INITIATIVE, row, InitiativeProgressed, {"state": state}, objective=row["purpose"])


async def close(tx: Tx, body: Body, row: Row, said: Closing) -> Answer:
    """Close an initiative: done with what was measured, or stopped with the reason."""
    check_closing(row["state"], said, measured=True)
    await _note(tx, row, said.state, said.note or "")
    failed = said.value is not None and missed(said.value, row["target"], lower_is_better=row["lower_is_better"])
    if said.state == "done":
        await result_of(tx, body, ("initiative", row["initiative_id"]), said, failed=failed)
    await set_deadline(tx, **_due(row), at_once=True)
    told = {"objective": row["purpose"], "missed": failed}
    return await step(tx, body, INITIATIVE, row, InitiativeClosed, {"state": said.state}, **told)


async def result_of(tx: Tx, body: Body, of: tuple[str, UUID], said: Closing, *, failed: bool) -> None:
    """Keep what came of something, linked to it."""
    result: Row = {"result_id": new_id(), "body_id": body.id, "of_kind": of[0], "of_id": of[1], "missed": failed}
    await rows.add(tx, "measured_result", result | {"value": said.value, "note": said.note})
    await link(tx, body, of, ("result", result["result_id"]))


@due(MEASURE_DUE)
async def measure_due(subject: UUID, _: datetime, tx: Tx) -> None:
    """Bring a measure that failed, or that nobody measured, to next year's agenda of its council."""
    row = await rows.locked(tx, INITIATIVE, subject)
    if row is None or row["state"] == "stopped":
        return
    body, result = await council(tx, row), await initiatives.result(tx, subject)
    if result and not result["missed"]:
        return
    said = "nåede ikke sit mål" if result else "er ikke målt"
    matter = await bring_up(
        tx, body, FAILED_MEASURE, subject, f"Indsatsen {said} i {row['target_on'].year}: {row['title']}"
    )
    if matter:
        start = ("result", result["result_id"]) if result else ("initiative", subject)
        await link(tx, body, start, ("matter", matter))
        await step(tx, body, INITIATIVE, row, MeasureFailed, objective=row["purpose"])


def _due(row: Row) -> Row:
    its_id = row["initiative_id"]
    at = year_is_over(row["target_on"].year)
    return {"kind": MEASURE_DUE, "subject": its_id, "due_at": at, "correlation_id": its_id}


async def _note(tx: Tx, row: Row, state: str, note: str) -> None:
    facts = {"initiative_id": row["initiative_id"], "body_id": row["body_id"], "number": row["version"] + 1}
    await rows.add(tx, "initiative_note", facts | {"state": state, "note": note})

"""How everything that is followed up begins, changes and is told: one event a step, counted by its version."""

from typing import Any
from uuid import UUID

from chassis.database import Tx
from chassis.http import Answer
from chassis.ids import new_id
from chassis.outbox import append
from contracts.event import Event
from services.councils.domain.bodies import Body
from services.councils.domain.following import NeedsDecision, check_decision
from services.councils.domain.matters import Matter
from services.councils.handlers.matters import raise_matter
from services.councils.store import bodies, clock, decisions, rows
from services.councils.store.rows import Kind, Row


async def begin(tx: Tx, body: Body, kind: Kind, event: type[Event], facts: Row, **said: object) -> Answer:
    """Save a new thing of a council and tell it; what the event says stands in the facts or is given."""
    its_id = new_id()
    await rows.add(tx, kind.table, {kind.key: its_id, "body_id": body.id} | facts)
    await tell(tx, body, event, 1, {kind.key: its_id} | facts | said)
    return Answer(201, {kind.key: its_id}, 1)


async def step(
    tx: Tx, body: Body, kind: Kind, row: Row, event: type[Event], changed: Row | None = None, **said: object
) -> Answer:
    """Change a locked thing of a council and tell it."""
    await rows.change(tx, kind, row, changed or {})
    await tell(tx, body, event, row["version"] + 1, row | (changed or {}) | said)
    return Answer(200, {kind.key: row[kind.key]}, row["version"] + 1)


async def tell(tx: Tx, body: Body, event: type[Event], version: int, facts: dict[str, Any]) -> None:
    """Tell one event of a thing: the event takes of the facts what it has fields for."""
    told = facts | {"body_id": body.id, "parties": body.parties}
    made = event(**{name: told[name] for name in event.model_fields if name in told})
    await append(tx, made, version=version, correlation_id=made.aggregate_id, time=await clock.now(tx))


async def require_decision(tx: Tx, decision_id: UUID | None, body: Body) -> UUID:
    """Return a decision's id where the council has decided so.

    Raises:
        NeedsDecision: there is none, or it says no.
        DecisionOfAnotherCouncil: another council took it.
    """
    if decision_id is None:
        raise NeedsDecision
    found = await decisions.found(tx, decision_id)
    check_decision(found.body_id if found else None, found.outcome if found else "", body.id)
    return decision_id


async def council(tx: Tx, row: Row) -> Body:
    """Return the council of a thing, for the service's own work."""
    body = await bodies.found(tx, row["body_id"])
    if body is None:
        raise LookupError("a thing of no council")
    return body


async def bring_up(tx: Tx, body: Body, kind: str, subject: UUID, title: str, paragraph: str = "") -> UUID | None:
    """Let something wait for a council's next agenda; return the matter's id where it is new."""
    matter = Matter(new_id(), body.id, kind, subject, title[:300], paragraph)
    return matter.id if await raise_matter(tx, matter) else None

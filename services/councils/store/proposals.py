"""The SQL of what lokalraad and their chairs contribute to the kredsraad's plan."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from chassis.database import Tx
from chassis.ids import new_id
from services.councils.domain.preparation import Asked


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal of a lokalraad, and whether it is answered."""

    id: UUID
    plan_id: UUID
    body_id: UUID
    answered: bool


async def add(tx: Tx, plan_id: UUID, body_id: UUID, title: str, text: str) -> UUID:
    """Save a proposal; return its id."""
    proposal_id = new_id()
    await tx.execute(
        "insert into plan_proposal (plan_proposal_id, samarbejdsplan_id, body_id, title, text, submitted_by)"
        " values ($1, $2, $3, $4, $5, $6)",
        *(proposal_id, plan_id, body_id, title, text, tx.principal.subject),
    )
    return proposal_id


async def locked(tx: Tx, proposal_id: UUID) -> Proposal | None:
    """Return a proposal, locked, for the kredsraad's secretariat."""
    row = await tx.fetchrow("select * from plan_proposal where plan_proposal_id = $1 for update", proposal_id)
    if row is None:
        return None
    return Proposal(proposal_id, row["samarbejdsplan_id"], row["body_id"], row["answer"] is not None)


async def answer(tx: Tx, proposal_id: UUID, said: str, reason: str | None, section: str | None) -> None:
    """Save what the kredsraad answers."""
    await tx.change_one(
        "update plan_proposal set answer = $2, reason = $3, section = $4, answered_by = $5, answered_at = clock()"
        " where plan_proposal_id = $1 and answer is null",
        *(proposal_id, said, reason, section, tx.principal.subject),
    )


async def place(tx: Tx, proposal_id: UUID, section: str) -> None:
    """Save which section takes up a proposal that was accepted, wholly or partly, before it was known where."""
    await tx.change_one(
        "update plan_proposal set section = $2 where plan_proposal_id = $1 and section is null"
        " and answer in ('accepted', 'partly')",
        *(proposal_id, section),
    )


async def unanswered(tx: Tx, plan_id: UUID) -> list[UUID]:
    """Return the proposals for a plan that have no answer."""
    rows = await tx.fetch(
        "select plan_proposal_id from plan_proposal where samarbejdsplan_id = $1 and answer is null"
        " order by submitted_at, plan_proposal_id",
        plan_id,
    )
    return [row["plan_proposal_id"] for row in rows]


async def taken_up(tx: Tx, plan_id: UUID) -> list[tuple[UUID, str]]:
    """Return the proposals that a plan takes up, wholly or partly, each with its section."""
    rows = await tx.fetch(
        "select plan_proposal_id, section from plan_proposal where samarbejdsplan_id = $1"
        " and answer in ('accepted', 'partly') and section is not null order by submitted_at, plan_proposal_id",
        plan_id,
    )
    return [(row["plan_proposal_id"], row["section"]) for row in rows]


async def of_plan(tx: Tx, plan_id: UUID) -> list[dict[str, Any]]:
    """Return the proposals for a plan with their answers, the oldest first."""
    rows = await tx.fetch(
        "select plan_proposal_id, body_id, kommunekode, title, text, submitted_at, answer, reason, section, answered_at"
        " from plan_proposal join body using (body_id) where samarbejdsplan_id = $1"
        " order by submitted_at, plan_proposal_id",
        plan_id,
    )
    return [dict(row) for row in rows]


# --- the chairs ---------------------------------------------------------------------------------------------------


async def ask(tx: Tx, plan_id: UUID, body_id: UUID, answer_by: date) -> UUID | None:
    """Save that the chair of a lokalraad is asked about a plan; none where that was done before."""
    asked: UUID | None = await tx.fetchval(
        "insert into chair_involvement (chair_involvement_id, samarbejdsplan_id, body_id, answer_by)"
        " values ($1, $2, $3, $4) on conflict do nothing returning chair_involvement_id",
        *(new_id(), plan_id, body_id, answer_by),
    )
    return asked


async def locked_involvement(tx: Tx, plan_id: UUID, body_id: UUID) -> tuple[UUID, bool, bool] | None:
    """Return the involvement of a lokalraad's chair, locked: whether an answer came, and whether a day passed first."""
    row = await tx.fetchrow(
        "select chair_involvement_id, responded_at is not null as answered, silent_since is not null as silent"
        " from chair_involvement where samarbejdsplan_id = $1 and body_id = $2 for update",
        *(plan_id, body_id),
    )
    return None if row is None else (row["chair_involvement_id"], row["answered"], row["silent"])


async def involvement(tx: Tx, involvement_id: UUID) -> dict[str, Any] | None:
    """Return what the chair of a lokalraad is asked, and whether an answer came."""
    row = await tx.fetchrow("select * from chair_involvement where chair_involvement_id = $1", involvement_id)
    return None if row is None else dict(row)


async def asked(tx: Tx, body_id: UUID) -> list[dict[str, Any]]:
    """Return what the chair of a lokalraad is asked and can still answer, the soonest first."""
    rows = await tx.fetch(
        "select chair_involvement_id, answer_by from chair_involvement where body_id = $1 and responded_at is null"
        " and answer_by >= (clock() at time zone 'Europe/Copenhagen')::date order by answer_by, chair_involvement_id",
        body_id,
    )
    return [dict(row) for row in rows]


async def respond(tx: Tx, involvement_id: UUID, text: str) -> None:
    """Save what a chair answers; a later answer takes the place of an earlier one."""
    await tx.change_one(
        "update chair_involvement set response = $2, responded_by = $3, responded_at = clock()"
        " where chair_involvement_id = $1",
        *(involvement_id, text, tx.principal.subject),
    )


async def silent(tx: Tx, plan_id: UUID) -> list[tuple[UUID, UUID]]:
    """Note which chairs have let their day pass without an answer; return the involvements noted now, with the body."""
    rows = await tx.fetch(
        "update chair_involvement set silent_since = clock() where samarbejdsplan_id = $1 and responded_at is null"
        " and silent_since is null and answer_by < (clock() at time zone 'Europe/Copenhagen')::date"
        " returning chair_involvement_id, body_id",
        plan_id,
    )
    return [(row["chair_involvement_id"], row["body_id"]) for row in rows]


async def involvements(tx: Tx, plan_id: UUID) -> list[dict[str, Any]]:
    """Return how far the chairs of the lokalraad are involved in a plan; also those who are not asked yet."""
    rows = await tx.fetch(
        "select body.body_id, kommunekode, asked_at, answer_by, response, responded_at, silent_since from body"
        " left join chair_involvement i on i.body_id = body.body_id and samarbejdsplan_id = $1"
        " where kind = 'lokalraad' order by kommunekode",
        plan_id,
    )
    return [dict(row) for row in rows]


async def chairs(tx: Tx, plan_id: UUID) -> list[Asked]:
    """Return of each lokalraad whether its chair was asked and has answered."""
    rows = await involvements(tx, plan_id)
    return [Asked(row["kommunekode"], row["answer_by"], row["responded_at"] is not None) for row in rows]

"""The SQL of the chain: its links, walked both ways, and the titles of what stands in it."""

from typing import Any

from chassis.database import Tx

NAMED: dict[str, str] = {
    "goal": "select goal_id::text as id, title, state from goal where goal_id = any($1::uuid[])",
    "priority": "select priority_id::text as id, title,"
    " case when rank is null then 'dropped' else 'ranked' end as state from priority"
    " where priority_id = any($1::uuid[])",
    "decision": "select decision_id::text as id, text as title, outcome as state from decision"
    " where decision_id = any($1::uuid[])",
    "initiative": "select initiative_id::text as id, title, state from initiative"
    " where initiative_id = any($1::uuid[])",
    "action": "select action_id::text as id, title, state from action where action_id = any($1::uuid[])",
    "target": "select joint_target_id::text as id, indicator as title, 'set' as state from joint_target"
    " where joint_target_id = any($1::uuid[])",
    "result": "select result_id::text as id, note as title, case when missed then 'missed' else 'reached' end as state"
    " from measured_result where result_id = any($1::uuid[])",
    "proposal": "select plan_proposal_id::text as id, title, coalesce(answer, 'submitted') as state from plan_proposal"
    " where plan_proposal_id = any($1::uuid[])",
    "matter": "select matter_id::text as id, title, state from matter where matter_id = any($1::uuid[])",
}
"""How the things of a kind are found, as far as the reader may see them; a section of a plan is named by itself."""

_FORWARD = """
with recursive walked as (
    select from_kind, from_id, to_kind, to_id from chain_link where from_kind = $1 and from_id = $2
    union
    select l.from_kind, l.from_id, l.to_kind, l.to_id from chain_link l
    join walked w on l.from_kind = w.to_kind and l.from_id = w.to_id
) select * from walked
"""

_BACKWARD = """
with recursive walked as (
    select from_kind, from_id, to_kind, to_id from chain_link where to_kind = $1 and to_id = $2
    union
    select l.from_kind, l.from_id, l.to_kind, l.to_id from chain_link l
    join walked w on l.to_kind = w.from_kind and l.to_id = w.from_id
) select * from walked
"""

Node = tuple[str, str]
"""A kind and an id."""


async def one_at_a_time(tx: Tx) -> None:
    """Let nobody else add a link until this transaction ends: two at once could close a circle."""
    await tx.execute("select pg_advisory_xact_lock(hashtextextended('chain', 0))")


async def leads(tx: Tx, start: Node) -> list[tuple[Node, Node]]:
    """Return every link that one comes to from something."""
    return [_ends(row) for row in await tx.fetch(_FORWARD, *start)]


async def came_from(tx: Tx, end: Node) -> list[tuple[Node, Node]]:
    """Return every link that leads to something."""
    return [_ends(row) for row in await tx.fetch(_BACKWARD, *end)]


async def named(tx: Tx, nodes: set[Node]) -> dict[Node, dict[str, Any]]:
    """Return what things are called and how far they are, as far as the reader may see them."""
    found: dict[Node, dict[str, Any]] = {}
    for kind in {kind for kind, _ in nodes}:
        ids = sorted(its_id for of, its_id in nodes if of == kind)
        if kind == "paragraph":
            found |= {(kind, its_id): _paragraph(its_id) for its_id in ids}
        elif kind in NAMED:
            for row in await tx.fetch(NAMED[kind], ids):
                found[kind, row["id"]] = {"kind": kind} | dict(row)
    return found


def _paragraph(its_id: str) -> dict[str, Any]:
    year, section = its_id.rsplit("-", 1)
    return {"kind": "paragraph", "id": its_id, "title": f"Planen for {year[-4:]}, afsnit {section}", "state": "section"}


def _ends(row: Any) -> tuple[Node, Node]:  # noqa: ANN401  a record of asyncpg, which has no types
    return (row["from_kind"], row["from_id"]), (row["to_kind"], row["to_id"])

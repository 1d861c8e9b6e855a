"""The board of resources: its lines, and what is allocated."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from chassis.database import Tx
from services.beredskabsstab.domain.resources import Allocation, Board, Line, Side, State

if TYPE_CHECKING:
    from asyncpg import Record


@dataclass(frozen=True, slots=True)
class Entered:
    """What is said of a line besides what the rules need."""

    what: str
    place: str
    from_at: datetime | None


@dataclass(frozen=True, slots=True)
class Said:
    """Who did something on the board, why, and when."""

    by: str
    reason: str
    at: datetime


async def add(tx: Tx, activation_id: UUID, line: Line, more: Entered, by: tuple[str, str], at: datetime) -> None:
    """Save an offer or a request; `by` is who entered it, and at which authority."""
    await tx.execute(
        "insert into resource_line (line_id, activation_id, side, authority, kind, amount, what, place, from_at,"
        " until_at, state, entered_by, entered_by_authority, entered_at, version)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'open', $11, $12, $13, 1)",
        *(line.line_id, activation_id, line.side, line.authority, line.kind, line.amount),
        *(more.what, more.place, more.from_at, line.until, *by, at),
    )


async def lines(tx: Tx, activation_id: UUID) -> "list[Record]":
    """Return the lines of a board: by priority, then as they came."""
    return await tx.fetch(
        "select * from resource_line where activation_id = $1 order by priority nulls last, entered_at, line_id",
        activation_id,
    )


async def allocations(tx: Tx, activation_id: UUID) -> "list[Record]":
    """Return what is and was allocated, as it came."""
    return await tx.fetch(
        "select * from resource_allocation where activation_id = $1 order by allocated_at, allocation_id", activation_id
    )


async def board(tx: Tx, activation_id: UUID) -> Board:
    """Return the board as the rules read it; the activation's row is locked."""
    own = [_line(row) for row in await lines(tx, activation_id)]
    held = [_allocation(row) for row in await allocations(tx, activation_id)]
    return Board({one.line_id: one for one in own}, {one.allocation_id: one for one in held})


def _line(row: "Record") -> Line:
    return Line(
        line_id=row["line_id"],
        side=Side(row["side"]),
        authority=row["authority"],
        kind=row["kind"],
        amount=row["amount"],
        until=row["until_at"],
        state=State(row["state"]),
    )


def _allocation(row: "Record") -> Allocation:
    return Allocation(row["allocation_id"], row["offer_id"], row["request_id"], row["amount"])


async def put_line(tx: Tx, line: Line) -> int:
    """Put a line at a state, count its version up and return it."""
    version: int = await tx.fetchval("select put_line($1, $2)", line.line_id, line.state)
    return version


async def put_allocation(tx: Tx, activation_id: UUID, one: Allocation, said: Said) -> None:
    """Save a new allocation; the database counts it on both lines and refuses more than they have."""
    await tx.execute(
        "insert into resource_allocation (allocation_id, activation_id, offer_id, request_id, amount, reason,"
        " allocated_by, allocated_at) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        *(one.allocation_id, activation_id, one.offer_id, one.request_id, one.amount, said.reason, said.by, said.at),
    )


async def lessen(tx: Tx, one: Allocation, said: Said) -> None:
    """Save that an allocation holds less; one that holds nothing has ended."""
    ended = (said.by, said.at, said.reason) if not one.amount else (None, None, None)
    await tx.change_one(
        "update resource_allocation set amount = $2, released_by = $3, released_at = $4, released_reason = $5"
        " where allocation_id = $1",
        *(one.allocation_id, one.amount, *ended),
    )


async def prioritise(tx: Tx, line_id: UUID, priority: int) -> None:
    """Say how urgent a request is, by the chair."""
    await tx.change_one("update resource_line set priority = $2 where line_id = $1", line_id, priority)


async def say_withdrawn(tx: Tx, line_id: UUID, reason: str) -> None:
    """Keep why a line was withdrawn."""
    await tx.change_one("update resource_line set withdrawn_reason = $2 where line_id = $1", line_id, reason)

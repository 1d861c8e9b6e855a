"""An activation that the staff works in: its row locked, and not ended."""

from typing import TYPE_CHECKING
from uuid import UUID

from chassis.database import Tx
from contracts.codes import authorities
from contracts.refusal import NotFound
from services.beredskabsstab.domain.steps import NotActive, State
from services.beredskabsstab.store import activations

if TYPE_CHECKING:
    from asyncpg import Record

WORKS = frozenset({State.PLANNED, State.ACTIVE})
"""While the staff works: a planned one prepares."""


async def under_way(tx: Tx, activation_id: UUID) -> "Record":
    """Return an activation that has not ended, with its row locked; NotFound for whoever is no party of it."""
    row = await activations.hold(tx, activation_id)
    if row is None:
        raise NotFound
    if State(row["state"]) not in WORKS:
        raise NotActive
    return row


def name_of(authority: str) -> str:
    """Return an authority's name, as a log says it."""
    return authorities()[authority].name

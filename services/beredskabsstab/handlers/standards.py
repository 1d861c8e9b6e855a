"""Texts for foreseeable events, made in peacetime: one drafts, the sectors clear, another of the police approves."""

from datetime import timedelta
from uuid import UUID

from chassis.database import Tx
from chassis.ids import new_id
from contracts.refusal import NotFound
from services.beredskabsstab.domain.cap import Words
from services.beredskabsstab.domain.information import Actor
from services.beredskabsstab.domain.information_refusals import (
    InformationWrongState,
    PoliceMandateNeeded,
    SelfApproval,
)
from services.beredskabsstab.store import plans, standards

HOLDS = timedelta(days=365)
"""For how long an approval holds: as long as the framework plan's signature."""


async def draft(tx: Tx, title: str, words: tuple[Words, Words | None], by: Actor) -> UUID:
    """Save a new text and return its id."""
    standard_id = new_id()
    await standards.add(tx, standard_id, title, words, (by.person, by.authority), await plans.now(tx))
    return standard_id


async def clear(tx: Tx, standard_id: UUID, by: Actor) -> None:
    """Clear a draft for the own sector: what is approved is as everybody has cleared it."""
    row = await standards.find(tx, standard_id)
    if row is None:
        raise NotFound
    if row["state"] != "draft":
        raise InformationWrongState(state=row["state"])
    await standards.clear(tx, standard_id, by.authority, by.person, await plans.now(tx))


async def approve(tx: Tx, standard_id: UUID, by: Actor) -> int:
    """Approve a text for a year: another person than who drafted it, with police mandate. Returns its version."""
    row = await standards.find(tx, standard_id)
    if row is None:
        raise NotFound
    if not by.has_police_mandate:
        raise PoliceMandateNeeded
    if by.person == row["drafted_by"]:
        raise SelfApproval
    now = await plans.now(tx)
    version = await standards.approve(tx, standard_id, by.person, now, now + HOLDS)
    if version is None:
        raise InformationWrongState(state=row["state"])
    return version

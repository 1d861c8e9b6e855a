"""Proposing, releasing and rejecting a version of a decision table, each in one transaction."""

from uuid import UUID

from chassis.database import Tx
from chassis.ids import new_id
from chassis.outbox import append
from contracts.referrals.v1 import TableProposed, TableRejected, TableReleased
from contracts.refusal import NotFound
from services.referrals.domain.releases import OneIsProposed, ReleaseState, check_follows
from services.referrals.domain.rulebook import rulebook
from services.referrals.domain.tables import Table
from services.referrals.store import clock, releases
from services.referrals.store.releases import Version


async def propose(tx: Tx, table: Table, text: str) -> UUID:
    """Save a proved version as a proposal, and return its id.

    Raises:
        Refusal: it cannot follow the version that holds, or another proposal waits.
    """
    await releases.learn_released(tx)
    now = await clock.now(tx)
    check_follows(table, frozenset(rulebook()), now)
    rule_table_id = new_id()
    if not await releases.add(tx, rule_table_id, table, text):
        raise OneIsProposed
    event = TableProposed(
        rule_table_id=rule_table_id, rule=table.name, sha256=table.version, valid_from=table.valid_from
    )
    await append(tx, event, version=1, correlation_id=rule_table_id, time=now)
    return rule_table_id


async def release(tx: Tx, rule_table_id: UUID) -> int:
    """Release a proposal of somebody else, and return its version.

    Raises:
        Refusal: it is the asker's own, it is decided, or its day is too near or taken.
    """
    one = await _decidable(tx, rule_table_id)
    await releases.learn_released(tx)
    check_follows(one.proposal.table, frozenset(rulebook()), one.now)
    await releases.decide(tx, one, ReleaseState.RELEASED, "")
    event = TableReleased(rule_table_id=one.id, rule=one.name, sha256=one.sha256, valid_from=one.valid_from)
    await append(tx, event, version=one.version + 1, correlation_id=one.id, time=one.now)
    return one.version + 1


async def reject(tx: Tx, rule_table_id: UUID, reason: str) -> int:
    """Reject a proposal of somebody else with a reason, and return its version.

    Raises:
        Refusal: it is the asker's own, or it is decided.
    """
    one = await _decidable(tx, rule_table_id)
    await releases.decide(tx, one, ReleaseState.REJECTED, reason)
    event = TableRejected(rule_table_id=one.id, rule=one.name, sha256=one.sha256)
    await append(tx, event, version=one.version + 1, correlation_id=one.id, time=one.now)
    return one.version + 1


async def _decidable(tx: Tx, rule_table_id: UUID) -> Version:
    one = await releases.locked(tx, rule_table_id)
    if one is None:
        raise NotFound
    one.proposal.check_decidable(tx.principal.subject)
    return one

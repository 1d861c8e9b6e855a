"""Once a day the log's length and root are signed, and told to everyone who reads the topic."""

import logging
from uuid import NAMESPACE_URL, UUID, uuid5

from chassis import metrics
from chassis.database import Database, Tx
from chassis.identity import Principal
from chassis.outbox import append
from contracts.audit.v1 import CheckpointSigned
from services.audit.domain.note import Checkpoint, Note, parse
from services.audit.domain.tree import Tree
from services.audit.store import checkpoints, log
from services.audit.store.keys import Keys, Signer

logger = logging.getLogger(__name__)


class LogChanged(RuntimeError):
    """The log is not what was signed before: nothing more is signed until somebody has looked (`verify`)."""


async def sign_daily(database: Database, keys: Keys) -> bool:
    """Sign a checkpoint unless today's is signed or nothing was told since the last; returns whether it did."""
    async with database.tx(Principal.worker(database.settings.service)) as tx:
        await checkpoints.alone(tx)
        now, newest = await log.now(tx), await checkpoints.newest(tx)
        if newest is not None and newest["signed_at"].date() >= now.date():
            return False
        return await sign(tx, keys.signer()) is not None


async def sign_now(database: Database, keys: Keys) -> Note | None:
    """Sign a checkpoint at once, as before a rotation; None when nothing was told since the last."""
    async with database.tx(Principal.worker(database.settings.service)) as tx:
        await checkpoints.alone(tx)
        return await sign(tx, keys.signer())


async def signed_size(database: Database, keys: Keys) -> int:
    """Sign a checkpoint at once and return how long the log was at the last one."""
    await sign_now(database, keys)
    async with database.tx(Principal.worker(database.settings.service)) as tx:
        newest = await checkpoints.newest(tx)
    return newest["size"] if newest else 0


async def sign(tx: Tx, signer: Signer) -> Note | None:
    """Sign the log as it is, if it has grown and still begins with all that was signed before."""
    head, newest = await log.head(tx), await checkpoints.newest(tx)
    if head.tree.size == (newest["size"] if newest else 0):
        return None
    await _require_unchanged(tx, head, parse(newest["note"]) if newest else None)
    checkpoint = Checkpoint(signer.name, head.tree.size, head.tree.root())
    note = Note(checkpoint, (signer.sign(checkpoint),))
    number, at = newest["number"] + 1 if newest else 1, await log.now(tx)
    await checkpoints.add(tx, number, checkpoint.size, note.text(), at)
    event = CheckpointSigned(log_id=log_of(signer.name), size=checkpoint.size, checkpoint=note.text())
    await append(tx, event, version=number, correlation_id=event.log_id, time=at)
    return note


async def _require_unchanged(tx: Tx, head: log.Head, before: Note | None) -> None:
    """Refuse to sign a log whose entries are not those that its end, or the last checkpoint, speak of."""
    tree, signed = Tree(), before.checkpoint if before else Checkpoint("", 0, Tree().root())
    intact = tree.root() == signed.root if not signed.size else False
    async for leaf in log.leaves(tx, head.tree.size):
        tree = tree.with_leaf(leaf)
        intact = intact or (tree.size == signed.size and tree.root() == signed.root)
    metrics.AUDIT_LOG_CHANGED.set(not intact or tree != head.tree)
    if not intact or tree != head.tree:
        raise LogChanged


def log_of(origin: str) -> UUID:
    """Return the id of the log with this origin."""
    return uuid5(NAMESPACE_URL, f"https://{origin}")

"""Writing in the staff's log, in the transaction of what is written about."""

from uuid import UUID

from chassis.database import Tx
from services.beredskabsstab.domain.log import Entry, Kind, Line, chain
from services.beredskabsstab.handlers.under_way import under_way
from services.beredskabsstab.store import activations, plans
from services.beredskabsstab.store import log as entries


async def log(tx: Tx, activation_id: UUID, kind: Kind, text: str, *, automatic: bool = True) -> int:
    """Write the next entry, by whoever the transaction is for, and return its number; the activation is locked by it.

    `automatic` says that the system writes it because of what somebody did, and not in their words.
    """
    await activations.hold(tx, activation_id)
    number, previous = await entries.last(tx, activation_id)
    who, now = tx.principal, await plans.now(tx)
    entry = Entry(activation_id, number + 1, now, kind, text, who.subject, who.authority, automatic)
    await entries.add(tx, chain(previous, entry))
    return entry.number


async def say(tx: Tx, activation_id: UUID, line: Line, **words: str) -> int:
    """Write a line of the system's own, its places filled in; returns its number."""
    kind, text = line
    return await log(tx, activation_id, kind, text.format_map(words))


async def write(tx: Tx, activation_id: UUID, kind: Kind, text: str) -> int:
    """Write an entry in somebody's own words, while the staff works; returns its number."""
    await under_way(tx, activation_id)
    return await log(tx, activation_id, kind, text, automatic=False)

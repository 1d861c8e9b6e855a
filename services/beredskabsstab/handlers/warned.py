"""After a warning was published: whether the population was warned by others, whether it arrived, and its end."""

from datetime import datetime
from uuid import UUID

from chassis.database import Tx
from chassis.deadlines import due
from chassis.outbox import append
from contracts.beredskabsstab.v1 import WarningCheckDue
from services.beredskabsstab.domain import information_sending as sending
from services.beredskabsstab.domain.information import Actor
from services.beredskabsstab.handlers.information_keeping import CHECK_BACK, ENDS, held, keep
from services.beredskabsstab.store import calls, information, plans


async def record(tx: Tx, information_id: UUID, by: Actor, said: tuple[str, datetime, str]) -> int:
    """Record channel, time and receipt of a warning that others have sent; returns the message's version."""
    found = await held(tx, information_id)
    decision = sending.record_warned(found.message, by, *said, found.now, found.plan.check_back_s)
    return await keep(tx, found, decision)


async def record_received(tx: Tx, information_id: UUID, by: Actor, channel: str, *, received: bool) -> int:
    """Record what was found when somebody asked in the area; returns the message's version."""
    found = await held(tx, information_id)
    return await keep(tx, found, sending.record_received(found.message, by, channel, received=received))


@due(CHECK_BACK)
async def ask_back(warned_id: UUID, _: datetime, tx: Tx) -> None:
    """Let the desk ask in the area whether the warning was received, unless somebody has."""
    row = await information.warned_by(tx, warned_id)
    kept = await information.hold(tx, row["information_id"]) if row else None
    if row is None or kept is None or row["received"] is not None:
        return
    now = await plans.now(tx)
    version = await information.ask_back(tx, warned_id, kept.information_id, now)
    ids = {"information_id": kept.information_id, "activation_id": kept.activation_id, "number": kept.message.number}
    event = WarningCheckDue.model_validate(ids)
    await append(tx, event, version=version, correlation_id=kept.activation_id, time=now)
    await calls.touch(tx, kept.activation_id)


@due(ENDS)
async def end(information_id: UUID, _: datetime, tx: Tx) -> None:
    """Let a warning be over when its end has passed."""
    found = await held(tx, information_id)
    decision = sending.expire(found.message, found.now)
    if decision is not None:
        await keep(tx, found, decision)

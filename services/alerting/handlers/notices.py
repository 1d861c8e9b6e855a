"""One text more to everybody who was called: the call-in was a mistake, or the staff has ended."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import orjson

from chassis.database import Tx
from chassis.ids import new_id
from contracts.alerting.v1 import Urgency
from services.alerting.domain.calling import AFTERWARDS, ToldOtherwise, delivery_key
from services.alerting.store import deliveries
from services.alerting.store.deliveries import Message

if TYPE_CHECKING:
    from asyncpg import Record


async def tell_all(tx: Tx, alert: "Record", notice: str, fields: Mapping[str, str]) -> None:
    """Queue a text for everybody to whom something of a locked alert was, or may have been, handed over.

    The same again tells only those whom something has reached since. Raises `ToldOtherwise` for other words.
    """
    before = await deliveries.words_of_notice(tx, alert["alert_id"], notice)
    if before is not None and orjson.loads(before) != dict(fields):
        raise ToldOtherwise
    wave = AFTERWARDS[notice]
    messages = [
        Message(
            new_id(),
            row["call_id"],
            row["route_id"],
            row["channel"],
            delivery_key(tx.mode, row["call_id"], row["route_id"], wave),
        )
        for row in await deliveries.handed_over(tx, alert["alert_id"])
    ]
    await deliveries.add_notices(tx, messages, wave, Urgency(alert["urgency"]), (notice, fields))

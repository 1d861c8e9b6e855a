"""What `nodudkald` did, entered where Samvirke would have entered it; twice is harmless."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import orjson

from chassis.database import Tx
from chassis.ids import new_id
from contracts.alerting.v1 import AnswerSource, Urgency
from services.alerting.domain.calling import call_id_of
from services.alerting.domain.emergency import Answered, Ledger, Message
from services.alerting.domain.tables import Step
from services.alerting.store.deliveries import RANK, WAKE

if TYPE_CHECKING:
    from asyncpg import Record


async def is_merged(tx: Tx, ledger: Ledger) -> bool:
    """Say whether a ledger was merged as it is, or longer."""
    found = await tx.fetchrow("select * from merged_ledger where alert_id = $1", ledger.decision.alert_id)
    return found is not None and (found["head_hash"] == ledger.head or found["lines"] > ledger.lines)


async def remember(tx: Tx, ledger: Ledger, now: datetime) -> None:
    """Remember how much of a ledger is merged."""
    await tx.execute(
        "insert into merged_ledger (alert_id, list_number, lines, head_hash, merged_at) values ($1, $2, $3, $4, $5)"
        " on conflict (alert_id) do update set list_number = excluded.list_number, lines = excluded.lines,"
        " head_hash = excluded.head_hash, merged_at = excluded.merged_at",
        *(ledger.decision.alert_id, ledger.decision.list_number, ledger.lines, ledger.head, now),
    )


async def keep_policy(tx: Tx, alert_id: UUID, steps: Sequence[Step]) -> None:
    """Let an alert's steps have other times."""
    policy = orjson.dumps([step.as_json() for step in steps]).decode()
    await tx.change_one("update alert set policy = $2 where alert_id = $1", alert_id, policy)


async def add_deliveries(tx: Tx, path: "Record", messages: Sequence[Message], urgency: Urgency) -> None:
    """Enter messages as `nodudkald` left them.

    What a provider has is handed over. What none took, or what nobody knows of, waits for the dispatcher under the same
    key, so that a provider that has it sends nothing twice. One that Samvirke itself handed to another provider may
    have reached the person twice, and says so; one that it is handing over just now is left to it.
    """
    for message in messages:
        await tx.execute(_ENTER, *_columns(path, message, urgency))
    await _add_receipts(tx, [one for one in messages if one.delivered and one.handed_over])
    arrived = [call_id_of(path["alert_id"], one.intent.staff_id) for one in messages if one.delivered]
    await tx.execute(
        "update call set state = 'reached', reached_at = clock() where call_id = any($1) and state = 'called'", arrived
    )
    tx.wakes.add(WAKE)


async def _add_receipts(tx: Tx, messages: Sequence[Message]) -> None:
    """Keep what providers said of messages as if they had told it."""
    for one in messages:
        receipt = {"key": one.intent.key, "state": "delivered", "sequence": 0}
        await tx.execute(
            "insert into callback (provider, message_id, kind, body, handled_at, outcome)"
            " values ($1, $2, 'receipt', $3, clock(), 'taken') on conflict (provider, message_id) do nothing",
            one.handed_over.provider if one.handed_over else "",
            *(f"nodudkald-{one.intent.key}", orjson.dumps(receipt).decode()),
        )


_ENTER = """
insert into delivery as d (delivery_id, alert_id, call_id, route_id, raised_by, raised_by_office, authority, office,
    channel, wave, key, urgency, state, provider, provider_reference, possible_duplicate, attempts, handed_over_at,
    delivered_at, ended_at)
select $1, $2, $3, route_id, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 1, $17, $18, $18
from contact_route where route_id = $4
on conflict (key) do update set
    state = case when d.handed_over_at is null then excluded.state else d.state end,
    provider = coalesce(d.provider, excluded.provider),
    provider_reference = coalesce(d.provider_reference, excluded.provider_reference),
    handed_over_at = coalesce(d.handed_over_at, excluded.handed_over_at),
    delivered_at = coalesce(d.delivered_at, excluded.delivered_at),
    ended_at = coalesce(d.ended_at, excluded.ended_at),
    possible_duplicate = d.possible_duplicate or excluded.possible_duplicate
        or (d.handed_over_at is not null and d.provider is distinct from excluded.provider)
where excluded.handed_over_at is not null and d.state not in ('sending', 'superseded')
"""


def _columns(path: "Record", message: Message, urgency: Urgency) -> tuple[object, ...]:
    intent, handed = message.intent, message.handed_over
    delivered_at = message.delivered.at if message.delivered and handed else None
    state = "delivered" if delivered_at else "accepted" if handed else "queued"
    unknown = handed is None and message.failed is None
    return (
        *(new_id(), path["alert_id"], call_id_of(path["alert_id"], intent.staff_id), intent.route_id),
        *(path["raised_by"], path["raised_by_office"], path["authority"], path["office"], intent.channel, intent.wave),
        *(intent.key, RANK[urgency], state, handed.provider if handed else None),
        *(handed.reference if handed else None, unknown or bool(handed and handed.possible_duplicate)),
        *(handed.at if handed else None, delivered_at),
    )


async def add_callback(tx: Tx, answered: Answered, call_id: UUID, outcome: str) -> bool:
    """Keep an answer as if the provider had told it; False when it has, and it was taken as an answer.

    One that the provider told before the merge was to no call that we knew of, and counts now.
    """
    status = await tx.execute(
        "insert into callback as k (provider, message_id, kind, body, handled_at, outcome, call_id, received_at)"
        " values ($1, $2, $3, $4, clock(), $5, $6, $7) on conflict (provider, message_id) do update"
        " set handled_at = excluded.handled_at, outcome = excluded.outcome, call_id = excluded.call_id"
        " where k.outcome is distinct from 'answered'",
        *(answered.provider, answered.message_id, "keypad" if answered.source is AnswerSource.VOICE else "reply"),
        *(orjson.dumps({"text": answered.said}).decode(), outcome, call_id, answered.at),
    )
    return status == "INSERT 0 1"


async def hear_again(tx: Tx, ledger: Ledger) -> None:
    """Have receipts handled again that came before the messages that they are about were known here."""
    await tx.execute(
        "update callback set handled_at = null, outcome = null"
        " where kind = 'receipt' and outcome = 'unknown_key' and body ->> 'key' = any($1)",
        list(ledger.messages),
    )

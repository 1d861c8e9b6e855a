"""Lets the relay try again what the broker refused, once its cause has been mended."""

from chassis.database import Database
from chassis.identity import Principal


async def held_keys(database: Database) -> list[tuple[str, str, str]]:
    """Return topic, key and reason of every key that the relay holds back."""
    async with database.tx(Principal.worker(database.settings.service)) as tx:
        rows = await tx.fetch("select topic, key, reason from outbox_parked_key order by parked_at")
    return [(row["topic"], row["key"], row["reason"]) for row in rows]


async def resend(database: Database, *, topic: str | None, key: str | None, reason: str, by: str) -> int:
    """Let go of the keys meant and keep who decided it and why; returns how many there were."""
    async with database.tx(Principal.worker(database.settings.service)) as tx:
        rows = await tx.fetch(
            "with gone as (delete from outbox_parked_key where ($1::text is null or topic = $1)"
            " and ($2::text is null or key = $2) returning topic, key)"
            " insert into parked_decision (consumer, topic, key, decision, reason, decided_by)"
            " select 'relay', topic, key, 'released', $3, $4 from gone returning id",
            *(topic, key, reason, by),
        )
    return len(rows)

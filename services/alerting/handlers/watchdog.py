"""What the watchdog found is written down and told; gauges show what waits for an answer or a provider."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from prometheus_client import Gauge

from chassis.database import Tx
from chassis.gauges import looked_at, show
from chassis.outbox import append
from contracts.alerting.v1 import DeliveryMissed
from services.alerting.domain.watching import Finding
from services.alerting.store import alerts, watching

if TYPE_CHECKING:
    from asyncpg import Record

UNANSWERED = Gauge("alerts_unanswered", "Open alerts that nobody has answered for two minutes")
WAITING = Gauge("deliveries_waiting_seconds", "How long the oldest message waits to be handed over")
FAILED = Gauge("deliveries_failed", "Messages of open alerts that no provider could deliver, by channel", ["channel"])
FAILING = Gauge("provider_failing", "1 while a provider failed at its last message", ["provider"])


async def take_down(tx: Tx, findings: Sequence[Finding]) -> "list[Record]":
    """Write findings down, each once, and tell of each call about which there is one; returns the new ones."""
    now = await alerts.now(tx)
    new = await watching.add(tx, findings, now)
    await watching.open_again(tx, findings)
    await watching.settle(tx, findings, now)
    for row in new:
        if row["call_id"] and await watching.first_of_call(tx, row["call_id"], row["finding_id"]):
            await _tell(tx, row)
    return new


async def _tell(tx: Tx, row: "Record") -> None:
    event = DeliveryMissed(alert_id=row["alert_id"], call_id=row["call_id"], expected_by=row["expected_by"])
    alert = await alerts.lock(tx, row["alert_id"])
    if alert is not None:
        version = await alerts.next_version(tx, row["alert_id"])
        await append(tx, event, version=version, correlation_id=alert["case_id"], time=row["found_at"])


@looked_at
async def what_waits(tx: Tx) -> None:
    """Show what waits for an answer, for a provider, and which provider fails."""
    UNANSWERED.set(await watching.unanswered(tx))
    WAITING.set((await watching.progress(tx))[1])
    show(FAILED, await watching.undeliverable(tx))
    show(FAILING, await watching.providers_failing(tx))

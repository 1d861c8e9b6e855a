"""What waits for a municipality or for a person, as gauges: the alarms speak of people and not of queues."""

from prometheus_client import Gauge

from chassis.database import Tx
from chassis.gauges import looked_at, show
from contracts.codes import municipalities
from services.concerns.store import underretninger

PLACE = ["municipality", "name"]
UNDELIVERED = Gauge("underretninger_undelivered", "Sent, and not proved to be with the receiver", PLACE)
UNDELIVERED_OLDEST = Gauge("underretninger_undelivered_oldest_seconds", "How long the oldest of them has waited", PLACE)
UNACKNOWLEDGED = Gauge("underretninger_unacknowledged", "Delivered, and not acknowledged within six hverdage", PLACE)
WITHOUT_RECEIVER = Gauge("underretninger_without_receiver", "Approved, and waiting for a person to choose a receiver")


@looked_at
async def what_waits_for_whom(tx: Tx) -> None:
    """Show, by municipality, what has not been fetched or acknowledged, and what has no receiver."""
    rows = await underretninger.waiting(tx)
    placed = [(row["receiver"], municipalities()[row["receiver"]].name, row) for row in rows if row["receiver"]]
    show(UNDELIVERED, [(code, name, row["undelivered"]) for code, name, row in placed])
    show(UNDELIVERED_OLDEST, [(code, name, row["oldest_s"]) for code, name, row in placed])
    show(UNACKNOWLEDGED, [(code, name, row["unacknowledged"]) for code, name, row in placed])
    WITHOUT_RECEIVER.set(sum(row["without_receiver"] for row in rows))

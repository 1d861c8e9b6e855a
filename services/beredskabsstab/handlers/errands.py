"""What alerting refused for good is seen by people: on the board, in the log, and as an alarm."""

from typing import TYPE_CHECKING

from prometheus_client import Gauge

from chassis.database import Tx
from chassis.gauges import looked_at, show
from services.beredskabsstab.domain.calling import Errand
from services.beredskabsstab.domain.log import Kind
from services.beredskabsstab.domain.refused import Refused, said, todo
from services.beredskabsstab.handlers.log import log
from services.beredskabsstab.store import calls, errands

if TYPE_CHECKING:
    from asyncpg import Record

REFUSED = Gauge("staff_errands_refused", "What alerting refused of the staff's errands within the last hour", ["kind"])


async def refused(tx: Tx, row: "Record", failure: str) -> None:
    """Save that alerting said no to an errand for good, and let everybody see it; no name goes into the log."""
    await errands.done(tx, row, failure)
    call_in = await calls.by_id(tx, row["call_in_id"])
    assert call_in is not None  # noqa: S101  a foreign key says so
    one = Refused(Errand(row["kind"]), calls.kind_of(call_in), failure)
    await log(tx, row["activation_id"], Kind.INFORMATION, f"{said(one)} {todo(one)}")
    await calls.touch(tx, row["activation_id"])


@looked_at
async def what_was_refused(tx: Tx) -> None:
    """Show how many errands of each kind alerting has refused lately."""
    show(REFUSED, await errands.count_refused(tx))

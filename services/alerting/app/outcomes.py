"""What came of hand-overs, on its way into the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chassis import metrics
from chassis.database import Tx
from services.alerting.app.assignments import tries_of
from services.alerting.app.channels.providers import FAILURES, Providers
from services.alerting.app.channels.settings import DispatchSettings
from services.alerting.domain.deliveries import State
from services.alerting.domain.providers import Outcome, Tries, Verdict, settle
from services.alerting.handlers.callbacks import notify
from services.alerting.store import dispatching
from services.alerting.store.dispatching import Done

if TYPE_CHECKING:
    from asyncpg import Record


@dataclass(frozen=True, slots=True)
class Ended:
    """One hand-over that has ended."""

    row: "Record"
    """The message as it was claimed; this was its next attempt."""
    provider: str
    outcome: Outcome


def done_of(one: Ended, providers: Providers, settings: DispatchSettings) -> Done:
    """Return what a message becomes."""
    before = tries_of(one.row)
    attempts = before.attempts + 1
    tries = Tries(attempts, before.tried, before.refused)
    after = settle(one.outcome, one.provider, providers.order(one.row["channel"]), tries)
    waits = providers.by_name[one.provider].settings.receipts
    return Done(
        delivery_id=one.row["delivery_id"],
        call_id=one.row["call_id"],
        attempts=attempts,
        state=after.state,
        tried=sorted(after.tries.tried),
        refused=sorted(after.tries.refused),
        wait_s=after.wait_s,
        possible_duplicate=after.possible_duplicate,
        reference=one.outcome.reference,
        failure=one.outcome.failure,
        receipt_within_s=settings.receipt_within_s if waits else None,
    )


async def keep_outcomes(tx: Tx, ended: Sequence[Ended], done: Sequence[Done], providers: Providers) -> None:
    """Write down how hand-overs ended, whom they reached, which routes are dead, and how the providers do."""
    # A notice needs its alert's row, an answer locks the alert before its calls and these before their messages.
    for one in ended:
        if one.outcome.verdict is Verdict.GONE:
            await _bury(tx, one.row)
    await dispatching.reached(tx, [one.call_id for one in done if one.state == State.DELIVERED])
    await dispatching.record(tx, done)
    await _remember(tx, ended, providers)
    for one in ended:
        metrics.HAND_OVERS.labels(one.provider, one.outcome.verdict).inc()


async def _bury(tx: Tx, row: "Record") -> None:
    """Mark a route dead and tell its owner by another one."""
    await dispatching.kill_routes(tx, [row["route_id"]])
    other = await dispatching.other_route(tx, row["call_id"], row["route_id"])
    if other:
        await notify(tx, row["call_id"], other["route_id"], "route_dead", {})


async def _remember(tx: Tx, ended: Sequence[Ended], providers: Providers) -> None:
    """Keep how providers do, where that has changed."""
    last = {one.provider: one.outcome for one in ended}
    for name in sorted(last):
        outcome, known = last[name], providers.told.get(name)
        failure = outcome.failure if outcome.verdict in FAILURES else None
        if name not in providers.told or known != failure:
            await dispatching.provider_did(tx, name, failure)
            providers.told[name] = failure

"""Looks whether every service's days add up; what does not, twice in a row, is told."""

from collections import Counter
from datetime import date, timedelta
from uuid import NAMESPACE_URL, uuid5

from chassis import metrics
from chassis.database import Database, Tx
from chassis.identity import Principal
from chassis.outbox import append
from contracts.audit.v1 import ClosingMismatched
from services.audit.domain.closing import Finding, compare
from services.audit.store import closings, log

LOOKS_BACK = timedelta(days=40)
"""How far a look goes back; `verify` looks at all days."""


async def findings(tx: Tx, since: date) -> list[Finding]:
    """Return the days that do not add up."""
    return compare(await closings.held(tx, since), await closings.told(tx, since), since, await log.now(tx))


class Watch:
    """Compares again and again; one look alone proves nothing, because a clock that jumps overtakes what is told."""

    def __init__(self, database: Database) -> None:
        """Begin with nothing seen."""
        self.database = database
        self._seen: set[Finding] = set()

    async def look(self) -> list[Finding]:
        """Compare once; returns what does not add up for the second time running, and tells what is new of it."""
        async with self.database.tx(Principal.worker(self.database.settings.service)) as tx:
            since = (await log.now(tx)).date() - LOOKS_BACK
            found = await findings(tx, since)
            certain = [one for one in found if one in self._seen]
            self._seen = set(found)
            await _tell(tx, certain, found)
        _count(certain)
        return certain


async def _tell(tx: Tx, certain: list[Finding], found: list[Finding]) -> None:
    """Tell each day that is new, and settle those that add up again."""
    known = {(row["service"], row["day"]): row["fault"] for row in await closings.open_findings(tx)}
    at = await log.now(tx)
    for service, day in known.keys() - {(one.service, one.day) for one in found}:
        await closings.settle(tx, service, day, at)
    for one in certain:
        if (one.service, one.day) not in known:
            version = await closings.add_finding(tx, one, at)
            event = _event(one)
            await append(tx, event, version=version, correlation_id=event.mismatch_id, time=at)


def _event(found: Finding) -> ClosingMismatched:
    return ClosingMismatched(
        mismatch_id=uuid5(NAMESPACE_URL, f"https://samvirke.example/mismatches/{found.service}/{found.day}"),
        service=found.service,
        day=found.day,
        fault=found.fault.value,
        records_held=found.held.records,
        refusals_held=found.held.refusals,
    )


def _count(certain: list[Finding]) -> None:
    metrics.CLOSINGS_MISMATCHED.clear()
    for service, days in Counter(one.service for one in certain).items():
        metrics.CLOSINGS_MISMATCHED.labels(service).set(days)

"""What follows when an office's people, contact routes or rosters have changed: it is told, and looked at again."""

from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from chassis.database import Tx
from chassis.deadlines import set_deadline
from chassis.outbox import append
from contracts.alerting.v1 import RosterChanged
from contracts.codes import Office
from contracts.hverdage import DANISH_TIME
from services.alerting.handlers import call_lists
from services.alerting.store import alerts, rosters

if TYPE_CHECKING:
    from datetime import date

    from asyncpg import Record

LOOK = "roster-look"
"""The deadline at which a roster is looked at: after each change, and every morning."""


async def roster_changed(tx: Tx, authority: str, office: str) -> None:  # noqa: ARG001  one list holds every office
    """Make anew what is made from an office's people, routes and rosters, in the transaction that changed them.

    What takes long belongs on a deadline that is set here.
    """
    await call_lists.renew(tx)


async def tell_roster(tx: Tx, roster_id: UUID) -> int:
    """Tell that a roster has changed, and return its version; the caller sees the roster."""
    row = await _tell(tx, roster_id)
    await roster_changed(tx, row["authority"], row["office"])
    return int(row["version"])


async def tell_person(tx: Tx, person: "Record") -> None:
    """Tell that somebody, or how they are reached, has changed: every roster that names them has, too."""
    now = await alerts.now(tx)
    for roster_id in await rosters.with_member(tx, person["staff_id"], now.astimezone(DANISH_TIME).date()):
        await _tell(tx, roster_id)
    await roster_changed(tx, person["authority"], person["office"])


async def tell_new(tx: Tx, draft: rosters.Draft) -> None:
    """Tell that there is a new roster."""
    await _append(tx, _changed(draft.roster_id, draft.authority, draft.office, draft.role, draft.line, None), 1)
    await roster_changed(tx, draft.authority, draft.office)


async def _tell(tx: Tx, roster_id: UUID) -> "Record":
    row = await rosters.bump(tx, roster_id, await alerts.now(tx))
    if row is None:
        raise LookupError("a roster that is there no more")
    said = (row["authority"], row["office"], row["role"], row["line"], row["ended_on"])
    await _append(tx, _changed(roster_id, *said), row["version"])
    return row


def _changed(
    roster_id: UUID, authority: str, office: str, role: str, line: int, ends_on: "date | None"
) -> RosterChanged:
    return RosterChanged(
        roster_id=roster_id, authority=authority, office=Office(office), role=role, line=line, ends_on=ends_on
    )


async def _append(tx: Tx, event: RosterChanged, version: int) -> None:
    now = await alerts.now(tx)
    await append(tx, event, version=version, correlation_id=event.roster_id, time=now)
    await look_again(tx, [event.roster_id])


async def look_again(tx: Tx, roster_ids: Iterable[UUID]) -> None:
    """Let rosters be looked at as soon as this is committed."""
    now = await alerts.now(tx)
    for roster_id in roster_ids:
        await set_deadline(tx, kind=LOOK, subject=roster_id, due_at=now, correlation_id=roster_id, at_once=True)

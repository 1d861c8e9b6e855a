"""Calling somebody who stands on no roster, within an alert that is open."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from chassis.database import Tx
from chassis.ids import new_id
from contracts.refusal import NotFound
from services.alerting.domain.calling import call_id_of
from services.alerting.domain.tables import Step
from services.alerting.handlers.steps import call_people
from services.alerting.store import alerts, staff
from services.alerting.store.alerts import Place
from services.alerting.store.staff import Person, Route

if TYPE_CHECKING:
    from asyncpg import Record

AT_ONCE = Step(number=0, after_s=0, line="ad_hoc", channels=("sms", "voice"))
"""Apart from the steps of the escalation: its wave has a number that none of them has."""


@dataclass(frozen=True, slots=True)
class AdHoc:
    """Whom a desk adds, with a number that nobody has tested."""

    desk: tuple[str, str]
    """The authority and office of who added them, and whose staff they are for this alert."""
    name: str
    telephone: str


async def call_ad_hoc(tx: Tx, alert: "Record", place: Place, who: AdHoc) -> UUID:
    """Call somebody under an office's path of a locked alert, and return the call's id."""
    staff_id, now = new_id(), await alerts.now(tx)
    await staff.add(tx, staff_id, who.desk, Person(who.name, (place.role,)), now, ad_hoc=True)
    for rank, channel in enumerate(AT_ONCE.channels, 1):
        await staff.add_route(tx, staff_id, Route(new_id(), channel, who.telephone, rank))
    path = await alerts.path_of(tx, alert, place)
    if path is None:
        raise NotFound
    await call_people(tx, alert, path, await alerts.people(tx, [staff_id]), AT_ONCE)
    return call_id_of(alert["alert_id"], staff_id)

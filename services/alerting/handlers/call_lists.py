"""The call list that is made anew when a roster, a person or a route changes, and every six hours."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from prometheus_client import Gauge

from chassis.database import Tx
from chassis.deadlines import set_deadline
from chassis.gauges import looked_at
from services.alerting.domain.call_lists import CallList, ListedStep, ListedText, Provider
from services.alerting.domain.calling import ALERTS
from services.alerting.domain.tables import Step, policies
from services.alerting.domain.texts import templates
from services.alerting.store import alerts, call_lists, staff_plan
from services.alerting.store.list_keys import ListKeys

if TYPE_CHECKING:
    from asyncpg import Record

RENEW = "call-list"
"""The deadline at which a new list is made."""

THE_LIST = uuid5(ALERTS, RENEW)
"""One list an installation: any number of changes before it is made are one deadline."""

WAKE = "call-lists"
"""The name under which a commit wakes whoever puts the list where the vagtcentral reads it."""

AT_LEAST_EVERY = timedelta(hours=6)
"""A list looks two weeks ahead and is never much older than this while Samvirke runs."""

AGE = Gauge("call_list_age_seconds", "Age of the newest signed call list")


@dataclass(frozen=True, slots=True)
class Desk:
    """Who calls in when Samvirke is down: the same as when it is not, so that both make one alert."""

    authority: str
    office: str


@dataclass(frozen=True, slots=True)
class Outside:
    """What a list needs that is not in the database."""

    keys: ListKeys
    raised_by: Desk
    demonstration: bool
    providers: tuple[Provider, ...]


async def renew(tx: Tx) -> None:
    """Have a new list made as soon as this is committed; many changes in a row make few lists."""
    now = await alerts.now(tx)
    await set_deadline(tx, kind=RENEW, subject=THE_LIST, due_at=now, at_once=True)


async def make(outside: Outside, _: UUID, __: datetime, tx: Tx) -> None:
    """Make and sign a new list, unless it would say what a young one says already."""
    now, before = await alerts.now(tx), await call_lists.newest(tx)
    await set_deadline(tx, kind=RENEW, subject=THE_LIST, due_at=now + AT_LEAST_EVERY)
    signer, number = outside.keys.signer(), before["number"] + 1 if before else 1
    listed = await _listed(tx, outside, number, now)
    if before is None or now - before["made_at"] >= AT_LEAST_EVERY or _differs(before, signer.key_id, listed):
        await call_lists.add(tx, number, now, signer.sign(listed))
        tx.wakes.add(WAKE)


def _differs(before: "Record", key_id: str, listed: CallList) -> bool:
    """Say whether a list says something else, its turns' ends a moment later apart, or is signed by another key."""
    return before["key_id"] != key_id or not listed.same_as(CallList.model_validate_json(before["content"]))


async def _listed(tx: Tx, outside: Outside, number: int, now: datetime) -> CallList:
    return CallList(
        number=number,
        made_at=now,
        mode=tx.mode,
        demonstration=outside.demonstration,
        raised_by=outside.raised_by.authority,
        raised_by_office=outside.raised_by.office,
        duties=tuple(await call_lists.duties(tx, now)),
        people=tuple(await call_lists.people(tx)),
        policies={name: tuple(_step(one) for one in steps) for name, steps in policies().items()},
        texts=tuple(ListedText(template=code, sms=one.sms, spoken=one.spoken) for code, one in templates().items()),
        providers=outside.providers,
        staff=await staff_plan.current(tx),
    )


def _step(step: Step) -> ListedStep:
    return ListedStep(number=step.number, after_s=step.after_s, line=step.line, channels=step.channels)


@looked_at
async def how_old_the_list_is(tx: Tx) -> None:
    """Show the age of the newest list; an installation that has none yet shows the age of the world."""
    before = await call_lists.newest(tx)
    AGE.set((await alerts.now(tx) - before["made_at"]).total_seconds() if before else 1e9)

"""The tests of contact routes: asked for, at the start of a duty, and when the last one is old; never at night."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from chassis.database import Tx
from chassis.deadlines import due, set_deadline
from chassis.ids import new_id
from contracts.alerting.v1 import Urgency
from services.alerting.domain.calling import alert_id_of
from services.alerting.domain.staff import TEST_EVERY, TestUnderWay, is_by_day, next_day, require_day
from services.alerting.domain.tables import ROUTE_TEST, policies
from services.alerting.handlers.calling import raise_alert
from services.alerting.handlers.changes import tell_person
from services.alerting.store import alerts, staff, testing
from services.alerting.store.alerts import Draft, Place

if TYPE_CHECKING:
    from asyncpg import Record

AGAIN = "route-test"
"""The deadline at which a route is tested again by itself, where it was not tested meanwhile."""


async def try_route(tx: Tx, person: "Record", route: "Record", asked_by: str) -> UUID:
    """Call one locked person by one locked route, and by nothing else; whoever answers has verified it.

    Raises `AtNight`, and `TestUnderWay` while the person is being tested already.
    """
    now = await alerts.now(tx)
    require_day(now)
    if await testing.is_under_way(tx, person["staff_id"]):
        raise TestUnderWay
    draft = _draft(tx, person, route, asked_by)
    await raise_alert(tx, draft)
    await testing.add(tx, draft.alert_id, route, asked_by, now)
    return draft.alert_id


def _draft(tx: Tx, person: "Record", route: "Record", asked_by: str) -> Draft:
    source = f"{route['route_id']}-{new_id()}"
    alert_id = alert_id_of(tx.mode, person["authority"], source, ROUTE_TEST)
    return Draft(
        alert_id=alert_id,
        raised_by=person["authority"],
        raised_by_office=person["office"],
        subject=asked_by,
        source_event_id=source,
        template=ROUTE_TEST,
        urgency=Urgency.ROUTINE,
        fields={},
        case_id=alert_id,
        wanted="first",
        steps=policies()[ROUTE_TEST],
        places=(Place(person["authority"], person["office"], person["role"]),),
    )


async def try_again(tx: Tx, route_id: UUID, at: datetime) -> None:
    """Let a route be tested by itself at a time, or in the morning after it.

    A test that somebody asks for moves no deadline: it would wait for one that fires, and that one for its route.
    """
    await set_deadline(tx, kind=AGAIN, subject=route_id, due_at=next_day(at))


async def try_by_itself(tx: Tx, staff_id: UUID) -> bool:
    """Test somebody's route that was tested the longest ago; says whether it was done."""
    person, now = await staff.lock(tx, staff_id), await alerts.now(tx)
    if person is None or not is_by_day(now) or await testing.is_under_way(tx, staff_id):
        return False
    route = await testing.longest_untested(tx, staff_id)
    if route is not None:
        await try_route(tx, person, route, tx.service)
    return route is not None


@due(AGAIN)
async def last_test_is_old(route_id: UUID, _: datetime, tx: Tx) -> None:
    """Test a route whose last test is old, by day; a person who is being tested already comes a day later."""
    found = await staff.lock_route(tx, route_id)
    person = await staff.lock(tx, found["staff_id"]) if found else None
    if found is None or person is None or person["ended_at"] is not None:
        return
    now, last = await alerts.now(tx), found["tested_at"]
    if last is not None and now < last + TEST_EVERY:
        await try_again(tx, route_id, last + TEST_EVERY)
    elif not is_by_day(now):
        await try_again(tx, route_id, now)
    elif await testing.is_under_way(tx, person["staff_id"]):
        await try_again(tx, route_id, now + timedelta(days=1))
    else:
        await try_route(tx, person, found, tx.service)
        await try_again(tx, route_id, now + TEST_EVERY)


async def route_answered(tx: Tx, alert_id: UUID) -> None:
    """Verify the route that an alert tests, where that was answered; an alert that is no test is no matter."""
    test = await testing.of_alert(tx, alert_id)
    if test is None or test["removed_at"] is not None or test["answered_at"] is not None:
        return
    if any(one.answer for one in await alerts.call_states(tx, alert_id)):
        await testing.verify(tx, alert_id, test["route_id"], await alerts.now(tx))
        if test["state"] != "verified" and (person := await staff.lock(tx, test["staff_id"])):
            await tell_person(tx, person)

"""The year of each council: looked at when its meetings change and when a day comes on which something is missing."""

from datetime import datetime
from uuid import UUID

from chassis.database import Tx
from chassis.deadlines import due, set_deadline
from chassis.outbox import append
from contracts.councils.v1.meetings import MeetingsMissing, YearBreached
from contracts.event import Event
from services.councils.domain.aarshjul import BREACHED, Wheel, next_look
from services.councils.domain.bodies import Body
from services.councils.domain.meetings import day_of
from services.councils.domain.practice import RULE, TOPICS_RULE
from services.councils.store import agendas, bodies, clock, meetings, years

YEAR_WHEEL = "year_wheel"
"""The deadline of a council's year; its subject is the council."""


async def wheel(tx: Tx, body: Body, year: int) -> Wheel:
    """Return a year of a council as it stands."""
    found = tuple(await meetings.of_body(tx, body.id, year))
    treated = frozenset(await agendas.topics_treated(tx, body.id, year))
    return Wheel(body.kind, year, body.in_service, day_of(await clock.now(tx)), found, treated, body.active)


async def look_again(tx: Tx, body: Body) -> None:
    """Look at a council's year as soon as what is being done is committed."""
    now = await clock.now(tx)
    await set_deadline(tx, kind=YEAR_WHEEL, subject=body.id, due_at=now, correlation_id=body.id, at_once=True)


async def begin(tx: Tx, body: Body) -> None:
    """Let a new council's year be looked at from the next day on which something can be missing."""
    at = next_look(day_of(await clock.now(tx)))
    await set_deadline(tx, kind=YEAR_WHEEL, subject=body.id, due_at=at, correlation_id=body.id)


@due(YEAR_WHEEL)
async def look(body_id: UUID, _: datetime, tx: Tx) -> None:
    """Tell what is newly missing in this year and what the last one broke, and look again on the next such day."""
    body = await bodies.locked(tx, body_id)
    if body is None:
        return
    today = day_of(await clock.now(tx))
    # A year that ended before anybody looked at it is read, and is no news.
    past = [today.year - 1] if await years.known(tx, body_id, today.year - 1) else []
    for year in (*past, today.year):
        await _tell(tx, body, await wheel(tx, body, year))
    again = next_look(today)
    await set_deadline(tx, kind=YEAR_WHEEL, subject=body_id, due_at=again, correlation_id=body_id)


async def _tell(tx: Tx, body: Body, now: Wheel) -> None:
    codes = [*now.warnings, *([BREACHED] if now.breaches else [])]
    before = await years.locked(tx, body.id, now.year)
    new = [code for code in codes if code not in before.warned]
    for number, code in enumerate(new, before.told + 1):
        event = _event(body, now, code, before.id)
        at = await clock.now(tx)
        await append(tx, event, version=number, correlation_id=before.id, time=at)
    if set(codes) != set(before.warned):
        await years.save(tx, before, before.told + len(new), codes)


def _event(body: Body, now: Wheel, code: str, year_wheel_id: UUID) -> Event:
    about = {"body_id": body.id, "parties": body.parties, "year_wheel_id": year_wheel_id, "year": now.year}
    if code == BREACHED:
        rule = RULE[body.kind] if now.held < now.required else TOPICS_RULE[body.kind]
        how_many = {"held": now.held, "required": now.required, "untreated": tuple(now.untreated)}
        return YearBreached.model_validate(about | how_many | {"rule": rule})
    missing = {"planned": now.planned, "missing": now.missing, "act_by": now.act_by}
    return MeetingsMissing.model_validate(about | missing | {"code": code, "rule": RULE[body.kind]})

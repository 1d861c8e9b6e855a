"""Indicators: a table is previewed and entered; what a rule finds in it comes on an agenda, and is answered."""

import hashlib
from datetime import datetime, timedelta
from uuid import UUID

from chassis.database import Tx
from chassis.deadlines import cancel_deadline, due, set_deadline
from chassis.ids import new_id
from chassis.outbox import append
from contracts.councils.v1.areas import (
    IndicatorUpdated,
    TrendAnswered,
    TrendOverdue,
    TrendSignalled,
    _OfTrend,
)
from contracts.refusal import NotFound
from services.councils.domain.bodies import Body
from services.councils.domain.indicators import Indicator, Signal, TrendIsAnswered, indicator, signal
from services.councils.domain.matters import Matter, Treated
from services.councils.domain.ruled import rules
from services.councils.domain.tables import Figure, Read, TableHasFaults
from services.councils.handlers.matters import closes_when, raise_matter
from services.councils.store import bodies, clock, indicators
from services.councils.store.indicators import Trend

TREND = "trend"
UNANSWERED = "trend_unanswered"


async def enter(tx: Tx, code: str, table: Read, source: str, content: bytes) -> tuple[UUID, list[UUID]]:
    """Enter the figures of a table without faults; each development that a rule finds is a signal, once.

    Raises:
        TableHasFaults: a line is wrong: the preview names it, and nothing is entered.
    """
    of = indicator(code)
    if table.faults:
        raise TableHasFaults(faults=len(table.faults))
    indicator_id = await indicators.lock(tx, code)
    changed = await indicators.changed(tx, code, table.figures)
    sha256 = hashlib.sha256(content).hexdigest()
    import_id = await indicators.put(tx, code, table.figures, source, sha256)
    event = IndicatorUpdated(indicator_id=indicator_id, code=code, figure_count=len(changed), file_sha256=sha256)
    version = await indicators.told(tx, indicator_id)
    await append(tx, event, version=version, correlation_id=indicator_id, time=await clock.now(tx))
    return import_id, await _signals(tx, of, changed)


async def _signals(tx: Tx, of: Indicator, changed: list[Figure]) -> list[UUID]:
    councils = {body.kommunekode: body for body in await bodies.every(tx) if body.kommunekode is not None}
    touched = sorted({one.kommunekode for one in changed} & set(councils))
    found = []
    for code, series in (await indicators.series(tx, of.code, touched)).items():
        said = signal(of, series)
        if said is not None and (trend_id := await _raise(tx, of, councils[code], said)) is not None:
            found.append(trend_id)
    return found


async def _raise(tx: Tx, of: Indicator, body: Body, said: Signal) -> UUID | None:
    new = await indicators.add_trend(tx, body.id, of.code, body.kommunekode or "", said)
    if new is None:
        return None
    title = f"{of.title}: {said.count} i {said.quarter}. kvartal {said.year} (før {said.compared})"
    await raise_matter(tx, Matter(new_id(), body.id, TREND, new.id, title, of.paragraph))
    answer_by = await clock.now(tx) + timedelta(rules()["trend_answer"]["days"])
    await set_deadline(tx, kind=UNANSWERED, subject=new.id, due_at=answer_by)
    await _tell(tx, new, body, TrendSignalled, rule=new.rule)
    return new.id


async def answer(tx: Tx, trend: Trend, body: Body, reason: str, *, acts: bool) -> int:
    """Save that a lokalraad acts on a signal, or not, with the reason (O-2-04)."""
    if trend.acts is not None:
        raise TrendIsAnswered
    await indicators.answer_trend(tx, trend.id, reason, acts=acts)
    await cancel_deadline(tx, kind=UNANSWERED, subject=trend.id)
    return await _tell(tx, trend, body, TrendAnswered, acts=acts)


async def kept_trend(tx: Tx, trend_id: UUID) -> tuple[Trend, Body]:
    """Return a signal, locked, and its council, for a secretary who keeps its papers; NotFound for anybody else."""
    trend = await indicators.locked_trend(tx, trend_id)
    body = None if trend is None else await bodies.found(tx, trend.body_id)
    if trend is None or body is None or tx.principal.authority not in body.secretariats:
        raise NotFound
    return trend, body


@closes_when(TREND)
async def _missing(tx: Tx, matter: Matter, treated: Treated) -> list[str]:
    """Say that a signal on the agenda is closed with an answer."""
    del treated
    trend = await indicators.trend(tx, matter.subject)
    return ["et svar på signalet: handle eller ikke handle, med begrundelse"] if trend and trend.acts is None else []


async def after_meeting(tx: Tx, body_id: UUID, meeting_id: UUID) -> None:
    """Call when a meeting has been held: signals that it was to answer and did not are overdue, once."""
    for trend_id in await indicators.unanswered(tx, body_id, meeting_id):
        await _overdue(tx, trend_id)


@due(UNANSWERED)
async def unanswered(subject: UUID, due_at: datetime, tx: Tx) -> None:
    """Say that a signal has no answer after the time in which a lokalraad has met."""
    del due_at
    await _overdue(tx, subject)


async def _overdue(tx: Tx, trend_id: UUID) -> None:
    trend = await indicators.locked_trend(tx, trend_id)
    body = None if trend is None else await bodies.found(tx, trend.body_id)
    if trend is None or body is None or trend.acts is not None or trend.overdue:
        return
    await indicators.overdue_trend(tx, trend_id)
    await cancel_deadline(tx, kind=UNANSWERED, subject=trend_id)
    await _tell(tx, trend, body, TrendOverdue)


async def _tell(tx: Tx, trend: Trend, body: Body, kind: type[_OfTrend], **said: object) -> int:
    version = await indicators.told_trend(tx, trend.id)
    when = {"municipality": trend.kommunekode, "year": trend.year, "quarter": trend.quarter}
    about = {"trend_id": trend.id, "indicator": trend.code, "body_id": body.id, "parties": body.parties}
    event = kind.model_validate(about | when | said)
    await append(tx, event, version=version, correlation_id=trend.id, time=await clock.now(tx))
    return version

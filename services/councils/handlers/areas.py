"""Designated areas: the list is entered, shown why, followed in proportion and assessed by people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from chassis.database import Tx
from chassis.outbox import append
from contracts.councils.v1.areas import (
    AreaAssessed,
    AreaListImported,
    CriteriaEvaluated,
    MonitoringEnded,
    MonitoringReviewed,
    MonitoringStarted,
    _OfArea,
)
from contracts.hverdage import DANISH_TIME
from contracts.refusal import NotFound, StaleVersion
from services.councils.domain.areas import (
    Area,
    AreaNotListed,
    LawUnknown,
    Listed,
    ListKind,
    MonitoredAlready,
    NotMonitored,
    Verdict,
    check_correction,
    check_list,
    check_monitoring,
    check_review_day,
)
from services.councils.domain.criteria import Figures, evaluate, law_of
from services.councils.handlers import mandatory
from services.councils.store import areas, clock, monitoring
from services.councils.store.monitoring import Monitoring


@dataclass(frozen=True, slots=True)
class Sent:
    """A list as the ministry published it, as far as it touches the district; empty is a fact."""

    kind: ListKind
    year: int
    issuer: str
    source: str
    listed: tuple[Listed, ...]
    reason: str | None = None
    edition: int = 0
    """The newest edition that the sender has seen; 0 for a list that is new."""


@dataclass(frozen=True, slots=True)
class Entered:
    """An edition of a list as it was saved."""

    area_list_id: UUID
    edition: int
    areas: tuple[Area, ...]
    """In the order in which they were sent."""


async def record_list(tx: Tx, sent: Sent, figures: Sequence[Figures | None]) -> Entered:
    """Save a list, or the next edition of one, with the figures that were published of its areas, in their order.

    Raises:
        StaleVersion, CorrectionNeedsReason: as for the list.
        AreaNotListed, LawUnknown: figures are given for a list that is history, or that the law has no thresholds for.
    """
    entered = await import_list(tx, sent)
    for area, published in zip(entered.areas, figures, strict=True):
        if published is not None:
            await evaluate_area(tx, area.id, entered.area_list_id, published)
    return entered


async def import_list(tx: Tx, sent: Sent) -> Entered:
    """Save a list, or the next edition of one; monitoring that has lost its ground ends, points follow the list.

    Raises:
        StaleVersion: the sender has not seen the newest edition.
        CorrectionNeedsReason: it is there, and no reason is given.
    """
    check_list(sent.listed)
    kept = await areas.lock_list(tx, sent.kind, sent.year)
    check_correction(kept.version, sent.reason)
    if sent.edition != kept.version:
        raise StaleVersion(version=kept.version)
    edition = await areas.add_edition(tx, kept, sent.issuer, sent.source, sent.reason)
    listed = [await areas.add_listed(tx, kept.id, edition, one) for one in sent.listed]
    await _tell_list(tx, kept.id, edition, sent)
    if sent.kind is ListKind.FOREBYGGELSE:
        await _end_without_ground(tx)
        await mandatory.assign_for_year(tx, sent.year + 1)
    return Entered(kept.id, edition, tuple(listed))


async def _tell_list(tx: Tx, area_list_id: UUID, edition: int, sent: Sent) -> None:
    codes = {one.kommunekode for one in sent.listed if one.kommunekode is not None}
    event = AreaListImported(
        area_list_id=area_list_id,
        kind=sent.kind,
        year=sent.year,
        edition=edition,
        area_count=len(sent.listed),
        municipalities=tuple(sorted(codes)),
    )
    await append(tx, event, version=edition, correlation_id=area_list_id, time=await clock.now(tx))


async def _end_without_ground(tx: Tx) -> None:
    for row in await monitoring.without_ground(tx):
        await monitoring.end(
            tx, row["monitoring_id"], "Området står ikke længere på listen med kriminalitetskriteriet."
        )
        area = await _locked(tx, row["area_id"])
        await _tell(tx, area, MonitoringEnded, ended_because="left_the_list")


async def evaluate_area(tx: Tx, area_id: UUID, area_list_id: UUID, figures: Figures) -> tuple[UUID, int]:
    """Hold an area's published figures against the law, to show why it stands on the list; the list is the fact.

    Raises:
        AreaNotListed: the area does not stand on that list, or the list is history.
        LawUnknown: the law has no thresholds for such a list in that year.
    """
    area = await _locked(tx, area_id)
    on = await areas.standing(tx, area_id, area_list_id)
    if on is None:
        raise AreaNotListed
    law = law_of(on[0].kind, on[0].year)
    if law is None:
        raise LawUnknown
    criteria_id = await areas.add_criteria(tx, area_id, on, figures, evaluate(law, figures))
    return criteria_id, await _tell(tx, area, CriteriaEvaluated, area_list_id=area_list_id, year=figures.year)


async def assess(tx: Tx, area_id: UUID, verdict: Verdict, reason: str) -> tuple[UUID, int]:
    """Save what people assess an area to be, with the reason (O-4.1-09)."""
    area = await _locked(tx, area_id)
    assessment_id = await areas.add_assessment(tx, area_id, verdict, reason)
    return assessment_id, await _tell(tx, area, AreaAssessed, verdict=verdict)


async def start_monitoring(tx: Tx, area_id: UUID, new: Monitoring) -> tuple[UUID, int]:
    """Begin to follow an area that the plan wants followed, in proportion (O-4.1-05)."""
    area = await _locked(tx, area_id)
    standing = [one for one in await areas.standings(tx, area_id) if one.kind is ListKind.FOREBYGGELSE]
    check_monitoring(standing[0] if standing else None)
    check_review_day(await today(tx), new.review_on)
    if await monitoring.running(tx, area_id) is not None:
        raise MonitoredAlready
    monitoring_id = await monitoring.start(tx, area_id, new)
    return monitoring_id, await _tell(tx, area, MonitoringStarted, review_on=new.review_on)


async def review_monitoring(tx: Tx, area_id: UUID, finding: str, review_on: date) -> tuple[UUID, int]:
    """Look at the monitoring again, and say when the next time is."""
    area, monitoring_id = await _followed(tx, area_id)
    check_review_day(await today(tx), review_on)
    await monitoring.review(tx, monitoring_id, finding, review_on)
    return monitoring_id, await _tell(tx, area, MonitoringReviewed, review_on=review_on)


async def end_monitoring(tx: Tx, area_id: UUID, reason: str) -> tuple[UUID, int]:
    """End the monitoring with a reason."""
    area, monitoring_id = await _followed(tx, area_id)
    await monitoring.end(tx, monitoring_id, reason)
    return monitoring_id, await _tell(tx, area, MonitoringEnded, ended_because="decided")


async def today(tx: Tx) -> date:
    """Return the day in Denmark."""
    return (await clock.now(tx)).astimezone(DANISH_TIME).date()


async def _followed(tx: Tx, area_id: UUID) -> tuple[Area, UUID]:
    area = await _locked(tx, area_id)
    monitoring_id = await monitoring.running(tx, area_id)
    if monitoring_id is None:
        raise NotMonitored
    return area, monitoring_id


async def _locked(tx: Tx, area_id: UUID) -> Area:
    area = await areas.locked(tx, area_id)
    if area is None:
        raise NotFound
    return area


async def _tell(tx: Tx, area: Area, kind: type[_OfArea], **said: object) -> int:
    version = await areas.told(tx, area)
    event = kind.model_validate({"area_id": area.id, "municipality": area.kommunekode, **said})
    await append(tx, event, version=version, correlation_id=area.id, time=await clock.now(tx))
    return version

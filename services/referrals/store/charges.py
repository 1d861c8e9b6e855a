"""Charges that call for an offer, and how far each offer has come."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.database import Tx
from services.referrals.domain.offers import ChargeKind, OfferState
from services.referrals.domain.programmes import Programme, programme


@dataclass(frozen=True, slots=True)
class Charge:
    """A stored charge with what its commands need of it."""

    id: UUID
    person: UUID | None
    kind: ChargeKind
    kommune: str
    programme: str
    state: OfferState
    authority: str
    answered_at: datetime | None
    version: int
    now: datetime

    @property
    def of(self) -> Programme:
        """Return the programme that is offered."""
        return programme(self.programme)


@dataclass(frozen=True, slots=True)
class NewCharge:
    """A charge on its way into the table."""

    id: UUID
    person: UUID | None
    kind: ChargeKind
    charged_at: datetime
    kommune: str
    programme: str
    state: OfferState
    inform_by: datetime | None


async def add(tx: Tx, new: NewCharge) -> None:
    """Save a charge as the asking authority's."""
    await tx.execute(
        "insert into charge (charge_id, person_id, kind, charged_at, kommune, programme, state, inform_by)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8)",
        *(new.id, new.person, new.kind, new.charged_at, new.kommune, new.programme, new.state, new.inform_by),
    )


_LOAD = "select *, clock() as now from charge where charge_id = $1"


async def found(tx: Tx, charge_id: UUID) -> Charge | None:
    """Return a charge that the asker may see."""
    row = await tx.fetchrow(_LOAD, charge_id)
    return _charge(row) if row else None


async def locked(tx: Tx, charge_id: UUID) -> Charge | None:
    """Lock a charge that the asker may see."""
    row = await tx.fetchrow(f"{_LOAD} for update", charge_id)
    return _charge(row) if row else None


def _charge(row: Any) -> Charge:  # noqa: ANN401  a database row
    return Charge(
        id=row["charge_id"],
        person=row["person_id"],
        kind=ChargeKind(row["kind"]),
        kommune=row["kommune"],
        programme=row["programme"],
        state=OfferState(row["state"]),
        authority=row["authority"],
        answered_at=row["answered_at"],
        version=row["version"],
        now=row["now"],
    )


async def informed(tx: Tx, charge: Charge) -> None:
    """Save that the person was told, and by whom."""
    await tx.change_one(
        "update charge set state = 'informed', informed_at = $3, informed_by = $4, version = version + 1"
        " where charge_id = $1 and version = $2",
        *(charge.id, charge.version, charge.now, tx.principal.subject),
    )


async def told_again(tx: Tx, charge: Charge) -> None:
    """Count something that is told of a charge and leaves it as it is."""
    await tx.change_one(
        "update charge set version = version + 1 where charge_id = $1 and version = $2", charge.id, charge.version
    )


async def answered(tx: Tx, charge: Charge, state: OfferState) -> None:
    """Save what the person answered."""
    await tx.change_one(
        "update charge set state = $3, answered_at = $4, version = version + 1 where charge_id = $1 and version = $2",
        *(charge.id, charge.version, state, charge.now),
    )


async def waiting(tx: Tx, limit: int) -> list[dict[str, Any]]:
    """Return the offers that are not answered, the earliest deadline first; late are those not told in time."""
    rows = await tx.fetch(
        "select charge_id, kind, kommune, programme, state, charged_at, inform_by, informed_at, version,"
        " coalesce(informed_at, recorded_at) as waits_since, informed_at is null and inform_by < clock() as late"
        " from charge where state in ('offered', 'informed') and inform_by is not null"
        " order by inform_by, charge_id limit $1",
        limit,
    )
    return [dict(row) for row in rows]


async def forget(tx: Tx, charge: Charge) -> None:
    """Let a charge name nobody."""
    await tx.change_one("update charge set person_id = null where charge_id = $1", charge.id)

"""Consents: who said yes to which programme, and whether it still holds."""

from dataclasses import dataclass
from uuid import UUID

from chassis.database import Tx
from services.referrals.domain.consents import Consents


@dataclass(frozen=True, slots=True)
class Locked:
    """A consent that a transaction holds."""

    id: UUID
    state: str
    version: int


async def add(tx: Tx, referral_id: UUID, person: UUID, programme: str, consents: Consents) -> None:
    """Save the given consents on which a new referral rests."""
    for of, consent in consents.items():
        await tx.execute(
            "insert into consent (consent_id, person_id, programme, consenter, state, answered_at)"
            " values ($1, $2, $3, $4, $5, clock())",
            *(consent.id, person, programme, of, consent.state),
        )
        await tx.execute(
            "insert into referral_consent (referral_id, consent_id) values ($1, $2)", referral_id, consent.id
        )


async def locked(tx: Tx, consent_id: UUID) -> Locked | None:
    """Lock a consent that the asker may change."""
    row = await tx.fetchrow(
        "select consent_id, state, version from consent where consent_id = $1 for update", consent_id
    )
    return Locked(*row) if row else None


async def withdrawn(tx: Tx, consent: Locked) -> None:
    """Save that a consent is taken back."""
    await tx.change_one(
        "update consent set state = 'withdrawn', ended_at = clock(), version = version + 1"
        " where consent_id = $1 and version = $2",
        *(consent.id, consent.version),
    )

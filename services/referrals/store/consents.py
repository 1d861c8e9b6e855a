"""Consents: who said yes to which programme, and whether it still holds."""

from dataclasses import dataclass
from uuid import UUID

from chassis.database import Tx
from services.referrals.domain.consents import Consent
from services.referrals.domain.programmes import Consenter
from services.referrals.domain.referral import Referral


@dataclass(frozen=True, slots=True)
class Locked:
    """A consent that a transaction holds."""

    id: UUID
    state: str
    version: int


OF_COUNTERPART = {Consenter.COUNTERPART, Consenter.COUNTERPART_CUSTODY}


async def add(tx: Tx, of: Referral, counterpart: UUID | None = None) -> None:
    """Save the consents on which a new referral rests; one that another rests on too is there already."""
    for who, consent in of.consents.items():
        await tx.execute(
            "insert into consent (consent_id, person_id, programme, consenter, state, answered_at)"
            " values ($1, $2, $3, $4, $5, case when $5 = 'given' then clock() end) on conflict do nothing",
            *(consent.id, counterpart if who in OF_COUNTERPART else of.person, of.programme, who, consent.state),
        )
        await rest(tx, of.id, consent.id)


async def rest(tx: Tx, referral_id: UUID, consent_id: UUID) -> None:
    """Let a referral rest on a consent that is there."""
    await tx.execute("insert into referral_consent (referral_id, consent_id) values ($1, $2)", referral_id, consent_id)


async def moved(tx: Tx, consent: Consent) -> int:
    """Save how a consent stands, and return its version."""
    return int(
        await tx.fetchval(
            "update consent set state = $2, answered_at = case when $2 <> 'asked' then clock() end,"
            " version = version + 1 where consent_id = $1 returning version",
            *(consent.id, consent.state),
        )
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

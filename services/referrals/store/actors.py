"""Actors that are drawn into a case for a time."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.database import Tx


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who is drawn into a case."""

    id: UUID
    case: UUID
    seat: str
    removed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Drawn:
    """Somebody on the way into a case: as what, for what, why, and until when."""

    id: UUID
    seat: str
    standing: str
    scope: tuple[str, ...]
    need_text_id: UUID
    consent_id: UUID | None
    until: datetime


async def add(tx: Tx, case: UUID, circle: tuple[str, ...], new: Drawn) -> None:
    """Save who is drawn into a case."""
    authority, _, office = new.seat.partition(".")
    await tx.execute(
        "insert into actor (actor_id, group_case_id, authority, office, standing, scope, need_text_id, consent_id,"
        " until, circle) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        *(new.id, case, authority, office, new.standing, list(new.scope), new.need_text_id, new.consent_id, new.until),
        list(circle),
    )


async def found(tx: Tx, actor_id: UUID) -> Actor | None:
    """Return somebody who is, or was, drawn into a case."""
    row = await tx.fetchrow(
        "select actor_id, group_case_id, authority || '.' || office, removed_at from actor where actor_id = $1",
        actor_id,
    )
    return Actor(*row) if row else None


async def removed(tx: Tx, actor_id: UUID) -> None:
    """Save that somebody is no longer part of a case."""
    await tx.change_one("update actor set removed_at = clock() where actor_id = $1 and removed_at is null", actor_id)


async def resting_on(tx: Tx, consent_id: UUID) -> list[UUID]:
    """Return those who take part by a consent."""
    rows = await tx.fetch(
        "select actor_id from actor where consent_id = $1 and removed_at is null order by actor_id", consent_id
    )
    return [row["actor_id"] for row in rows]


async def has_consented(tx: Tx, consent_id: UUID, person: UUID) -> bool:
    """Say whether the person has given a consent that still holds."""
    return bool(
        await tx.fetchval(
            "select exists (select from consent where consent_id = $1 and person_id = $2 and state = 'given')",
            *(consent_id, person),
        )
    )


async def follow_circle(tx: Tx, case: UUID, circle: list[str]) -> None:
    """Let those who may see a case be those who see who is drawn into it."""
    await tx.execute("update actor set circle = $2 where group_case_id = $1", case, circle)

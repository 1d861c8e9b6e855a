"""Underretninger: what was approved and sent, and how far each has come at its receiver."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.database import Tx
from contracts.codes import LegalBasis
from contracts.concerns.v1 import UnderretningKind
from services.concerns.domain.calendar import danish_day
from services.concerns.domain.document import EarlierOne
from services.concerns.domain.family import Child
from services.concerns.domain.parts import Content
from services.concerns.domain.search import Earlier
from services.concerns.domain.sending import Previous
from services.concerns.domain.underretning import State, Underretning


@dataclass(frozen=True, slots=True)
class Stored:
    """An underretning with what commands and answers need of it."""

    underretning: Underretning
    case_id: UUID
    sender: str
    """The police authority that sends it, and answers for passing it on."""
    child: Child
    kind: UnderretningKind
    registrations: tuple[str, ...]
    acute: bool
    law: LegalBasis
    version: int
    now: datetime
    sent_at: datetime | None
    delivered_at: datetime | None
    acknowledged_at: datetime | None
    refers_to: tuple[UUID, ...]
    undecided: str | None


@dataclass(frozen=True, slots=True)
class EarlierRow:
    """An earlier underretning about a child."""

    id: UUID
    registrations: frozenset[str]
    receiver: str | None
    state: State
    approved_at: datetime
    acknowledged: bool

    def as_told(self) -> Earlier:
        """Return it as a run reads it."""
        return Earlier(self.id, self.registrations)

    def as_previous(self) -> Previous:
        """Return it as the decision about kind reads it."""
        return Previous(self.id, self.receiver, self.state is not State.CLOSED)

    def as_mentioned(self) -> EarlierOne:
        """Return it as a new one mentions it."""
        return EarlierOne(self.id, danish_day(self.approved_at), self.acknowledged)


async def earlier_of(tx: Tx, children: Collection[Child]) -> dict[Child, list[EarlierRow]]:
    """Return what stands of the underretninger about children, oldest first: no correction, nothing retracted (D15)."""
    rows = await tx.fetch(
        "select child, underretning_id, registrations, receiver, state, approved_at, acknowledged_at"
        " from underretning where child = any($1) and kind in ('new', 'supplement') and retracted_at is null"
        " order by approved_at, underretning_id",
        [str(child) for child in children],
    )
    found: dict[Child, list[EarlierRow]] = {}
    for row in rows:
        one = EarlierRow(
            id=row["underretning_id"],
            registrations=frozenset(row["registrations"]),
            receiver=row["receiver"],
            state=State(row["state"]),
            approved_at=row["approved_at"],
            acknowledged=row["acknowledged_at"] is not None,
        )
        found.setdefault(Child.parse(row["child"]), []).append(one)
    return found


@dataclass(frozen=True, slots=True)
class New:
    """An underretning on its way into the table."""

    id: UUID
    candidate_id: UUID | None
    """None for a correction or retraction: no run found it."""
    case_id: UUID
    child: Child
    kind: UnderretningKind
    registrations: list[str]
    refers_to: list[UUID]
    receiver: str | None
    undecided: str | None
    protected_address: bool
    acute: bool
    law: str
    content: Content
    """What it says; it is stored in sealed parts only."""
    approved_at: datetime


_ADD = """
insert into underretning (underretning_id, candidate_id, case_id, child, person_id, unborn, source, kind, registrations,
    refers_to, receiver, undecided, protected_address, acute, law, state, approved_at, sent_at, version)
values ($1, $2, $3, $4, $5, $6, 'socialsoeg', $7, $8, $9, $10, $11, $12, $13, $14,
    case when $10::text is null then 'needs_receiver' else 'sent' end, $15,
    case when $10::text is not null then $15::timestamptz end, case when $10::text is null then 0 else 1 end)
"""


async def add(tx: Tx, new: New) -> None:
    """Save an approved underretning: sent, or waiting for a person to decide its receiver."""
    await tx.execute(
        _ADD,
        *(new.id, new.candidate_id, new.case_id, str(new.child), new.child.person, new.child.unborn, new.kind),
        *(new.registrations, new.refers_to, new.receiver, new.undecided, new.protected_address, new.acute, new.law),
        new.approved_at,
    )


_LOAD = (
    "select *, clock() as now from underretning where underretning_id = $1"
    " and ($2::text is null or 'kommune-' || receiver = $2)"
)


async def locked(tx: Tx, underretning_id: UUID, authority: str | None) -> Stored | None:
    """Lock an underretning; of an authority that is not its receiver it is not there."""
    row = await tx.fetchrow(_LOAD + " for update", underretning_id, authority)
    return _stored(row) if row else None


async def found(tx: Tx, underretning_id: UUID, authority: str | None) -> Stored | None:
    """Return an underretning; for an authority that is not its receiver it is not there."""
    row = await tx.fetchrow(_LOAD, underretning_id, authority)
    return _stored(row) if row else None


def _stored(row: Any) -> Stored:  # noqa: ANN401  a database row
    one = Underretning(row["underretning_id"], row["receiver"], State(row["state"]), row["acknowledge_by"])
    return Stored(
        underretning=one,
        case_id=row["case_id"],
        sender=row["authority"],
        child=Child.parse(row["child"]),
        kind=UnderretningKind(row["kind"]),
        registrations=tuple(row["registrations"]),
        acute=row["acute"],
        law=LegalBasis(row["law"]),
        version=row["version"],
        now=row["now"],
        sent_at=row["sent_at"],
        delivered_at=row["delivered_at"],
        acknowledged_at=row["acknowledged_at"],
        refers_to=tuple(row["refers_to"]),
        undecided=row["undecided"],
    )


async def sent(tx: Tx, stored: Stored, receiver: str) -> None:
    """Save that a person decided the receiver, and that it is sent."""
    await tx.change_one(
        "update underretning set state = 'sent', receiver = $3, sent_at = $4, version = version + 1"
        " where underretning_id = $1 and version = $2",
        *(stored.underretning.id, stored.version, receiver, stored.now),
    )


async def delivered(tx: Tx, stored: Stored, acknowledge_by: datetime) -> None:
    """Save the receipt and when the acknowledgement is due."""
    await tx.change_one(
        "update underretning set state = 'delivered', delivered_at = $3, acknowledge_by = $4, version = version + 1"
        " where underretning_id = $1 and version = $2",
        *(stored.underretning.id, stored.version, stored.now, acknowledge_by),
    )


async def acknowledged(tx: Tx, stored: Stored) -> None:
    """Save the acknowledgement."""
    await tx.change_one(
        "update underretning set state = 'acknowledged', acknowledged_at = $3, version = version + 1"
        " where underretning_id = $1 and version = $2",
        *(stored.underretning.id, stored.version, stored.now),
    )


async def told(tx: Tx, stored: Stored) -> None:
    """Count an event that changes nothing else."""
    await tx.change_one(
        "update underretning set version = version + 1 where underretning_id = $1 and version = $2",
        *(stored.underretning.id, stored.version),
    )


async def answered(tx: Tx, stored: Stored, feedback_kind: str) -> None:
    """Save what the municipality told the sender."""
    await tx.change_one(
        "update underretning set state = 'feedback', feedback_kind = $3, version = version + 1"
        " where underretning_id = $1 and version = $2",
        *(stored.underretning.id, stored.version, feedback_kind),
    )


async def closed(tx: Tx, stored: Stored) -> None:
    """Save that nothing more is expected."""
    await tx.change_one(
        "update underretning set state = 'closed', closed_at = $2 where underretning_id = $1 and closed_at is null",
        *(stored.underretning.id, stored.now),
    )


async def serve(tx: Tx, underretning_id: UUID, sha256: str) -> None:
    """Remember the checksum of what is being answered: evidence for the receipt, no change of the underretning."""
    await tx.execute(
        "insert into underretning_served (underretning_id, sha256, served_at) values ($1, $2, clock())"
        " on conflict do nothing",
        *(underretning_id, sha256),
    )


async def was_served(tx: Tx, underretning_id: UUID, sha256: str) -> bool:
    """Say whether an answer with this checksum was given."""
    return bool(
        await tx.fetchval(
            "select exists (select from underretning_served where underretning_id = $1 and sha256 = $2)",
            *(underretning_id, sha256),
        )
    )


async def listed(tx: Tx, authority: str | None, state: str | None, limit: int) -> list[dict[str, Any]]:
    """Return underretninger without personal data, newest first."""
    rows = await tx.fetch(
        "select underretning_id, candidate_id, case_id, kind, receiver, undecided, state, acute, approved_at, sent_at,"
        " delivered_at, acknowledge_by, acknowledged_at, feedback_kind, closed_at, version from underretning"
        " where ($1::text is null or 'kommune-' || receiver = $1) and ($2::text is null or state = $2)"
        " order by approved_at desc, underretning_id limit $3",
        *(authority, state, limit),
    )
    return [dict(row) for row in rows]


async def waiting(tx: Tx) -> list[dict[str, Any]]:
    """Return, by receiver, what is not fetched, since when, what is not acknowledged in time, and what has no receiver.

    A receiver stays on the list with zeros, so that who looks sees it fall.
    """
    rows = await tx.fetch(
        "select receiver, count(*) filter (where state = 'sent') as undelivered,"
        " coalesce(extract(epoch from clock() - min(sent_at) filter (where state = 'sent')), 0)::float8 as oldest_s,"
        " count(*) filter (where state = 'delivered' and acknowledge_by < clock()) as unacknowledged,"
        " count(*) filter (where receiver is null) as without_receiver from underretning group by receiver"
    )
    return [dict(row) for row in rows]


async def follow_merge(tx: Tx, survivor: UUID, merged: UUID) -> None:
    """Let underretninger follow a person whose two ids became one; a document keeps the id that it was sent with."""
    await tx.execute(
        "update underretning u set person_id = $1, child = case when exists (select from underretning o"
        " where o.registrations = u.registrations and o.child = replace(u.child, $2::uuid::text, $1::uuid::text))"
        " then child else replace(child, $2::uuid::text, $1::uuid::text) end where person_id = $2",
        *(survivor, merged),
    )

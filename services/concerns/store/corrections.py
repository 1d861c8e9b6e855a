"""What receivers know of each registration, and the corrections that wait for a person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson

from chassis.database import Tx
from services.concerns.domain.calendar import danish_day
from services.concerns.domain.codes import CodeList
from services.concerns.domain.correction import Correction
from services.concerns.domain.family import Child
from services.concerns.domain.registration import Registration
from services.concerns.domain.sending import Found
from services.concerns.store import candidates, code_lists, registrations


@dataclass(frozen=True, slots=True)
class Question:
    """An underretning with what it told and what the source says now."""

    underretning_id: UUID
    case_id: UUID
    child: Child
    receiver: str
    acute: bool
    approved_on: date
    found: tuple[Found, ...]
    told: dict[str, Registration]
    newest: dict[str, Registration]
    codes: CodeList
    now: datetime

    @property
    def people(self) -> set[UUID]:
        """Return whom the rules must be asked about."""
        return {self.child.person, *(one.person for one in (*self.told.values(), *self.newest.values()))}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A correction as a command reads it."""

    id: UUID
    underretning_id: UUID
    state: str
    version: int


async def told(tx: Tx, underretning_id: UUID, used: Iterable[Registration]) -> None:
    """Remember which revisions an underretning tells."""
    await tx.executemany(
        "insert into told_revision (underretning_id, registration, revision, judged) values ($1, $2, $3, $3)",
        [(underretning_id, one.id, one.revision) for one in used],
    )


async def behind(tx: Tx, limit: int) -> list[UUID]:
    """Return sent underretninger of which the source has said something that nobody has looked at."""
    rows = await tx.fetch(
        "select distinct t.underretning_id from told_revision t"
        " join underretning u on u.underretning_id = t.underretning_id and u.receiver is not null"
        " where exists (select from registration r where r.registration = t.registration and r.revision > t.judged)"
        " order by t.underretning_id limit $1",
        limit,
    )
    return [row["underretning_id"] for row in rows]


async def question(tx: Tx, underretning_id: UUID) -> Question | None:
    """Lock an underretning and return what its correction is judged from; None when nothing of it is told any more."""
    row = await tx.fetchrow(
        "select *, clock() as now from underretning where underretning_id = $1 for update", underretning_id
    )
    loaded = await candidates.locked(tx, row["candidate_id"]) if row and row["candidate_id"] else None
    known = await tx.fetch(
        "select registration, revision from told_revision where underretning_id = $1 order by registration",
        underretning_id,
    )
    if row is None or loaded is None or not known:
        return None
    names = [each["registration"] for each in known]
    return Question(
        underretning_id=underretning_id,
        case_id=row["case_id"],
        child=Child.parse(row["child"]),
        receiver=row["receiver"],
        acute=row["acute"],
        approved_on=danish_day(row["approved_at"]),
        found=loaded.found,
        told=await registrations.at(tx, {each["registration"]: each["revision"] for each in known}),
        newest=await registrations.newest(tx, {*names, *loaded.registrations}),
        codes=await code_lists.numbered(tx, loaded.code_list),
        now=row["now"],
    )


async def judged(tx: Tx, question: Question) -> None:
    """Remember what was looked at: exactly the newest revisions that were compared."""
    await tx.execute(
        "update told_revision t set judged = r.newest from (select registration, max(revision) as newest"
        " from registration where registration = any($2) group by registration) r"
        " where t.underretning_id = $1 and t.registration = r.registration",
        *(question.underretning_id, list(question.told)),
    )


async def waits(tx: Tx, question: Question, correction_id: UUID, correction: Correction) -> None:
    """Let a correction wait for a person; one that waits already says the new instead."""
    await tx.execute(
        "insert into correction (correction_id, underretning_id, case_id, kind, because, changes, state, found_at,"
        " version) values ($1, $2, $3, $4, $5, $6, 'found', $7, 1)"
        " on conflict (underretning_id) where state = 'found' do update set kind = excluded.kind,"
        " because = excluded.because, changes = excluded.changes, version = correction.version + 1",
        *(correction_id, question.underretning_id, question.case_id, correction.kind, correction.because),
        *(orjson.dumps(correction.changes).decode(), question.now),
    )


async def drop(tx: Tx, underretning_id: UUID) -> None:
    """Let a waiting correction fall away: the source says again what was told."""
    await tx.execute(
        "update correction set state = 'dropped', decided_at = clock(), version = version + 1"
        " where underretning_id = $1 and state = 'found'",
        underretning_id,
    )


async def locked(tx: Tx, correction_id: UUID) -> Waiting | None:
    """Lock a correction."""
    row = await tx.fetchrow("select * from correction where correction_id = $1 for update", correction_id)
    return Waiting(row["correction_id"], row["underretning_id"], row["state"], row["version"]) if row else None


async def sent(tx: Tx, waiting: Waiting, correction: Correction, family: str | None, by: str, sent_as: UUID) -> None:
    """Save that a person sent it, and what it says."""
    await tx.change_one(
        "update correction set state = 'sent', kind = $3, because = $4, changes = $5, family = $6, approved_by = $7,"
        " sent_as = $8, decided_at = clock(), version = version + 1"
        " where correction_id = $1 and version = $2 and state = 'found'",
        *(waiting.id, waiting.version, correction.kind, correction.because, orjson.dumps(correction.changes).decode()),
        *(family, by, sent_as),
    )


async def known(tx: Tx, question: Question) -> None:
    """Remember that the receiver knows the newest revisions now; what is off the list is told no more."""
    await tx.execute(
        "update told_revision t set revision = judged where underretning_id = $1 and registration = any($2)",
        *(question.underretning_id, list(question.newest)),
    )
    await tx.execute(
        "delete from told_revision where underretning_id = $1 and not registration = any($2)",
        *(question.underretning_id, list(question.newest)),
    )


async def retracted(tx: Tx, question: Question) -> None:
    """Save that an underretning is taken back: it tells nothing any more."""
    await tx.change_one(
        "update underretning set retracted_at = $2 where underretning_id = $1", question.underretning_id, question.now
    )
    await tx.execute("delete from told_revision where underretning_id = $1", question.underretning_id)


async def listed(tx: Tx, state: str | None, limit: int) -> list[dict[str, Any]]:
    """Return corrections without personal data, oldest first."""
    rows = await tx.fetch(
        "select correction_id, c.underretning_id, c.case_id, c.kind, u.receiver, c.state, sent_as, found_at,"
        " decided_at, c.version from correction c join underretning u using (underretning_id)"
        " where ($1::text is null or c.state = $1) order by found_at, correction_id limit $2",
        *(state, limit),
    )
    return [dict(row) for row in rows]


async def shown(tx: Tx, correction_id: UUID) -> dict[str, Any] | None:
    """Return one correction with what has changed, by reference."""
    row = await tx.fetchrow(
        "select c.*, u.receiver, u.person_id from correction c join underretning u using (underretning_id)"
        " where correction_id = $1",
        correction_id,
    )
    return dict(row) | {"changes": orjson.loads(row["changes"])} if row else None


async def persons_of(tx: Tx, names: Sequence[str]) -> list[UUID]:
    """Return whom registrations are about."""
    rows = await tx.fetch(
        "select distinct person_id from registration where registration = any($1) and person_id is not null", names
    )
    return [row["person_id"] for row in rows]

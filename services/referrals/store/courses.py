"""Courses: how far each is, who sits at it, and what was said with its steps."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from chassis.database import Tx
from services.referrals.domain.course import Course
from services.referrals.domain.course_said import Taken
from services.referrals.domain.coursebook import definition
from services.referrals.domain.courses import Definition


@dataclass(frozen=True, slots=True)
class StoredCourse:
    """A course with what commands and answers need of it."""

    course: Course
    programme: str
    referral_id: UUID | None
    case_id: UUID
    person: UUID | None
    counterpart: UUID | None
    sealed_under: UUID | None
    """Under whose key persons keeps its words; an id that stands for nobody where nobody is named."""
    kommune: str
    parties: tuple[str, ...]
    text_ids: tuple[Mapping[str, str], ...]
    """For each step that was taken, the ids of its words by field."""
    opened_at: datetime
    ended_at: datetime | None
    now: datetime

    @property
    def definition(self) -> Definition:
        """Return what kind of course it is."""
        return definition(self.course.kind)

    @property
    def persons(self) -> list[UUID]:
        """Return whom it is about."""
        return [one for one in (self.person, self.counterpart) if one]


@dataclass(frozen=True, slots=True)
class NewCourse:
    """A course on its way into the table."""

    course: Course
    referral_id: UUID | None
    case_id: UUID
    person: UUID | None
    counterpart: UUID | None
    sealed_under: UUID | None
    kommune: str
    parties: tuple[str, ...]
    text_ids: Mapping[str, str]
    once_key: str | None


_ADD = """
insert into course (course_id, kind, programme, referral_id, case_id, person_id, counterpart_id, sealed_under, kommune,
    parties, state, due_at, once_key, version)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) on conflict do nothing
"""


async def add(tx: Tx, new: NewCourse) -> bool:
    """Save a course with its opening; False where there is one already."""
    one = new.course
    status = await tx.execute(
        _ADD,
        *(one.id, one.kind, definition(one.kind).programme.code, new.referral_id, new.case_id, new.person),
        *(new.counterpart, new.sealed_under, new.kommune, list(new.parties), one.state, one.due, new.once_key),
        one.version,
    )
    if status != "INSERT 0 1":
        return False
    await _add_step(tx, one, 0, new.text_ids)
    return True


async def _add_step(tx: Tx, course: Course, position: int, text_ids: Mapping[str, str]) -> None:
    one = course.taken[position]
    await tx.execute(
        "insert into course_step (course_id, position, step, seats, said, text_ids, taken_by, taken_at)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8)",
        *(course.id, position, one.step, list(one.seats), _json(one.said), _json(text_ids)),
        *(tx.principal.subject, one.at),
    )


def _json(value: object) -> str:
    return orjson.dumps(value, default=str).decode()


_LOAD = "select *, clock() as now from course where course_id = $1"
_STEPS = (
    "select step, seats, said, text_ids, authority, taken_at from course_step where course_id = $1 order by position"
)


async def found(tx: Tx, course_id: UUID) -> StoredCourse | None:
    """Return a course that the asker's office is a party of."""
    return await _one(tx, await tx.fetchrow(_LOAD, course_id))


async def locked(tx: Tx, course_id: UUID) -> StoredCourse | None:
    """Lock a course that the asker's office is a party of."""
    return await _one(tx, await tx.fetchrow(f"{_LOAD} for update", course_id))


async def _one(tx: Tx, row: Any) -> StoredCourse | None:  # noqa: ANN401  a database row
    if row is None:
        return None
    steps = await tx.fetch(_STEPS, row["course_id"])
    return StoredCourse(
        course=_course(row, steps),
        programme=row["programme"],
        referral_id=row["referral_id"],
        case_id=row["case_id"],
        person=row["person_id"],
        counterpart=row["counterpart_id"],
        sealed_under=row["sealed_under"],
        kommune=row["kommune"],
        parties=tuple(row["parties"]),
        text_ids=tuple(orjson.loads(step["text_ids"]) for step in steps),
        opened_at=row["opened_at"],
        ended_at=row["ended_at"],
        now=row["now"],
    )


def _course(row: Any, steps: list[Any]) -> Course:  # noqa: ANN401  database rows
    return Course(
        id=row["course_id"],
        kind=row["kind"],
        state=row["state"],
        due=row["due_at"],
        taken=tuple(
            Taken(one["step"], tuple(one["seats"]), orjson.loads(one["said"]), one["taken_at"], one["authority"])
            for one in steps
        ),
        version=row["version"],
        stopped=row["stopped"],
        assigned_to=row["assigned_to"],
        code=row["code"],
    )


_SAVE = """
update course set state = $3, due_at = $4, code = $5, stopped = $6, assigned_to = $7, parties = $8,
    ended_at = case when $9::boolean then clock() end, version = $10,
    waits_since = case when state = $3 then waits_since else clock() end
where course_id = $1 and version = $2
"""


async def save(
    tx: Tx, before: StoredCourse, after: Course, parties: tuple[str, ...], text_ids: Mapping[str, str]
) -> None:
    """Save a course after a step, or after its end by another hand."""
    await tx.change_one(
        _SAVE,
        *(after.id, before.course.version, after.state, after.due, after.code, after.stopped, after.assigned_to),
        *(list(parties), before.definition.end(after.state) is not None, after.version),
    )
    if len(after.taken) > len(before.course.taken):
        await _add_step(tx, after, len(after.taken) - 1, text_ids)


async def count_up(tx: Tx, stored: StoredCourse) -> None:
    """Give a course the next version, where something is told of it and nothing else has changed."""
    await tx.change_one(
        "update course set version = version + 1 where course_id = $1 and version = $2",
        *(stored.course.id, stored.course.version),
    )


_LISTED = """
select course_id, kind, programme, referral_id, kommune, state, due_at, code, stopped, assigned_to, version, opened_at,
    ended_at, waits_since, parties, clock() as now
from course where ended_at is null or ended_at > clock() - interval '30 days'
order by due_at nulls last, course_id limit $1
"""


async def listed(tx: Tx, limit: int) -> list[dict[str, Any]]:
    """Return the courses of the asking office, the earliest deadline first; not those that ended a month ago."""
    return [dict(row) for row in await tx.fetch(_LISTED, limit)]


_WITHOUT = """
select referral_id, kommune, state, waits_since from referral r
where programme = $1 and state = any($2) and ended_at is null and (sender_seat = $3 or receiver_seat = $3)
    and not exists (select from course c where c.kind = $4 and c.referral_id = r.referral_id)
order by waits_since, referral_id limit $5
"""
MOST_WITHOUT = 100


async def without(tx: Tx, of: Definition, referral_id: UUID | None = None) -> list[dict[str, Any]]:
    """Return the referrals of the asking office on which a course may be opened and none ever was."""
    seat = f"{tx.principal.authority}.{tx.principal.office}"
    states = [str(state) for state in of.opening.on]
    rows = await tx.fetch(_WITHOUT, of.programme.code, states, seat, of.kind, MOST_WITHOUT)
    return [dict(row) for row in rows if referral_id in {None, row["referral_id"]}]


async def has_ended(tx: Tx, referral_id: UUID, kind: str, end: str) -> bool:
    """Say whether a course of a kind has come to an end on a referral."""
    return bool(
        await tx.fetchval(
            "select exists (select from course where referral_id = $1 and kind = $2 and state = $3)",
            *(referral_id, kind, end),
        )
    )


async def forget(tx: Tx, course_id: UUID) -> None:
    """Let nothing of a course say who it was about, nor what was said; that it was, and how it ended, stays."""
    await tx.execute(
        "update course set person_id = null, counterpart_id = null, sealed_under = null where course_id = $1", course_id
    )
    await tx.execute("update course_step set said = '{}', text_ids = '{}' where course_id = $1", course_id)

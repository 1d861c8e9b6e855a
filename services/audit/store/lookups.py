"""Who did what with whose data, as the log tells it; row-level security leaves each authority its own."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from chassis.database import Tx

MOST_LINES = 500
"""Lines that one answer holds; the next page begins after its last position."""

_VALUE = "(told::jsonb ->> 'value') as value"


@dataclass(frozen=True, slots=True)
class Line:
    """One record of the log with the record's own words."""

    position: int
    service: str
    value: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Within:
    """Which uses are asked for; an empty field means any."""

    start: datetime
    end: datetime
    authority: str | None = None
    subject: str | None = None
    operation: str | None = None

    def values(self) -> tuple[object, ...]:
        """Return the fields in the order of the statement."""
        return self.start, self.end, self.authority, self.subject, self.operation


_WITHIN = (
    " kind = 'AccessRecorded' and told_at >= $1 and told_at < $2 and ($3::text is null or authority = $3)"
    " and ($4::text is null or subject = $4) and ($5::text is null or operation = $5)"
)


async def of_user(tx: Tx, subject: str, start: datetime, end: datetime, after: int) -> list[Line]:
    """Return what a user did and was refused, in order, also where a service asked on the user's behalf."""
    rows = await tx.fetch(
        f"select position, service, {_VALUE} from entry where subject = $1 and told_at >= $2 and told_at < $3"  # noqa: S608  constants of ours
        " and kind <> 'DayClosed' and position > $4 order by position limit $5",
        *(subject, start, end, after, MOST_LINES),
    )
    return [_line(row) for row in rows]


async def outside_work_list(tx: Tx, authority: str, start: datetime, end: datetime) -> list[Line]:
    """Return the cases that an authority's people opened without having them on their lists."""
    rows = await tx.fetch(
        f"select position, service, {_VALUE} from entry where authority = $1 and told_at >= $2 and told_at < $3"  # noqa: S608  constants of ours
        " and kind = 'AccessRecorded' and (told::jsonb ->> 'value')::jsonb ->> 'outside_work_list' = 'true'"
        " order by position limit $4",
        *(authority, start, end, MOST_LINES),
    )
    return [_line(row) for row in rows]


async def affected(tx: Tx, within: Within, after: UUID | None, limit: int) -> list[UUID]:
    """Return the persons whose data was used, each once, in order of their ids."""
    rows = await tx.fetch(
        "select distinct coalesce(m.person_id, p.person_id) as person_id"  # noqa: S608  constants of ours
        " from entry join entry_person p using (position)"
        f" left join merged_person m on m.merged_person_id = p.person_id where {_WITHIN}"
        " and ($6::uuid is null or coalesce(m.person_id, p.person_id) > $6) order by person_id limit $7",
        *(*within.values(), after, limit),
    )
    return [row["person_id"] for row in rows]


async def disclosed(tx: Tx, within: Within, after: int) -> list[Line]:
    """Return what was passed on, in order."""
    rows = await tx.fetch(
        f"select position, service, {_VALUE} from entry where {_WITHIN} and receiver is not null"  # noqa: S608  constants of ours
        " and position > $6 order by position limit $7",
        *(*within.values(), after, MOST_LINES),
    )
    return [_line(row) for row in rows]


async def about(tx: Tx, person_id: UUID) -> list[Line]:
    """Return every use of a person's data, under all the ids that the person has had."""
    rows = await tx.fetch(
        "with today as (select coalesce((select person_id from merged_person where merged_person_id = $1), $1) as id),"  # noqa: S608  constants of ours
        " ids as (select id from today union select merged_person_id from merged_person, today where person_id = id)"
        f" select position, service, {_VALUE} from entry where kind = 'AccessRecorded' and position in"
        " (select position from entry_person where person_id in (select id from ids)) order by position",
        person_id,
    )
    return [_line(row) for row in rows]


def _line(row: Any) -> Line:  # noqa: ANN401  asyncpg's rows carry no type of their columns
    return Line(row["position"], row["service"], orjson.loads(row["value"]))

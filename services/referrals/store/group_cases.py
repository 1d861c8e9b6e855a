"""The cases of a group: who may see each, how it stands, who acts for whom."""

from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.database import NotOneRow, Tx
from chassis.ids import new_id
from services.referrals.domain.group_cases import GroupCase
from services.referrals.store.referrals import Stored

_TAKE_UP = """
insert into group_case (group_case_id, referral_id, case_id, programme, kommune, person_id, circle)
values ($1, $2, $3, $4, $5, $6, $7) on conflict (referral_id) do nothing
"""


async def take_up(tx: Tx, stored: Stored, circle: list[str]) -> bool:
    """Let a group work on a referral; False where it does already."""
    one = stored.referral
    status = await tx.execute(
        _TAKE_UP, new_id(), one.id, stored.case_id, one.programme, stored.kommune, one.person, circle
    )
    return status == "INSERT 0 1"


async def end(tx: Tx, referral_id: UUID) -> None:
    """Let a group's work on a referral be over."""
    await tx.execute(
        "update group_case set ended_at = clock(), version = version + 1 where referral_id = $1 and ended_at is null",
        referral_id,
    )


_LOAD = "select * from group_case where"


async def found(tx: Tx, group_case_id: UUID) -> GroupCase | None:
    """Return a case of the asker's."""
    return _case(await tx.fetchrow(f"{_LOAD} group_case_id = $1", group_case_id))


async def locked(tx: Tx, group_case_id: UUID) -> GroupCase | None:
    """Lock a case of whose circle the asker is."""
    return _case(await tx.fetchrow(f"{_LOAD} group_case_id = $1 for update", group_case_id))


async def of_referral(tx: Tx, referral_id: UUID) -> GroupCase | None:
    """Return the case of a referral."""
    return _case(await tx.fetchrow(f"{_LOAD} referral_id = $1", referral_id))


def _case(row: Any) -> GroupCase | None:  # noqa: ANN401  a database row
    if row is None:
        return None
    return GroupCase(
        id=row["group_case_id"],
        referral=row["referral_id"],
        case_id=row["case_id"],
        programme=row["programme"],
        kommune=row["kommune"],
        person=row["person_id"],
        circle=tuple(row["circle"]),
        version=row["version"],
        grey_zone=row["grey_zone"],
        grey_zone_text=row["grey_zone_text_id"],
        review_at=row["review_at"],
        taken_up_at=row["taken_up_at"],
        ended_at=row["ended_at"],
    )


async def open_of(tx: Tx, programme: str, kommune: str) -> list[GroupCase]:
    """Return the open cases of a group as far as the asker sees them; of the whole district with no municipality."""
    rows = await tx.fetch(
        f"{_LOAD} programme = $1 and ended_at is null and ($2 = '' or kommune = $2) order by taken_up_at",
        programme,
        kommune,
    )
    return [case for row in rows if (case := _case(row))]


async def on_agenda(tx: Tx, meeting_id: UUID) -> list[GroupCase]:
    """Return a meeting's cases that the asker sees: those in a grey zone first, then the oldest."""
    rows = await tx.fetch(
        "select c.* from group_case c join meeting_case using (group_case_id) where meeting_id = $1"
        " order by c.grey_zone desc, c.taken_up_at, c.group_case_id",
        meeting_id,
    )
    return [case for row in rows if (case := _case(row))]


async def listed(tx: Tx, limit: int) -> list[GroupCase]:
    """Return the open cases of the asking office: those in a grey zone first, then the oldest."""
    rows = await tx.fetch(
        f"{_LOAD} ended_at is null order by grey_zone desc, taken_up_at, group_case_id limit $1", limit
    )
    return [case for row in rows if (case := _case(row))]


async def step(tx: Tx, case: GroupCase) -> tuple[int, int]:
    """Count one more fact of a case; returns which it is, and the case's version then."""
    row = await tx.fetchrow(
        "update group_case set told = told + 1, version = version + 1 where group_case_id = $1 returning told, version",
        case.id,
    )
    if row is None:
        raise NotOneRow
    return row["told"], row["version"]


async def put_grey_zone(tx: Tx, case: GroupCase, text_id: UUID | None) -> None:
    """Save that a case falls between the authorities, or no longer does."""
    await tx.change_one(
        "update group_case set grey_zone = $3, grey_zone_text_id = $4, version = version + 1"
        " where group_case_id = $1 and version = $2",
        *(case.id, case.version, text_id is not None, text_id),
    )


async def put_review(tx: Tx, case: GroupCase, at: datetime) -> None:
    """Save when a case is looked at again."""
    await tx.change_one(
        "update group_case set review_at = $2, version = version + 1 where group_case_id = $1", case.id, at
    )


async def put_circle(tx: Tx, case: GroupCase, circle: list[str]) -> None:
    """Save who may see a case."""
    await tx.change_one(
        "update group_case set circle = $3, version = version + 1 where group_case_id = $1 and version = $2",
        *(case.id, case.version, circle),
    )


async def own(tx: Tx, case: GroupCase, owner: str) -> None:
    """Save who acts for the asking authority in a case."""
    await tx.execute(
        "insert into action_owner (group_case_id, owner) values ($1, $2)"
        " on conflict (group_case_id, authority, office) do update set owner = excluded.owner, named_at = clock()",
        *(case.id, owner),
    )


async def owners(tx: Tx, cases: list[UUID]) -> dict[UUID, dict[str, str]]:
    """Return who acts for whom in some cases, by seat."""
    rows = await tx.fetch(
        "select group_case_id, authority || '.' || office as seat, owner from action_owner"
        " where group_case_id = any($1)",
        cases,
    )
    told: dict[UUID, dict[str, str]] = {case: {} for case in cases}
    for row in rows:
        told[row["group_case_id"]][row["seat"]] = row["owner"]
    return told


async def circle_with_actors(tx: Tx, case: GroupCase) -> set[str]:
    """Return who may hear a case: its circle, and whoever is drawn in now."""
    rows = await tx.fetch(
        "select authority || '.' || office as seat from actor where group_case_id = $1 and removed_at is null"
        " and until > clock()",
        case.id,
    )
    return {*case.circle, *(row["seat"] for row in rows)}

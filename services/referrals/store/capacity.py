"""What offices say of their capacity, and who sits in teams."""

from collections.abc import Mapping
from typing import Any

import orjson

from chassis.database import Tx
from contracts.refusal import StaleVersion
from services.referrals.domain.capacity import Capacity, Intake, Statement

Stated = Mapping[tuple[str, str, str], Capacity]
"""By programme, authority and office."""


async def all_stated(tx: Tx, programme: str | None = None) -> Stated:
    """Return what every office has said, of one programme where it is named."""
    rows = await tx.fetch("select * from capacity where $1::text is null or programme = $1", programme)
    return {(row["programme"], row["authority"], row["office"]): _capacity(row) for row in rows}


def _capacity(row: Any) -> Capacity:  # noqa: ANN401  a database row
    said = Statement(Intake(row["state"]), row["wait_days"], row["until"])
    return Capacity(said, row["stated_at"], row["version"])


_STATE = """
insert into capacity (programme, office, state, wait_days, until, stated_by, version)
values ($1, $2, $3, $4, $5, $6, 1) on conflict do nothing returning version
"""
_RESTATE = """
update capacity set state = $3, wait_days = $4, until = $5, stated_by = $6, stated_at = clock(), version = version + 1
where programme = $1 and authority = current_authority() and office = $2 and version = $7 returning version
"""


async def state(tx: Tx, programme: str, office: str, said: Statement, expected: int) -> int:
    """Save what the asking office says, and return its version; 0 is expected where it has said nothing before.

    Raises:
        StaleVersion: somebody there was first.
    """
    values = (programme, office, said.state, said.wait_days, said.until, tx.principal.subject)
    saved = await (tx.fetchval(_RESTATE, *values, expected) if expected else tx.fetchval(_STATE, *values))
    if saved is None:
        raise StaleVersion(version=await _version(tx, programme, office))
    return int(saved)


async def _version(tx: Tx, programme: str, office: str) -> int:
    version = await tx.fetchval(
        "select version from capacity where programme = $1 and authority = current_authority() and office = $2",
        *(programme, office),
    )
    return int(version or 0)


async def staffing(tx: Tx) -> dict[str, tuple[dict[str, int], int]]:
    """Return who sits in each team that has said so, and the version of that."""
    rows = await tx.fetch("select team, filled, version from team_staffing")
    return {row["team"]: (orjson.loads(row["filled"]), row["version"]) for row in rows}


async def staff(tx: Tx, team: str, filled: Mapping[str, int], expected: int) -> int:
    """Save who sits in a team, and return the version; 0 is expected where nobody has said so before.

    Raises:
        StaleVersion: somebody there was first.
    """
    sql = (
        "update team_staffing set filled = $2, stated_by = $3, stated_at = clock(), version = version + 1"
        " where team = $1 and version = $4 returning version"
        if expected
        else "insert into team_staffing (team, filled, stated_by, version) values ($1, $2, $3, $4 + 1)"
        " on conflict do nothing returning version"
    )
    saved = await tx.fetchval(sql, team, orjson.dumps(filled).decode(), tx.principal.subject, expected)
    if saved is None:
        found = await tx.fetchval("select version from team_staffing where team = $1", team)
        raise StaleVersion(version=int(found or 0))
    return int(saved)

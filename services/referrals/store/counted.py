"""What is counted of referrals, and read as figures: no row names anybody, or a referral that is gone."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from chassis.database import Tx, literal
from services.referrals.domain.outcomes import Course, Fact
from services.referrals.domain.reporting import Period


async def begin(tx: Tx, referral_id: UUID, *, confidential: bool) -> None:
    """Begin the course of a referral that is sent; one that has a course keeps it."""
    await tx.execute("select begin_counted($1, $2)", referral_id, confidential)


async def began_as(tx: Tx, referral_id: UUID) -> None:
    """Count how a referral began, as the first course on it says; once, and whichever of the two comes first."""
    await tx.execute("select count_source($1)", referral_id)


def add(tx: Tx, referral_id: UUID, fact: Fact, reason: str = "") -> None:
    """Count a fact of a referral, the first of its kind, with the commit: nothing before it reads figures."""
    tx.require_open()
    said = ", ".join(map(literal, (str(referral_id), fact.value, reason)))
    tx.last_words += f"select count_fact({said});"


async def declined(tx: Tx, programme: str, case_id: UUID, consent_id: UUID) -> None:
    """Count that somebody said no, by the municipality and the day."""
    await tx.execute("select count_declined($1, $2, $3)", programme, case_id, consent_id)


_COURSES = """
select counted_id, mark, kommune, source, kind, after, reason
from counted left join counted_fact using (counted_id)
where programme = $1 and yes_on between $2 and $3 order by place
"""


async def of_period(tx: Tx, programme: str, period: Period) -> list[Course]:
    """Return the courses of the yeses of a period, in their order, as far as the asker may count them."""
    found: dict[UUID, dict[str, Any]] = {}
    for row in await tx.fetch(_COURSES, programme, period.first, period.last):
        one = found.setdefault(
            row["counted_id"],
            {"mark": row["mark"], "kommune": row["kommune"], "source": row["source"], "facts": {}, "reason": ""},
        )
        _add_fact(one, row["kind"], row["after"], row["reason"])
    return [Course(**one) for one in found.values()]


def _add_fact(one: dict[str, Any], kind: str | None, after: timedelta, reason: str) -> None:
    if kind:
        one["facts"][Fact(kind)] = after
        one["reason"] = reason or one["reason"]


async def declined_in(tx: Tx, programme: str, period: Period) -> dict[str, int]:
    """Return how many said no in a period, by municipality."""
    rows = await tx.fetch(
        "select kommune, sum(persons)::bigint as persons from declined"
        " where programme = $1 and declined_on between $2 and $3 group by kommune",
        *(programme, period.first, period.last),
    )
    return {row["kommune"]: row["persons"] for row in rows}

"""Opening a course with what its referral says: what is known already nobody says again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.refusal import Refusal
from services.referrals.domain.ages import Span
from services.referrals.domain.course import Course, begun
from services.referrals.domain.coursebook import coursebook
from services.referrals.domain.courses import Definition, Field, Known, Sort

SENDER, ROW = "sender", "row"
"""Besides the columns of the programme's rule: what kind of authority sent it, and the row that admitted it."""


def opened_by_acceptance(programme: str) -> list[Definition]:
    """Return the courses that a referral of a programme has as soon as its receiver says yes."""
    return [of for of in coursebook().values() if of.opening.by_itself and of.programme.code == programme]


def facts_of(verdict: Mapping[str, Any], sender_kind: str) -> Mapping[str, Any]:
    """Return what a referral says: the facts that its rule was asked about, and what decided."""
    return {**verdict.get("inputs", {}), ROW: verdict.get("row", ""), SENDER: sender_kind}


def by_itself(of: Definition, new_id: UUID, facts: Mapping[str, Any], at: datetime, authority: str) -> Course | None:
    """Return the course in its first state; None where something must be said that the referral does not say."""
    said = {name: value for name, one in of.opening.known.items() if (value := _said(of, name, one, facts)) is not None}
    try:
        return begun(of, new_id, of.opening.by, said, at, authority)
    except Refusal:
        # What is missing, or fits no field, a person says who opens it.
        return None


def _said(of: Definition, name: str, one: Known, facts: Mapping[str, Any]) -> Any:  # noqa: ANN401  what a field holds
    field: Field = of.opening.fields[name]
    value = facts.get(one.fact)
    if field.sort is Sort.YEARS:
        return Span.parse(str(value)).years if value else None
    return one.codes.get(str(value))

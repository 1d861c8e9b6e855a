"""Who relieves whom (afløsning): shifts of a role, and the times that nobody has taken over."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from contracts.refusal import Refusal
from services.beredskabsstab.domain.plan import Plan

WARNED_BEFORE = timedelta(minutes=60)
"""How long before a shift ends its authority is told that nobody takes over: as long as it takes to find somebody."""

LONGEST = timedelta(hours=16)
"""Nobody has a longer shift: whoever comes must be let go home."""


class UnknownRole(Refusal):
    """The framework plan has no such role of the authority in the staff."""

    slug = "unknown-role"
    status = 422
    title = "Myndigheden har ikke den rolle i staben efter rammeplanen."
    todo = "Brug en af de roller, som rammeplanen nævner for myndigheden."


class ShiftWrong(Refusal):
    """A shift ends before it begins, is over, or is longer than anybody can have the duty."""

    slug = "shift-impossible"
    status = 422
    title = "Vagten kan ikke ligge sådan."
    todo = "En vagt slutter efter sin start, ligger ikke i fortiden og varer højst 16 timer."


@dataclass(frozen=True, slots=True)
class Shift:
    """Somebody's time in a role of the staff."""

    shift_id: UUID
    authority: str
    role: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Gap:
    """A time at which a role has nobody, after somebody had it; `ends_at` is when the next shift begins, if any."""

    authority: str
    role: str
    starts_at: datetime
    ends_at: datetime | None


def require_role(plan: Plan, authority: str, role: str) -> None:
    """Refuse a role that the plan does not give an authority."""
    party = plan.party(authority)
    if party is None or all(role not in roles for roles in party.roles.values()):
        raise UnknownRole


def require_possible(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    """Refuse a shift that nobody can have."""
    if not (starts_at < ends_at <= starts_at + LONGEST and now < ends_at):
        raise ShiftWrong


def gaps(shifts: Iterable[Shift]) -> tuple[Gap, ...]:
    """Return when each role has nobody after its first shift, in order of time; shifts may overlap, for a hand-over."""
    by_role: dict[tuple[str, str], list[Shift]] = {}
    for one in sorted(shifts, key=lambda one: (one.starts_at, one.ends_at)):
        by_role.setdefault((one.authority, one.role), []).append(one)
    found = [gap for own in by_role.values() for gap in _gaps(own)]
    return tuple(sorted(found, key=lambda one: (one.starts_at, one.authority, one.role)))


def _gaps(own: list[Shift]) -> list[Gap]:
    found, covered = [], own[0].ends_at
    for one in own[1:]:
        if one.starts_at > covered:
            found.append(Gap(one.authority, one.role, covered, one.starts_at))
        covered = max(covered, one.ends_at)
    return [*found, Gap(own[0].authority, own[0].role, covered, None)]


def is_relieved(shift: Shift, others: Iterable[Shift]) -> bool:
    """Say whether somebody has a shift's role at the moment that it ends."""
    return any(
        (one.authority, one.role) == (shift.authority, shift.role)
        and one.shift_id != shift.shift_id
        and one.starts_at <= shift.ends_at < one.ends_at
        for one in others
    )

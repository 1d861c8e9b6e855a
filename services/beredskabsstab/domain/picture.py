"""The situation picture (situationsbillede): each authority writes its section, the chair approves the whole."""

from collections.abc import Iterable, Mapping

from contracts.refusal import Refusal, StaleVersion
from services.beredskabsstab.domain.plan import Plan


class UnknownHeading(Refusal):
    """A section has words under a heading that the framework plan does not have."""

    slug = "unknown-heading"
    status = 422
    title = "Overskriften findes ikke i rammeplanens situationsbillede."
    todo = "Brug de overskrifter, som situationsbilledet viser."


class NothingToApprove(Refusal):
    """Nobody has written anything since the last version."""

    slug = "nothing-to-approve"
    title = "Der er intet nyt i situationsbilledet at godkende."
    todo = "Se den seneste godkendte version, eller vent på et afsnit."


def require_headings(plan: Plan, used: Iterable[str]) -> None:
    """Refuse words under a heading that the plan does not have."""
    if not set(used) <= {one.code for one in plan.headings}:
        raise UnknownHeading


def require_version(current: int, seen: int) -> None:
    """Refuse a section written over one that the writer has not seen; 0 is one that nobody has written yet."""
    if seen != current:
        raise StaleVersion(version=current)


def approve(current: Mapping[str, int], seen: Mapping[str, int], last: Mapping[str, int] | None) -> None:
    """Refuse to approve what the chair has not seen, and what was approved already; versions by authority."""
    if dict(seen) != dict(current):
        raise StaleVersion
    if not current or (last is not None and dict(last) == dict(current)):
        raise NothingToApprove

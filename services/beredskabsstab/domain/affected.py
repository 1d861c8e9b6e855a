"""Whose sectors a message touches: those that its author names, and the municipalities in which it warns."""

from collections.abc import Iterable

from services.beredskabsstab.domain.cap import Info
from services.beredskabsstab.domain.information_refusals import SectorNotInStaff
from services.beredskabsstab.domain.plan import Plan


def affected(plan: Plan, named: Iterable[str], info: Info | None, author: str) -> frozenset[str]:
    """Return the authorities that must clear a message: no author leaves a municipality out in which it warns.

    Raises:
        SectorNotInStaff: the author names an authority that is not in the staff.
    """
    sectors = frozenset(named)
    unknown = sorted(one for one in sectors if plan.party(one) is None)
    if unknown:
        raise SectorNotInStaff(authorities=" ".join(unknown))
    codes = {code for area in info.areas for code in area.kommunekoder} if info else set()
    return (sectors | {one.authority for one in plan.parties if one.kommunekode in codes}) - {author}

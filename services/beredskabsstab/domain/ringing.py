"""Ring nu: whom the desk rings first, when machines have not reached them.

First what the quorum lacks, then who has had a message and said nothing, then who said no to it; whoever comes is rung
by nobody.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from contracts.alerting.v1 import AnswerKind
from services.beredskabsstab.domain.quorum import Lack


@dataclass(frozen=True, slots=True)
class Callee:
    """Somebody who was called, as far as it decides whether to ring."""

    call_id: str
    authority: str
    role: str
    name: str
    is_reached: bool
    answer: AnswerKind | None


def order(people: Iterable[Callee], lacks: Iterable[Lack]) -> list[Callee]:
    """Return whom to ring, the most needed first."""
    needed = {(one.authority, one.role) for one in lacks}
    silent = [one for one in people if one.answer is None]
    return sorted(
        silent, key=lambda one: ((one.authority, one.role) not in needed, one.is_reached, one.authority, one.name)
    )

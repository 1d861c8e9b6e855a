"""What comes on an agenda by itself: raised by who finds it, treated by a meeting, answered to who raised it."""

from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import UUID

from chassis.database import Tx
from services.councils.domain.matters import Matter, MatterNotReady, Treated
from services.councils.store import matters

Check = Callable[[Tx, Matter, Treated], Awaitable[list[str]]]
Effect = Callable[[Tx, Matter, Treated], Awaitable[None]]
T = TypeVar("T")

_CLOSES: dict[str, Check] = {}
_AFTER: dict[str, Effect] = {}


def closes_when(kind: str) -> Callable[[Check], Check]:
    """Register what a kind of matter needs before it is closed: it returns, in Danish, what is missing."""
    return _registered(_CLOSES, kind)


def when_treated(kind: str) -> Callable[[Effect], Effect]:
    """Register what follows, in the same transaction, when a matter of a kind has been treated."""
    return _registered(_AFTER, kind)


async def raise_matter(tx: Tx, matter: Matter) -> bool:
    """Let a matter wait for its council's next agenda; False where it is there already."""
    return await matters.add(tx, matter)


async def treat(tx: Tx, matter_id: UUID, treated: Treated) -> None:
    """Close a matter that stands on an agenda, and carry out what follows; one that was put off waits for that day.

    Raises:
        MatterNotReady: what the plan asks of it has not been done; `missing` names it.
    """
    matter = await matters.found(tx, matter_id)
    if matter is None:
        return
    await _require_ready(tx, matter, treated)
    await matters.treat(tx, matter.id, treated.meeting_id)
    if matter.kind in _AFTER:
        await _AFTER[matter.kind](tx, matter, treated)
    if treated.put_off_to is not None:
        await matters.put_off(tx, matter.id, treated.put_off_to)


async def _require_ready(tx: Tx, matter: Matter, treated: Treated) -> None:
    missing = await _CLOSES[matter.kind](tx, matter, treated) if matter.kind in _CLOSES else []
    if matter.must_decide and treated.decision_id is None:
        missing = [*missing, "en beslutning"]
    if missing:
        raise MatterNotReady(missing="; ".join(missing))


def _registered(register: dict[str, T], kind: str) -> Callable[[T], T]:
    def keep(function: T) -> T:
        if kind in register:
            message = f"matter {kind} is registered already"
            raise ValueError(message)
        register[kind] = function
        return function

    return keep

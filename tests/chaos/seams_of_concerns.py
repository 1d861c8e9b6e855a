"""The points inside concerns: an import, and the steps of a run. Each lies in a transaction that is still open."""

from collections.abc import Awaitable, Callable
from types import ModuleType
from typing import Any

from services.concerns.store import imports, registrations, searches
from tests.chaos.signals import Process

MID_IMPORT, MID_CLAIM, MID_JUDGING, MID_COMPLETION = "mid_import", "mid_claim", "mid_judging", "mid_completion"

PLACES: dict[str, tuple[ModuleType, str]] = {
    MID_IMPORT: (imports, "advance"),
    MID_CLAIM: (registrations, "claim"),
    MID_JUDGING: (searches, "keep_judged"),
    MID_COMPLETION: (searches, "completed"),
}
"""The function of the store after which each point lies."""


def install(process: Process) -> None:
    """Put the points around the store of concerns, in this process."""
    for point, (module, name) in PLACES.items():
        setattr(module, name, _with_point(process, point, getattr(module, name)))


def _with_point(process: Process, point: str, original: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def wrapped(*values: Any) -> Any:  # noqa: ANN401  as the original
        answer = await original(*values)
        await process.pass_by(point)
        return answer

    return wrapped

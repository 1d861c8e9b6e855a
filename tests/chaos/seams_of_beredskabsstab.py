"""The points inside beredskabsstab, from a call-in's commit to what alerting has taken of it."""

from collections.abc import Callable
from typing import Any, Final

from chassis.deadlines import Deadlines
from services.beredskabsstab.app import errands
from tests.chaos.signals import Process

BEFORE_TELL: Final = "before_tell"
"""An errand is taken from the table; alerting was not asked."""

BEFORE_NOTE: Final = "before_note"
"""Alerting has taken an errand; the table does not know."""


def install(process: Process) -> None:
    """Put the points around beredskabsstab, in this process."""
    told = errands._told

    async def told_with_points(service: Any, row: Any) -> Any:  # noqa: ANN401  as the original
        await process.pass_by(BEFORE_TELL, [row["errand_id"]])
        answer = await told(service, row)
        if answer[0]:
            await process.pass_by(BEFORE_NOTE, [row["errand_id"]])
        return answer

    _replace(errands, "_told", told_with_points)
    _observe_the_start(process)


def _observe_the_start(process: Process) -> None:
    run = Deadlines.run

    async def run_observed(self: Deadlines) -> None:
        process.saw("staff works")
        await run(self)

    _replace(Deadlines, "run", run_observed)


def _replace(owner: object, name: str, new: Callable[..., Any]) -> None:
    """Put a wrapper in a function's place, in this process."""
    setattr(owner, name, new)

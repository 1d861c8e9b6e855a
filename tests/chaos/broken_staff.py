"""Two mistakes in beredskabsstab, each a few lines long, that the checker of the staff has to catch."""

from importlib import import_module
from typing import Any


def done_before_told() -> None:
    """Save that alerting was told before it is, and trust that: no event says it either."""
    errands, calling = _of("app.errands"), _of("handlers.calling")
    take, append = _of("store.errands").take, calling.append

    async def take_for_good(tx: Any, at_most: int) -> Any:  # noqa: ANN401  as the original
        rows = await take(tx, at_most)
        await tx.execute(
            "update errand set done_at = clock() where errand_id = any($1)", [one["errand_id"] for one in rows]
        )
        return rows

    async def append_some(tx: Any, event: Any, **more: Any) -> None:  # noqa: ANN401  as the original
        if type(event).__name__ != "StaffCalled":
            await append(tx, event, **more)

    errands.errands.take, calling.append = take_for_good, append_some


def quorum_without_memory() -> None:
    """Tell how the rule stands at each look, whatever was told before."""
    quorum = _of("handlers.quorum")
    save = quorum.activations.save_quorum

    async def save_and_forget(tx: Any, activation_id: Any, found: Any, at: Any) -> bool:  # noqa: ANN401  as the original
        await save(tx, activation_id, found, at)
        return not found.is_reached

    quorum.activations.save_quorum = save_and_forget


def _of(module: str) -> Any:  # noqa: ANN401  a module, in the one process that may import it
    return import_module(f"services.beredskabsstab.{module}")

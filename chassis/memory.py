"""Gives memory back that a large piece of work has left behind, so that a service at rest is small."""

import asyncio
import ctypes
import gc

EVERY_S = 60.0

THRESHOLDS = 10_000, 20, 20
"""Objects more than before, and collections of each younger kind, until Python looks for unreachable ones."""


async def give_memory_back() -> None:
    """Collect what is unreachable and return free pages to the system, for ever; a no-op where libc cannot."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    gc.freeze()
    # What was there at the start is not looked at again, so the rest soon counts as much: Python would collect all of
    # it every few hundred allocations of a burst, which is a tenth of what the burst costs.
    gc.set_threshold(*THRESHOLDS)
    while True:
        await asyncio.sleep(EVERY_S)
        gc.collect()
        if trim is not None:
            trim(0)

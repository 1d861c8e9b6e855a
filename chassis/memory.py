"""Gives memory back that a large piece of work has left behind, so that a service at rest is small."""

import asyncio
import ctypes
import gc

EVERY_S = 60.0


async def give_memory_back() -> None:
    """Collect what is unreachable and return free pages to the system, for ever; a no-op where libc cannot."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    gc.freeze()
    while True:
        await asyncio.sleep(EVERY_S)
        gc.collect()
        if trim is not None:
            trim(0)

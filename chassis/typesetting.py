"""PDFs for services: a page and a template go to a process that ends with the PDF. See decision 15."""

import asyncio
import json
import sys
from collections.abc import Mapping
from pathlib import Path

from chassis.clients import ServiceAway

_TYPESETTER = Path(__file__).with_name("typesetter.py")
LONGEST_S = 30.0
_one_at_a_time = asyncio.Semaphore(1)
"""A PDF needs 46 MB for 0.6 s: there is never more than one."""


async def typeset(template: Path, page: Mapping[str, object], folder: Path | None = None) -> bytes:
    """Return the tagged PDF of a page, or one that takes in the PDFs of a folder.

    Raises:
        ServiceAway: typesetting does not come to an end.
    """
    argv = [str(_TYPESETTER), str(template), *([str(folder)] if folder else [])]
    async with _one_at_a_time:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", *argv),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,  # a compiler's complaint may quote what it was given
        )
        try:
            made, _ = await asyncio.wait_for(process.communicate(json.dumps(page).encode()), LONGEST_S)
        except BaseException as error:  # whoever asked may have gone away
            if process.returncode is None:
                process.kill()
                await process.wait()
            if isinstance(error, TimeoutError):
                raise ServiceAway(service="typesetting") from error
            raise
    if process.returncode != 0:
        message = f"typesetting ended with {process.returncode}"
        raise RuntimeError(message)
    return made

"""The wiring of audit, and what it does of its own accord: sign, compare, verify."""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path

from chassis import metrics
from chassis.infrastructure import DATABASE_ERRORS, describe
from chassis.service import Service
from services.audit.api import routers
from services.audit.app.signing import LogChanged, sign_daily
from services.audit.app.watching import Watch
from services.audit.store.keys import Keys

log = logging.getLogger(__name__)

LOOK_S = 60.0


def service() -> Service:
    """Return the service, wired to the world that its environment names."""
    keys = keys_from(os.environ)
    made = Service("audit", routers=routers(), background=[partial(_keep_looking, keys)])
    made.app.state.keys = keys
    return made


def keys_from(environment: Mapping[str, str]) -> Keys:
    """Return the keys in the folder that `AUDIT_KEYS` names."""
    return Keys(Path(environment["AUDIT_KEYS"]))


async def _keep_looking(keys: Keys, made: Service) -> None:
    """Compare the closed days and sign the day's checkpoint, for ever."""
    # The public keys can be read from the first moment on.
    keys.signer()
    pause, watch = float(os.environ.get("AUDIT_LOOK_S", LOOK_S)), Watch(made.database)
    while True:
        await _try(partial(sign_daily, made.database, keys))
        await _try(watch.look)
        await asyncio.sleep(pause)


async def _try(look: Callable[[], Awaitable[object]]) -> None:
    """Look once; what fails is counted, rings, and is looked at again."""
    try:
        await look()
    except (*DATABASE_ERRORS, LogChanged) as error:
        metrics.AUDIT_LOOKS_FAILED.inc()
        log.error("the audit log could not be looked at", extra={"cause": describe(error)})  # noqa: TRY400  the cause says it, without a statement's values

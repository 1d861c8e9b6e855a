"""The persons service, killed as by a power cut when it comes to a point: `python -m tests.component.persons.crashing`.

`before-key` and `after-key` lie around the destruction of a person's key, `before-told` just before that is committed.
"""

import os
import signal
import sys
from collections.abc import Sequence
from uuid import UUID

from chassis.database import Database, Tx
from services.persons.app import service
from services.persons.store.vault import Vault


def crash_at(point: str) -> None:
    """Put the point around the service's own methods, in this process only."""
    destroy, commit = Vault.destroy, Database.commit
    destroyed: list[UUID] = []

    async def destroy_with_points(self: Vault, ids: Sequence[UUID]) -> None:
        _end(point == "before-key" and bool(ids))
        await destroy(self, ids)
        _end(point == "after-key" and bool(ids))
        destroyed.extend(ids)

    async def commit_with_point(self: Database, tx: Tx) -> None:
        _end(point == "before-told" and bool(destroyed))
        await commit(self, tx)

    Vault.destroy = destroy_with_points  # type: ignore[method-assign]
    Database.commit = commit_with_point  # type: ignore[method-assign]


def _end(reached: bool) -> None:
    if reached:
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    crash_at(sys.argv[1])
    service().run()

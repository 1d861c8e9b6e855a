"""When a board that somebody watches is shown anew: after each change of it, and each minute, as it says how long."""

from uuid import UUID

from chassis.service import Service
from chassis.web.live import VersionOf
from services.beredskabsstab.store import calls, plans


def versions(service: Service) -> VersionOf:
    """Return what reads the version of an activation's board."""

    async def version_of(activation_id: str) -> str:
        async with service.database.tx(service.worker) as tx:
            changes, at = await calls.board_version(tx, UUID(activation_id)), await plans.now(tx)
        return f"{changes}-{at:%d%H%M}"

    return version_of

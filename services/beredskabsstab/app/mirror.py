"""Alerting's boards, read over HTTP: names and telephones of who was called, and answers while the broker is away."""

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING

from chassis.clients import ServiceAway, ServiceRefused
from chassis.infrastructure import DATABASE_ERRORS, describe
from chassis.service import Service
from services.beredskabsstab.domain.boards import Board
from services.beredskabsstab.handlers.answers import mirrored
from services.beredskabsstab.store import calls

if TYPE_CHECKING:
    from asyncpg import Record

log = logging.getLogger(__name__)

LOOK_EVERY_S = 2.0
WAKE = "boards"


async def watch_boards(service: Service) -> None:
    """Read the boards of open call-ins, soon after something happened and every two seconds."""
    wake = asyncio.Event()
    service.database.wakers[WAKE] = wake.set
    while True:
        wake.clear()
        try:
            await _look(service)
        except DATABASE_ERRORS as error:
            log.warning("boards are read again", extra={"cause": describe(error)})
        with suppress(TimeoutError):
            await asyncio.wait_for(wake.wait(), LOOK_EVERY_S)


async def _look(service: Service) -> None:
    async with service.database.tx(service.worker) as tx:
        open_ones = await calls.open_ones(tx)
    for row in open_ones:
        board = await _board(service, row)
        if board is not None:
            async with service.database.tx(service.worker) as tx:
                await mirrored(tx, row, board)


async def _board(service: Service, row: "Record") -> Board | None:
    try:
        found = await service.clients.get("alerting", f"/alerts/{row['alert_id']}?raised_by={row['desk']}")
        return Board.model_validate(found)
    except (ServiceAway, ServiceRefused):
        return None

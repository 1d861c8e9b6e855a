"""One service process: HTTP, relay, consumers and deadlines in one life."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from importlib import import_module
from inspect import getdoc

import uvicorn
from fastapi import APIRouter, FastAPI

from chassis import deadlines, health, logs, openapi, problems, telemetry
from chassis.access import record_refusal
from chassis.clients import ServiceClient
from chassis.closing import close_days
from chassis.consumers import Consumers
from chassis.database import Database
from chassis.deadlines import Deadlines
from chassis.identity import Principal, Tokens
from chassis.maintenance import keep_house
from chassis.memory import give_memory_back
from chassis.middleware import AtTheDoor
from chassis.outbox import BULK, URGENT
from chassis.relay import Relay
from chassis.settings import settings_for
from chassis.wire import Protocol
from contracts.codes import Mode

log = logging.getLogger(__name__)

Background = Callable[["Service"], Awaitable[None]]


class Service:
    """What a service's `app.py` puts together."""

    def __init__(
        self,
        name: str,
        *,
        routers: Sequence[APIRouter] = (),
        background: Sequence[Background] = (),
        first: Sequence[Background] = (),
        handlers: str | None = None,
    ) -> None:
        """Wire a service; its `handlers` module registers what it reacts to and when it is woken.

        What is `first` is done before anything is answered or heard; the service does not start when it fails.
        """
        self.settings = settings_for(name)
        registered = import_module(handlers or f"services.{name}.handlers")
        self.about = getdoc(import_module(registered.__package__ or name)) or name
        self.database = Database(self.settings)
        self.tokens = Tokens(self.settings.issuer)
        self.clients = ServiceClient(self.settings)
        self.consumers = Consumers(self.database, self.settings)
        self.relays = [Relay(self.settings, shard) for shard in (URGENT, BULK)]
        self.deadlines = Deadlines(self.database, self.settings)
        self.background = background
        self.first = first
        self.app = self._application(routers)
        self._server: uvicorn.Server | None = None
        self._failed = False

    def _application(self, routers: Sequence[APIRouter]) -> FastAPI:
        app = FastAPI(
            title=f"Samvirke: {self.settings.service}",
            description=self.about,
            lifespan=self._lifespan,
            redoc_url=None,
            # `AtTheDoor` spans each request with attributes of the registry; two spans would tell it twice.
            telemetry={"tracing": False, "metrics": False, "logs": False},
        )
        app.state.service = self
        problems.install(app, partial(record_refusal, self.database))
        openapi.install(app)
        app.add_middleware(AtTheDoor, settings=self.settings)
        for router in (*routers, health.router):
            app.include_router(router)
        return app

    @property
    def worker(self) -> Principal:
        """Return the principal of the service's own work."""
        return Principal.worker(self.settings.service)

    @property
    def stopping(self) -> bool:
        """Return whether the process was told to end: whoever holds a request open should answer it now."""
        return self._server is not None and self._server.should_exit

    def wake_relays(self) -> None:
        """Let the relays look at once: something was told."""
        for relay in self.relays:
            relay.wake.set()

    @asynccontextmanager
    async def _lifespan(self, _: FastAPI) -> AsyncIterator[None]:
        provider = telemetry.start(self.settings)
        await self.database.start()
        for work in self.first:
            await work(self)
        self.database.wakers |= {"relays": self.wake_relays, deadlines.WAKE: self.deadlines.wake.set}
        tasks = [self._keep(work) for work in self._work()]
        try:
            yield
        finally:
            await self.consumers.stop()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self.clients.stop()
            await self.database.stop()
            if provider:
                provider.shutdown()

    def _work(self) -> list[Callable[[], Awaitable[None]]]:
        return [
            self.consumers.start,
            *(relay.run for relay in self.relays),
            self.deadlines.run,
            partial(keep_house, self.database),
            *(_live_only(self.database) if self.settings.mode is Mode.LIVE else ()),
            give_memory_back,
            *(partial(work, self) for work in self.background),
        ]

    def _keep(self, work: Callable[[], Awaitable[None]]) -> asyncio.Task[None]:
        async def run() -> None:
            await work()

        task = asyncio.create_task(run())
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        """End the process when part of its work has ended by a fault: half a service is worse than a restart."""
        if not task.cancelled() and (error := task.exception()):
            log.critical("part of the service has failed; it ends", exc_info=error)
            self._failed = True
            if self._server:
                self._server.should_exit = True

    def run(self) -> int:
        """Serve until told to stop; returns the process's exit status."""
        logs.configure(self.settings.identity)
        config = uvicorn.Config(
            self.app,
            host=self.settings.http_host,
            port=self.settings.http_port,
            loop="uvloop",
            http=Protocol,
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=5,
        )
        self._server = uvicorn.Server(config)
        self._server.run()
        return 1 if self._failed or not self._server.started else 0


def _live_only(database: Database) -> list[Callable[[], Awaitable[None]]]:
    """Return the work that an exercise has not: no citizen is in it, so there are no uses of data to account for."""
    return [partial(close_days, database)]

"""A pen for events of alerting and an open connection to the database, quick enough for chance."""

import asyncio
from collections.abc import Coroutine
from datetime import datetime
from threading import Thread
from typing import Any, TypeVar
from uuid import UUID, uuid4

import asyncpg
from aiokafka import AIOKafkaProducer

from contracts.alerting.v1 import AlertAnswered
from contracts.cloudevents import to_headers
from contracts.event import Envelope
from deploy.local.databases import in_database
from deploy.local.provision import admin_url
from tests.stack import Stack

T = TypeVar("T")


class Wire:
    """What a test does beside the services."""

    def __init__(self, stack: Stack) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._con, self._producer = self._run(self._open(stack))

    async def _open(self, stack: Stack) -> tuple[Any, AIOKafkaProducer]:
        con = await asyncpg.connect(in_database(admin_url(stack.ports), "beredskabsstab"))
        producer = AIOKafkaProducer(bootstrap_servers=stack.bootstrap, enable_idempotence=True)
        await producer.start()
        return con, producer

    def close(self) -> None:
        """Let everything go."""
        self._run(self._producer.stop())
        self._run(self._con.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(20)

    def sql(self, statement: str, *values: object) -> Any:  # noqa: ANN401  a column may hold anything
        """Return what a statement finds first."""
        return self._run(self._con.fetchval(statement, *values))

    def rows(self, statement: str, *values: object) -> list[Any]:
        """Return what a statement finds."""
        return self._run(self._con.fetch(statement, *values))

    def tell(self, event: AlertAnswered, at: datetime, event_id: UUID | None = None) -> UUID:
        """Tell an answer as alerting's relay does, and return the event's id."""
        envelope = Envelope(
            id=event_id or uuid4(),
            type=event.type(),
            source="/samvirke/alerting",
            subject=str(event.alert_id),
            time=at,
            correlation_id=event.alert_id,
            legal_basis=event.legal_basis,
            purpose=event.purpose,
            aggregate_version=event.number,
        )
        key = str(event.alert_id).encode()
        self._run(self._producer.send_and_wait(event.topic(), event.value(), key=key, headers=to_headers(envelope)))
        return envelope.id

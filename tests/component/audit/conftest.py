"""Audit as the process that it is, beside a pen that tells records as any service does."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from aiokafka import AIOKafkaProducer

from contracts.cloudevents import to_headers
from contracts.event import Envelope, Event
from deploy.local.databases import in_database
from deploy.local.provision import admin_url
from tests.component.audit import proof
from tests.component.audit.records import HERNING, access
from tests.stack import Stack


class Pen:
    """Tells records as the services do."""

    def __init__(self, producer: AIOKafkaProducer, owner: "asyncpg.Connection[asyncpg.Record]") -> None:
        self.producer = producer
        self.owner = owner
        self.told = 0

    async def tell(self, event: Event, *, service: str = "concerns", at: datetime | None = None) -> UUID:
        """Tell one event, and return its id."""
        envelope = Envelope(
            id=uuid4(),
            type=event.type(),
            source=f"/samvirke/{service}",
            subject=str(event.aggregate_id),
            time=at or datetime.now(UTC),
            correlation_id=uuid4(),
            legal_basis=event.legal_basis,
            purpose=event.purpose,
            aggregate_version=1,
        )
        key = str(event.aggregate_id).encode()
        await self.producer.send_and_wait(event.topic(), event.value(), key=key, headers=to_headers(envelope))
        return envelope.id

    async def access(self, **fields: object) -> UUID:
        """Tell that somebody used data, wait until the log has it, and return the event's id."""
        told = access(**fields)
        event_id = await self.tell(told, service=str(fields.get("service", "concerns")), at=told.at)
        await self.entered(event_id)
        return event_id

    async def entered(self, event_id: UUID) -> int:
        """Wait until a record stands in the log; returns its place."""
        return int(await self.until("select position from entry where event_id = $1", event_id))

    async def until(self, question: str, *values: object) -> int:
        """Wait until the database answers a question with something, and return it."""
        for _ in range(300):
            found: int | None = await self.owner.fetchval(question, *values)
            if found:
                return found
            await asyncio.sleep(0.05)
        message = f"not within 15 seconds: {question}"
        raise AssertionError(message)


@pytest.fixture(scope="session")
async def proof_database(stack: Stack) -> None:
    """Make the database in which logs are tampered with."""
    await proof.make_database(stack)


@pytest.fixture
async def log(stack: Stack, proof_database: None, tmp_path: Path) -> AsyncIterator[proof.Log]:
    """Return an empty log of its own."""
    async with proof.opened(stack, tmp_path / "keys") as opened:
        yield opened


@pytest.fixture(scope="session")
def audit_url(stack: Stack) -> str:
    """Return where audit answers; it runs until the end of the session."""
    if "audit" not in stack.processes:
        # With a place of its own in its group, as the process manager gives it: audit hears of several topics.
        stack.start_service("audit", {"AUDIT_LOOK_S": "3600", "INSTANCE": "1"})
    return stack.url("audit")


@pytest.fixture
async def owner(stack: Stack) -> "AsyncIterator[asyncpg.Connection[asyncpg.Record]]":
    """Return a connection of somebody who may do anything to the log's database."""
    con = await asyncpg.connect(in_database(admin_url(stack.ports), "audit"))
    yield con
    await con.close()


@pytest.fixture
async def pen(stack: Stack, audit_url: str, owner: "asyncpg.Connection[asyncpg.Record]") -> AsyncIterator[Pen]:
    """Return a pen beside a running audit."""
    async with AIOKafkaProducer(bootstrap_servers=stack.bootstrap, enable_idempotence=True) as producer:
        yield Pen(producer, owner)


@pytest.fixture
def ask(stack: Stack, audit_url: str) -> Callable[..., httpx.Response]:
    """Return a function that asks audit as somebody with a role at an authority."""

    def send(
        path: str,
        body: object = None,
        *,
        role: str = "data_protection",
        authority: str = HERNING,
        subject: str | None = None,
    ) -> httpx.Response:
        headers = stack.bearer(role, authority, subject=subject) | {"Idempotency-Key": str(uuid4())}
        method = "GET" if body is None else "POST"
        return httpx.request(method, audit_url + path, json=body, headers=headers, timeout=30)

    return send

"""Exchange as the process that it is, on a real broker, and a relay's way of writing into mailboxes."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid4

import httpx
import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient

from contracts.cloudevents import to_headers
from contracts.codes import LegalBasis, Mailbox, Office, Purpose, mailboxes
from contracts.event import Envelope
from tests.stack import Stack

SENT = "dk.samvirke.concerns.UnderretningSent.v1"


class Relay:
    """Writes records into mailboxes as a relay does."""

    def __init__(self, producer: AIOKafkaProducer) -> None:
        self._producer = producer

    async def tell(
        self, mailbox: Mailbox, *, sequence: int = 1, value: bytes = b"{}", kind: str = SENT, event: UUID | None = None
    ) -> UUID:
        """Write one event and return its id."""
        envelope = Envelope(
            id=event or uuid4(),
            type=kind,
            source="/samvirke/concerns",
            subject=str(uuid4()),
            time=datetime(2026, 3, 2, 12, tzinfo=UTC),
            correlation_id=uuid4(),
            legal_basis=LegalBasis.BARNETS_LOV_133,
            purpose=Purpose.UNDERRETNING,
            mailbox_sequence=sequence,
        )
        await self.write(mailbox, to_headers(envelope), value)
        return envelope.id

    async def write(
        self, mailbox: Mailbox, headers: Sequence[tuple[str, bytes | None]], value: bytes | None = b"{}"
    ) -> None:
        """Write any record at all."""
        await self._producer.send_and_wait(mailbox.topic, value, key=b"key", headers=headers)


@pytest.fixture(scope="session")
def exchange(stack: Stack) -> Iterator[str]:
    """Return the address of a running exchange."""
    if "exchange" not in stack.processes:
        stack.start_service("exchange")
    yield stack.url("exchange")
    stack.stop_process("exchange")


@pytest.fixture
async def relay(stack: Stack) -> AsyncIterator[Relay]:
    """Return a relay's pen."""
    async with AIOKafkaProducer(bootstrap_servers=stack.bootstrap, enable_idempotence=True) as producer:
        yield Relay(producer)


@pytest.fixture
async def admin(stack: Stack) -> AsyncIterator[AIOKafkaAdminClient]:
    """Return a client that may take records away, as retention does."""
    client = AIOKafkaAdminClient(bootstrap_servers=stack.bootstrap)
    await client.start()
    yield client
    await client.close()


@pytest.fixture(scope="session")
def new_mailbox() -> Callable[[], Mailbox]:
    """Return a giver of mailboxes that no other test has written to."""
    municipalities = ("0661", "0665", "0671", "0740", "0756", "0760", "0773", "0779", "0787")
    # Services of the same session tell of underretninger, plans and staffs: those offices' mailboxes are not empty.
    offices = [office for office in Office if office not in {Office.BOERN, Office.RAAD, Office.BEREDSKAB}]
    made = [Mailbox(f"kommune-{code}", office) for code in municipalities for office in offices]
    unused = [one for one in made if one in mailboxes()]
    return unused.pop


@pytest.fixture
def mailbox(new_mailbox: Callable[[], Mailbox]) -> Mailbox:
    """Return a mailbox that no other test has written to."""
    return new_mailbox()


Reader = Callable[[Mailbox], httpx.AsyncClient]


@pytest.fixture
async def reader(stack: Stack, exchange: str) -> AsyncIterator[Reader]:
    """Return a maker of clients that sign in as the system of a mailbox."""
    clients: list[httpx.AsyncClient] = []

    def client_of(mailbox: Mailbox) -> httpx.AsyncClient:
        headers = stack.bearer("system", mailbox.authority, mailbox.office, subject=f"system-{mailbox}")
        clients.append(httpx.AsyncClient(base_url=f"{exchange}/mailboxes/{mailbox}", headers=headers, timeout=40))
        return clients[-1]

    yield client_of
    await asyncio.gather(*(client.aclose() for client in clients))

"""A secured broker of these tests alone, with one record in each mailbox and each topic of the contracts."""

import asyncio
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaProducer

from chassis.kafka import connection
from contracts.cloudevents import to_headers
from contracts.codes import LegalBasis, Purpose
from contracts.event import Envelope
from deploy.local.certificates import issue
from deploy.local.topics import wanted_topics
from tests.component.kafka_security.apache import Attempts
from tests.component.kafka_security.strangers import FOREIGN, HERNING, UNKNOWN, UNNAMED
from tests.stack import Stack


@pytest.fixture(scope="package")
def secured() -> Iterator[Stack]:
    """Real servers as `make up SECURE=1` starts them."""
    running = Stack(secure=True)
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="package")
async def seeded(secured: Stack) -> Stack:
    """Lay one record into the first partition of every topic; its value is the topic's name."""
    async with AIOKafkaProducer(**connection(secured.kafka)) as producer:
        await asyncio.gather(
            *(
                producer.send_and_wait(topic, topic.encode(), b"seed", partition=0, headers=_of_no_known_type())
                for topic in wanted_topics()
            )
        )
    return secured


@pytest.fixture(scope="package")
def attempts(seeded: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attempts]:
    """Return Apache Kafka's clients with every certificate of the stack, and those of strangers beside them."""
    folder = tmp_path_factory.mktemp("tls")
    shutil.copytree(seeded.run / "tls", folder, dirs_exist_ok=True)
    issue(folder, [UNKNOWN, UNNAMED])
    issue(folder / "elsewhere", [str(HERNING)])
    shutil.copy(folder / "elsewhere" / f"{HERNING}.pem", folder / f"{FOREIGN}.pem")
    running = Attempts(seeded, folder)
    yield running
    running.stop()


def _of_no_known_type() -> list[tuple[str, bytes]]:
    """Return headers that every service ignores."""
    return to_headers(
        Envelope(
            id=uuid4(),
            type="dk.samvirke.test.Seeded.v1",
            source="/samvirke/test",
            subject=str(uuid4()),
            time=datetime(2026, 3, 2, 12, tzinfo=UTC),
            correlation_id=uuid4(),
            legal_basis=LegalBasis.RETSHAANDHAEVELSESLOVEN,
            purpose=Purpose.LAWFULNESS_CONTROL,
            aggregate_version=1,
        )
    )

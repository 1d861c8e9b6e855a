"""Ask whether servers and services are ready, by talking to them."""

import asyncio

import asyncpg
import httpx
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from chassis.kafka import KafkaSettings, connection
from deploy.local.databases import in_database
from deploy.local.ports import Ports, listens
from deploy.local.services import OWNING_NO_DATA


def postgres_is_ready(server: str) -> bool:
    """Tell whether PostgreSQL takes connections; while it recovers it refuses them."""
    return asyncio.run(postgres_answers(server))


async def postgres_answers(server: str) -> bool:
    """Tell whether PostgreSQL takes connections, for whoever has a loop already."""
    try:
        connection = await asyncpg.connect(in_database(server, "postgres"), timeout=5)
        await connection.close()
    except (OSError, TimeoutError, asyncpg.PostgresError):
        return False
    return True


def kafka_is_ready(kafka: KafkaSettings) -> bool:
    """Tell whether the broker answers about the cluster; a listening port alone says nothing."""
    host, _, number = kafka.kafka_bootstrap.split(",", maxsplit=1)[0].rpartition(":")
    local = host in {"127.0.0.1", "localhost"}
    return (not local or listens(int(number))) and asyncio.run(_kafka_answers(kafka))


def service_is_ready(name: str, ports: Ports) -> bool:
    """Tell whether a service says that it is ready; a stand-in is when it listens."""
    if name in {*OWNING_NO_DATA, "zipkin"}:
        return listens(ports.of(name), ports.host(name))
    try:
        return httpx.get(f"{ports.http(name)}/health/ready", timeout=2).is_success
    except httpx.HTTPError:
        return False


async def _kafka_answers(kafka: KafkaSettings) -> bool:
    admin = AIOKafkaAdminClient(**connection(kafka), request_timeout_ms=3000)
    try:
        await admin.start()
        return bool((await admin.describe_cluster())["brokers"])
    except KafkaError:
        return False
    finally:
        await admin.close()

"""Starts the probe's services on a stack."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.request import urlopen

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAlreadyExistsError

from chassis.kafka import connection
from deploy.local.databases import CHASSIS_MIGRATIONS, ServiceDatabase, in_database, provision_databases
from deploy.local.processes import wait_until
from deploy.local.provision import admin_url
from deploy.local.secured import PROVISIONER, kafka_environment
from tests.probe.v1 import NoteWritten
from tests.stack import Stack

MIGRATIONS = (CHASSIS_MIGRATIONS, Path(__file__).parent / "migrations")
OFFSETS = {"teller": 150, "hearer": 151}
PARTITIONS = 12


async def provision_probe(stack: Stack) -> None:
    """Make the probe's databases and its topic."""
    databases = [ServiceDatabase(name, MIGRATIONS) for name in OFFSETS]
    await provision_databases(admin_url(stack.ports), databases, demonstration=True)
    admin = AIOKafkaAdminClient(**connection(stack.kafka))
    await admin.start()
    try:
        await admin.create_topics([NewTopic(NoteWritten.topic(), PARTITIONS, 1)])
    except TopicAlreadyExistsError:
        pass
    finally:
        await admin.close()


def database_of(stack: Stack, name: str) -> str:
    """Return the address of a probe's database, for a user that sees everything."""
    return in_database(admin_url(stack.ports), name)


def address(stack: Stack, name: str) -> str:
    """Return the base address of a probe's service."""
    return f"http://127.0.0.1:{stack.ports.base + OFFSETS[name]}"


def environment(stack: Stack, name: str) -> dict[str, str]:
    """Return what a probe's process reads from its environment."""
    own = {"HTTP_PORT": str(stack.ports.base + OFFSETS[name])}
    # The contracts do not know the probe, so the broker has no rights for it: it connects as who needs none.
    return stack.environment("persons") | kafka_environment(stack.run, stack.ports, PROVISIONER) | own


def start_probe(stack: Stack, name: str, env: Mapping[str, str] | None = None) -> "subprocess.Popen[bytes]":
    """Start one of the probe's services and wait until it is ready."""
    log = (stack.run / "log" / f"{name}.log").open("ab")
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.probe.service", name],
        env=dict(os.environ) | environment(stack, name) | dict(env or {}),
        stdout=log,
        stderr=log,
    )
    wait_until(lambda: _is_ready(stack, name), f"{name} ready", 20)
    return process


def _is_ready(stack: Stack, name: str) -> bool:
    try:
        with urlopen(f"{address(stack, name)}/health/ready", timeout=2) as answer:  # noqa: S310  our own address
            return bool(answer.status == 200)
    except OSError:
        return False


def make_probe(stack: Stack) -> None:
    """Make the probe's databases and topic, from outside any event loop."""
    asyncio.run(provision_probe(stack))

"""Writes to a topic of three brokers and reads it again: run where provisioning runs, with its certificate.

Text of its own, which a container is given by `python -c`: no image holds tests. The last line printed is JSON.
"""

import asyncio
import json
import os
import sys
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from chassis.kafka import connection
from deploy.local.ports import Ports
from deploy.local.secured import kafka_settings
from deploy.local.servers import run_dir
from deploy.local.topics import wanted_topics

TOPIC = "samvirke.trial.replicated"
PATIENCE_S = 60


async def replicas(reached: dict[str, Any]) -> dict[str, list[int]]:
    """Make the topic of the trial; return by how many brokers topics are kept, and by how many they must be."""
    admin = AIOKafkaAdminClient(**reached)
    await admin.start()
    own = NewTopic(TOPIC, 3, 3, topic_configs={"min.insync.replicas": "2"})
    await admin.create_topics([own])
    names = [*wanted_topics(), TOPIC]
    described = await admin.describe_topics([*names, "__consumer_offsets"])
    asked = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
    told = await admin.describe_configs(asked)
    await admin.close()
    entries = [entry for answer in told for resource in answer.resources for entry in resource[4]]
    return {
        "kept_by": sorted({len(one["replicas"]) for topic in described for one in topic["partitions"]}),
        "at_least": sorted({int(entry[1]) for entry in entries if entry[0] == "min.insync.replicas"}),
    }


async def in_step(reached: dict[str, Any]) -> bool:
    """Tell whether every broker has everything that another has."""
    admin = AIOKafkaAdminClient(**reached)
    await admin.start()
    described = await admin.describe_topics([*wanted_topics(), "__consumer_offsets"])
    await admin.close()
    return all(len(one["isr"]) == len(one["replicas"]) for topic in described for one in topic["partitions"])


async def write(reached: dict[str, Any], first: str, last: str) -> int:
    """Write numbers, and return how many were taken."""
    producer = AIOKafkaProducer(**reached, enable_idempotence=True)
    await producer.start()
    sent = [await producer.send(TOPIC, str(one).encode()) for one in range(int(first), int(last))]
    done, _ = await asyncio.wait(sent, timeout=PATIENCE_S)
    return sum(not one.exception() for one in done)


async def read(reached: dict[str, Any]) -> list[int]:
    """Return every number that stands in the topic."""
    consumer = AIOKafkaConsumer(TOPIC, **reached, auto_offset_reset="earliest")
    await consumer.start()
    ends = await consumer.end_offsets(consumer.assignment())
    found: list[int] = []
    while any([await consumer.position(one) < end for one, end in ends.items()]):
        for records in (await consumer.getmany(timeout_ms=1000)).values():
            found += [int(record.value) for record in records]
    await consumer.stop()
    return found


async def main() -> None:
    """Do what the command line names."""
    reached = connection(kafka_settings(run_dir(), Ports.from_environment()))
    found = await globals()[sys.argv[1]](reached, *sys.argv[2:])
    sys.stdout.write(f"{json.dumps(found)}\n")
    sys.stdout.flush()
    # A producer that waits for brokers would send what it holds when they are back: it is told to nobody.
    os._exit(0)


if __name__ == "__main__":
    asyncio.run(main())

"""Records sent as the relay sends them, to a new topic of twelve partitions.

    python -m bench.scale.produce BOOTSTRAP COPIES SECONDS

First 100 a second, each awaited, then as many as go through in batches of the relay's size, in order, from one task.
Prints one JSON object: p50_ms, p99_ms and longest_ms from sending to the acknowledgement, and per_s flat out.
"""

import asyncio
import json
import sys
import time
import uuid

import uvloop
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

RATE, BATCH, PARTITIONS = 100, 1000, 12
VALUE = json.dumps({"id": str(uuid.uuid4()), "d": "x" * 400}).encode()


async def main(bootstrap: str, copies: int, seconds: float) -> None:
    """Send both ways and print the figures."""
    topic = f"bench{uuid.uuid4().hex[:8]}"
    await _make(bootstrap, topic, copies)
    # The relay's own settings, see chassis/relay.py.
    producer = AIOKafkaProducer(
        bootstrap_servers=bootstrap,
        enable_idempotence=True,
        max_batch_size=524_288,
        compression_type="lz4",
        linger_ms=0,
    )
    await producer.start()
    await _batch(producer, topic)
    ms = await _at_rate(producer, topic, seconds)
    per_s = await _flat_out(producer, topic, seconds)
    await producer.stop()
    p50, p99 = ms[len(ms) // 2], ms[int(len(ms) * 0.99)]
    print(json.dumps({"p50_ms": p50, "p99_ms": p99, "longest_ms": ms[-1], "n": len(ms), "per_s": per_s}))


async def _make(bootstrap: str, topic: str, copies: int) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    settings = {"min.insync.replicas": str(max(1, copies - 1))}
    await admin.create_topics([NewTopic(topic, PARTITIONS, copies, topic_configs=settings)])
    await admin.close()


async def _at_rate(producer: AIOKafkaProducer, topic: str, seconds: float) -> list[float]:
    ms: list[float] = []

    async def one() -> None:
        began = time.perf_counter()
        await producer.send_and_wait(topic, VALUE, key=uuid.uuid4().bytes)
        ms.append(round((time.perf_counter() - began) * 1000, 2))

    began, tasks = time.perf_counter(), []
    for place in range(int(RATE * seconds)):
        if (wait := began + place / RATE - time.perf_counter()) > 0:
            await asyncio.sleep(wait)
        tasks.append(asyncio.create_task(one()))
    await asyncio.gather(*tasks)
    return sorted(ms)


async def _flat_out(producer: AIOKafkaProducer, topic: str, seconds: float) -> int:
    began, sent = time.perf_counter(), 0
    while time.perf_counter() - began < seconds:
        await _batch(producer, topic)
        sent += BATCH
    return round(sent / (time.perf_counter() - began))


async def _batch(producer: AIOKafkaProducer, topic: str) -> None:
    await asyncio.gather(*[await producer.send(topic, VALUE, key=uuid.uuid4().bytes) for _ in range(BATCH)])


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])))

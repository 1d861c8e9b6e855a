"""A service without a broker: it starts, takes commands, says what is missing, and goes on when the broker is back."""

import asyncio
from collections import Counter
from uuid import uuid4

import httpx
import pytest

from tests.component.chassis.house import House
from tests.component.chassis.processes import running
from tests.component.chassis.test_processes import QUICK_GROUP, all_heard, says
from tests.stack import Stack

pytestmark = pytest.mark.component


async def test_started_without_a_broker_it_takes_commands_and_hears_when_there_is_one(
    probe: Stack, teller: House, hearer: House
) -> None:
    if "kafka" not in probe.processes:
        pytest.skip("the broker is not ours to kill")
    probe.kill("kafka")
    note = uuid4()
    with running(probe, "teller") as telling, running(probe, "hearer", 1, QUICK_GROUP) as hearing:
        await says(telling, "/health/live", 200)
        headers = probe.bearer("system", "kommune-0657", "boern") | {"Idempotency-Key": str(note)}
        async with httpx.AsyncClient(headers=headers) as client:
            answer = await client.post(f"{telling.address}/notes/{note}", json={"number": 1})
        assert answer.is_success
        await says(hearing, "/health/live", 200)
        assert hearing.missing() == ["broker"]
        probe.start_server("kafka")
        await asyncio.to_thread(probe.wait_for_kafka)
        await all_heard(hearer, Counter({str(note): 1}))
        await says(hearing, "/health/ready", 200)

"""What operators do at the command line, as the process that they start."""

import os
import subprocess
import sys
from collections.abc import Sequence
from uuid import UUID, uuid4

from chassis.outbox import append
from contracts.concerns.v1 import UnderretningSent
from contracts.event import Envelope
from tests.component.chassis.house import Ear, House, Reacting
from tests.component.chassis.kafka import NOON, Broker, envelopes, note
from tests.component.chassis.test_append import HERNING, an_underretning
from tests.component.chassis.test_parked import failing_on, park_three
from tests.component.chassis.test_relay import emptied, relaying, tell
from tests.probe.world import environment
from tests.stack import Stack


def operations(probe: Stack, service: str, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "chassis.operations", *words, "--service", service]
    env = dict(os.environ) | environment(probe, service)
    return subprocess.run(
        [*command, "--handlers", f"tests.probe.{service}"],
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


async def park(broker: Broker, hearer: House, reacting: Reacting) -> UUID:
    reacting(failing_on(1))
    async with Ear(hearer, await broker.topic()) as ear:
        return await park_three(broker, hearer, ear)


async def test_what_waits_is_listed_and_released(
    probe: Stack, broker: Broker, hearer: House, reacting: Reacting
) -> None:
    key = str(await park(broker, hearer, reacting))
    listed = operations(probe, "hearer", "parked").stdout
    assert key in listed
    assert "3 message(s)" in listed
    assert "handler: LookupError" in listed
    tried = operations(probe, "hearer", "release", "--key", key, "--reason", "to see", "--dry-run")
    assert (tried.returncode, tried.stdout.endswith("(dry run)\n")) == (0, True)
    assert await hearer.count("parked_message") == 3
    released = operations(probe, "hearer", "release", "--key", key, "--reason", "the handler was mended")
    assert (released.returncode, released.stdout) == (0, released.stdout)
    assert "3 of 3 released" in released.stdout
    assert await hearer.heard() == [1, 2, 3]
    [(reason, by)] = await hearer.rows("select distinct reason, decided_by from parked_decision")
    assert reason == "the handler was mended"
    assert by
    assert operations(probe, "hearer", "parked").stdout == ""


async def test_what_still_fails_is_told_by_the_status(probe: Stack, broker: Broker, hearer: House) -> None:
    async with Ear(hearer, await broker.topic()) as ear:
        await broker.send(ear.topic, note(1).header("ce_type", b"dk.samvirke.probe.NoteWritten.v9"))
        await ear.hear(1)
    released = operations(probe, "hearer", "release", "--reason", "hope")
    assert released.returncode == 1
    assert "0 of 1 released" in released.stdout
    assert operations(probe, "hearer", "skip", "--reason", "").returncode != 0, "a decision has a reason"
    skipped = operations(probe, "hearer", "skip", "--reason", "a test wrote it")
    assert "1 of 1 skipped" in skipped.stdout


async def test_a_case_is_told_in_the_order_of_events(
    probe: Stack, broker: Broker, hearer: House, reacting: Reacting
) -> None:
    case = str(await park(broker, hearer, reacting))
    operations(probe, "hearer", "skip", "--key", case, "--reason", "so that it was heard")
    lines = operations(probe, "hearer", "case", "--id", case).stdout.splitlines()
    assert len(lines) == 3
    assert all("heard" in line and "skipped" in line for line in lines)


async def test_published_again_with_the_same_ids_versions_and_numbers(
    probe: Stack, broker: Broker, teller: House
) -> None:
    underretning = uuid4()
    for version in (1, 2):
        async with teller.tx() as tx:
            event = an_underretning(HERNING, underretning)
            await append(tx, event, version=version, correlation_id=underretning, time=NOON)
    mailbox = f"samvirke.mailbox.kommune-{HERNING}.boern.v1"
    topics = (UnderretningSent.topic(), mailbox)
    async with relaying(teller):
        await emptied(teller)
        again = operations(probe, "teller", "republish", "--since", "2020-01-01", "--aggregate", str(underretning))
        assert "4 record(s) put out again" in again.stdout
        await emptied(teller)
    for topic, partitions in zip(topics, (12, 1), strict=True):
        records = [one for one in await broker.read(topic, 4, partitions) if one.key.decode() == str(underretning)]
        first, second = halves(envelopes(records))
        assert first == second
        assert [one.aggregate_version or one.mailbox_sequence for one in first] == [1, 2]


def halves(every: Sequence[Envelope]) -> tuple[Sequence[Envelope], Sequence[Envelope]]:
    return every[: len(every) // 2], every[len(every) // 2 :]


async def test_a_dry_run_publishes_nothing_again(probe: Stack, teller: House) -> None:
    await tell(teller, "samvirke.test.none.v1", [(uuid4(), 1, "")])
    await teller.eye.execute("truncate outbox")
    again = operations(probe, "teller", "republish", "--since", "2020-01-01", "--dry-run")
    assert "1 record(s) (dry run)" in again.stdout
    assert await teller.count("outbox") == 0


async def test_who_hears_it_again_does_nothing_twice(broker: Broker, hearer: House) -> None:
    topic = await broker.topic()
    notes = [note(number) for number in range(5)]
    await broker.send(topic, *notes, *notes)
    async with Ear(hearer, topic) as ear:
        await ear.hear(10)
    assert sorted(await hearer.heard()) == list(range(5))

"""The field on which faults happen: servers, processes, client, observations, and the acts that faults need."""

import asyncio
import random
import subprocess
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import count
from typing import Protocol

from aiokafka import AIOKafkaProducer

from chassis.kafka import KafkaSettings, connection
from deploy.local.errors import StackError
from deploy.local.fetch import fetch
from deploy.local.processes import wait_until
from deploy.local.provision import admin_url
from deploy.local.ready import kafka_is_ready, postgres_is_ready
from deploy.local.servers import immediate_stop
from tests.chaos.collect import rows
from tests.chaos.crew import Crew
from tests.chaos.journal import Journal
from tests.chaos.poison import Poison
from tests.chaos.signals import KILL, Mark, Order, Runner, Seen
from tests.chaos.timings import BITES_WITHIN_S, BROKER, SERVER_WITHIN_S
from tests.stack import Stack


class Sends(Protocol):
    """Who sends commands: what a fault reads of it."""

    journal: Journal
    failures: int


class DidNotBite(Exception):
    """A fault left no mark, so it does not count."""


@dataclass(slots=True)
class Field:
    """Everything that a fault may touch."""

    stack: Stack
    runner: Runner
    crew: Crew
    client: Sends
    rng: random.Random
    poison: set[tuple[int, int]] = field(default_factory=set)
    harmed_at: float = 0.0
    """When the last fault did its harm, or let go of what it held: recovery counts from here."""
    _orders: "count[int]" = field(default_factory=count)

    def order(self, role: str, point: str, action: str = KILL, passages: int | None = None, wait_s: float = 0) -> Order:
        """Give an order; without a number of passages chance draws one."""
        passages = passages or self.rng.randint(1, 3)
        order = Order(f"{next(self._orders)}-{point}-{action}", role, point, action, passages, wait_s)
        self.runner.arm(order)
        return order

    def marked(self, order: Order) -> Mark:
        """Wait until a process has done as ordered, and return its mark."""
        self.until(lambda: self.runner.mark(order) is not None, f"nobody came to {order.point}")
        mark = self.runner.mark(order)
        if mark is None:
            raise DidNotBite(order.point)
        self.harmed_at = mark.at
        return mark

    def let_go(self, name: str) -> None:
        """Let a stopped process go on."""
        self.crew.let_go(name)
        self.harmed_at = time.time()

    def repeated(self, mark: Mark) -> list[str]:
        """Wait until the events of a mark were delivered again, and return which."""
        wanted = set(mark.ids)

        def again() -> set[str]:
            seen = self.runner.seen("repeated", mark.at)
            return wanted & {one for entry in seen for one in entry.said["ids"]}

        self.until(lambda: bool(again()), f"nothing of {mark.order} was delivered again")
        return sorted(again())

    def saw(self, what: str, since: float, *, besides: str = "", **said: object) -> Seen:
        """Wait for an observation since a moment, by another process than the one named."""

        def found() -> list[Seen]:
            return [
                one
                for one in self.runner.seen(what, since)
                if one.process != besides and all(one.said.get(name) == value for name, value in said.items())
            ]

        self.until(lambda: bool(found()), f"nobody saw: {what}")
        return found()[0]

    def until(self, condition: Callable[[], bool], otherwise: str) -> None:
        """Wait for a mark within the bound."""
        try:
            wait_until(condition, otherwise, BITES_WITHIN_S)
        except StackError as error:
            raise DidNotBite(otherwise) from error

    def leader(self) -> str:
        """Return the process whose relay leads the urgent shard, by the last that said so."""
        leads = [one for one in self.runner.seen("leads") if one.said["shard"] == 0 and one.said["leads"]]
        return leads[-1].process if leads else ""

    def kill_broker(self) -> None:
        """End the broker as by a power cut."""
        self.stack.kill("kafka")

    def start_broker(self) -> None:
        """Start the broker and wait until it answers."""
        settings = self.stack.run / "kafka" / "server.properties"
        wanted = [f"{name}={value}\n" for name, value in BROKER.items()]
        if wanted[0] not in settings.read_text():
            with settings.open("a", encoding="utf-8") as file:
                file.writelines(wanted)
        self.harmed_at = time.time()
        self.stack.start_server("kafka")
        wait_until(lambda: kafka_is_ready(self.stack.kafka), "the broker answers", SERVER_WITHIN_S)

    def stop_database_at_once(self) -> None:
        """Stop PostgreSQL without a checkpoint, its sessions dropped."""
        command = immediate_stop(self.stack.run, fetch())
        subprocess.run(command.argv, check=True, capture_output=True, user=command.user, cwd="/")
        self.stack.stop_process("postgres")

    def start_database(self) -> None:
        """Start PostgreSQL and wait until it has recovered."""
        self.harmed_at = time.time()
        self.stack.start_server("postgres")
        server = admin_url(self.stack.ports)
        wait_until(lambda: postgres_is_ready(server), "PostgreSQL takes connections", SERVER_WITHIN_S)

    def recoveries(self) -> int:
        """Return how often PostgreSQL came back from an end that was none of its own."""
        return self.stack.log("postgres").count("was not properly shut down")

    def outbox(self) -> int:
        """Return how many rows wait in the teller's outbox."""
        return int(asyncio.run(rows(self.stack, "teller", "select count(*) from outbox"))[0][0])

    def parked(self, service: str) -> set[tuple[int, int]]:
        """Return the places of the records that a service has parked."""
        found = asyncio.run(rows(self.stack, service, 'select partition, "offset" from parked_message'))
        return {(row[0], row[1]) for row in found}

    def put(self, poison: Iterable[Poison]) -> list[tuple[int, int]]:
        """Put records straight onto the topic and return their places."""
        places = asyncio.run(_put(self.stack.kafka, list(poison)))
        self.poison |= set(places)
        self.harmed_at = time.time()
        return places

    def kill(self, name: str) -> int:
        """End a process as by a power cut, and return its id."""
        self.harmed_at = time.time()
        return self.crew.kill(name)

    def wait_until_quiet(self, is_quiet: Callable[[], bool], bound: float) -> float:
        """Wait until nothing is under way, within the bound from the last harm; returns how long that took."""
        wait_until(is_quiet, "all is quiet", bound - (time.time() - self.harmed_at), step=0.2)
        return time.time() - self.harmed_at


async def _put(kafka: KafkaSettings, poison: list[Poison]) -> list[tuple[int, int]]:
    producer = AIOKafkaProducer(**connection(kafka))
    await producer.start()
    try:
        sent = [await producer.send_and_wait(one.topic, one.value, key=one.key, headers=one.headers) for one in poison]
    finally:
        await producer.stop()
    return [(one.partition, one.offset) for one in sent]

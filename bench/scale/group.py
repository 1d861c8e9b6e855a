"""One consumer group that grows: real processes of one service, frozen while a backlog is made, and what they use."""

import asyncio
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import psutil
from aiokafka.admin import AIOKafkaAdminClient

from chassis.kafka import KafkaSettings, connection
from deploy.local.processes import wait_until

PORTS = {"hearer": 170, "audit": 180}
"""The offset of a group's first process; each next one has the next port."""
JOINS_WITHIN_S, HANDLES_WITHIN_S = 90, 150


@dataclass(frozen=True, slots=True)
class Kind:
    """A service whose processes form a group."""

    name: str
    database: str
    """Its address, for a user that sees everything."""
    arguments: list[str]
    """Of Python."""
    env: Mapping[str, str]
    topics: int = 1
    """A process is a member once for each topic that it hears."""


@dataclass(frozen=True, slots=True)
class Handled:
    """What it took to handle a backlog."""

    seconds: float
    processes_cpu: float
    """Seconds of processor that the group's processes used."""
    servers_cpu: float
    """The same of PostgreSQL and Kafka together."""
    connections: int
    """To the service's database, when all was handled."""


@dataclass(slots=True)
class Group:
    """The processes of one service."""

    kind: Kind
    kafka: KafkaSettings
    base_port: int
    logs: Path
    members: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    def grow_to(self, processes: int) -> None:
        """Start what is missing, and wait until all are members and nobody is on the move."""
        while len(self.members) < processes:
            self.members.append(self._start(len(self.members)))
        wanted = processes * self.kind.topics
        wait_until(lambda: asyncio.run(self._settled()) == wanted, f"{wanted} members", JOINS_WITHIN_S, 0.5)

    def stop(self) -> None:
        """End all processes, also those that are frozen."""
        self._signal(signal.SIGCONT)
        self._signal(signal.SIGTERM)
        for each in self.members:
            each.wait(30)
        self.members.clear()

    def freeze(self) -> None:
        """Stop all in their tracks, for less than a session: a backlog can be made that nobody takes from."""
        self._signal(signal.SIGSTOP)

    async def handle(self, records: int, servers: list[int]) -> Handled:
        """Let all go on, and wait until the inbox has as many new rows as there are records."""
        own = [each.pid for each in self.members]
        con = await asyncpg.connect(self.kind.database)
        try:
            await con.execute("truncate inbox")
            before = _cpu(own), _cpu(servers)
            began = await con.fetchval("select clock_timestamp()")
            self._signal(signal.SIGCONT)
            await self._until_handled(con, records)
            took = await con.fetchval("select max(handled_at) - $1 from inbox", began)
            used = _cpu(own) - before[0], _cpu(servers) - before[1]
            sql = "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
            return Handled(took.total_seconds(), *used, await con.fetchval(sql))
        finally:
            await con.close()

    async def _until_handled(self, con: "asyncpg.Connection[asyncpg.Record]", records: int) -> None:
        end = time.monotonic() + HANDLES_WITHIN_S
        while await con.fetchval("select count(*) from inbox") < records:
            if time.monotonic() > end:
                raise SystemExit(f"{self.kind.name}: the backlog was not handled within {HANDLES_WITHIN_S} s")
            await asyncio.sleep(0.1)

    def _start(self, place: int) -> "subprocess.Popen[bytes]":
        env = {**self.kind.env, "HTTP_PORT": str(self.base_port + PORTS[self.kind.name] + place)}
        with (self.logs / f"{self.kind.name}-{place}.log").open("ab") as log:
            return subprocess.Popen([sys.executable, *self.kind.arguments], env=env, stdout=log, stderr=log)

    def _signal(self, number: int) -> None:
        for each in self.members:
            each.send_signal(number)

    async def _settled(self) -> int:
        """Return how many members the group has; none while it is being rearranged."""
        admin = AIOKafkaAdminClient(**connection(self.kafka))
        await admin.start()
        try:
            (answer,) = await admin.describe_consumer_groups([self.kind.name])
        finally:
            await admin.close()
        _, _, state, _, _, members, *_ = answer.groups[0]
        return len(members) if state == "Stable" else 0


def _cpu(pids: Iterable[int]) -> float:
    """Return the seconds of processor that processes and their children have used."""
    every = [one for pid in pids for one in (psutil.Process(pid), *psutil.Process(pid).children(recursive=True))]
    return sum(_seconds(one) for one in every)


def _seconds(one: psutil.Process) -> float:
    try:
        times = one.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)

"""The stage of a drill: a stack of its own whose log is archived, five services, and how its data server is lost."""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import httpx
import psutil

from deploy.local.backup import CLUSTERS, Log, copy_cluster, restored, restored_moment
from deploy.local.databases import in_database
from deploy.local.errors import StackError
from deploy.local.fetch import ROOT
from deploy.local.log_archive import FOLDERS
from deploy.local.processes import wait_until
from deploy.local.servers import Command, postgres_home
from tests.chaos import collect
from tests.chaos.collect import ACCESS, NOTES
from tests.chaos.say import say
from tests.probe.world import address, environment, make_probe
from tests.stack import Stack

SERVICES = ("persons", "referrals", "audit")
PROBES = ("teller", "hearer")
ARCHIVED_EVERY_S = 20
ARCHIVED_WITHIN_S = 10
"""Beyond that, how long a busy machine may take to copy a segment away."""
QUIET_WITHIN_S = 120


class Stage:
    """A stack with the services of a drill, and the hands of its operator."""

    def __init__(self, stack: Stack | None = None) -> None:
        run = stack.run if stack else Path(tempfile.mkdtemp(prefix="samvirke-drill-"))
        self.archives = {kind: run / "archive" / kind for kind in CLUSTERS}
        os.environ |= {FOLDERS[CLUSTERS[kind]]: str(folder) for kind, folder in self.archives.items()}
        os.environ["LOG_ARCHIVE_EVERY_S"] = str(ARCHIVED_EVERY_S)
        self.stack = stack or Stack(run)
        self.servers = {"data": self.stack.database_url, "keys": self.stack.keys_url}

    def start(self) -> None:
        """Start servers and services."""
        self.stack.start()
        make_probe(self.stack)
        self.start_services()

    def start_services(self) -> None:
        """Start every service that does not run, and wait until each is ready."""
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(self._start_probe, PROBES))
        self.stack.start_services(*SERVICES)

    def _start_probe(self, name: str) -> None:
        argv = [sys.executable, "-m", "tests.probe.service", name]
        own = environment(self.stack, name) | self.stack.settings
        self.stack._start(Command(name, argv, own, cwd=ROOT))
        wait_until(lambda: is_ready(address(self.stack, name)), f"{name} ready", 120)

    def operate(self, *words: str, service: str = "audit", **settings: str) -> subprocess.CompletedProcess[str]:
        """Run an operator's command as the process that it is."""
        of_probe = service in PROBES
        env = os.environ | (environment(self.stack, service) if of_probe else self.stack.environment(service))
        env |= settings
        argv = [sys.executable, "-m", *words, *(["--handlers", f"tests.probe.{service}"] if of_probe else [])]
        return subprocess.run(argv, env=env, cwd=ROOT, check=False, capture_output=True, text=True, timeout=300)

    def for_each_service(self, command: str, since: datetime) -> dict[str, str]:
        """Run one of the operators' commands for every service, and return what each says; none may fail."""
        names = (*PROBES, *SERVICES)
        with ThreadPoolExecutor(2) as pool:
            said = dict(zip(names, pool.map(lambda name: self._since(command, name, since), names), strict=True))
        for text in said.values():
            say(f"  {text.splitlines()[-1]}")
        return said

    def _since(self, command: str, name: str, since: datetime) -> str:
        words = ("chassis.operations", command, "--service", name, "--since", since.isoformat())
        done = self.operate(*words, service=name)
        if done.returncode:
            raise StackError(f"{command} of {name}: {done.stdout}{done.stderr[-2000:]}")
        return done.stdout

    def sql(self, database: str, statement: str, *values: object, kind: str = "data") -> list[asyncpg.Record]:
        """Look into a database, past the code under test."""
        return asyncio.run(_fetch(in_database(self.servers[kind], database), statement, *values))

    def copy(self, kind: str, name: str) -> Path:
        """Make a base copy of a server while it works."""
        folder = self.stack.run / "copies" / f"{kind}-{name}"
        asyncio.run(copy_cluster(self.servers[kind], folder))
        return folder

    def wait_for_archive(self, kind: str) -> None:
        """Wait until a segment that is written now has been archived."""
        [[segment]] = self.sql("postgres", "select pg_walfile_name(pg_current_wal_lsn())", kind=kind)
        there = self.archives[kind] / f"{segment}.gz"
        wait_until(there.exists, f"{segment} archived", ARCHIVED_EVERY_S + ARCHIVED_WITHIN_S + 30, 0.2)

    def lose(self, kind: str, *, disk: bool) -> datetime:
        """End a server as by a power cut, and remove its data; without the `disk` its log is saved first."""
        name = CLUSTERS[kind]
        postmaster = psutil.Process(self.stack.processes[name].pid)
        # Nobody is born while the children are counted.
        postmaster.suspend()
        everyone = [*postmaster.children(recursive=True), postmaster]
        for process in everyone:
            process.kill()
        psutil.wait_procs(everyone[:-1], timeout=10)
        self.stack.kill(name)
        at = datetime.now(UTC)
        data = postgres_home(self.stack.run, name) / "data"
        if not disk:
            shutil.copytree(data / "pg_wal", self.saved_log)
        shutil.rmtree(data)
        return at

    @property
    def saved_log(self) -> Path:
        """Return where a lost server's log is saved."""
        return self.stack.run / "saved-log"

    def restore(self, kind: str, copy: Path, *, saved: bool) -> datetime:
        """Start a server on a copy and the log; returns the moment that it knows."""
        name = CLUSTERS[kind]
        data = postgres_home(self.stack.run, name) / "data"
        shutil.copytree(copy, data)
        data.chmod(0o700)
        log = Log(self.archives[kind], self.saved_log if saved else None)
        self.stack._start(restored(data, kind, self.stack.ports.of(name), log))
        self.stack.wait_for_postgres()
        return asyncio.run(restored_moment(self.servers[kind]))

    def has_told(self, name: str) -> bool:
        """Tell whether nothing waits to be sent by a service."""
        return not self.sql(name, "select count(*) from outbox")[0][0]

    def wait_until_quiet(self) -> float:
        """Wait until nothing waits to be sent or to be heard; returns how long that took."""
        began = time.monotonic()
        wait_until(self._is_quiet, "all quiet", QUIET_WITHIN_S, 0.5)
        return time.monotonic() - began

    def _is_quiet(self) -> bool:
        told = all(self.has_told(name) for name in (*PROBES, *SERVICES))
        # The note is known when the stack makes its topics, and has as many partitions as they have.
        groups = {"hearer": NOTES, "audit": ACCESS}
        return told and not any(
            asyncio.run(collect.lag(self.stack, group, {topic: self.stack.partitions}))
            for group, topic in groups.items()
        )


async def _fetch(url: str, statement: str, *values: object) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(url, timeout=10)
    try:
        return list(await connection.fetch(statement, *values))
    finally:
        await connection.close()


def is_ready(base: str) -> bool:
    """Tell whether the service at an address says that it is ready."""
    try:
        return httpx.get(f"{base}/health/ready", timeout=2).is_success
    except httpx.HTTPError:
        return False

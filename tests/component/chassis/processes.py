"""The probe's services as processes that a test stops, kills and starts again."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from deploy.local.processes import wait_until
from tests.probe.world import environment
from tests.stack import Stack

QUICK = {"RELAY_ASK_S": "0.2", "RELAY_POLL_S": "0.05", "RELAY_IDLE_SESSION_S": "1.5", "DEADLINE_POLL_S": "0.05"}
FIRST_PORT = 160


@dataclass
class Running:
    """One process."""

    process: "subprocess.Popen[bytes]"
    address: str
    log: Path

    def get(self, path: str) -> httpx.Response:
        """Ask it."""
        return httpx.get(self.address + path, timeout=15)

    def missing(self) -> list[str]:
        """Return what it says that it lacks."""
        found: list[str] = self.get("/health/ready").json()["missing"]
        return found

    def answers(self, path: str) -> int:
        """Return the status of an answer; 0 when there is none."""
        try:
            return self.get(path).status_code
        except httpx.HTTPError:
            return 0

    def kill(self) -> None:
        """End it as by a power cut."""
        self.process.kill()
        self.process.wait()

    def freeze(self) -> None:
        """Stop it without ending it."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self.process.send_signal(signal.SIGCONT)

    def memory_mb(self) -> float:
        """Return how much memory it holds."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@contextmanager
def running(
    stack: Stack,
    name: str,
    number: int = 0,
    env: Mapping[str, str] | None = None,
    module: str = "tests.probe.service",
) -> Iterator[Running]:
    """Start one of the probe's services; `number` tells several processes of it apart."""
    port = stack.ports.base + FIRST_PORT + number
    log = stack.run / "log" / f"{name}-{number}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    said = environment(stack, name) | QUICK | {"HTTP_PORT": str(port)} | dict(env or {})
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", module, name], env=dict(os.environ) | said, stdout=output, stderr=output
        )
    one = Running(process, f"http://127.0.0.1:{port}", log)
    try:
        yield one
    finally:
        one.thaw()
        process.terminate()
        process.wait(20)


@contextmanager
def ready(
    stack: Stack,
    name: str,
    number: int = 0,
    env: Mapping[str, str] | None = None,
    module: str = "tests.probe.service",
) -> Iterator[Running]:
    """Start one of the probe's services and wait until it says that it is ready."""
    with running(stack, name, number, env, module) as one:

        def is_ready() -> bool:
            assert one.process.poll() is None, one.log.read_text()[-3000:]
            return one.answers("/health/ready") == 200

        wait_until(is_ready, f"{name} ready", 30)
        yield one

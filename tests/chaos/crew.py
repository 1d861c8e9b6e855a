"""The crew: the processes under test, started again whenever one dies or says that it is not alive."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx

from deploy.local.fetch import ROOT
from deploy.local.processes import start, stop, wait_until
from deploy.local.servers import Command
from tests.chaos.say import say
from tests.chaos.signals import Runner
from tests.stack import Stack

ASK_EVERY_S = 1.0
READY_WITHIN_S = 60.0
YOUNG_S = 30.0
"""A process that has just started is not asked whether it hangs."""


@dataclass(slots=True)
class Member:
    """One process that is to run."""

    name: str
    service: str
    port: int
    env: Mapping[str, str]
    broken: str | None = None
    argv: list[str] | None = None
    """Its own command line, for what is no service; it then has no port either."""
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    ends: list[tuple[float, int, int]] = field(default_factory=list)
    """When it ended, its process id, and with what."""
    held: bool = False
    """Stopped on purpose: it is left alone although it does not answer."""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


class Crew:
    """Watches over the processes as a deployment's supervisor does."""

    def __init__(self, stack: Stack, runner: Runner, members: list[Member]) -> None:
        self.stack = stack
        self.runner = runner
        self.members = {member.name: member for member in members}
        self.not_alive = 0
        """How often a process was replaced because its liveness said so."""
        self._watching = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def start(self) -> None:
        """Start everything and wait until each is ready."""
        self._watching.set()
        for member in self.members.values():
            self._start(member)
        self._thread.start()
        self.wait_until_ready()

    def add(self, member: Member) -> None:
        """Start one process more, without waiting."""
        self._start(member)
        self.members = self.members | {member.name: member}

    def kill(self, name: str) -> int:
        """End a process as by a power cut, and return its id; it is started again."""
        process = self.members[name].process
        if process is None:
            raise LookupError(name)
        process.kill()
        return process.pid

    def wait_until_ready(self) -> None:
        """Wait until every process says that it is ready."""
        for member in (one for one in self.members.values() if one.port):
            wait_until(lambda member=member: _answers(member, "ready"), f"{member.name} ready", READY_WITHIN_S)  # type: ignore[misc]

    def stop(self) -> None:
        """Stop everything."""
        self._watching.clear()
        self._thread.join()
        running = [member.process for member in self.members.values() if member.process]
        for process in running:
            _continue(process.pid)
            process.terminate()
        for process in running:
            stop(process)

    def answers(self, name: str) -> bool:
        """Tell whether a process says that it lives."""
        return _answers(self.members[name], "live")

    def named(self, service: str) -> list[Member]:
        """Return the processes of one service."""
        return [member for member in self.members.values() if member.service == service]

    def died(self, pid: int) -> bool:
        """Tell whether the process with this id has ended by kill -9."""
        ends = [end for member in self.members.values() for end in member.ends]
        return any(ended == pid and status == -signal.SIGKILL for _, ended, status in ends)

    def hold(self, name: str) -> None:
        """Leave a stopped process alone."""
        self.members[name].held = True

    def let_go(self, name: str) -> None:
        """Let a stopped process go on."""
        member = self.members[name]
        if member.process:
            _continue(member.process.pid)
        member.held = False

    def _start(self, member: Member) -> None:
        launched = [sys.executable, "-m", "tests.chaos.launch", member.service, "--as", member.name]
        launched += ["--signals", str(self.runner.folder)] + (["--break", member.broken] if member.broken else [])
        argv = member.argv or launched
        command = Command(member.name, argv, dict(member.env) | {"HTTP_PORT": str(member.port)}, cwd=ROOT)
        member.process = start(command, self.stack.run / "log" / f"{member.name}.log")
        member.started_at = time.monotonic()

    def _watch(self) -> None:
        asked_at = time.monotonic()
        while self._watching.is_set():
            for member in self.members.values():
                self._restart_if_ended(member)
            if time.monotonic() - asked_at > ASK_EVERY_S:
                self._replace_the_dead()
                asked_at = time.monotonic()
            time.sleep(0.05)

    def _restart_if_ended(self, member: Member) -> None:
        if member.process and (status := member.process.poll()) is not None:
            member.ends.append((time.time(), member.process.pid, status))
            self._start(member)

    def _replace_the_dead(self) -> None:
        """Kill what says of itself that it hangs; the next look starts it again."""
        for member in self.members.values():
            young = time.monotonic() - member.started_at < YOUNG_S
            if member.process and member.port and not member.held and not young and _answers(member, "live", 503):
                self.not_alive += 1
                say(f"  {member.name} says that it hangs, and is replaced")
                member.process.kill()


def _answers(member: Member, what: str, status: int = 200) -> bool:
    try:
        return httpx.get(f"{member.address}/health/{what}", timeout=2).status_code == status
    except httpx.HTTPError:
        return False


def _continue(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGCONT)
    except ProcessLookupError:
        return

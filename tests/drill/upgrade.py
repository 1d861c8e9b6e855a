"""A rolling upgrade: an older commit's processes run, today's migrations are applied, new processes start beside them.

Commands go on all the time, through both; consumers of both share their groups. Then the old processes end.
"""

import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from deploy.local.errors import StackError
from deploy.local.fetch import ROOT
from deploy.local.processes import wait_until
from deploy.local.servers import Command
from deploy.local.services import common_environment, service_command
from deploy.local.topics import DOMAIN_PARTITIONS
from tests.chaos.say import say
from tests.drill import releases
from tests.drill.evidence import Found, find, known_commands
from tests.drill.reckoning import Evidence, reckon
from tests.drill.stage import PROBES, SERVICES, Stage, is_ready
from tests.drill.writers import Writers
from tests.probe.world import environment, make_probe
from tests.stack import Stack

BESIDE = 80
"""The ports of new processes lie so far above those of the old, and inside the range that is this stack's own."""
ENOUGH = 60
"""So many commands go through in each part of the upgrade."""
READY_WITHIN_S = 180
NAMES = (*PROBES, *SERVICES)


class OldStack(Stack):
    """A stack that an older commit provisions, by its own means."""

    def __init__(self, run: Path, old: Path) -> None:
        super().__init__(run, partitions=DOMAIN_PARTITIONS)
        self.old = old

    def provision(self) -> None:
        """Make what the older commit wants."""
        self.provision_by(self.old)

    def provision_by(self, root: Path) -> list[str]:
        """Let a commit's own program make what is missing, as an installation does, and the probe's databases."""
        env = os.environ | common_environment(self.run, self.ports)
        argv = [sys.executable, "-m", "deploy.local.provision"]
        done = subprocess.run(argv, cwd=root, env=env, check=False, capture_output=True, text=True)
        if done.returncode:
            raise StackError(f"provisioning by {root}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
        return done.stdout.splitlines()


class Upgrade(Stage):
    """The stage of an upgrade: every service twice."""

    def __init__(self, commit: str) -> None:
        run = Path(tempfile.mkdtemp(prefix="samvirke-upgrade-"))
        self.old = run / "old"
        releases.check_out(commit, self.old)
        super().__init__(OldStack(run, self.old))

    def start(self) -> None:
        """Start the servers and the older commit's processes."""
        self.stack.start()
        make_probe(self.stack)
        self.start_processes(self.old, "", 0)

    def start_processes(self, root: Path, suffix: str, beside: int) -> None:
        """Start a process of every service from a commit's files, and wait until each is ready."""
        for name in NAMES:
            self.stack._start(self._command(name, root, suffix, beside))
        for name in NAMES:
            base = self.address(name, beside)
            wait_until(lambda base=base: is_ready(base), f"{name}{suffix} ready", READY_WITHIN_S)  # type: ignore[misc]

    def _command(self, name: str, root: Path, suffix: str, beside: int) -> Command:
        if name in PROBES:
            argv, own = [sys.executable, "-m", "tests.probe.service", name], environment(self.stack, name)
        else:
            command = service_command(name, self.stack.run, self.stack.ports)
            argv, own = command.argv, command.env
        own = own | self.stack.settings | {"HTTP_PORT": self.address(name, beside).rpartition(":")[2]}
        return Command(f"{name}{suffix}", argv, own, cwd=root)

    def address(self, name: str, beside: int) -> str:
        """Return where a service's old process answers, or the new one beside it."""
        own = environment(self.stack, name)["HTTP_PORT"] if name in PROBES else self.stack.ports.of(name)
        return f"http://127.0.0.1:{int(own) + beside}"

    def end_old(self) -> None:
        """Stop the older commit's processes, as a deployment does."""
        for name in NAMES:
            self.stack.stop_process(name)


def play(wanted: str | None) -> tuple[dict[str, Any], list[str]]:
    """Upgrade while commands go on; returns figures and what is wrong."""
    commit = releases.chosen(wanted)
    new = list(releases.added_since(commit))
    say(f"from {releases.subject(commit)}: {len(new)} migrations are new")
    stage = Upgrade(commit)
    try:
        stage.start()
        say("the older commit's processes run")
        writers = Writers(stage.stack)
        writers.start()
        try:
            migrated_s = _roll(stage, writers)
        finally:
            writers.stop()
        say(f"all quiet after {stage.wait_until_quiet():.1f} s")
        return _judge(stage, writers, commit, len(new), migrated_s)
    finally:
        stage.stack.stop()


def _roll(stage: Upgrade, writers: Writers) -> float:
    """Take the five steps; returns how long the migrations took."""
    _more(writers, "by the old alone")
    began = time.monotonic()
    made = stage.stack.provision_by(ROOT) if isinstance(stage.stack, OldStack) else []
    migrated_s = time.monotonic() - began
    say(f"the new commit's program has made {len(made)} things in {migrated_s:.1f} s, while the old processes run")
    _more(writers, "by the old on the new tables")
    stage.start_processes(ROOT, "-new", BESIDE)
    for name in writers.addresses:
        writers.addresses[name] = [stage.address(name, 0), stage.address(name, BESIDE)]
    say("the new processes run beside the old")
    _more(writers, "by both")
    for name in writers.addresses:
        writers.addresses[name] = [stage.address(name, BESIDE)]
    stage.end_old()
    say("the old processes have ended")
    _more(writers, "by the new alone")
    return migrated_s


def _more(writers: Writers, by_whom: str) -> None:
    before = len(writers.book)
    wait_until(lambda: len(writers.book) >= before + ENOUGH, f"{ENOUGH} commands {by_whom}", READY_WITHIN_S)
    say(f"  {ENOUGH} commands {by_whom}; sent again so far: {dict(writers.failed) or 'none'}")


def _judge(
    stage: Upgrade, writers: Writers, commit: str, new: int, migrated_s: float
) -> tuple[dict[str, Any], list[str]]:
    found = find(stage)
    began = datetime(2026, 1, 1, tzinfo=UTC)
    told = reckon(_evidence(stage, writers, found, began))
    answered = {which: _answered(stage, writers, beside) for which, beside in (("old", 0), ("new", BESIDE))}
    parked = sum(stage.sql(name, "select count(*) from parked_message")[0][0] for name in NAMES)
    verified = stage.operate("services.audit", "verify").stdout.splitlines()[-1:]
    faults = told.faults + [f"{parked} messages are parked"] * bool(parked)
    faults += [f"audit: {line}" for line in verified if line != "The log is what was told."]
    faults += [
        f"the {which} answered nothing: this drill proves nothing" for which, many in answered.items() if not many
    ]
    figures = {"from": commit, "migrations": new, "migrated_s": round(migrated_s, 1), "commands": len(writers.book)}
    figures |= {
        "answered_by": answered,
        "sent_again": dict(writers.failed),
        "events": len(found.history),
        "parked": parked,
    }
    return figures, faults


def _answered(stage: Upgrade, writers: Writers, beside: int) -> int:
    return sum(writers.answered[stage.address(name, beside)] for name in writers.addresses)


def _evidence(stage: Upgrade, writers: Writers, found: Found, began: datetime) -> Evidence:
    """Nothing is lost in an upgrade: there is no window, and every command is held against what is known."""
    return Evidence(
        stopped_at=began,
        silent_at=began,
        restored_at=began,
        bound_s=0,
        commands=list(writers.book),
        known_now=known_commands(stage),
        history=list(found.history.values()),
        records=found.records,
        copies=found.copies,
        effects=list(found.effects.elements()),
        entries=list(found.entries.elements()),
    )

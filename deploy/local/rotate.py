"""`make rotate KEY=kek|hash|signing`: a new key takes the place of an old one while everything runs.

Ended in the middle, it is begun again and goes on where it was. See docs/operations/rotation.md.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from chassis.identity import KEYS_AGAIN_AFTER_S
from deploy.local.errors import StackError
from deploy.local.fetch import ROOT
from deploy.local.identity.tokens import KeyFile
from deploy.local.kept import kept_secret
from deploy.local.ports import Ports
from deploy.local.processes import wait_until
from deploy.local.ready import service_is_ready
from deploy.local.servers import run_dir
from deploy.local.services import secret_file, service_environment
from deploy.local.supervise import Supervisor

COMMANDS = {"kek": "kek", "hash": "hash-key"}
"""What `services.persons rotate` calls the secrets of persons."""


@dataclass(frozen=True, slots=True)
class Rotation:
    """One secret of persons: where it lies, and what must follow when it changes."""

    file: Path
    restart: Callable[[], None]
    """Starts every process of persons again: each reads the file at its start."""
    redo: Callable[[], None]
    """Lets the first key of the file take the place of the others in every row."""

    def run(self) -> None:
        """Know both, use the new one, redo what the old one did, know the new one alone."""
        fresh = kept_secret(self.file.with_suffix(".next"))
        new, known = fresh.read_text(), self.file.read_text().split()
        before = [key for key in known if key != new]
        if known[0] != new:
            self._write([*before, new])
            self.restart()
        self._write([new, *before])
        self.restart()
        self.redo()
        if before:
            # Backups know it: it lies apart until the last of them has gone.
            _write(self.file.with_suffix(".before"), before)
        self._write([new])
        self.restart()
        fresh.unlink()

    def _write(self, keys: list[str]) -> None:
        _write(self.file, keys)


def _write(file: Path, keys: list[str]) -> None:
    half = file.with_suffix(".half")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as handle:
        handle.write(" ".join(keys))
    half.replace(file)


def rotate(what: str) -> int:
    """Rotate one kind of key in the running stack."""
    run, ports = run_dir(), Ports.from_environment()
    supervisor = Supervisor(run)
    if not supervisor.is_running():
        raise StackError("nothing runs: make up")
    if what == "signing":
        print(rotate_signing(KeyFile(run / "keys" / "identity.json")))
        return 0
    rotation = Rotation(secret_file(run, what), lambda: _restart(supervisor, ports), lambda: redo(what, run, ports))
    rotation.run()
    print(f"done; docs/operations/rotation.md says how long {rotation.file.with_suffix('.before')} is kept")
    return 0


def _restart(supervisor: Supervisor, ports: Ports) -> None:
    supervisor.restart("persons")
    wait_until(lambda: service_is_ready("persons", ports), "persons is ready", 60)


def redo(what: str, run: Path, ports: Ports) -> None:
    """Let persons' own command go through the rows."""
    argv = [sys.executable, "-m", "services.persons", "rotate", COMMANDS[what]]
    env = os.environ | service_environment("persons", run, ports)
    if subprocess.run(argv, cwd=ROOT, env=env, check=False).returncode != 0:
        raise StackError("rows are left that need the key before; run make rotate again")


def rotate_signing(keys: KeyFile, pause: Callable[[float], None] = time.sleep) -> str:
    """Publish a new signing key, then sign with it; a second call after the last old token has ended drops the old."""
    if keys.has_one_before:
        until = keys.before_is_needed_until
        if time.time() < until:
            clock = time.strftime("%H:%M", time.localtime(until))
            raise StackError(f"tokens signed by the key before are valid until {clock}: run make rotate again then")
        keys.drop_before()
        return "the key before is dropped; nobody takes its tokens any more"
    keys.publish_next()
    # Whoever asked for the keys a moment ago asks again only after this time.
    pause(KEYS_AGAIN_AFTER_S + 1)
    keys.use_next()
    return "tokens are signed by the new key; run make rotate KEY=signing again in an hour to drop the key before"

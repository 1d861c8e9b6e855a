"""Start and stop processes outside the process manager, and wait for conditions with a bound."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from deploy.local.errors import StackError
from deploy.local.servers import Command


def start(command: Command, log: Path) -> subprocess.Popen[bytes]:
    """Start a command in a process group of its own, its output appended to a log."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return subprocess.Popen(
            command.argv,
            env=os.environ | command.env,
            cwd=command.cwd,
            user=command.user,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def stop(process: subprocess.Popen[bytes], stop_signal: str = "TERM", bound: float = 15) -> None:
    """Stop a process and its group: politely first, by force after the bound."""
    if process.poll() is None:
        process.send_signal(signal.Signals[f"SIG{stop_signal}"])
    try:
        process.wait(bound)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def wait_until(condition: Callable[[], bool], what: str, bound: float = 30, step: float = 0.05) -> None:
    """Wait for a condition, asking every step; say what did not happen when the bound has passed."""
    end = time.monotonic() + bound
    while not condition():
        if time.monotonic() > end:
            message = f"{what}: not within {bound:.0f} s"
            raise StackError(message)
        time.sleep(step)

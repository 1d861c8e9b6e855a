"""The processes of the journey: three services under chaos, and the systems of two municipalities."""

import os
import sys
from pathlib import Path

from deploy.local.identity.directory import directory
from deploy.local.secured import kafka_environment
from tests.chaos.crew import Member
from tests.chaos.timings import PROCESS
from tests.stack import Stack

HERNING, VIBORG = "0657", "0791"


def services(stack: Stack, broken: str | None = None) -> list[Member]:
    """Return persons, concerns and exchange; `broken` is a variant of concerns."""
    quick = PROCESS | {"DEADLINE_POLL_S": "0.1"}
    return [
        Member(
            f"{name}-1",
            name,
            stack.ports.of(name),
            stack.environment(name) | quick,
            broken if name == "concerns" else None,
        )
        for name in ("persons", "concerns", "exchange")
    ]


def stand_in(stack: Stack, folder: Path, kind: str, kommune: str) -> Member:
    """Return a municipality's system, `https` or `kafka`; its memory lies in the run's folder."""
    client = directory().clients[f"kommune-{kommune}-boern"]
    env = {
        "ISSUER": stack.issuer,
        "CLIENT_ID": client.id,
        "CLIENT_SECRET": client.secret,
        "EXCHANGE_URL": stack.url("exchange"),
        "CONCERNS_URL": stack.url("concerns"),
        "MAILBOX": f"kommune-{kommune}.boern",
        "STATE_DIR": str(state_of(folder, kommune)),
        "PYTHONUNBUFFERED": "1",
    } | kafka_environment(stack.run, stack.ports, f"kommune-{kommune}.boern")
    argv = [sys.executable, "-m", f"deploy.sandbox.municipality_{kind}"]
    return Member(f"municipality-{kommune}", kind, 0, dict(os.environ) | env, argv=argv)


def state_of(folder: Path, kommune: str) -> Path:
    """Return where a municipality's system remembers."""
    return folder / "municipalities" / kommune

"""The engine and the compose file as a trial sees them."""

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from typing import Any

from deploy.local.fetch import ROOT

PROJECT = "samvirke-trial"
OVERLAYS = os.environ.get("OVERLAYS", "").split()
"""Which of the overlays `brokers` and `secure` a trial lays over the compose file."""
FILES = ["docker-compose.yml", *(f"docker-compose.{name}.yml" for name in OVERLAYS)]


def docker(*argv: str) -> str:
    """Run one command of the engine and return what it printed."""
    return subprocess.run(["docker", *argv], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def compose(*argv: str, check: bool = True) -> "subprocess.CompletedProcess[str]":
    """Run one command of compose on this clone's file, as a project of its own."""
    files = [part for name in FILES for part in ("-f", str(ROOT / name))]
    profiles = ["--profile", "brokers"] if "brokers" in OVERLAYS else []
    line = [*compose_program(), "-p", PROJECT, *files, *profiles, *argv]
    return subprocess.run(line, check=check, cwd=ROOT, text=True, stdout=subprocess.PIPE)


def compose_program() -> list[str]:
    """Return how compose is started here: as the engine's own command, else as the program of its own."""
    return ["docker", "compose"] if _succeeds("docker", "compose", "version") else ["docker-compose"]


def _succeeds(*argv: str) -> bool:
    return bool(shutil.which(argv[0])) and subprocess.run(argv, check=False, capture_output=True).returncode == 0


def missing_programs() -> list[str]:
    """Return what a trial lacks: compose, or an engine that answers."""
    found = [] if shutil.which(compose_program()[0]) else ["compose"]
    return found + ([] if _succeeds("docker", "info") else ["a running docker engine"])


def container(name: str) -> str:
    """Return the id of a service's container."""
    return compose("ps", "-q", name).stdout.strip()


def inspect(name: str) -> dict[str, Any]:
    """Return what the engine knows of a service's container."""
    found: list[dict[str, Any]] = json.loads(docker("inspect", container(name)))
    return found[0]


def is_healthy(name: str) -> bool:
    """Tell whether a container says so; one without a check is when it runs."""
    state = inspect(name)["State"]
    return bool(state["Running"]) and state.get("Health", {}).get("Status", "healthy") == "healthy"


def kill(name: str) -> None:
    """End a container's program as by a power cut; the engine starts it again, as it does not after `docker kill`."""
    os.kill(inspect(name)["State"]["Pid"], signal.SIGKILL)


def until(what: str, condition: Callable[[], bool], within: float = 180) -> float:
    """Wait until something is so and return how long it took; after the bound, say what is not."""
    began = time.monotonic()
    while not condition():
        if time.monotonic() - began > within:
            message = f"{what}: not within {within:.0f} s"
            raise TimeoutError(message)
        time.sleep(0.5)
    return time.monotonic() - began


def size_mb(image: str) -> float:
    """Return the size of an image in MB."""
    return int(docker("image", "inspect", "--format", "{{.Size}}", image)) / 1e6

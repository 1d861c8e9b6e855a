"""The brokers of the overlays as processes of this machine: what they are told is the compose files' own.

Only addresses and files differ: one loopback for three hosts, and a run folder in the place of volumes.
"""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from deploy.images.bases import BROKERS, COMPOSE, SECURE
from deploy.images.overlays import BROKER_RUN, HOSTS
from deploy.local import certificates
from deploy.local.fetch import ROOT
from deploy.local.ports import DEFAULT_BASE, OFFSETS, Ports, listens
from deploy.local.processes import start, stop, wait_until
from deploy.local.secured import identities, remember
from deploy.local.servers import Command
from tests.brokers import formatted
from tests.deploy.brokers import PROBE

CONTROLLERS = dict(zip(HOSTS, (OFFSETS["kafka-controller"], 96, 97), strict=True))
"""Each host has this port in containers; one loopback has it once."""
LISTENS_WITHIN_S = 180


class Processes:
    """Three secured brokers in a run folder."""

    def __init__(self, run: Path, ports: Ports) -> None:
        """Make what they and their clients are known by."""
        self.run, self.ports = run, ports
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        remember(run, "1")
        certificates.issue(run / "tls", [*identities(), *certificates.BROKERS])
        self._commands = {host: self._command(host) for host in HOSTS}

    @property
    def environment(self) -> dict[str, str]:
        """Return what `make up` and every program of this stack are told."""
        bootstrap = ",".join(f"127.0.0.1:{self.ports.of(host)}" for host in HOSTS)
        own = {"SAMVIRKE_RUN_DIR": str(self.run), "SAMVIRKE_PORT_BASE": str(self.ports.base)}
        return dict(os.environ) | own | {"KAFKA_BOOTSTRAP": bootstrap, "KAFKA_REPLICATION_FACTOR": str(len(HOSTS))}

    def start(self) -> None:
        """Start all, side by side."""
        for host in HOSTS:
            self._start(host)
        for host in HOSTS:
            self._listens(host)

    def stop(self) -> None:
        """Stop those that run."""
        for process in self.running.values():
            stop(process, "KILL")

    def probe(self, *said: str) -> Any:  # noqa: ANN401  any JSON
        """Run the probe and return what it found."""
        argv = [sys.executable, "-c", PROBE.read_text(encoding="utf-8"), *said]
        done = subprocess.run(argv, check=True, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, text=True)
        return json.loads(done.stdout.splitlines()[-1])

    def away(self, host: str) -> None:
        """End a broker as by a power cut."""
        self.running[host].send_signal(signal.SIGKILL)
        self.running.pop(host).wait()

    def back(self, host: str) -> None:
        """Start it again on the data that it has."""
        self._start(host)
        self._listens(host)

    def _start(self, host: str) -> None:
        self.running[host] = start(self._commands[host], self.run / "log" / f"{host}.log")

    def _listens(self, host: str) -> None:
        wait_until(lambda: listens(self.ports.of(host)), f"{host} listens", LISTENS_WITHIN_S, step=0.5)

    def _command(self, host: str) -> Command:
        said = self._here(environment_of(host), host)
        lines = (f"{key.removeprefix('KAFKA_').lower().replace('_', '.')}={value}\n" for key, value in said.items())
        return formatted(self.run / host, environment_of(host)["CLUSTER_ID"], "".join(lines))

    def _here(self, said: dict[str, str], host: str) -> dict[str, str]:
        """Return a broker's settings with this machine's addresses and files."""
        kept = {key: value for key, value in said.items() if key.startswith("KAFKA_") and key != "KAFKA_HEAP_OPTS"}
        who = next(name for name, at in certificates.BROKERS.items() if at == f"{host}.localhost")
        files = {
            f"{BROKER_RUN}/{certificates.BROKER}.pem": str(certificates.pair(self.run / "tls", who).both),
            f"{BROKER_RUN}/": f"{self.run}/tls/",
            "/var/lib/kafka/data": str(self.run / host / "data"),
        }
        return {key: self._reached(_replaced(value, files), host) for key, value in kept.items()}

    def _reached(self, text: str, host: str) -> str:
        named = re.sub(
            r"(kafka[\d-]*)\.localhost:(\d+)", lambda found: f"127.0.0.1:{self._port(found[1], found[2])}", text
        )
        return re.sub(r"://:(\d+)", lambda found: f"://127.0.0.1:{self._port(host, found[1])}", named)

    def _port(self, host: str, said: str) -> int:
        offset = int(said) - DEFAULT_BASE
        return self.ports.base + (CONTROLLERS[host] if offset == OFFSETS["kafka-controller"] else offset)


def environment_of(host: str) -> dict[str, str]:
    """Return a broker's environment of the compose file and both overlays, as compose would merge it."""
    written = (yaml.safe_load(file.read_text(encoding="utf-8")) for file in (COMPOSE, BROKERS, SECURE))
    merged: dict[str, str] = {}
    for one in written:
        merged |= one["services"][host]["environment"]
    return {key: value.replace("$$", "$") for key, value in merged.items()}


def _replaced(text: str, by: dict[str, str]) -> str:
    for old, new in by.items():
        text = text.replace(old, new)
    return text

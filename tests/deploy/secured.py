"""Try what the overlays say where no engine runs: `python -m tests.deploy.secured`; the last line is one JSON object.

Three brokers by the settings of the compose files, with TLS, certificates and rights, and Keycloak with the realm, as
processes of this machine; then `make up` on them, and the story, while one broker after another is killed. Nothing
that a service has told may be missing then. Some seven minutes on two cores.
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from deploy.images.overlays import HOSTS
from deploy.keycloak import server
from deploy.local.fetch import ROOT
from deploy.local.ports import Ports, free_base
from deploy.local.processes import start, stop, wait_until
from deploy.local.provision import admin_url
from deploy.local.secured import kafka_settings
from tests.deploy import kept, keycloak, tokens
from tests.deploy.brokers import replicated, written_while_away
from tests.deploy.processes import Processes

IMPORTED_WITHIN_S = 600
AWAY_S = 10


def main() -> int:
    """Do it all in a folder of its own; what fails leaves the folder with its logs."""
    run = Path(tempfile.mkdtemp(prefix="samvirke-secured-"))
    ports = Ports(free_base())
    os.environ |= {"ISSUER": server.issuer(ports)}
    brokers = Processes(run, ports)
    os.environ |= brokers.environment
    people = start(keycloak.command(run, ports), run / "log" / "keycloak.log")
    try:
        brokers.start()
        wait_until(
            lambda: keycloak.is_imported(keycloak.INSTALLATION, ports),
            "an installation's realm",
            IMPORTED_WITHIN_S,
            step=1,
        )
        sys.stdout.write(f"{json.dumps(_tried(brokers, ports))}\n")
    except BaseException:
        sys.stderr.write(f"the logs are in {run}/log\n")
        raise
    finally:
        _make("down")
        brokers.stop()
        stop(people)
    _make("clean")
    return 0


def _tried(brokers: Processes, ports: Ports) -> dict[str, Any]:
    found: dict[str, Any] = {"up_s": _make("up"), "topics": replicated(brokers)}
    found["answers"] = tokens.require_as_expected(ports, server.issuer(ports))
    found["story_s"], found["killed"] = story_while_brokers_are_killed(brokers)
    found["story_again_s"] = _run("-m", "deploy.story")
    found["written"] = written_while_away(brokers)
    found["told_and_kept"] = asyncio.run(kept.require_all_kept(admin_url(ports), kafka_settings(brokers.run, ports)))
    _run("-m", "services.audit", "verify")
    return found


def story_while_brokers_are_killed(brokers: Processes) -> tuple[float, list[str]]:
    """Play the story, and kill one broker after another while it plays; each comes back before the next one goes."""
    over, killed = threading.Event(), list[str]()
    killer = threading.Thread(target=_kill_in_turn, args=(brokers, over, killed))
    killer.start()
    try:
        took = _run("-m", "deploy.story")
    finally:
        over.set()
        killer.join()
    if not killed:
        raise AssertionError("the story was over before a broker was killed")
    return took, killed


def _kill_in_turn(brokers: Processes, over: threading.Event, killed: list[str]) -> None:
    while not over.wait(AWAY_S):
        host = HOSTS[len(killed) % len(HOSTS)]
        brokers.away(host)
        killed.append(host)
        over.wait(AWAY_S)
        brokers.back(host)
        wait_until(lambda: brokers.probe("in_step"), f"{host} has what the others have", IMPORTED_WITHIN_S, step=1)


def _make(what: str) -> float:
    return _timed("-m", "deploy.local", what)


def _run(*program: str) -> float:
    return _timed("-m", "deploy.local", "run", "--", *program)


def _timed(*argv: str) -> float:
    began = time.monotonic()
    done = subprocess.run([sys.executable, *argv], check=False, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(argv)}: {done.stdout[-3000:]}")
    return round(time.monotonic() - began, 1)


if __name__ == "__main__":
    sys.exit(main())

"""Fetch the servers and let Kafka start fast: one broker runs once, so that Java can keep its classes in a file."""

import subprocess
import tempfile
import threading
from pathlib import Path

from deploy.local.fetch import Fetched, alone, cache, fetch
from deploy.local.ports import Ports, free_base
from deploy.local.servers import kafka

GIVE_UP_AFTER_S = 120
STARTED = b"Kafka Server started"


def fetch_servers() -> Fetched:
    """Return the servers with Kafka's classes kept; makes what is missing, once."""
    servers = fetch()
    with alone(cache() / "lock"):
        if not servers.kafka_classes.exists():
            _keep_classes(servers)
    return servers


def _keep_classes(servers: Fetched) -> None:
    """Start a broker of no use, stop it, and keep the classes that it needed; without them all works, slower."""
    fresh = servers.kafka_classes.with_suffix(".new")
    with tempfile.TemporaryDirectory(prefix="samvirke-classes-") as folder:
        java, *rest = kafka(servers, Path(folder), Ports(free_base())).argv
        argv = [java, f"-XX:ArchiveClassesAtExit={fresh}", *rest]
        with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as broker:
            _stop_when_started(broker)
    if fresh.exists():
        fresh.rename(servers.kafka_classes)


def _stop_when_started(broker: subprocess.Popen[bytes]) -> None:
    """Read what a broker says until it has started, then let it end and write its classes."""
    guard = threading.Timer(GIVE_UP_AFTER_S, broker.kill)
    guard.start()
    try:
        for line in broker.stdout or ():
            if STARTED in line:
                broker.terminate()
        broker.wait()
    finally:
        guard.cancel()

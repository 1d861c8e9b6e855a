"""The one list of ports of the local stack: a base plus an offset for each."""

import fcntl
import os
import socket
import tempfile
from dataclasses import dataclass

from deploy.local.errors import StackError

DEFAULT_BASE = 27000

OFFSETS = {
    "zipkin": 11,
    "postgres": 32,
    "keys": 33,
    "identity": 80,
    "keycloak": 81,
    "kafka": 92,
    "kafka-controller": 93,
    "kafka-2": 94,
    "kafka-3": 95,
    "persons": 101,
    "concerns": 102,
    "exchange": 103,
    "councils": 104,
    "audit": 105,
    "alerting": 106,
    "alerting-exercise": 156,
    "alerting-watchdog": 107,
    "beredskabsstab": 108,
    "beredskabsstab-exercise": 158,
    "referrals": 109,
    "register": 201,
    "gateway-a": 202,
    "gateway-b": 203,
    "gateway-a-smtp": 204,
    "gateway-b-smtp": 205,
}


LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Ports:
    """Where each server and service of one stack listens.

    In containers each is a host `<name>.localhost`: browsers take such a name for this machine (RFC 6761 6.3), on
    which the same ports are published, and containers find each other by it. So an address is one everywhere.
    """

    base: int = DEFAULT_BASE
    named: bool = False

    @classmethod
    def from_environment(cls) -> "Ports":
        """Read the base from `SAMVIRKE_PORT_BASE`, and from `SAMVIRKE_HOSTS` whether hosts are `named`."""
        base = int(os.environ.get("SAMVIRKE_PORT_BASE", DEFAULT_BASE))
        return cls(base, os.environ.get("SAMVIRKE_HOSTS") == "named")

    def of(self, name: str) -> int:
        """Return the port of a server or service."""
        return self.base + OFFSETS[name]

    def host(self, name: str) -> str:
        """Return the host of a server or service."""
        return f"{name.removesuffix('-smtp')}.localhost" if self.named else LOOPBACK

    def at(self, name: str) -> str:
        """Return host and port of a server or service."""
        return f"{self.host(name)}:{self.of(name)}"

    def http(self, name: str) -> str:
        """Return the base address of a server or service that speaks HTTP."""
        return f"http://{self.at(name)}"


def port(name: str) -> int:
    """Return the port of a server or service in the stack that the environment names."""
    return Ports.from_environment().of(name)


def listens(number: int, host: str = LOOPBACK) -> bool:
    """Tell whether something accepts connections on a port, on loopback unless told otherwise."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        try:
            return probe.connect_ex((host, number)) == 0
        except OSError:  # the host is not there yet
            return False


def require_free(ports: Ports, names: list[str]) -> None:
    """Refuse to start while a port is taken, naming it, what needs it, and the way out."""
    taken = [f"{ports.of(name)} (for {name})" for name in names if listens(ports.of(name))]
    if taken:
        message = (
            f"port {', '.join(taken)} is taken on 127.0.0.1. Stop what listens there, "
            f"or choose another range: SAMVIRKE_PORT_BASE={ports.base + 1000} make up"
        )
        raise StackError(message)


def _is_claimed(base: int) -> bool:
    """Take a range for this process's life: two that look at the same moment must not find the same one free."""
    claim = os.open(f"{tempfile.gettempdir()}/samvirke-ports-{base}", os.O_RDWR | os.O_CREAT)
    try:
        fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(claim)
        return False
    return True


def free_base(start: int = 20000, stop: int = 26000, step: int = 250) -> int:
    """Return a base whose whole range is free, for tests that run beside a stack; below the ephemeral ports."""
    slots = (stop - start) // step
    for slot in range(slots):
        base = start + (os.getpid() + slot) % slots * step
        if not any(listens(base + offset) for offset in OFFSETS.values()) and _is_claimed(base):
            return base
    message = f"no free range of ports between {start} and {stop}"
    raise StackError(message)

"""Three brokers, of which one may be away: what is written while it is, and what is refused while two are."""

import json
from pathlib import Path
from typing import Any, Protocol

from deploy.images.overlays import HOSTS
from tests.deploy.engine import compose, container, docker, is_healthy, until

PROBE = Path(__file__).with_name("probe.py")
REPLICATED = {"kept_by": [3], "at_least": [2]}
TAKEN = {"all": 100, "one_away": 100, "two_away": 0, "back": 100}


class Cluster(Protocol):
    """Three brokers that a trial may end and start again."""

    def probe(self, *said: str) -> Any:  # noqa: ANN401  any JSON
        """Run the probe and return what it found."""

    def away(self, host: str) -> None:
        """End a broker as by a power cut; it stays away."""

    def back(self, host: str) -> None:
        """Start it again, and return when it listens."""


class Containers:
    """The brokers of the compose file."""

    def probe(self, *said: str) -> Any:  # noqa: ANN401  any JSON
        """Run it in the image that provisions, with its certificate where Kafka is secured."""
        text = PROBE.read_text(encoding="utf-8")
        done = compose("run", "--rm", "-T", "--no-deps", "provisioned", "-c", text, *said)
        return json.loads(done.stdout.splitlines()[-1])

    def away(self, host: str) -> None:
        """End it so that the engine does not start it again."""
        docker("kill", container(host))

    def back(self, host: str) -> None:
        """Start it, as an operator would."""
        docker("start", container(host))
        until(f"{host} is healthy again", lambda: is_healthy(host))


def replicated(cluster: Cluster) -> dict[str, list[int]]:
    """Require that every topic is kept by three brokers and takes nothing that fewer than two have."""
    found: dict[str, list[int]] = cluster.probe("replicas")
    if found != REPLICATED:
        raise AssertionError(f"topics are kept so: {found}")
    return found


def written_while_away(cluster: Cluster) -> dict[str, int]:
    """Write with one broker away, which must do, and with two, which must not; nothing that was written is lost."""
    written = {"all": cluster.probe("write", "0", "100")}
    cluster.away(HOSTS[0])
    written["one_away"] = cluster.probe("write", "100", "200")
    cluster.away(HOSTS[1])
    written["two_away"] = cluster.probe("write", "200", "300")
    for host in HOSTS[:2]:
        cluster.back(host)
    written["back"] = cluster.probe("write", "300", "400")
    require_kept(written, cluster.probe("read"))
    return written


def require_kept(written: dict[str, int], found: list[int]) -> None:
    """Refuse a loss, a double, and a record that was taken by a lone broker's word."""
    if written != TAKEN:
        raise AssertionError(f"written: {written}")
    if missing := {*range(200), *range(300, 400)} - {*found}:
        raise AssertionError(f"written and lost: {len(missing)}")
    if len(found) != len({*found}):
        raise AssertionError("written twice")

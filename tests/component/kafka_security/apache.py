"""Apache Kafka's own clients: its command line tools, and `Attempts.java`, which asks many things in one run."""

import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from deploy.local.fetch import alone, fetch
from deploy.local.fetch import cache as fetched
from deploy.local.servers import java
from tests.stack import Stack

HERE = Path(__file__).parent
BOUND_S = 180
QUICK = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto")

Attempt = tuple[str, str, str]
"""Who tries what on which."""


class Attempts:
    """`Attempts.java`, running: one Java for all tests, with the certificates of a folder."""

    def __init__(self, stack: Stack, tls: Path) -> None:
        program = str(HERE / "Attempts.java")
        self._java = subprocess.Popen(
            [java(), *QUICK, "-Dlog4j2.level=OFF", "-cp", class_path(), program, stack.bootstrap, str(tls)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __call__(self, wanted: Iterable[Attempt]) -> dict[Attempt, str]:
        """Try everything and return how each attempt ended: `ok …`, or the exception's name."""
        assert self._java.stdin
        assert self._java.stdout
        self._java.stdin.write("".join("\t".join(one) + "\n" for one in dict.fromkeys(wanted)) + "\n")
        self._java.stdin.flush()
        ended = (line.rstrip("\n").split("\t") for line in iter(self._java.stdout.readline, "\n") if line)
        return {(who, what, which): outcome.strip() for who, what, which, outcome in ended}

    def stop(self) -> None:
        """End it."""
        self._java.kill()
        self._java.communicate()


@dataclass(frozen=True, slots=True)
class Tool:
    """One of the tools, as somebody."""

    stack: Stack
    who: str

    def run(self, name: str, *arguments: str) -> str:
        """Run a tool with this identity's properties and return all that it says; a producer is given one line."""
        argv = [java(), *QUICK, "-cp", class_path(), f"org.apache.kafka.tools.{name}"]
        argv += ["--bootstrap-server", self.stack.bootstrap, "--command-config", self._properties(), *arguments]
        done = subprocess.run(argv, input="a line\n", capture_output=True, text=True, timeout=BOUND_S, check=False)
        return done.stdout + done.stderr

    def _properties(self) -> str:
        """Return a file of properties, as an integrating system writes it."""
        folder = self.stack.run / "tls"
        file = self.stack.run / f"{self.who}.properties"
        file.write_text(
            "security.protocol=SSL\n"
            f"ssl.truststore.type=PEM\nssl.truststore.location={folder}/ca.crt\n"
            f"ssl.keystore.type=PEM\nssl.keystore.location={folder}/{self.who}.pem\n"
        )
        return str(file)


@cache
def class_path() -> str:
    """Return Kafka's jars and, fetched once, those of its tools."""
    tools = fetched() / "kafka-tools"
    with alone(fetched() / "tools.lock"):
        if not list(tools.glob("kafka-tools-*.jar")):
            _fetch(tools)
    return f"{fetch().kafka}/*:{tools}/*"


def _fetch(into: Path) -> None:
    shutil.rmtree(into, ignore_errors=True)
    goal = ["dependency:copy-dependencies", f"-DoutputDirectory={into}"]
    subprocess.run(["mvn", "-q", "-B", "-f", HERE / "tools.xml", *goal], check=True, capture_output=True)

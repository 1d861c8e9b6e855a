"""How Kafka, PostgreSQL and Zipkin are started, as plain values: used by `make up`, by tests and by chaos.

Each function makes the data folder and returns one `Command`. Whoever runs it decides what watches it. `keys` is a
second, small PostgreSQL: the keys of persons lie apart from the data, with backups of their own.
"""

import base64
import os
import re
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from deploy.local.errors import StackError
from deploy.local.fetch import Fetched, postgres_user, reachable_folder
from deploy.local.log_archive import archive_of
from deploy.local.ports import Ports
from deploy.local.secured import broker_settings

JAVA_AT_LEAST = 17
QUICK_CODE = "-XX:TieredStopAtLevel=1"
"""Lets Java make its machine code quickly and not well: half the work of a short life."""
LOG4J = Path(__file__).with_name("log4j2.xml")

KAFKA_SETTINGS = """\
# Written by deploy/local/servers.py at every start.
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
controller.listener.names=CONTROLLER
log.dirs={data}
num.partitions=1
auto.create.topics.enable=false
log.message.timestamp.type=LogAppendTime
offsets.topic.replication.factor=1
offsets.topic.num.partitions=5
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
"""

POSTGRES_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "synchronous_commit": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # A failing statement, its parameters and the text of its error may be personal data: the caller hears, not the log.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
}


KEYS_SETTINGS = POSTGRES_SETTINGS | {
    "max_connections": "40",
    "shared_buffers": "16MB",
    "max_wal_size": "128MB",
    "min_wal_size": "32MB",
    "max_worker_processes": "2",
}
"""The keys of a million persons are 150 MB, and one at a time is asked for."""

CLUSTERS = {"postgres": POSTGRES_SETTINGS, "keys": KEYS_SETTINGS}
"""The PostgreSQL servers of a stack, with their settings."""


@dataclass(frozen=True, slots=True)
class Command:
    """How one process is started."""

    name: str
    argv: list[str]
    env: dict[str, str] = field(default_factory=dict)
    """What is added to the environment."""
    user: str | None = None
    """Whom it runs as, when not as whoever starts it."""
    cwd: Path = Path("/")
    stop_signal: str = "TERM"


def run_dir() -> Path:
    """Return the folder that holds data, logs and process ids of one stack."""
    return Path(os.environ.get("SAMVIRKE_RUN_DIR", ".run")).absolute()


def java() -> str:
    """Return the Java to use, or say what is missing."""
    home = os.environ.get("JAVA_HOME")
    found = str(Path(home, "bin", "java")) if home else shutil.which("java")
    if found is None or _java_version(found) < JAVA_AT_LEAST:
        message = f"Java {JAVA_AT_LEAST} or newer is missing: Kafka and Zipkin run on it"
        raise StackError(message)
    return found


def kafka(servers: Fetched, run: Path, ports: Ports, *, brief: bool = False) -> Command:
    """Return how the broker is started; its folder is formatted the first time.

    `brief` is for one that runs for minutes: what Java would spend on its best machine code it would never earn back.
    """
    home = run / "kafka"
    settings = home / "server.properties"
    home.mkdir(parents=True, exist_ok=True)
    settings.write_text(
        KAFKA_SETTINGS.format(controller=ports.of("kafka-controller"), data=home / "data") + broker_settings(run, ports)
    )
    on_class_path = [java(), "-cp", f"{servers.kafka}/*", f"-Dlog4j2.configurationFile={LOG4J}"]
    if not (home / "data" / "meta.properties").exists():
        _format(on_class_path, settings, servers.kafka_classes.with_name("kafka-formatted"))
    heap = ["-Xms160m", "-Xmx320m", "-XX:+UseG1GC", "-XX:MaxGCPauseMillis=20", "-Djava.awt.headless=true"]
    # Parsed classes from an earlier start halve the work of this one; without the file Java goes on as usual.
    classes = [f"-XX:SharedArchiveFile={servers.kafka_classes}"] if servers.kafka_classes.exists() else []
    options = [*heap, *classes, *([QUICK_CODE] if brief else [])]
    return Command("kafka", [*on_class_path[:1], *options, *on_class_path[1:], "kafka.Kafka", str(settings)])


def postgres(servers: Fetched, run: Path, ports: Ports) -> Command:
    """Return how the data's PostgreSQL is started; its cluster is initialised the first time."""
    return _cluster("postgres", servers, run, ports)


def keys(servers: Fetched, run: Path, ports: Ports) -> Command:
    """Return how the PostgreSQL of the keys is started; its cluster is initialised the first time."""
    return _cluster("keys", servers, run, ports)


def _cluster(name: str, servers: Fetched, run: Path, ports: Ports) -> Command:
    data = postgres_home(run, name) / "data"
    if not (data / "PG_VERSION").exists():
        _initialise(servers.postgres / "bin" / "initdb", data)
    return postgres_on(servers, data, ports.of(name), name)


def postgres_on(
    servers: Fetched, data: Path, port: int, name: str, more: Mapping[str, str] = MappingProxyType({})
) -> Command:
    """Return how a PostgreSQL is started on a data folder that is there, with `more` settings of the moment."""
    settings = CLUSTERS[name] | archive_of(name) | {"port": str(port)} | dict(more)
    flags = [part for setting, value in settings.items() for part in ("-c", f"{setting}={value}")]
    argv = [str(servers.postgres / "bin" / "postgres"), "-D", str(data), *flags]
    # INT is a fast stop: it ends sessions and leaves a clean cluster. QUIT would be the immediate one.
    return Command(name, argv, user=postgres_user(), stop_signal="INT")


def postgres_home(run: Path, name: str = "postgres") -> Path:
    """Return the folder that holds a PostgreSQL's data: in the run folder, unless its user cannot reach that."""
    run.mkdir(parents=True, exist_ok=True)
    return reachable_folder(run / name, postgres_user(), run / f"{name}.path")


def forget(run: Path) -> None:
    """Remove a run folder, and PostgreSQL's where it had to lie elsewhere."""
    for pointer in (run / f"{name}.path" for name in CLUSTERS):
        if pointer.exists():
            shutil.rmtree(pointer.read_text().strip(), ignore_errors=True)
    shutil.rmtree(run, ignore_errors=True)


def zipkin(servers: Fetched, ports: Ports) -> Command:
    """Return how Zipkin is started; it keeps traces in memory and forgets the oldest."""
    env = {"QUERY_PORT": str(ports.of("zipkin")), "MEM_MAX_SPANS": "100000", "SELF_TRACING_ENABLED": "false"}
    return Command("zipkin", [java(), "-Xmx160m", "-XX:+UseSerialGC", QUICK_CODE, "-jar", str(servers.zipkin)], env)


def immediate_stop(run: Path, servers: Fetched) -> Command:
    """Return how PostgreSQL is stopped as by a power cut: no checkpoint, sessions dropped."""
    argv = [str(servers.postgres / "bin" / "pg_ctl"), "stop", "-m", "immediate", "-D", str(postgres_home(run) / "data")]
    return Command("postgres-stop", argv, user=postgres_user())


def _java_version(executable: str) -> int:
    """Return the major version of a Java, 0 when it does not run."""
    try:
        shown = subprocess.run([executable, "-version"], check=False, capture_output=True, text=True).stderr
    except OSError:
        return 0
    quoted = shown.split('"')[1:2]
    return int(quoted[0].split(".")[0].split("-")[0]) if quoted else 0


def _format(on_class_path: list[str], settings: Path, kept: Path) -> None:
    """Give the broker's folder its cluster id; what the tool writes besides is the same each time, and kept."""
    data = settings.with_name("data")
    if not kept.exists():
        tool = ["kafka.tools.StorageTool", "format", "-t", _fresh_id(), "-c", str(settings)]
        subprocess.run([*on_class_path[:1], QUICK_CODE, *on_class_path[1:], *tool], check=True, capture_output=True)
        _keep(data, kept)
    shutil.rmtree(data, ignore_errors=True)
    shutil.copytree(kept, data)
    said = data / "meta.properties"
    said.write_text(re.sub(r"(?<=cluster\.id=|rectory\.id=).+", lambda _: _fresh_id(), said.read_text()))


def _keep(data: Path, kept: Path) -> None:
    """Put a formatted folder aside for the next broker, whole or not at all."""
    fresh = Path(tempfile.mkdtemp(prefix="formatted-", dir=kept.parent))
    shutil.copytree(data, fresh, dirs_exist_ok=True)
    try:
        fresh.rename(kept)
    except OSError:  # somebody else was quicker
        shutil.rmtree(fresh)


def _fresh_id() -> str:
    cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).rstrip(b"=").decode()
    # An id may not start with a dash: the tool would take it for an option.
    return cluster.replace("-", "A").replace("_", "B")


def _initialise(initdb: Path, data: Path) -> None:
    """Make PostgreSQL's cluster: trusted on loopback, UTF-8, the same order of text on every machine."""
    user = postgres_user()
    if user is not None:
        shutil.chown(data.parent, user)
    fresh = data.with_name("data.new")
    shutil.rmtree(fresh, ignore_errors=True)
    locale = ["-E", "UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    options = ["-U", "postgres", "-A", "trust", *locale, "--no-instructions", "--no-sync"]
    subprocess.run([initdb, "-D", fresh, *options], check=True, capture_output=True, user=user, cwd="/")
    fresh.rename(data)

"""Fetch the servers' jars with Maven, once, and unpack PostgreSQL where its user can reach it."""

import fcntl
import hashlib
import os
import platform
import shutil
import subprocess
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.local.errors import StackError

ROOT = Path(__file__).parents[2]
POM = Path(__file__).with_name("pom.xml")
OTHER_SERVERS = ("zipkin-server", "embedded-postgres-binaries")


@dataclass(frozen=True, slots=True)
class Fetched:
    """Where the fetched servers are."""

    kafka: Path
    """The folder whose jars are Kafka's class path."""
    kafka_classes: Path
    """Kafka's classes as Java keeps them for a faster start; written by `fast_start.py`."""
    zipkin: Path
    """The one jar that is Zipkin."""
    postgres: Path
    """The folder that holds PostgreSQL's `bin`, reachable by its user."""


def cache() -> Path:
    """Return the folder of fetched servers, shared by every run of this clone."""
    return Path(os.environ.get("SAMVIRKE_CACHE_DIR", ROOT / ".cache")).absolute()


def postgres_platform() -> str:
    """Return the name of PostgreSQL's archive for this machine, as in `linux-amd64`."""
    machine = platform.machine().lower()
    arch = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64v8", "arm64": "arm64v8"}.get(machine)
    system = platform.system().lower()
    if arch is None or system not in {"linux", "darwin"}:
        message = f"there are no PostgreSQL binaries for {system} {machine}; point DATABASE_URL at a server of yours"
        raise StackError(message)
    return f"{system}-{arch}"


def postgres_user() -> str | None:
    """Return the user that PostgreSQL runs as: it refuses root, so root takes `nobody`."""
    return "nobody" if os.geteuid() == 0 else None


def fetch() -> Fetched:
    """Return the servers, fetching and unpacking what is missing."""
    jars = cache() / "jars"
    cache().mkdir(parents=True, exist_ok=True)
    with alone(cache() / "lock"):
        if not _is_current(jars):
            _fetch_jars(jars)
        archive = next(jars.glob("embedded-postgres-binaries-*.jar"))
        return Fetched(jars / "kafka", jars / "kafka.jsa", next(jars.glob("zipkin-server-*.jar")), _unpacked(archive))


def is_fetched() -> bool:
    """Tell whether nothing needs the network any more."""
    return _is_current(cache() / "jars")


def reachable_folder(preferred: Path, user: str | None, pointer: Path) -> Path:
    """Return the preferred folder, or one under the system's temporary folder when the user cannot reach that.

    A clone under a folder of mode 0700 is out of reach for everyone but its owner. The pointer file remembers the
    other place; it is random, so that a new clone never finds the data of an old one.
    """
    preferred.mkdir(parents=True, exist_ok=True)
    if _can_enter(preferred, user):
        return preferred
    if pointer.exists() and (known := Path(pointer.read_text().strip())).is_dir():
        return known
    elsewhere = Path(tempfile.mkdtemp(prefix="samvirke-"))
    elsewhere.chmod(0o755)
    pointer.write_text(str(elsewhere))
    return elsewhere


def _can_enter(folder: Path, user: str | None) -> bool:
    """Tell whether the user can go into a folder, by going there as that user."""
    if user is None:
        return True
    return (
        subprocess.run(
            ["/bin/sh", "-c", 'cd "$1"', "sh", folder], user=user, cwd="/", check=False, capture_output=True
        ).returncode
        == 0
    )


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Let one process at a time fetch and unpack."""
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _fingerprint() -> str:
    """Return what the fetched jars depend on: the list of servers and the machine."""
    return hashlib.sha256(POM.read_bytes()).hexdigest() + " " + postgres_platform()


def _is_current(jars: Path) -> bool:
    """Tell whether the jars are those of the present list."""
    stamp = jars / "stamp"
    return stamp.exists() and stamp.read_text() == _fingerprint()


def _fetch_jars(jars: Path) -> None:
    """Copy the jars with Maven; Kafka's in a folder of their own, because a folder is its class path."""
    if shutil.which("mvn") is None:
        message = "Maven (mvn) is missing: it fetches Kafka, PostgreSQL and Zipkin"
        raise StackError(message)
    shutil.rmtree(jars, ignore_errors=True)
    kafka = jars / "kafka"
    goal = ["dependency:copy-dependencies", f"-DoutputDirectory={kafka}", f"-Dpostgres.platform={postgres_platform()}"]
    done = subprocess.run(["mvn", "-q", "-B", "-f", POM, *goal], check=False, capture_output=True, text=True)
    if done.returncode != 0:
        message = f"Maven could not fetch the servers:\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
        raise StackError(message)
    for jar in kafka.glob("*.jar"):
        if jar.name.startswith(OTHER_SERVERS):
            jar.rename(jars / jar.name)
    (jars / "stamp").write_text(_fingerprint())


def _unpacked(archive: Path) -> Path:
    """Return the folder of PostgreSQL's binaries, unpacked once."""
    home = reachable_folder(cache() / "postgres", postgres_user(), cache() / "postgres.path")
    target = home / archive.stem
    if not target.is_dir():
        fresh = Path(tempfile.mkdtemp(prefix="unpacking-", dir=home))
        _unpack(archive, fresh)
        fresh.chmod(0o755)
        fresh.rename(target)
    return target


def _unpack(archive: Path, target: Path) -> None:
    """Unpack the .txz that the jar holds."""
    with zipfile.ZipFile(archive) as jar:
        name = next(each for each in jar.namelist() if each.endswith(".txz"))
        with jar.open(name) as packed, tarfile.open(fileobj=packed, mode="r:xz") as tar:
            # Python 3.11.4 and later refuse members that point outside; earlier ones do not know the question.
            tar.extraction_filter = getattr(tarfile, "data_filter", None)
            # Maven has verified the archive's checksum.
            tar.extractall(target)  # noqa: S202  # nosec B202

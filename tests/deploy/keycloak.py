"""Keycloak as a process of this machine, from the archive that its own image is made of."""

import json
import shutil
import subprocess
import tempfile
from pathlib import Path

import httpx
import yaml

from deploy.images.bases import SECURE
from deploy.keycloak import realm, server
from deploy.local.fetch import cache
from deploy.local.ports import Ports
from deploy.local.servers import Command

ARTEFACT = f"org.keycloak:keycloak-quarkus-dist:{server.VERSION}:tar.gz"
INSTALLATION = "installation"


def command(run: Path, ports: Ports) -> Command:
    """Return how Keycloak is started with two realms: the demonstration's, and an installation's by another name."""
    home = run / "keycloak"
    shutil.copytree(_built(), home)
    realms = home / "data" / "import"
    realms.mkdir(parents=True)
    (realms / "realm.json").write_text(realm.of_demonstration(ports), encoding="utf-8")
    other = json.loads(realm.of_installation("samvirke.example")) | {"realm": INSTALLATION}
    (realms / "installation.json").write_text(json.dumps(other), encoding="utf-8")
    said = yaml.safe_load(SECURE.read_text(encoding="utf-8"))["services"]["keycloak"]["environment"]
    return Command("keycloak", [str(home / "bin" / "kc.sh"), *server.arguments(ports)], said)


def is_imported(name: str, ports: Ports) -> bool:
    """Tell whether Keycloak answers for a realm."""
    try:
        return httpx.get(f"{ports.http('keycloak')}/realms/{name}", timeout=5).is_success
    except httpx.TransportError:
        return False


def unpack(into: Path) -> None:
    """Unpack Keycloak into a folder."""
    into.mkdir()
    subprocess.run(["tar", "-xzf", _archive(), "--strip-components=1", "-C", into], check=True)


def _built() -> Path:
    """Return a Keycloak that knows what it will be started with: a minute's work, kept for the next trial."""
    kept = cache() / f"keycloak-{server.VERSION}"
    if not kept.exists():
        with tempfile.TemporaryDirectory(dir=cache()) as folder:
            fresh = Path(folder) / "keycloak"
            unpack(fresh)
            subprocess.run([fresh / "bin" / "kc.sh", "build", *server.BUILT], check=True, stdout=subprocess.DEVNULL)
            fresh.rename(kept)
    return kept


def _archive() -> Path:
    """Return Keycloak's own archive, fetched once."""
    file = cache() / f"keycloak-quarkus-dist-{server.VERSION}.tar.gz"
    if not file.exists():
        goal = ["dependency:copy", f"-Dartifact={ARTEFACT}", f"-DoutputDirectory={cache()}"]
        subprocess.run(["mvn", "-q", "-B", *goal], check=True)
    return file

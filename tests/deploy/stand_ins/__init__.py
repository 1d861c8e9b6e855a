"""Base images under the tags of the compose file, made of Debian and of what `make up` fetches."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from deploy.images.bases import DIGESTS, digests, python_base
from deploy.keycloak import server
from deploy.local.fast_start import fetch_servers
from tests.deploy import keycloak
from tests.deploy.engine import OVERLAYS, docker

HERE = Path(__file__).parent
DEBIAN = "samvirke-stand-in-debian:bookworm"
PACKAGES = "python3,python3-venv,python3-pip,ca-certificates,openjdk-17-jre-headless"
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
TAGS = {
    "python": python_base(),
    "postgres": "postgres:18.0-bookworm",
    "kafka": "apache/kafka:4.2.0",
    "zipkin": "openzipkin/zipkin:3.5.1",
    "keycloak": server.IMAGE,
}


def make() -> None:
    """Make what is missing; nothing is pulled, and an image that is there under its tag is left alone."""
    if digests():
        message = f"what is made here has no digest of a registry: empty {DIGESTS} and run `python -m deploy.images`"
        raise ValueError(message)
    wanted = {target: tag for target, tag in TAGS.items() if target != "keycloak" or "secure" in OVERLAYS}
    missing = {target: tag for target, tag in wanted.items() if not is_there(tag)}
    if missing and not is_there(DEBIAN):
        _make_debian()
    with tempfile.TemporaryDirectory() as folder:
        context = Path(folder)
        _fill(context)
        if "keycloak" in missing:
            keycloak.unpack(context / "keycloak")
        for target, tag in missing.items():
            docker("build", "--quiet", "--target", target, "--tag", tag, str(context))


def is_there(tag: str) -> bool:
    """Tell whether the engine has an image."""
    return subprocess.run(["docker", "image", "inspect", tag], check=False, capture_output=True).returncode == 0


def _make_debian() -> None:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["debootstrap", "--variant=minbase", f"--include={PACKAGES}", "bookworm", folder], check=True)
        # The certificates of this machine, which may reach the registries by an authority of its own.
        shutil.copy(CERTIFICATES, Path(folder, *CERTIFICATES.parts[1:]))
        with subprocess.Popen(["tar", "-C", folder, "-c", "."], stdout=subprocess.PIPE) as packed:
            subprocess.run(["docker", "import", "-", DEBIAN], check=True, stdin=packed.stdout)


def _fill(context: Path) -> None:
    """Put into a folder what the images are built from."""
    servers = fetch_servers()
    shutil.copytree(HERE, context, dirs_exist_ok=True)
    shutil.copytree(servers.kafka, context / "kafka")
    shutil.copytree(servers.postgres, context / "postgres", symlinks=True)
    shutil.copy(servers.zipkin, context / "zipkin.jar")

"""The compose file as text, made so that containers and `make up` cannot come to say different things."""

import json
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from deploy.images import overlays
from deploy.images.bases import ARCHIVE, BROKERS, COMPOSE, SECURE, digests, pinned, python_base
from deploy.images.prepare import own_environment
from deploy.local.gateways import ALERTING, GATEWAYS
from deploy.local.identity.directory import directory
from deploy.local.log_archive import archiving
from deploy.local.ports import Ports
from deploy.local.servers import CLUSTERS, KEYS_SETTINGS, POSTGRES_SETTINGS
from deploy.local.services import OWNING_NO_DATA, common_environment, procfile

PORTS = Ports(named=True)
RUN = Path("/run/samvirke")
OF_CONTAINERS = {
    "SAMVIRKE_HOSTS": "named",
    "PGPASSFILE": str(RUN / "pgpass"),
    "SECRETS_DIR": str(RUN / "secrets"),
}
SPANS = "OTEL_EXPORTER_ZIPKIN_ENDPOINT"
WRITING = {"identity", "register", *GATEWAYS, "audit", *ALERTING}
"""Programs that keep something beside their database: keys that they make, lists, what a stand-in knows."""
LOG_ARCHIVE = Path("/var/lib/log-archive")
LOG_VOLUMES = {"postgres": "data-log-archive", "keys": "keys-log-archive"}
SAID_BY_THE_SERVER = {"listen_addresses", "unix_socket_directories"}
"""Settings of a loopback's PostgreSQL that an image decides for itself."""


@dataclass(frozen=True, slots=True)
class Program:
    """One program of the Procfile as a container."""

    name: str
    module: str
    arguments: list[str]
    environment: dict[str, str]
    published: list[int]

    @property
    def bindings(self) -> list[str]:
        """Return what is published, on this machine alone: the same number inside and outside."""
        return [f"127.0.0.1:{number}:{number}" for number in self.published]

    @property
    def service(self) -> str | None:
        """Return the service whose image it runs from; stand-ins run from that of operations."""
        package, _, name = self.module.partition(".")
        return name if package == "services" else None


def programs() -> list[Program]:
    """Return every program of the Procfile."""
    return [_program(name, argv[argv.index("-m") + 1 :]) for name, argv in procfile().items()]


def _program(name: str, said: list[str]) -> Program:
    secret = {"CLIENT_SECRET"} if name in directory().clients else set()
    own = {key: value for key, value in _environment(name).items() if key not in secret}
    # The engine starts the same one process again: it may keep its place in its consumer group.
    environment = own | {"INSTANCE": name}
    published = [PORTS.of(name), *([PORTS.of(f"{name}-smtp")] if name in GATEWAYS else [])]
    return Program(name, said[0], said[1:], environment, published)


def _environment(name: str) -> dict[str, str]:
    """Return what a program alone reads, with its files where the container has them."""
    # Whoever asks for an environment makes the secrets that it names.
    with TemporaryDirectory() as elsewhere:
        said = own_environment(name, Path(elsewhere), PORTS)
    return {key: value.replace(elsewhere, str(RUN)) for key, value in said.items()}


def files() -> dict[Path, str]:
    """Return the compose file and its overlays, each with its text."""
    return {COMPOSE: compose_file(), ARCHIVE: archive_file(), BROKERS: brokers_file(), SECURE: secure_file()}


def compose_file(known: dict[str, str] | None = None) -> str:
    """Return the text of `docker-compose.yml`, with the digests that are known of images."""
    common = common_environment(RUN, PORTS) | OF_CONTAINERS
    said = {
        "programs": programs(),
        "python": python_base(),
        "common": common | {SPANS: f"${{TRACES:-{common[SPANS]}}}"},
        "postgres": settings_of(POSTGRES_SETTINGS),
        "keys": settings_of(KEYS_SETTINGS),
        "brokers": overlays.HOSTS,
        "ports": PORTS,
        "owning_no_data": OWNING_NO_DATA,
        "writing": WRITING,
        "run": RUN,
    }
    return _rendered("docker-compose.yml.j2", said, known)


def archive_file() -> str:
    """Return the text of the overlay with which both PostgreSQL servers archive their log."""
    servers = {name: settings_of(said | archiving(LOG_ARCHIVE)) for name, said in CLUSTERS.items()}
    return _rendered(
        "docker-compose.archive.yml.j2", {"servers": servers, "volumes": LOG_VOLUMES, "folder": LOG_ARCHIVE}
    )


def brokers_file() -> str:
    """Return the text of the overlay with three brokers."""
    return _rendered("docker-compose.brokers.yml.j2", overlays.of_brokers(PORTS))


def secure_file(known: dict[str, str] | None = None) -> str:
    """Return the text of the overlay that secures Kafka and lets Keycloak sign people in."""
    return _rendered("docker-compose.secure.yml.j2", overlays.of_secure(PORTS) | {"ports": PORTS, "run": RUN}, known)


def _rendered(template: str, said: dict[str, Any], known: dict[str, str] | None = None) -> str:
    told = digests() if known is None else known
    of_templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701  it is YAML  # nosec B701
    )
    of_templates.filters["pinned"] = lambda image: pinned(image, told)
    of_templates.filters["json"] = lambda value: json.dumps(value, ensure_ascii=False)
    return of_templates.get_template(template).render(said)


def settings_of(said: dict[str, str]) -> list[str]:
    """Return a PostgreSQL's settings as the arguments that a container starts it with."""
    kept = {name: value for name, value in said.items() if name not in SAID_BY_THE_SERVER}
    return [part for name, value in kept.items() for part in ("-c", f"{name}={value}")]

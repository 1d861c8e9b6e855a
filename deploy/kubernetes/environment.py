"""What each program reads from its environment in a cluster, and which files lie beside it."""

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from deploy.images.compose import OF_CONTAINERS
from deploy.images.prepare import PASSWORDS, own_environment
from deploy.local.gateways import GATEWAYS, NUMBERS, WATCHDOG
from deploy.local.identity.directory import directory
from deploy.local.ports import Ports
from deploy.local.provision import ELSEWHERE
from deploy.local.services import WITH_PAGES, common_environment

HERE = Path(__file__).parent
GIVEN = Path("/run/samvirke")
"""What a program is given: passwords, keys, secrets, certificates."""
OWN = Path("/run/own")
"""The file of passwords once more, readable by its owner alone: PostgreSQL's libraries take no other."""
KEPT = Path("/var/lib/samvirke")
"""What a program keeps."""
KEPT_FOLDERS = ("AUDIT_KEYS", "ALERTING_CALL_LIST_KEYS", "ALERTING_CALL_LIST_DIR")
SERVERS = {"postgres": "postgres-rw", "keys": "keys-rw", "kafka": "samvirke-kafka-bootstrap"}
"""As the operators name them: where one writes."""
KAFKA = "samvirke"
"""The cluster of brokers, by which Strimzi's operators know what is theirs."""
KAFKA_USERS = "kafka-"
"""Before the name of a user: the Secret of that name alone is the program's own."""
SERVER_PORTS = {"postgres": 5432, "keys": 5432, "kafka": 9093}
OF_A_DEMONSTRATION = {"SAMVIRKE_PORT_BASE", "SAMVIRKE_HOSTS", "SAMVIRKE_RUN_DIR", "CLOSING_POLL_S", "AUDIT_KEYS"}
"""Settings of stand-ins and of the story; `AUDIT_KEYS` is read by audit alone."""


@cache
def installation() -> dict[str, Any]:
    """Return what an installation says for itself."""
    return tomllib.loads((HERE / "installation.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class InCluster(Ports):
    """Where everything is in a cluster: programs and servers by their names, all else where the installation says."""

    outside: dict[str, str] = field(default_factory=dict)

    def of(self, name: str) -> int:
        """Return the port; operators' servers have those that they are known by."""
        return SERVER_PORTS.get(name) or Ports.of(self, name)

    def host(self, name: str) -> str:
        """Return the name of the service."""
        return SERVERS.get(name, name)

    def at(self, name: str) -> str:
        """Return host and port; mail has one server."""
        return str(installation()["mail"]["server"]) if name.endswith("-smtp") else Ports.at(self, name)

    def http(self, name: str) -> str:
        """Return the base address."""
        return self.outside.get(name) or Ports.http(self, name)


@cache
def in_cluster() -> InCluster:
    """Return where everything is for the installation."""
    said = installation()
    gateways = {name: said["providers"][name]["base"] for name in GATEWAYS}
    return InCluster(outside={"identity": said["issuer"], "register": said["register"], **gateways})


@dataclass(frozen=True, slots=True)
class Read:
    """What a program reads."""

    environment: dict[str, str]
    files: list[str]
    """Paths below the folder of what it is given, each with a value of its own."""


@cache
def read_by(name: str) -> Read:
    """Return what a program alone reads; whoever asks for an environment makes the files that it names."""
    with TemporaryDirectory() as folder:
        said = own_environment(name, Path(folder), in_cluster())
        if name == "audit":
            said["AUDIT_KEYS"] = f"{folder}/keys/audit"
        named = {Path(one) for value in said.values() for one in re.findall(rf'{re.escape(folder)}[^"\s]*', value)}
        files = sorted(str(one.relative_to(folder)) for one in named if one.is_file())
        environment = {key: _placed(key, value, folder) for key, value in said.items() if key != "CLIENT_SECRET"}
    secret = ["secrets/client_secret"] if name in directory().clients else []
    return Read(environment, [PASSWORDS, *secret, *files])


def _placed(key: str, value: str, folder: str) -> str:
    return value.replace(folder, str(KEPT if key in KEPT_FOLDERS else GIVEN))


def own_of(name: str) -> dict[str, str]:
    """Return what a program alone reads in an installation."""
    said = dict(read_by(name).environment)
    said |= {"WEB_BASE": public(name)} if name in WITH_PAGES else {}
    said |= {"ALERTING_LINK_BASE": public(name)} if "ALERTING_LINK_BASE" in said else {}
    said |= _watchdog() if name == WATCHDOG else {}
    said |= {"PERSONS_KEYS_DATABASE_URL": keys_url("persons_keys_api")} if name == "persons" else {}
    return {key: _of_installation(value) for key, value in said.items()}


def common() -> dict[str, str]:
    """Return what all programs have in common in an installation."""
    said = common_environment(GIVEN, in_cluster()) | OF_CONTAINERS | {"DEMONSTRATION": "false"}
    said |= {"PGPASSFILE": str(OWN / PASSWORDS)}
    said |= _addresses()
    said |= {"PGSSLMODE": "verify-full", "PGSSLROOTCERT": str(authority_of("postgres"))}
    said |= {"KAFKA_SECURITY_PROTOCOL": "SSL"} | kafka_files()
    return {key: value for key, value in said.items() if key not in OF_A_DEMONSTRATION}


def _addresses() -> dict[str, str]:
    """Return where everything is, said outright: the environment of who writes the manifests may name another place."""
    return {
        "DATABASE_URL": f"postgresql://{in_cluster().at('postgres')}",
        "KAFKA_BOOTSTRAP": in_cluster().at("kafka"),
        "ISSUER": installation()["issuer"],
        "OTEL_TRACES_EXPORTER": "zipkin",
        "OTEL_EXPORTER_ZIPKIN_ENDPOINT": installation()["traces"],
    }


def kafka_files() -> dict[str, str]:
    """Return where certificates lie, by the setting that names each."""
    files = {"KAFKA_CA_FILE": "ca.crt", "KAFKA_CERT_FILE": "user.crt", "KAFKA_KEY_FILE": "user.key"}
    return {setting: str(GIVEN / "kafka" / file) for setting, file in files.items()}


def keys_url(role: str) -> str:
    """Return the whole address of the keys: their server has another authority than that of the data."""
    return _verified(role, "keys", "/persons_keys")


def provisioning() -> dict[str, str]:
    """Return what the job reads that makes databases; topics and rights on Kafka are operators'."""
    return {
        "DATABASE_ADMIN_URL": _verified("postgres", "postgres"),
        "PERSONS_KEYS_DATABASE_ADMIN_URL": _verified("postgres", "keys"),
        "DATABASE_ROLE_PASSWORDS": str(OWN / PASSWORDS),
        "KAFKA_PROVISIONED": ELSEWHERE,
    }


def _verified(role: str, server: str, database: str = "") -> str:
    where = f"postgresql://{role}@{in_cluster().at(server)}{database}"
    return f"{where}?sslmode=verify-full&sslrootcert={authority_of(server)}"


def authority_of(server: str) -> Path:
    """Return where the certificate lies of who vouches for a database server."""
    return GIVEN / "servers" / f"{server}.crt"


def public(name: str) -> str:
    """Return where a program is reached from outside."""
    return f"https://{name}.{installation()['domain']}"


def _watchdog() -> dict[str, str]:
    said = installation()["watchdog"]
    return {"ALERTING_WATCHDOG_TO": said["to"], "ALERTING_WATCHDOG_HEARTBEAT_URL": said["heartbeat"]}


def _of_installation(value: str) -> str:
    """Put the installation's numbers and domain where a demonstration has some that reach nobody."""
    for gateway, number in NUMBERS.items():
        value = value.replace(number, installation()["providers"][gateway]["sender"])
    return value.replace("@samvirke.example", f"@{installation()['domain']}")

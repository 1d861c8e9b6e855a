"""Whether the broker of a stack is secured, what it is started with then, and as whom each process connects.

`make up SECURE=1` leaves a mark in the run folder, so that every later command knows; `SECURE=0` takes it away. In a
container `KAFKA_CERTIFICATES` names the folder of the certificates instead: where there is one, the broker is secured.
"""

import os
from collections.abc import Iterable
from pathlib import Path

from chassis.kafka import KafkaSettings
from contracts.codes import EXERCISING, mailboxes
from deploy.local.acls import OPERATIONS, exercise_of, services
from deploy.local.certificates import AUTHORITY, BROKER, issue, pair
from deploy.local.ports import Ports

PROVISIONER = "provisioner"
"""Makes topics and access lists; besides the broker the only one whom no list binds."""

CERTIFICATES = "KAFKA_CERTIFICATES"

OPEN_SETTINGS = """\
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
"""

SECURED_LISTENERS = """\
listeners=SSL://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=SSL://127.0.0.1:{port}
listener.security.protocol.map=SSL:SSL,CONTROLLER:SSL
inter.broker.listener.name=SSL
"""


def secured_settings(identity: Path, authority: Path, brokers: Iterable[str] = (BROKER,)) -> dict[str, str]:
    """Return what a broker is told that takes nobody without a certificate, wherever it listens.

    A name that the mapping rule does not know is nobody: without DEFAULT the connection ends there.
    """
    return {
        "ssl.enabled.protocols": "TLSv1.3",
        "ssl.client.auth": "required",
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": str(identity),
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": str(authority),
        "ssl.principal.mapping.rules": "RULE:^CN=([a-z0-9.-]+),O=Samvirke$/$1/",
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "allow.everyone.if.no.acl.found": "false",
        "super.users": ";".join(f"User:{one}" for one in [*brokers, PROVISIONER]),
    }


def remember(run: Path, wanted: str) -> None:
    """Keep in the run folder whether the broker is secured: `1` and `0` decide, anything else leaves it as it was."""
    run.mkdir(parents=True, exist_ok=True)
    if wanted == "1":
        _mark(run).touch()
    elif wanted == "0":
        _mark(run).unlink(missing_ok=True)


def is_secured(run: Path) -> bool:
    """Tell whether this stack's broker takes nobody without a certificate."""
    return CERTIFICATES in os.environ or _mark(run).exists()


def broker_settings(run: Path, ports: Ports) -> str:
    """Return the broker's settings that decide who may connect; makes the certificates that a secured one needs."""
    where = {"port": ports.of("kafka"), "controller": ports.of("kafka-controller")}
    if not is_secured(run):
        return OPEN_SETTINGS.format(**where)
    issue(certificates(run), identities())
    files = pair(certificates(run), BROKER).both, pair(certificates(run), AUTHORITY).certificate
    said = "".join(f"{name}={value}\n" for name, value in secured_settings(*files).items())
    return SECURED_LISTENERS.format(**where) + said


def identities() -> list[str]:
    """Return everyone who connects: the broker, those who run it, each service, the system of each mailbox."""
    exercises = [exercise_of(service) for service in services() if service in EXERCISING]
    return [BROKER, PROVISIONER, OPERATIONS, *services(), *exercises, *map(str, mailboxes())]


def kafka_bootstrap(ports: Ports) -> str:
    """Return the brokers to use: the environment's, else the local one."""
    return os.environ.get("KAFKA_BOOTSTRAP") or ports.at("kafka")


def kafka_environment(run: Path, ports: Ports, who: str) -> dict[str, str]:
    """Return what somebody reads from the environment to reach the broker as who they are."""
    reach = {"KAFKA_BOOTSTRAP": kafka_bootstrap(ports)}
    if not is_secured(run):
        return reach
    return reach | identified_by(certificates(run), who)


def identified_by(folder: Path, who: str) -> dict[str, str]:
    """Return what a secured broker is shown of somebody whose certificate lies in a folder."""
    own = pair(folder, who)
    return {
        "KAFKA_SECURITY_PROTOCOL": "SSL",
        "KAFKA_CA_FILE": str(pair(folder, AUTHORITY).certificate),
        "KAFKA_CERT_FILE": str(own.certificate),
        "KAFKA_KEY_FILE": str(own.key),
    }


def kafka_settings(run: Path, ports: Ports, who: str = PROVISIONER) -> KafkaSettings:
    """Return the same as settings, for a program that connects itself; elsewhere the environment's own are used."""
    found = kafka_environment(run, ports, who)
    return KafkaSettings.model_validate({name.lower(): value for name, value in found.items()})


def certificates(run: Path) -> Path:
    """Return the folder of a stack's certificates."""
    return Path(os.environ.get(CERTIFICATES, run / "tls"))


def _mark(run: Path) -> Path:
    return run / "secured"

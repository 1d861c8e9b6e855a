"""Whether the broker of a stack is secured, what it is started with then, and as whom each process connects.

`make up SECURE=1` leaves a mark in the run folder, so that every later command knows; `SECURE=0` takes it away.
"""

import os
from pathlib import Path

from chassis.kafka import KafkaSettings
from contracts.codes import EXERCISING, mailboxes
from deploy.local.acls import OPERATIONS, exercise_of, services
from deploy.local.certificates import AUTHORITY, BROKER, issue, pair
from deploy.local.ports import Ports

PROVISIONER = "provisioner"
"""Makes topics and access lists; besides the broker the only one whom no list binds."""

OPEN_SETTINGS = """\
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
"""

SECURED_SETTINGS = """\
listeners=SSL://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=SSL://127.0.0.1:{port}
listener.security.protocol.map=SSL:SSL,CONTROLLER:SSL
inter.broker.listener.name=SSL
ssl.enabled.protocols=TLSv1.3
ssl.client.auth=required
ssl.keystore.type=PEM
ssl.keystore.location={identity}
ssl.truststore.type=PEM
ssl.truststore.location={authority}
ssl.principal.mapping.rules=RULE:^CN=([a-z0-9.-]+),O=Samvirke$/$1/
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
allow.everyone.if.no.acl.found=false
super.users=User:{broker};User:{provisioner}
"""
"""A name that the rule does not know is nobody: without DEFAULT the connection ends there."""


def remember(run: Path, wanted: str) -> None:
    """Keep in the run folder whether the broker is secured: `1` and `0` decide, anything else leaves it as it was."""
    run.mkdir(parents=True, exist_ok=True)
    if wanted == "1":
        _mark(run).touch()
    elif wanted == "0":
        _mark(run).unlink(missing_ok=True)


def is_secured(run: Path) -> bool:
    """Tell whether this stack's broker takes nobody without a certificate."""
    return _mark(run).exists()


def broker_settings(run: Path, ports: Ports) -> str:
    """Return the broker's settings that decide who may connect; makes the certificates that a secured one needs."""
    where = {"port": ports.of("kafka"), "controller": ports.of("kafka-controller")}
    if not is_secured(run):
        return OPEN_SETTINGS.format(**where)
    issue(_certificates(run), identities())
    return SECURED_SETTINGS.format(
        **where,
        identity=pair(_certificates(run), BROKER).both,
        authority=pair(_certificates(run), AUTHORITY).certificate,
        broker=BROKER,
        provisioner=PROVISIONER,
    )


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
    own = pair(_certificates(run), who)
    return reach | {
        "KAFKA_SECURITY_PROTOCOL": "SSL",
        "KAFKA_CA_FILE": str(pair(_certificates(run), AUTHORITY).certificate),
        "KAFKA_CERT_FILE": str(own.certificate),
        "KAFKA_KEY_FILE": str(own.key),
    }


def kafka_settings(run: Path, ports: Ports, who: str = PROVISIONER) -> KafkaSettings:
    """Return the same as settings, for a program that connects itself; elsewhere the environment's own are used."""
    found = kafka_environment(run, ports, who)
    return KafkaSettings.model_validate({name.lower(): value for name, value in found.items()})


def _mark(run: Path) -> Path:
    return run / "secured"


def _certificates(run: Path) -> Path:
    return run / "tls"

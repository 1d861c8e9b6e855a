"""What the two overlays of the compose file say: Kafka secured, and three brokers in the place of one.

A profile adds containers and cannot change the environment of one that is there: that is what an overlay does.
"""

from pathlib import Path
from typing import Any

from deploy.images.certificates import SYSTEMS, clients, servers
from deploy.keycloak import server as keycloak
from deploy.local.certificates import AUTHORITY, BROKER, BROKERS, pair
from deploy.local.ports import Ports
from deploy.local.secured import PROVISIONER, identified_by, secured_settings
from deploy.local.services import procfile

HOSTS = [host.removesuffix(".localhost") for host in BROKERS.values()]
"""The brokers, as containers."""
BROKER_RUN = Path("/run/samvirke")


def of_brokers(ports: Ports) -> dict[str, Any]:
    """Return what the overlay of three brokers is written from."""
    controllers = (
        f"{number}@{ports.host(host)}:{ports.of('kafka-controller')}" for number, host in enumerate(HOSTS, 1)
    )
    return {
        "brokers": HOSTS,
        "bootstrap": ",".join(ports.at(host) for host in HOSTS),
        "voters": ",".join(controllers),
        "programs": list(procfile()),
    }


def of_secure(ports: Ports) -> dict[str, Any]:
    """Return what the overlay of a secured Kafka is written from, with Keycloak beside it."""
    folders = {f"{folder}-tls": folder for folder in servers().values()}
    folders |= {PROVISIONER: PROVISIONER, SYSTEMS: SYSTEMS, "keycloak-realm": "keycloak"}
    return {
        "brokers": HOSTS,
        "broker_run": BROKER_RUN,
        "secured": _secured(),
        "folders": folders,
        "volumes": list(folders),
        "clients": [name for name in clients() if name in procfile()],
        "others": [name for name in procfile() if name not in clients()],
        "environment_of": lambda who, folder: identified_by(Path(folder), who),
        "keycloak_issuer": keycloak.issuer(ports),
        "keycloak_image": keycloak.IMAGE,
        "keycloak_command": keycloak.arguments(ports),
        "keycloak_check": keycloak.check(ports),
    }


def _secured() -> dict[str, str]:
    """Return a secured broker's environment.

    The listener is called BROKER: where one is called SSL, the image's entry point wants stores with passwords, and PEM
    files have none.
    """
    files = pair(BROKER_RUN, BROKER).both, pair(BROKER_RUN, AUTHORITY).certificate
    said = {"listener.security.protocol.map": "BROKER:SSL,CONTROLLER:SSL", **secured_settings(*files, BROKERS)}
    # A dollar sign would begin a variable of compose.
    return {f"KAFKA_{key.replace('.', '_').upper()}": value.replace("$", "$$") for key, value in said.items()}

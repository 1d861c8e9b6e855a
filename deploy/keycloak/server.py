"""How Keycloak is started, in a container and by a trial on this machine."""

from deploy.local.ports import Ports

VERSION = "26.4.7"
IMAGE = f"quay.io/keycloak/keycloak:{VERSION}"
REALM = "samvirke"
BUILT = ["--db=dev-file"]
"""What an image may be built with, so that Keycloak does not change itself when it starts."""


def issuer(ports: Ports) -> str:
    """Return what stands in each token as its issuer."""
    return f"{ports.http('keycloak')}/realms/{REALM}"


def arguments(ports: Ports) -> list[str]:
    """Return how it is told to import the realm once, and to keep people in a database of its own folder.

    An installation gives it a PostgreSQL and a certificate: a demonstration's addresses are this machine.
    """
    where = ["--http-enabled=true", f"--http-port={ports.of('keycloak')}", f"--hostname={ports.http('keycloak')}"]
    return ["start", "--import-realm", *BUILT, "--cache=local", *where]


def check(ports: Ports) -> str:
    """Return the line of bash that asks whether the realm is there; the image has no other client of HTTP."""
    asked = f"GET /realms/{REALM} HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n"
    reads = 'read -r _ status _ <&3 && [ "$$status" = 200 ]'
    return f"exec 3<>/dev/tcp/127.0.0.1/{ports.of('keycloak')} && printf '{asked}' >&3 && {reads}"

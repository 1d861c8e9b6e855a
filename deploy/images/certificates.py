"""Certificates of a secured Kafka, each in the volume of the one container that is known by it.

`deploy/local/certificates.py` makes them, in a folder that only `prepared` sees. A broker finds its own in a volume of
its name, a service in its own, provisioning in `provisioner`; operators' programs and the systems of mailboxes, whose
parts the story plays, find theirs in `systems`.
"""

from pathlib import Path

from contracts.codes import mailboxes
from deploy.images.files import write
from deploy.local.acls import OPERATIONS
from deploy.local.certificates import AUTHORITY, BROKER, BROKERS, issue, pair
from deploy.local.secured import PROVISIONER, certificates, identities
from deploy.local.services import procfile

SYSTEMS = "systems"
FOR_THE_GROUP = 0o440
"""A broker's image has a user of its own: the compose file puts it into the group of ours."""


def give_certificates(every: Path) -> None:
    """Make what is missing or soon over, and copy each to where it is used."""
    made = certificates(every / "own")
    issue(made, [*identities(), *BROKERS])
    for who, folder in clients().items():
        for file in (pair(made, AUTHORITY).certificate, pair(made, who).certificate, pair(made, who).key):
            write(every / folder / file.name, file.read_text(encoding="ascii"))
    for who, folder in servers().items():
        # All brokers have the same settings, so that each finds its own under one name.
        for name, file in ((AUTHORITY, pair(made, AUTHORITY).certificate), (BROKER, pair(made, who).both)):
            into = every / folder / f"{name}{file.suffix}"
            write(into, file.read_text(encoding="ascii"), FOR_THE_GROUP)


def clients() -> dict[str, str]:
    """Return everyone who connects and is a container here, with the folder of the own certificate."""
    services = {name: f"{name}/tls" for name in procfile() if name in identities()}
    systems = dict.fromkeys([OPERATIONS, *map(str, mailboxes())], SYSTEMS)
    return services | systems | {PROVISIONER: PROVISIONER}


def servers() -> dict[str, str]:
    """Return each broker with the folder of its certificate, which is named as its host is."""
    return {who: host.removesuffix(".localhost") for who, host in BROKERS.items()}

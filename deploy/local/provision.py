"""Make databases, roles, tables, topics and rights on the servers that the environment names.

    python -m deploy.local.provision

Twice is harmless and quick; nothing is ever dropped but rights on a secured broker that are no longer wanted. The same
command serves real clusters: `DATABASE_ADMIN_URL` names a user that may create roles and databases,
`PERSONS_KEYS_DATABASE_ADMIN_URL` one on the server of the keys, the certificate of `KAFKA_CERT_FILE` a super user of
the brokers, and `KAFKA_REPLICATION_FACTOR` how many brokers keep each topic. `DATABASE_ROLE_PASSWORDS` names a file in
PostgreSQL's own form (`host:port:database:role:password`) whose passwords the roles get; without it the server knows
them otherwise, by certificate or trust. `KAFKA_PROVISIONED=elsewhere` leaves topics and rights
to who keeps them there, as Strimzi's operators do from the same lists.
"""

import asyncio
import os
import sys
from collections.abc import Awaitable
from pathlib import Path

from chassis.kafka import KafkaSettings
from deploy.local.acls import provision_acls
from deploy.local.databases import keys_databases, provision_databases, service_databases
from deploy.local.ports import Ports
from deploy.local.secured import kafka_settings
from deploy.local.servers import run_dir
from deploy.local.topics import DOMAIN_PARTITIONS, provision_topics

ELSEWHERE = "elsewhere"


async def provision(
    server: str, keys_server: str, broker: KafkaSettings, *, demonstration: bool, partitions: int = DOMAIN_PARTITIONS
) -> list[str]:
    """Make what is missing on all servers, side by side, and return what was made."""
    passwords = role_passwords()
    made = await asyncio.gather(
        provision_databases(server, service_databases(), demonstration=demonstration, passwords=passwords),
        provision_databases(keys_server, keys_databases(), demonstration=demonstration, passwords=passwords),
        *([] if is_kafka_elsewhere() else _of_kafka(broker, partitions)),
    )
    return [line for lines in made for line in lines]


def _of_kafka(broker: KafkaSettings, partitions: int) -> list[Awaitable[list[str]]]:
    return [provision_topics(broker, partitions), asyncio.to_thread(provision_acls, broker)]


def is_kafka_elsewhere() -> bool:
    """Tell whether somebody else makes topics and keeps the list of rights: two owners would undo each other's work."""
    return os.environ.get("KAFKA_PROVISIONED") == ELSEWHERE


def admin_url(ports: Ports) -> str:
    """Return the PostgreSQL server to provision, with a user that may: the environment's, else the local one."""
    return os.environ.get("DATABASE_ADMIN_URL") or database_url(ports)


def database_url(ports: Ports) -> str:
    """Return the PostgreSQL server that services use: the environment's, else the local one."""
    return os.environ.get("DATABASE_URL") or f"postgresql://{ports.at('postgres')}"


def keys_admin_url(ports: Ports) -> str:
    """Return the PostgreSQL server of the keys, with a user that may provision it."""
    return os.environ.get("PERSONS_KEYS_DATABASE_ADMIN_URL") or keys_database_url(ports)


def keys_database_url(ports: Ports) -> str:
    """Return the PostgreSQL server on which the keys of persons lie: the environment's, else the local one."""
    return os.environ.get("PERSONS_KEYS_DATABASE_URL") or f"postgresql://{ports.at('keys')}"


def role_passwords() -> dict[str, str]:
    """Return the password of each role that `DATABASE_ROLE_PASSWORDS` names; none without it."""
    file = os.environ.get("DATABASE_ROLE_PASSWORDS")
    return passwords_in(Path(file)) if file else {}


def passwords_in(file: Path) -> dict[str, str]:
    """Return the passwords of a file in PostgreSQL's own form, by role."""
    # The last two of five fields; the base64 of a made one holds no colon.
    return dict(line.rsplit(":", 2)[1:] for line in file.read_text(encoding="ascii").splitlines())


def main() -> int:
    """Provision and say what was made."""
    ports = Ports.from_environment()
    demonstration = os.environ.get("DEMONSTRATION", "").lower() == "true"
    where = admin_url(ports), keys_admin_url(ports), kafka_settings(run_dir(), ports)
    made = asyncio.run(provision(*where, demonstration=demonstration))
    print("\n".join(f"made {line}" for line in made) or "nothing was missing")
    return 0


if __name__ == "__main__":
    sys.exit(main())

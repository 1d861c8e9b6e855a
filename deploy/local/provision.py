"""Make databases, roles, tables and topics on the servers that the environment names.

    python -m deploy.local.provision

Twice is harmless and quick; nothing is ever dropped. The same command serves real clusters: `DATABASE_ADMIN_URL` names
a user that may create roles and databases, `PERSONS_KEYS_DATABASE_ADMIN_URL` one on the server of the keys, and
`KAFKA_REPLICATION_FACTOR` how many brokers keep each topic.
"""

import asyncio
import os
import sys

from deploy.local.databases import keys_databases, provision_databases, service_databases
from deploy.local.ports import Ports
from deploy.local.topics import provision_topics


async def provision(server: str, keys_server: str, bootstrap: str, *, demonstration: bool) -> list[str]:
    """Make what is missing on all servers, side by side, and return what was made."""
    made = await asyncio.gather(
        provision_databases(server, service_databases(), demonstration=demonstration),
        provision_databases(keys_server, keys_databases(), demonstration=demonstration),
        provision_topics(bootstrap),
    )
    return [line for lines in made for line in lines]


def admin_url(ports: Ports) -> str:
    """Return the PostgreSQL server to provision, with a user that may: the environment's, else the local one."""
    return os.environ.get("DATABASE_ADMIN_URL") or database_url(ports)


def database_url(ports: Ports) -> str:
    """Return the PostgreSQL server that services use: the environment's, else the local one."""
    return os.environ.get("DATABASE_URL") or f"postgresql://127.0.0.1:{ports.of('postgres')}"


def keys_admin_url(ports: Ports) -> str:
    """Return the PostgreSQL server of the keys, with a user that may provision it."""
    return os.environ.get("PERSONS_KEYS_DATABASE_ADMIN_URL") or keys_database_url(ports)


def keys_database_url(ports: Ports) -> str:
    """Return the PostgreSQL server on which the keys of persons lie: the environment's, else the local one."""
    return os.environ.get("PERSONS_KEYS_DATABASE_URL") or f"postgresql://127.0.0.1:{ports.of('keys')}"


def kafka_bootstrap(ports: Ports) -> str:
    """Return the brokers to use: the environment's, else the local one."""
    return os.environ.get("KAFKA_BOOTSTRAP") or f"127.0.0.1:{ports.of('kafka')}"


def main() -> int:
    """Provision and say what was made."""
    ports = Ports.from_environment()
    demonstration = os.environ.get("DEMONSTRATION", "").lower() == "true"
    made = asyncio.run(
        provision(admin_url(ports), keys_admin_url(ports), kafka_bootstrap(ports), demonstration=demonstration)
    )
    print("\n".join(f"made {line}" for line in made) or "nothing was missing")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Make databases, roles, tables and topics on the servers that `DATABASE_URL` and `KAFKA_BOOTSTRAP` name.

    python -m deploy.local.provision

Twice is harmless and quick; nothing is ever dropped. The same command serves real clusters: `DATABASE_ADMIN_URL` names
a user that may create roles and databases, `KAFKA_REPLICATION_FACTOR` how many brokers keep each topic.
"""

import asyncio
import os
import sys

from deploy.local.databases import provision_databases, service_databases
from deploy.local.ports import Ports
from deploy.local.topics import provision_topics


async def provision(database_url: str, bootstrap: str, *, demonstration: bool) -> list[str]:
    """Make what is missing on both servers, side by side, and return what was made."""
    databases, topics = await asyncio.gather(
        provision_databases(database_url, service_databases(), demonstration=demonstration), provision_topics(bootstrap)
    )
    return databases + topics


def admin_url(ports: Ports) -> str:
    """Return the PostgreSQL server to provision, with a user that may: the environment's, else the local one."""
    return os.environ.get("DATABASE_ADMIN_URL") or database_url(ports)


def database_url(ports: Ports) -> str:
    """Return the PostgreSQL server that services use: the environment's, else the local one."""
    return os.environ.get("DATABASE_URL") or f"postgresql://127.0.0.1:{ports.of('postgres')}"


def kafka_bootstrap(ports: Ports) -> str:
    """Return the brokers to use: the environment's, else the local one."""
    return os.environ.get("KAFKA_BOOTSTRAP") or f"127.0.0.1:{ports.of('kafka')}"


def main() -> int:
    """Provision and say what was made."""
    ports = Ports.from_environment()
    demonstration = os.environ.get("DEMONSTRATION", "").lower() == "true"
    made = asyncio.run(provision(admin_url(ports), kafka_bootstrap(ports), demonstration=demonstration))
    print("\n".join(f"made {line}" for line in made) or "nothing was missing")
    return 0


if __name__ == "__main__":
    sys.exit(main())

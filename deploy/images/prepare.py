"""Write what no image may hold: keys, passwords and secrets, each into the volume of the one container that reads it.

    python -m deploy.images.prepare /all

`/all` holds one folder for each program of the Procfile, `servers`, `operations`, and `own` for what is made once and
copied from there; where Kafka is secured, one more for each broker and each of those who connect beside the services.
Twice is harmless: what is there stays.
"""

import re
import sys
from pathlib import Path

from contracts.codes import Mode
from deploy.images.certificates import FOR_THE_GROUP, give_certificates
from deploy.images.files import write
from deploy.keycloak import realm
from deploy.local.databases import ServiceDatabase, keys_databases, service_databases
from deploy.local.gateways import WATCHDOG
from deploy.local.identity.directory import directory
from deploy.local.kept import kept_secret
from deploy.local.ports import Ports
from deploy.local.secured import is_secured
from deploy.local.services import common_environment, procfile, service_environment

PASSWORDS = "pgpass"
ADMIN = "postgres"


def prepare(every: Path, ports: Ports) -> None:
    """Make what is missing of all secrets, and give each container its own."""
    own = every / "own"
    databases = [*service_databases(), *keys_databases()]
    for name in procfile():
        _give_files(name, own, every / name, ports)
        _give_client_secret(name, every / name)
        _give_passwords(every / name, own, [role for one in _databases_of(name, databases) for role in one.users])
    roles = [role for one in databases for role in (one.owner, *one.users)]
    _give_passwords(every / "operations", own, [ADMIN, *roles])
    write(every / "servers" / "postgres_password", _password(own, ADMIN), mode=0o444)
    if is_secured(own):
        give_certificates(every)
        write(every / "keycloak" / "realm.json", realm.of_demonstration(ports), FOR_THE_GROUP)


def own_environment(name: str, run: Path, ports: Ports) -> dict[str, str]:
    """Return what a program alone reads from its environment: not what all have in common, nor how it reaches Kafka."""
    common, said = common_environment(run, ports), service_environment(name, run, ports)
    return {key: value for key, value in said.items() if common.get(key) != value and not key.startswith("KAFKA_")}


def _give_files(name: str, own: Path, folder: Path, ports: Ports) -> None:
    """Copy every file that a program's environment names; asking for the environment makes those that are missing."""
    for said in own_environment(name, own, ports).values():
        for path in map(Path, re.findall(rf'{re.escape(str(own))}[^"\s]*', said)):
            target = folder / path.relative_to(own)
            if path.is_file():
                write(target, path.read_text(encoding="ascii"))
            else:
                target.mkdir(parents=True, exist_ok=True)


def _give_client_secret(name: str, folder: Path) -> None:
    client = directory().clients.get(name)
    if client:
        write(folder / "secrets" / "client_secret", client.secret)


def _give_passwords(folder: Path, own: Path, roles: list[str]) -> None:
    lines = [f"*:*:*:{role}:{_password(own, role)}\n" for role in roles]
    write(folder / PASSWORDS, "".join(lines))


def _databases_of(name: str, databases: list[ServiceDatabase]) -> list[ServiceDatabase]:
    """Return the databases that a program connects to: its own, that of its keys, or the one that it watches."""
    service = "alerting" if name == WATCHDOG else name.replace(f"-{Mode.EXERCISE}", f"_{Mode.EXERCISE}")
    return [one for one in databases if one.name in {service, f"{service}_keys"}]


def _password(own: Path, role: str) -> str:
    return kept_secret(own / "passwords" / role).read_text(encoding="ascii")


def main() -> int:
    """Prepare the folder that the command line names."""
    prepare(Path(sys.argv[1]), Ports.from_environment())
    return 0


if __name__ == "__main__":
    sys.exit(main())

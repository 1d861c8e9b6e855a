"""How the services of the `Procfile` are started, and what stands in their environment."""

import json
import os
import shlex
import sys
from pathlib import Path

from contracts.codes import Mode
from deploy.local.acls import OPERATIONS
from deploy.local.fetch import ROOT
from deploy.local.gateways import (
    ALERTING,
    GATEWAYS,
    MAILING,
    WATCHDOG,
    alerting_environment,
    councils_mail_environment,
    gateway_environment,
    watchdog_environment,
)
from deploy.local.identity.directory import directory
from deploy.local.kept import kept_secret
from deploy.local.ports import Ports
from deploy.local.provision import database_url, keys_database_url
from deploy.local.secured import kafka_environment
from deploy.local.servers import Command
from deploy.local.trusted import issuer

PROCFILE = ROOT / "Procfile"
OWNING_NO_DATA = {"identity", "register", *GATEWAYS, WATCHDOG}
"""Stand-ins for what others run elsewhere, and who only looks."""
WITH_PAGES = {"beredskabsstab", f"beredskabsstab-{Mode.EXERCISE}", "referrals", "councils"}
"""Services with pages of signed-in people: they say where a browser reaches them."""


def procfile() -> dict[str, list[str]]:
    """Return the command line of each service, with this Python in the place of `python`."""
    lines = (line.partition(":") for line in PROCFILE.read_text().splitlines() if line.strip())
    split = {name: shlex.split(line) for name, _, line in lines}
    return {name: [sys.executable if part == "python" else part for part in argv] for name, argv in split.items()}


def service_names() -> list[str]:
    """Return the live services that own data, in the order of the Procfile."""
    return [name for name in procfile() if name not in OWNING_NO_DATA and not is_exercise(name)]


def is_exercise(name: str) -> bool:
    """Tell whether a process of the Procfile belongs to exercises: a service of its own, beside the live one."""
    return name.endswith(f"-{Mode.EXERCISE}")


def service_command(name: str, run: Path, ports: Ports) -> Command:
    """Return how a service is started."""
    return Command(name, procfile()[name], service_environment(name, run, ports), cwd=ROOT)


def service_environment(name: str, run: Path, ports: Ports) -> dict[str, str]:
    """Return what a service reads from its environment in the local stack."""
    own = {"HTTP_PORT": str(ports.of(name))} | _secret(name) | kafka_environment(run, ports, name)
    own |= _of_exercise(ports) if is_exercise(name) else {}
    own |= _of_alerts(name, run, ports) | ({"WEB_BASE": ports.http(name)} if name in WITH_PAGES else {})
    return common_environment(run, ports) | own | (_keys_of_persons(run, ports) if name == "persons" else {})


def common_environment(run: Path, ports: Ports) -> dict[str, str]:
    """Return what services and operators' programs of one stack have in common: where everything is."""
    return {
        "SAMVIRKE_PORT_BASE": str(ports.base),
        "SAMVIRKE_RUN_DIR": str(run),
        "DEMONSTRATION": "true",
        "DATABASE_URL": database_url(ports),
        "ISSUER": issuer(ports),
        # The service signs with what lies there; operators' programs read the public half.
        "AUDIT_KEYS": str(run / "keys" / "audit"),
        "SERVICE_URLS": json.dumps(service_urls(ports)),
        "OTEL_TRACES_EXPORTER": os.environ.get("OTEL_TRACES_EXPORTER", "zipkin"),
        "OTEL_EXPORTER_ZIPKIN_ENDPOINT": f"{ports.http('zipkin')}/api/v2/spans",
        # One arena for two threads instead of eight a core: a third less memory a process.
        "MALLOC_ARENA_MAX": "2",
        # The story moves the clock: its days are closed before anyone asks whether they add up.
        "CLOSING_POLL_S": "5",
        "PYTHONUNBUFFERED": "1",
    } | kafka_environment(run, ports, OPERATIONS)


def _of_alerts(name: str, run: Path, ports: Ports) -> dict[str, str]:
    """Return what the two ends of a message's way read: who hands it over, and the stand-ins that take it."""
    if name in GATEWAYS:
        return gateway_environment(name, run, ports)
    if name == MAILING:
        return councils_mail_environment(run, ports)
    if name == WATCHDOG:
        return watchdog_environment(run, ports)
    return alerting_environment(name, run, ports) | _call_list(name, run) if name in ALERTING else {}


def service_urls(ports: Ports) -> dict[str, str]:
    """Return the base address of each service and of the register's stand-in."""
    return {name: ports.http(name) for name in [*service_names(), "register"]}


def _of_exercise(ports: Ports) -> dict[str, str]:
    """Return what makes a process one of exercises: the services that it asks are those of exercises, and no others."""
    others = {name.removesuffix(f"-{Mode.EXERCISE}"): ports.http(name) for name in procfile() if is_exercise(name)}
    return {"MODE": Mode.EXERCISE, "SERVICE_URLS": json.dumps(others)}


def _secret(name: str) -> dict[str, str]:
    """Return the secret that a service proves itself by."""
    client = directory().clients.get(name)
    return {"CLIENT_SECRET": client.secret} if client else {}


def _keys_of_persons(run: Path, ports: Ports) -> dict[str, str]:
    """Return where the keys of persons lie, and the two secrets that are in no database."""
    return {
        "PERSONS_KEYS_DATABASE_URL": keys_database_url(ports),
        "PERSONS_KEK_FILE": str(kept_secret(secret_file(run, "kek"))),
        "PERSONS_HASH_KEY_FILE": str(kept_secret(secret_file(run, "hash"))),
    }


def _call_list(name: str, run: Path) -> dict[str, str]:
    """Return where the call list is put for the vagtcentral, and the keys that sign it: an exercise has its own."""
    own = "exercise" if is_exercise(name) else "live"
    return {
        "ALERTING_CALL_LIST_KEYS": str(run / "keys" / "call-list" / own),
        "ALERTING_CALL_LIST_DIR": str(run / "vagtcentral" / own),
    }


SECRETS = {"kek": "persons_kek", "hash": "persons_hash_key"}
"""The secrets of persons by the words of `make rotate`, with their files' names."""


def secret_file(run: Path, what: str) -> Path:
    """Return the file in which a secret of persons lies."""
    return run / "keys" / SECRETS[what]

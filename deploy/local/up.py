"""`make up`: from a clone to a running demonstration, saying what it does while it does it."""

import asyncio
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from deploy.local.addresses import addresses
from deploy.local.beginnings import BEGINNINGS, begin
from deploy.local.down import stop_leftovers
from deploy.local.fast_start import fetch_servers
from deploy.local.fetch import is_fetched
from deploy.local.identity.directory import Account, directory
from deploy.local.ports import Ports, require_free
from deploy.local.processes import wait_until
from deploy.local.provision import admin_url, keys_admin_url, provision
from deploy.local.ready import kafka_is_ready, postgres_is_ready, service_is_ready
from deploy.local.secured import is_secured, kafka_settings, remember
from deploy.local.servers import Command, kafka, keys, postgres, run_dir, zipkin
from deploy.local.services import common_environment, procfile, service_command
from deploy.local.supervise import Supervisor

READY_WITHIN_S = 120

OWN_SERVERS = {"DATABASE_URL": postgres, "PERSONS_KEYS_DATABASE_URL": keys, "KAFKA_BOOTSTRAP": kafka}
"""What is started here when no variable names a server elsewhere."""


@contextmanager
def step(what: str) -> Iterator[None]:
    """Say what begins, and how long it took."""
    print(f"{what} …", end=" ", flush=True)
    began = time.monotonic()
    try:
        yield
    except BaseException:
        print("failed", flush=True)
        raise
    print(f"{time.monotonic() - began:.1f} s", flush=True)


def up() -> int:
    """Bring everything up; what runs already is left alone."""
    began = time.monotonic()
    run, ports = run_dir(), Ports.from_environment()
    supervisor = Supervisor(run)
    remember(run, os.environ.get("SECURE", ""))
    commands = _prepare(run, ports)
    _start_servers(supervisor, ports, commands)
    where = admin_url(ports), keys_admin_url(ports), kafka_settings(run, ports)
    with step("Making databases, tables, topics and rights that are missing"):
        made = asyncio.run(provision(*where, demonstration=True))
    print(f"  {len(made)} made" if made else "  nothing was missing")
    _start_services(supervisor, ports)
    _load(ports)
    print(f"\nEverything is ready after {time.monotonic() - began:.0f} s.\n")
    _tell(ports)
    return 0


def _prepare(run: Path, ports: Ports) -> list[Command]:
    """Fetch what is missing and return how everything is started."""
    again = "Looking for the servers" if is_fetched() else "Fetching Kafka, PostgreSQL and Zipkin with Maven"
    with step(again):
        servers = fetch_servers()
    (run / "log").mkdir(parents=True, exist_ok=True)
    with step("Preparing their data folders"):
        own = [how for variable, how in OWN_SERVERS.items() if not os.environ.get(variable)]
        with ThreadPoolExecutor() as pool:
            commands = [zipkin(servers, ports), *pool.map(lambda how: how(servers, run, ports), own)]
    return commands + [service_command(name, run, ports) for name in procfile()]


def _start_servers(supervisor: Supervisor, ports: Ports, commands: list[Command]) -> None:
    """Start the process manager and the servers, and wait until they answer."""
    if not supervisor.is_running():
        stop_leftovers(supervisor.run)
        require_free(ports, [command.name for command in commands])
    supervisor.start(commands)
    services = procfile()
    names = [command.name for command in commands if command.name not in {*services, "zipkin"}]
    with step(f"Starting {', '.join(names)}"):
        supervisor.start_programs(names)
        _wait(supervisor, "postgres", lambda: postgres_is_ready(admin_url(ports)))
        _wait(supervisor, "keys", lambda: postgres_is_ready(keys_admin_url(ports)))
        _wait(supervisor, "kafka", lambda: kafka_is_ready(kafka_settings(supervisor.run, ports)))
    # Its start overlaps with provisioning, so that it is there before the first span.
    supervisor.start_programs(["zipkin"])


def _start_services(supervisor: Supervisor, ports: Ports) -> None:
    """Start the services and wait until each says that it is ready; traces may come last."""
    names = [*procfile(), "zipkin"]
    idle = supervisor.start_programs(names)
    if not idle:
        print("  the services run already; new code needs make down first")
    for name in names:
        with step(f"Waiting for {name}"):
            _wait(supervisor, name, lambda name=name: service_is_ready(name, ports))  # type: ignore[misc]  # mypy cannot infer a lambda with a default


def _wait(supervisor: Supervisor, name: str, is_ready: Callable[[], bool]) -> None:
    """Wait for one program, unless it dies again and again."""

    def ready_and_alive() -> bool:
        supervisor.require_alive([name])
        return is_ready()

    log = f"{supervisor.run}/log/{name}.log"
    wait_until(ready_and_alive, f"{name} ready (read {log})", READY_WITHIN_S, step=0.1)


def _load(ports: Ports) -> None:
    """Put in place what a demonstration begins with."""
    env = os.environ | common_environment(run_dir(), ports)
    for module, what in BEGINNINGS.items():
        with step(what):
            begin(module, env)


def _tell(ports: Ports) -> None:
    """Print where everything is, and who one can be."""
    told = addresses(ports)
    print("Addresses")
    for name, address in (told["services"] | {"traces": told["traces"], "issuer": told["issuer"]}).items():
        print(f"  {name:<15} {address}")
    print(f"  {'the desk':<15} {ports.http('beredskabsstab')}/aktiver")
    print(f"  {'in an exercise':<15} {ports.http('beredskabsstab-exercise')}/aktiver")
    how = f"  secured: TLS, certificates in {run_dir()}/tls" if is_secured(run_dir()) else ""
    print(f"  {'kafka':<15} {told['kafka']}{how}\n  {'database':<15} {told['database']}")
    print("\nTest people: demonstration, no authority made this (make token ROLE=… AUTHORITY=…)")
    for person in directory().people.values():
        print(f"  {_line(person)}")


def _line(person: Account) -> str:
    where = person.authority + (f" · {person.office}" if person.office else "")
    return f"{person.name:<14} {', '.join(person.roles):<26} {where:<36} {person.does}"

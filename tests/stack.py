"""Real servers for tests: Kafka, PostgreSQL and the identity provider on ports of their own, stopped at the end.

    stack = Stack()
    stack.start()
    persons = stack.start_service("persons", {"RELAY_POLL_S": "0.05"})
    token = stack.token("caseworker", "kommune-0657", "boern")
    stack.stop()

`DATABASE_URL` and `KAFKA_BOOTSTRAP` point it at servers that are there already.
"""

import asyncio
import atexit
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from deploy.local.errors import StackError
from deploy.local.fast_start import fetch_servers
from deploy.local.identity.tokens import Signer
from deploy.local.ports import Ports, free_base
from deploy.local.processes import start, stop, wait_until
from deploy.local.provision import admin_url, database_url, keys_admin_url, keys_database_url, provision
from deploy.local.ready import kafka_is_ready, postgres_is_ready, service_is_ready
from deploy.local.secured import kafka_bootstrap, kafka_settings, remember
from deploy.local.servers import Command, forget, kafka, keys, postgres
from deploy.local.services import service_command, service_environment
from tests.connections import Connections

TEST_ENVIRONMENT = {"OTEL_TRACES_EXPORTER": "none", "CLOSING_POLL_S": "60"}
CALM = {"RELAY_POLL_S": "1", "INBOX_FETCH_WAIT_MS": "2000"}
"""For stacks that are not measured: a relay is woken by its process, a consumer by a record, and asking is dear."""
FEW_PARTITIONS = 3
"""Enough for a topic to have several, at a quarter of a broker's work."""
READY_WITHIN_S = 180
STARTED_AT_ONCE = 3
"""More would be ready no sooner: each start is a second or two of one processor."""
SERVERS = ("postgres", "keys", "kafka", "identity")


class Stack:
    """Servers and services of one test run."""

    def __init__(
        self,
        run: Path | None = None,
        ports: Ports | None = None,
        *,
        secure: bool | None = None,
        brief: bool = True,
        partitions: int = FEW_PARTITIONS,
    ) -> None:
        """Choose where everything is to be; `secure` is the environment's `SECURE=1` unless a test decides it.

        `brief` is the broker's, see `servers.kafka`; whoever measures it says no, and wants as many `partitions` of
        each topic as there are everywhere.
        """
        self.brief = brief
        self.partitions = partitions
        self.settings = TEST_ENVIRONMENT | (CALM if brief else {})
        self.run = run or Path(tempfile.mkdtemp(prefix="samvirke-test-"))
        remember(self.run, os.environ.get("SECURE", "") if secure is None else str(int(secure)))
        self.ports = ports or Ports(free_base())
        self.database_url = database_url(self.ports)
        self.keys_url = keys_database_url(self.ports)
        self.bootstrap = kafka_bootstrap(self.ports)
        self.kafka = kafka_settings(self.run, self.ports)
        """How the broker is reached by somebody who may do everything."""
        self.issuer = self.ports.http("identity")
        self.databases = Connections()
        self.commands: dict[str, Command] = {}
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        """Start what is not given by the environment, and provision it."""
        self._stop_whatever_happens()
        self.run.mkdir(parents=True, exist_ok=True)
        # PostgreSQL's user must be able to go through.
        self.run.chmod(0o755)
        self._start_servers()
        self._start(service_command("identity", self.run, self.ports))
        self.wait_for_postgres()
        self.wait_for_kafka()
        self.provision()
        self._wait("identity", lambda: service_is_ready("identity", self.ports))

    def provision(self) -> None:
        """Make databases, tables and topics that are missing."""
        where = admin_url(self.ports), keys_admin_url(self.ports), self.kafka
        asyncio.run(provision(*where, demonstration=True, partitions=self.partitions))

    def stop(self) -> None:
        """Stop everything that this stack started, services first, and remove what it wrote."""
        self.stop_services()
        self.databases.close()
        with ThreadPoolExecutor() as pool:
            list(pool.map(self.stop_process, list(self.processes)))
        forget(self.run)

    def start_server(self, name: str) -> subprocess.Popen[bytes]:
        """Start `kafka`, `postgres` or `keys` again after it was stopped or killed; waiting is the caller's."""
        return self._start(self.commands[name])

    def start_service(
        self, name: str, env: Mapping[str, str] | None = None, *, as_name: str | None = None, wait: bool = True
    ) -> subprocess.Popen[bytes]:
        """Start a service as the process that it is everywhere, and wait until it says that it is ready.

        `as_name` lets a second process of the same service run; give it an `HTTP_PORT` and `wait=False`.
        """
        command = service_command(name, self.run, self.ports)
        started = Command(as_name or name, command.argv, command.env | self.settings | dict(env or {}), cwd=command.cwd)
        process = self._start(started)
        if wait:
            self._wait(started.name, lambda: service_is_ready(name, self.ports))
        return process

    def start_services(self, *names: str, env: Mapping[str, str] | None = None) -> None:
        """Start those that do not run, a few at once, and wait until each says that it is ready."""
        missing = [name for name in names if name not in self.processes]
        with ThreadPoolExecutor(STARTED_AT_ONCE) as pool:
            list(pool.map(partial(self.start_service, env=env), missing))

    def stop_services(self) -> None:
        """Stop every service, all at once; the servers and the identity provider go on."""
        names = [name for name in self.processes if name not in SERVERS]
        with ThreadPoolExecutor() as pool:
            list(pool.map(self.stop_process, names))

    def stop_process(self, name: str) -> None:
        """Stop one server or service; nothing happens when it does not run."""
        process = self.processes.pop(name, None)
        if process is not None:
            stop(process, self.commands[name].stop_signal)

    def kill(self, name: str) -> None:
        """End a process as by a power cut."""
        process = self.processes.pop(name)
        process.kill()
        process.wait()

    def wait_for_kafka(self) -> None:
        """Wait until the broker answers."""
        self._wait("kafka", lambda: kafka_is_ready(self.kafka))

    def wait_for_postgres(self) -> None:
        """Wait until both PostgreSQL servers take connections."""
        self._wait("postgres", lambda: postgres_is_ready(admin_url(self.ports)))
        self._wait("keys", lambda: postgres_is_ready(keys_admin_url(self.ports)))

    def environment(self, service: str) -> dict[str, str]:
        """Return what a service's process reads, for tests that wire it themselves."""
        return service_environment(service, self.run, self.ports) | TEST_ENVIRONMENT

    def url(self, service: str) -> str:
        """Return the base address of a service."""
        return self.ports.http(service)

    def token(self, role: str, authority: str, office: str = "", subject: str | None = None, **claims: object) -> str:
        """Return an access token for anyone with a role at an authority, also for strangers to `people.toml`.

        The roles system, service and registrar make it a system's token, all others a person's, with an own id that is
        nobody's unless `person_id` is claimed.
        """
        who = subject or f"test-{role}-{authority}"
        said: dict[str, object] = {"sub": who, "authority": authority, "roles": [role]}
        said |= {"office": office} if office else {}
        said |= {"client_id": who} if role in {"system", "service", "registrar"} else _nobodys(who)
        return self._signer.access_token(said | claims)

    @cached_property
    def _signer(self) -> Signer:
        """Return who signs as the identity provider does; made once, for it sees by itself when the keys change."""
        return Signer(self.issuer, self.run / "keys" / "identity.json")

    def bearer(self, role: str, authority: str, office: str = "", subject: str | None = None) -> dict[str, str]:
        """Return the header that carries such a token."""
        return {"Authorization": f"Bearer {self.token(role, authority, office, subject)}"}

    def log(self, name: str) -> str:
        """Return what a server or service wrote."""
        file = self.run / "log" / f"{name}.log"
        return file.read_text(errors="replace") if file.exists() else ""

    def _start_servers(self) -> None:
        servers = fetch_servers()
        with ThreadPoolExecutor() as pool:
            made = []
            if "DATABASE_URL" not in os.environ:
                made.append(pool.submit(lambda: self._start(postgres(servers, self.run, self.ports))))
            if "PERSONS_KEYS_DATABASE_URL" not in os.environ:
                made.append(pool.submit(lambda: self._start(keys(servers, self.run, self.ports))))
            if "KAFKA_BOOTSTRAP" not in os.environ:
                made.append(pool.submit(lambda: self._start(kafka(servers, self.run, self.ports, brief=self.brief))))
            for each in made:
                each.result()

    def _start(self, command: Command) -> subprocess.Popen[bytes]:
        self.commands[command.name] = command
        self.processes[command.name] = start(command, self.run / "log" / f"{command.name}.log")
        return self.processes[command.name]

    def _wait(self, name: str, condition: Callable[[], bool]) -> None:
        """Wait for a process to be ready; when it dies or takes too long, say so with the end of its log."""

        def ready_or_dead() -> bool:
            process = self.processes.get(name)
            if process is not None and process.poll() is not None:
                message = f"{name} ended with {process.returncode}:\n{self.log(name)[-4000:]}"
                raise StackError(message)
            return condition()

        try:
            wait_until(ready_or_dead, f"{name} ready", READY_WITHIN_S)
        except StackError as error:
            error.add_note(self.log(name)[-4000:])
            raise

    def _stop_whatever_happens(self) -> None:
        """Stop at the end of this Python too, and turn a polite kill into such an end."""
        atexit.register(self.stop)
        if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
            signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


def _nobodys(who: str) -> dict[str, object]:
    """Return the claims of a person who lives with nobody in the register."""
    return {"name": "Test Person", "person_id": str(uuid5(NAMESPACE_URL, who))}

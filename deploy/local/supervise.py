"""The process manager: supervisor, configured from the servers and the `Procfile`, asked over its own socket.

What comes through that socket is our own supervisor's, so its XML is trusted.
"""

import hashlib
import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any
from xmlrpc.client import Fault, ServerProxy  # nosec B411

from supervisor.xmlrpc import SupervisorTransport  # type: ignore[import-untyped]  # supervisor has no types

from deploy.local.errors import StackError
from deploy.local.processes import wait_until
from deploy.local.servers import Command

SERVERS = frozenset({"postgres", "keys", "kafka", "zipkin"})

LONGEST_SOCKET_PATH = 100
"""The system's own limit is a little above."""

MARK = "SAMVIRKE_STACK"
"""Stands in the environment of every process of a stack, with the run folder as its value."""

HEAD = """\
; Written by deploy/local/supervise.py at every `make up`.
[supervisord]
logfile={run}/log/supervisord.log
logfile_maxbytes=5MB
loglevel=warn
pidfile={run}/supervisord.pid
childlogdir={run}/log
{user}
[unix_http_server]
file={socket}
chmod=0700

[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
"""

PROGRAM = """
[program:{name}]
command={command}
directory={cwd}
environment={environment}
{user}
priority={priority}
autostart=false
autorestart=true
startsecs=1
startretries=100
stopsignal={stop_signal}
stopwaitsecs=20
stopasgroup=false
killasgroup=true
redirect_stderr=true
stdout_logfile={run}/log/{name}.log
stdout_logfile_maxbytes=20MB
stdout_logfile_backups=2
"""


class Supervisor:
    """The process manager of one run folder."""

    def __init__(self, run: Path) -> None:
        self.run = run
        self.config = run / "supervisord.conf"
        self.socket = _socket(run)

    @property
    def rpc(self) -> Any:  # noqa: ANN401 (its methods are those of the server)
        """Return a fresh connection: one that failed once is of no use any more."""
        return ServerProxy("http://127.0.0.1", SupervisorTransport(None, None, f"unix://{self.socket}")).supervisor

    def is_running(self) -> bool:
        """Tell whether it answers."""
        try:
            return bool(self.rpc.getState()["statename"] == "RUNNING")
        except (OSError, Fault):
            return False

    def start(self, commands: list[Command]) -> bool:
        """Start it with nothing running under it, and tell whether it had to be started."""
        text = config_text(self.run, self.socket, commands)
        if self.is_running():
            if self.config.read_text() == text:
                return False
            self.shut_down()
        self.config.write_text(text)
        self.config.chmod(0o600)
        subprocess.run([sys.executable, "-m", "supervisor.supervisord", "-c", self.config], check=True, cwd=self.run)
        wait_until(self.is_running, "the process manager answers", 15)
        return True

    def start_programs(self, names: list[str]) -> list[str]:
        """Start the programs that do not run, without waiting, and return them."""
        idle = [name for name in names if self.states().get(name) not in {"RUNNING", "STARTING"}]
        for name in idle:
            self.rpc.startProcess(name, False)
        return idle

    def restart(self, name: str) -> None:
        """Stop one program and start it again, with what lies in its files now."""
        self.rpc.stopProcess(name)
        self.rpc.startProcess(name)

    def states(self) -> dict[str, str]:
        """Return each program's state in supervisor's words."""
        return {info["name"]: info["statename"] for info in self.information()}

    def information(self) -> list[dict[str, Any]]:
        """Return what supervisor knows about each program."""
        return list(self.rpc.getAllProcessInfo())

    def require_alive(self, names: list[str]) -> None:
        """Refuse to go on waiting for a program that dies again and again."""
        dead = [name for name, state in self.states().items() if name in names and state in {"FATAL", "BACKOFF"}]
        if dead:
            logs = "\n".join(_end_of(self.run / "log" / f"{name}.log") for name in dead)
            message = f"{', '.join(dead)} ended right after the start:\n{logs}"
            raise StackError(message)

    def shut_down(self) -> None:
        """Stop every program and the process manager itself."""
        self.rpc.shutdown()
        wait_until(lambda: not self.is_running() and not self.socket.exists(), "the process manager stopped", 60)


def config_text(run: Path, socket: Path, commands: list[Command]) -> str:
    """Return supervisor's configuration for the commands."""
    # Told that it is meant, supervisor does not warn about root.
    head = HEAD.format(run=_plain(run), socket=_plain(socket), user="user=root\n" if os.geteuid() == 0 else "")
    return head + "".join(_program(run, command) for command in commands)


def _program(run: Path, command: Command) -> str:
    # Supervisor starts the same one process again: it may keep its place in its consumer group.
    environment = command.env | {MARK: str(run), "INSTANCE": command.name}
    return PROGRAM.format(
        # What starts first stops last: a service leaves its consumer group while there is a broker to tell.
        priority=1 if command.name in SERVERS else 2,
        name=command.name,
        command=_plain(shlex.join(command.argv)),
        cwd=_plain(command.cwd),
        environment=",".join(_quoted(name, value) for name, value in environment.items()),
        user=f"user={command.user}" if command.user else "",
        stop_signal=command.stop_signal,
        run=_plain(run),
    )


def _plain(text: object) -> str:
    """Return a value in which supervisor expands nothing."""
    return str(text).replace("%", "%%")


def _quoted(name: str, value: str) -> str:
    """Return one variable; supervisor has no way to write a quote within quotes."""
    if "'" in value:
        message = f"{name} holds a single quote, which the process manager cannot pass on"
        raise StackError(message)
    return f"{name}='{_plain(value)}'"


def _socket(run: Path) -> Path:
    """Return the socket's place: in the run folder, or a short one when that is too deep for a socket."""
    inside = run / "supervisor.sock"
    if len(str(inside)) <= LONGEST_SOCKET_PATH:
        return inside
    return Path(tempfile.gettempdir()) / f"samvirke-{hashlib.sha256(str(run).encode()).hexdigest()[:12]}.sock"


def _end_of(log: Path, characters: int = 2000) -> str:
    text = log.read_text(errors="replace")[-characters:] if log.exists() else "(empty)"
    return f"--- {log}\n{text}"

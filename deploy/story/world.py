"""What the story may touch: the public APIs as its people, the clock, and, where it is asked to, kill -9."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from deploy.local.addresses import addresses
from deploy.local.bearer import ProviderAway, token
from deploy.local.databases import in_database
from deploy.local.identity.directory import directory
from deploy.local.ports import Ports
from deploy.local.provision import admin_url
from deploy.local.secured import kafka_environment
from deploy.local.servers import run_dir
from deploy.local.services import service_names
from deploy.local.supervise import Supervisor
from deploy.story.patience import KILLED_BY_OTHERS, PATIENCE_S, PAUSE_S, Patient

TOKEN_FOR_S = 60.0
DAY_MS = 24 * 60 * 60 * 1000

Who = tuple[str, ...]
"""A role and an authority, and an account where several have both."""


def _began(spans: list[dict[str, Any]]) -> int:
    began: int = spans[0]["timestamp"]
    return began


def _token(who: Who) -> str | None:
    role, authority, *account = who
    try:
        return token(role, authority, account=next(iter(account), None))
    except ProviderAway:
        return None


async def _connected(url: str) -> asyncpg.Connection:
    ends = time.monotonic() + PATIENCE_S
    while True:
        try:
            return await asyncpg.connect(url)
        except (OSError, asyncpg.CannotConnectNowError):
            if time.monotonic() > ends:
                raise
            await asyncio.sleep(PAUSE_S)


class StoryBroken(Exception):
    """A step of the story did not happen."""


class StandIn:
    """A municipality's system, kept running as a municipality's own process manager would."""

    def __init__(self, argv: list[str], env: dict[str, str], log: Path) -> None:
        self.argv, self.env, self.log = argv, env, log
        self.process = self._start()

    def _start(self) -> "subprocess.Popen[bytes]":
        with self.log.open("ab") as log:
            return subprocess.Popen(self.argv, env=self.env, stdout=log, stderr=log)

    def keep_running(self) -> None:
        """Start it again when it has ended, for whatever reason."""
        if self.process.poll() is not None:
            self.process = self._start()


class World:
    """The running system, seen from outside."""

    def __init__(self, *, kills: bool) -> None:
        self.run, self.ports, self.kills = run_dir(), Ports.from_environment(), kills
        self.urls = addresses(self.ports)
        self.killed: list[str] = []
        self.http = httpx.Client(timeout=30, transport=Patient())
        self._tokens: dict[Who, tuple[float, str]] = {}
        self._stand_ins: dict[str, StandIn] = {}

    def base(self, service: str) -> str:
        """Return a service's base address."""
        return str(self.urls["services"][service])

    def bearer(self, *who: str) -> dict[str, str]:
        """Return the header of a test person or system."""
        made_at, bearer = self._tokens.get(who, (0.0, ""))
        if time.monotonic() - made_at > TOKEN_FOR_S:
            bearer = str(self.until(f"a token of {who}", lambda: _token(who)))
            self._tokens[who] = time.monotonic(), bearer
        return {"Authorization": f"Bearer {bearer}"}

    def get(self, service: str, path: str, who: Who | None = None, **query: Any) -> Any:  # noqa: ANN401  any JSON
        """Read as somebody, or without login; a refusal breaks the story."""
        return self._ask("GET", service, path, who, params=query)

    def post(self, service: str, path: str, who: Who, body: object) -> Any:  # noqa: ANN401  any JSON
        """Command as somebody, and again with the same key while the service is away."""
        return self._ask("POST", service, path, who, json=body, key=str(uuid.uuid4()))

    def put(self, service: str, path: str, who: Who, body: object) -> Any:  # noqa: ANN401  any JSON
        """Replace something as somebody."""
        return self._ask("PUT", service, path, who, json=body, key=str(uuid.uuid4()))

    def upload(self, service: str, path: str, who: Who, content: bytes) -> Any:  # noqa: ANN401  any JSON
        """Send a file as somebody."""
        return self._ask("PUT", service, path, who, content=content, key=str(uuid.uuid4()))

    def denied(self, service: str, path: str, who: Who) -> int:
        """Ask for what somebody may not see; an answer with anything in it breaks the story."""
        answer = self.http.get(self.base(service) + path, headers=self.bearer(*who))
        if answer.status_code != httpx.codes.NOT_FOUND:
            raise StoryBroken(f"{service}{path} answered {answer.status_code} to {who[1]}")
        return answer.status_code

    def finds(self, service: str, path: str, who: Who) -> bool:
        """Tell whether something is there for somebody."""
        return self.http.get(self.base(service) + path, headers=self.bearer(*who)).is_success

    def refused(self, service: str, path: str, who: Who, body: object) -> dict[str, Any]:
        """Command what must not be, and return the problem document; an answer that it was done breaks the story."""
        headers = self.bearer(*who) | {"Idempotency-Key": str(uuid.uuid4())}
        answer = self.http.post(self.base(service) + path, json=body, headers=headers)
        if not answer.is_client_error:
            raise StoryBroken(f"POST {service}{path} was not refused: {answer.status_code}")
        problem: dict[str, Any] = answer.json()
        return problem

    def _ask(self, method: str, service: str, path: str, who: Who | None, **request: Any) -> Any:  # noqa: ANN401  any JSON
        key = request.pop("key", None)
        headers = (self.bearer(*who) if who else {}) | ({"Idempotency-Key": key} if key else {})
        try:
            answer = self.http.request(method, self.base(service) + path, headers=headers, **request)
        except httpx.TransportError as error:
            raise StoryBroken(f"{method} {service}{path} did not answer: {type(error).__name__}") from error
        if not answer.is_success:
            raise StoryBroken(f"{method} {service}{path}: {answer.status_code} {answer.text[:500]}")
        return answer.json()

    def until(self, what: str, condition: Callable[[], Any], within: float = PATIENCE_S) -> Any:  # noqa: ANN401  any JSON
        """Wait until a condition holds and return what it gave."""
        ends = time.monotonic() + within
        while not (found := condition()):
            for stand_in in self._stand_ins.values():
                stand_in.keep_running()
            if time.monotonic() > ends:
                raise StoryBroken(f"{what}: not within {within:.0f} s")
            time.sleep(0.1)
        return found

    def traces(self, case: str) -> list[tuple[str, int, str]]:
        """Return what the traces of a case are called, how many spans they have, and where each can be seen."""
        query: dict[str, str | int] = {"annotationQuery": f"samvirke.case={case}", "lookback": DAY_MS, "limit": 20}
        found = self.http.get(f"{self.ports.http('zipkin')}/api/v2/traces", params=query).raise_for_status().json()
        # Whom somebody else kills, the spans of its last seconds died with.
        if not KILLED_BY_OTHERS and not all(any("parentId" not in span for span in spans) for spans in found):
            return []  # a span is still on its way
        ordered = sorted((sorted(spans, key=lambda span: span["timestamp"]) for spans in found), key=_began)
        return [(one[0]["name"], len(one), f"{self.urls['traces']}traces/{one[0]['traceId']}") for one in ordered]

    # -- time ------------------------------------------------------------------------------------------------------

    def now(self, service: str = "concerns") -> datetime:
        """Return what time it is by a service's clock: they are one, but for those that went ahead."""
        return asyncio.run(self._clock(service))

    def move_clock(self, to: datetime) -> None:
        """Move the demonstration's clock, in every service, forward to a time."""
        asyncio.run(self._move(to - self.now(), service_names()))

    def go_ahead(self, service: str, to: datetime) -> None:
        """Move one service's clock forward: a year of its work passes, and nobody else's cases grow old."""
        asyncio.run(self._move(to - self.now(service), [service]))

    async def _clock(self, service: str) -> datetime:
        con = await _connected(in_database(admin_url(self.ports), service))
        now: datetime = await con.fetchval("select clock()")
        await con.close()
        return now

    async def _move(self, by: timedelta, services: Iterable[str]) -> None:
        for name in services:
            con = await _connected(in_database(admin_url(self.ports), name))
            await con.execute("select set_clock_offset((select clock_offset from installation) + $1)", by)
            await con.close()

    # -- processes -------------------------------------------------------------------------------------------------

    def kill(self, name: str) -> None:
        """End a process as by a power cut, if this story kills; the process manager starts it again."""
        if not self.kills:
            return
        pid = {one["name"]: one["pid"] for one in Supervisor(self.run).information()}[name]
        os.kill(pid, signal.SIGKILL)
        self.killed.append(name)

    def start_municipality(self, kind: str, kommune: str, *options: str) -> None:
        """Start a stand-in municipal system; its memory lies in the run folder."""
        client = next(
            one
            for one in directory().clients.values()
            if one.authority == f"kommune-{kommune}" and "system" in one.roles
        )
        env = {
            "ISSUER": self.urls["issuer"],
            "CLIENT_ID": client.id,
            "CLIENT_SECRET": client.secret,
            "EXCHANGE_URL": self.base("exchange"),
            "CONCERNS_URL": self.base("concerns"),
            "MAILBOX": f"kommune-{kommune}.boern",
            "STATE_DIR": str(self.state(kommune)),
        } | kafka_environment(self.run, self.ports, f"kommune-{kommune}.boern")
        log = self.run / "log" / f"municipality-{kommune}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        argv = [sys.executable, "-m", f"deploy.sandbox.municipality_{kind}", *options]
        self._stand_ins[kommune] = StandIn(argv, dict(os.environ) | env, log)

    def state(self, kommune: str) -> Path:
        """Return where a stand-in remembers."""
        return self.run / "municipalities" / kommune

    def ledger(self, kommune: str) -> list[dict[str, Any]]:
        """Return what a stand-in has done, line by line."""
        file = self.state(kommune) / "ledger.jsonl"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []

    def kill_municipality(self, kommune: str) -> None:
        """End a stand-in as by a power cut, if this story kills."""
        if self.kills:
            self._stand_ins[kommune].process.kill()
            self.killed.append(f"the system of {kommune}")

    def stop(self) -> None:
        """Stop the stand-ins."""
        for stand_in in self._stand_ins.values():
            stand_in.process.terminate()
            stand_in.process.wait(10)
        self.http.close()

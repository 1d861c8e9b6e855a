"""The client: sends commands through any fault, several at a time, until each is accepted; its book comes first."""

import itertools
import random
import threading
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from uuid import UUID

import httpx

from tests.chaos.journal import Journal, Line

GIVES_UP_AFTER_S = 90.0
REFUSED_FOR_GOOD = frozenset({400, 401, 403, 404, 413, 415, 422})


@dataclass(frozen=True, slots=True)
class Task:
    """One command to send."""

    number: int
    note_id: UUID
    pause_s: float
    """How long its sender rests before it."""


class NotAccepted(Exception):
    """A command was refused for good, or not accepted within the bound."""


class Client:
    """Sends commands with a few threads, each command to any of the processes that might answer."""

    def __init__(self, addresses: Sequence[str], token: str, journal: Journal, senders: int = 4) -> None:
        self.journal = journal
        self.failures = 0
        """How often a process did not answer, or with a 5xx: what the faults did to the client."""
        self._addresses = itertools.cycle(addresses)
        self._http = httpx.Client(headers={"authorization": f"Bearer {token}"}, timeout=httpx.Timeout(10, connect=2))
        self._pool = ThreadPoolExecutor(senders)
        self._lock = threading.Lock()

    def begin(self, tasks: Iterable[Task]) -> list[Future[None]]:
        """Begin to send; the futures end when the commands are accepted."""
        return [self._pool.submit(self._send, task) for task in tasks]

    def close(self) -> None:
        """Stop sending."""
        self._pool.shutdown(cancel_futures=True)
        self._http.close()

    def _send(self, task: Task) -> None:
        time.sleep(task.pause_s)
        self.journal.write(Line("intended", task.number, str(task.note_id)))
        end = time.monotonic() + GIVES_UP_AFTER_S
        while time.monotonic() < end:
            version = self._once(task)
            if version is not None:
                self.journal.write(Line("accepted", task.number, str(task.note_id), version))
                return
            time.sleep(0.2)
        raise NotAccepted(f"command {task.number} was not accepted within {GIVES_UP_AFTER_S:.0f} s")

    def _once(self, task: Task) -> int | None:
        """Send a command once, always under the same key; None means: again."""
        with self._lock:
            address = next(self._addresses)
        try:
            answer = self._http.post(
                f"{address}/notes/{task.note_id}",
                json={"number": task.number},
                headers={"idempotency-key": f"{task.note_id}-{task.number}"},
            )
        except httpx.HTTPError:
            self.failures += 1
            return None
        if answer.status_code in REFUSED_FOR_GOOD:
            raise NotAccepted(f"command {task.number} was refused with {answer.status_code}: {answer.text[:200]}")
        if not answer.is_success:
            self.failures += answer.is_server_error
            return None
        return int(answer.json()["version"])


def tasks(rng: random.Random, count: int, keys: Sequence[UUID], pause_s: float, first: int = 1) -> list[Task]:
    """Return commands on keys drawn by chance, numbered on from `first`."""
    return [Task(number, rng.choice(keys), rng.uniform(0, 2 * pause_s)) for number in range(first, first + count)]


def some_keys(rng: random.Random, count: int) -> list[UUID]:
    """Return ids of aggregates drawn by chance."""
    return [UUID(int=rng.getrandbits(128), version=4) for _ in range(count)]

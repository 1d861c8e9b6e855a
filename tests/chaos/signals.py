"""What the chaos runner and the processes under test tell each other: files in one folder, safe against kill -9.

The runner arms a point: a file names the role, the point, how many passages to wait and what to do. The first process
of that role that has passed so often claims the file, writes its mark, and then dies, stops or waits. What a process
only observes it appends to a list.
"""

import asyncio
import json
import os
import signal
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

ORDERS, MARKS, SEEN = "orders", "marks", "seen.jsonl"

KILL: Final = "kill"
STOP: Final = "stop"
WAIT: Final = "wait"


@dataclass(frozen=True, slots=True)
class Order:
    """What shall happen at one point of one role's processes."""

    name: str
    """Unique in a run."""
    role: str
    point: str
    action: str
    passages: int = 1
    wait_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Mark:
    """What a process wrote right before it did as ordered."""

    order: str
    process: str
    pid: int
    at: float
    ids: list[str]
    """The events that it had in hand."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One observation of a process."""

    what: str
    process: str
    at: float
    said: dict[str, Any]


class Process:
    """The side of a process under test."""

    def __init__(self, folder: Path, role: str, name: str) -> None:
        self.folder = folder
        self.role = role
        self.name = name
        self._passed: Counter[str] = Counter()

    async def pass_by(self, point: str, ids: Sequence[object] = ()) -> None:
        """Do what is ordered for this point, if anything is and it is this process's turn."""
        for file in (self.folder / ORDERS).glob(f"{self.role}.{point}.*"):
            order = _read_order(file)
            if order is None:
                continue
            self._passed[order.name] += 1
            if self._passed[order.name] >= order.passages and self._claim(file):
                await self._obey(order, [str(one) for one in ids])

    def _claim(self, file: Path) -> bool:
        """Take an order for this process alone: only one of several succeeds in removing it."""
        try:
            file.unlink()
        except FileNotFoundError:
            return False
        return True

    async def _obey(self, order: Order, ids: list[str]) -> None:
        mark = Mark(order.name, self.name, os.getpid(), time.time(), ids)
        write_through(self.folder / MARKS / order.name, json.dumps(asdict(mark)))
        if order.action == WAIT:
            await asyncio.sleep(order.wait_s)
        else:
            os.kill(os.getpid(), signal.SIGKILL if order.action == KILL else signal.SIGSTOP)

    def saw(self, what: str, **said: object) -> None:
        """Append an observation; one write, so that lines of several processes do not mix."""
        line = json.dumps(asdict(Seen(what, self.name, time.time(), said)), default=str) + "\n"
        with (self.folder / SEEN).open("a", encoding="utf-8") as file:
            file.write(line)


class Runner:
    """The runner's side."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in (ORDERS, MARKS):
            (folder / name).mkdir(parents=True, exist_ok=True)

    def arm(self, order: Order) -> None:
        """Give an order."""
        write_through(self.folder / ORDERS / f"{order.role}.{order.point}.{order.name}", json.dumps(asdict(order)))

    def disarm(self) -> None:
        """Take back what nobody has claimed."""
        for file in (self.folder / ORDERS).iterdir():
            file.unlink(missing_ok=True)

    def mark(self, order: Order) -> Mark | None:
        """Return the mark of an order, once it was obeyed."""
        file = self.folder / MARKS / order.name
        return Mark(**json.loads(file.read_text())) if file.exists() else None

    def seen(self, what: str, since: float = 0.0) -> list[Seen]:
        """Return what the processes observed of one kind."""
        file = self.folder / SEEN
        lines = file.read_text().splitlines() if file.exists() else []
        every = (Seen(**json.loads(line)) for line in lines if f'"{what}"' in line)
        return [one for one in every if one.what == what and one.at >= since]


def write_through(file: Path, text: str) -> None:
    """Write a file whole or not at all, and onto the disk before going on."""
    fresh = file.parent.parent / f"{file.name}.{os.getpid()}.new"
    with fresh.open("w", encoding="utf-8") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    fresh.rename(file)


def _read_order(file: Path) -> Order | None:
    try:
        return Order(**json.loads(file.read_text()))
    except FileNotFoundError:
        return None

"""The client's own book: what it meant to send and what was accepted, on the disk before anything else happens."""

import json
import os
import threading
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the book."""

    state: str
    """`intended` before the command is sent, `accepted` after its 2xx."""
    number: int
    """The command's number, which is also what its event tells."""
    key: str
    """The aggregate."""
    version: int | None = None
    """What the answer said."""


class Journal:
    """An append-only file of lines, written through to the disk one by one."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._lock = threading.Lock()

    def write(self, line: Line) -> None:
        """Write a line; it is on the disk when this returns."""
        with self._lock, self.file.open("a", encoding="utf-8") as handle:
            handle.write(json.dumps(asdict(line)) + "\n")
            handle.flush()
            os.fsync(handle.fileno())

    def read(self) -> list[Line]:
        """Return every line, oldest first."""
        if not self.file.exists():
            return []
        return [Line(**json.loads(text)) for text in self.file.read_text().splitlines()]

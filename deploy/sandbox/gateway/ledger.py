"""What the provider took, on the disk before it is answered: it keeps its promises after a kill."""

import os
import time
from pathlib import Path
from typing import Any

import orjson

Line = dict[str, Any]


class Ledger:
    """Lines of JSON, and the messages among them by credential and key."""

    def __init__(self, file: Path) -> None:
        """Read what an earlier process took; a torn last line was never answered and is dropped."""
        file.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        whole = file.read_bytes()
        whole = whole[: whole.rfind(b"\n") + 1]
        os.truncate(file, len(whole))
        self.lines: list[Line] = [orjson.loads(line) for line in whole.splitlines()]
        self._messages = {(line["credential"], line["key"]): line for line in self.lines if line["kind"] == "message"}

    def find(self, credential: str, key: str) -> Line | None:
        """Return the message that came under a key."""
        return self._messages.get((credential, key))

    def message(self, credential: str, key: str, **more: object) -> Line:
        """Take a message; the same key again is written down as a repetition, and is the same message."""
        known = self.find(credential, key)
        if known:
            self._append({"kind": "repeat", "credential": credential, "key": key, "reference": known["reference"]})
            return known
        line = {"kind": "message", "credential": credential, "key": key, "reference": f"r{len(self.lines) + 1:08}"}
        self._messages[credential, key] = self._append(line | more)
        return self._messages[credential, key]

    def refused(self, credential: str, key: str, answer: str) -> None:
        """Write down that somebody came and was not served."""
        self._append({"kind": "refused", "credential": credential, "key": key, "answer": answer})

    def last(self, channel: str, number: str) -> Line | None:
        """Return the latest message to a number by a channel."""
        found = (one for one in reversed(self.lines) if one["kind"] == "message" and one.get("channel") == channel)
        return next((one for one in found if one.get("to") == number), None)

    def _append(self, line: Line) -> Line:
        line["at"] = time.time()
        os.write(self._file, orjson.dumps(line) + b"\n")
        self.lines.append(line)
        return line

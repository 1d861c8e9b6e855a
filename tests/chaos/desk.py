"""The desk: police officers and the source system at work, through any fault; the book comes first."""

import json
import threading
import time
from collections.abc import Sequence
from itertools import count
from typing import Any
from uuid import UUID

import httpx

from tests.chaos.client import GIVES_UP_AFTER_S, NotAccepted
from tests.chaos.journal import Journal, Line
from tests.stack import Stack

REGISTRAR, OFFICER, APPROVER = (
    ("registrar", "politi-mvj"),
    ("key_officer", "politi-mvj"),
    ("approver", "politi-mvj"),
)
PIECE = 3
"""Lines that the source system sends in one request."""

REVIEW = {
    "outcome": "relevant",
    "ground": "support_need",
    "relation": "registrations",
    "concerns": ["violence"],
    "family_contact": "told_by_patrol",
}

Lines = Sequence[dict[str, Any]]
Who = tuple[str, ...]
"""Role, authority and office, as `Stack.bearer` takes them."""


class Desk:
    """Asks a service until it answers, a command always under the same key."""

    def __init__(self, stack: Stack, journal: Journal, service: str = "concerns") -> None:
        self.stack = stack
        self.journal = journal
        self.service = service
        self.failures = 0
        self._http = httpx.Client(timeout=httpx.Timeout(20, connect=2))
        self._numbers = count(1)
        self._lock = threading.Lock()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def ask(self, method: str, path: str, who: Who, key: str = "", **more: Any) -> Any:  # noqa: ANN401  any JSON
        """Ask until there is an answer; a refusal ends it."""
        end = time.monotonic() + GIVES_UP_AFTER_S
        while time.monotonic() < end:
            answer = self._once(method, path, who, key, **more)
            if answer is not None and answer.is_success:
                return answer.json()
            if answer is not None and answer.is_client_error and "retry-after" not in answer.headers:
                raise NotAccepted(f"{method} {path}: {answer.status_code} {answer.text[:300]}")
            self.failures += 1
            time.sleep(0.2)
        raise NotAccepted(f"{method} {path} was not answered within {GIVES_UP_AFTER_S:.0f} s")

    def _once(self, method: str, path: str, who: Who, key: str, **more: Any) -> httpx.Response | None:  # noqa: ANN401  as httpx has it
        headers = self.stack.bearer(*who) | ({"idempotency-key": key} if key else {})
        try:
            return self._http.request(method, self.stack.url(self.service) + path, headers=headers, **more)
        except httpx.HTTPError:
            return None

    def command(self, what: str, about: str, path: str, who: Who, body: object) -> Any:  # noqa: ANN401  any JSON
        """Send one command: its intention is on the disk before it goes, its acceptance after."""
        line = self._line("intended", f"{what} {about}")
        answer = self.ask("POST", path, who, f"{what}-{about}", json=body)
        self.journal.write(Line("accepted", line.number, line.key, answer.get("version")))
        return answer

    def deliver(self, delivery: UUID, lines: Lines) -> None:
        """Deliver registrations piece by piece; after a fault it goes on where concerns says."""
        intended = [self._line("intended", f"registration {line['registration']}") for line in lines]
        path, done = f"/registrations/imports/{delivery}", 0
        while done < len(lines):
            content = "".join(json.dumps(line) + "\n" for line in lines[done : done + PIECE])
            query = {"from_line": done + 1}
            report = self.ask("POST", path, REGISTRAR, params=query, content=content)
            if report["refused"]:
                raise NotAccepted(f"lines of {delivery} were refused: {report['faults'][:3]}")
            for line in intended[done : report["next_line"] - 1]:
                self.journal.write(Line("accepted", line.number, line.key))
            done = report["next_line"] - 1

    def _line(self, state: str, key: str) -> Line:
        with self._lock:
            line = Line(state, next(self._numbers), key)
        self.journal.write(line)
        return line

"""A tiny Samvirke on loopback, for killing a stand-in at an exact moment; the real services are in tests/system."""

import hashlib
import json
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Moment = Callable[[str, str], None]
"""Called with `before` or `after` and the step."""


def event_of(number: int, **more: Any) -> dict[str, Any]:  # noqa: ANN401  any JSON
    """Return an event as a feed shows it, with a document to fetch."""
    return {
        "specversion": "1.0",
        "id": f"event-{number}",
        "source": "/samvirke/concerns",
        "type": "dk.samvirke.concerns.UnderretningSent.v1",
        "subject": f"underretning-{number}",
        "mailboxsequence": 1,
        "data": {"underretning_id": f"underretning-{number}"},
    } | more


class SamvirkeDouble:
    """Answers as Samvirke does and counts the effects, each once for an Idempotency-Key."""

    def __init__(self, events: list[dict[str, Any] | None]) -> None:
        self.events = events
        self.effects: defaultdict[str, dict[str, Any]] = defaultdict(dict)
        self.requests: list[str] = []
        self.answers: dict[str, list[tuple[int, dict[str, str]]]] = {}
        """Answers to give first, by step: a status and headers."""
        self.earliest = 0
        self.moment: Moment = lambda _when, _step: None
        self.url = ""

    def answer(self, step: str, path: str, query: dict[str, list[str]], key: str, body: bytes) -> tuple[int, Any]:
        """Do one step and return status and body."""
        self.requests.append(step)
        if step == "token":
            return 200, {"access_token": "a-token", "expires_in": 300}
        if step == "events":
            return self._events(query)
        if step == "fetch":
            return (200, self.document(path.rpartition("/")[2])) if query.get("purpose") else (400, {})
        self.effects[f"{step} {path.split('/')[2]}"][key] = json.loads(body)
        return 200, {}

    @staticmethod
    def document(underretning: str) -> dict[str, str]:
        """Return the document of an underretning."""
        return {"underretning_id": underretning, "text": "æøå"}

    def digest(self, underretning: str) -> str:
        """Return the SHA-256 of a document as it is sent."""
        return hashlib.sha256(json.dumps(self.document(underretning)).encode()).hexdigest()

    def _events(self, query: dict[str, list[str]]) -> tuple[int, Any]:
        after = int(query.get("after", ["-1"])[0])
        if after != -1 and not self.earliest - 1 <= after < len(self.events):
            return 410, {"type": "https://samvirke.example/problems/cursor-too-old"}
        first = max(after + 1, self.earliest)
        shown = [{"cursor": n, "event": self.events[n]} for n in range(first, len(self.events))]
        return 200, {"events": shown[:2], "next": shown[:2][-1]["cursor"] if shown else after}

    @contextmanager
    def serving(self) -> Iterator["SamvirkeDouble"]:
        """Serve on a free port."""
        double = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path == "/.well-known/openid-configuration":
                    self._send(200, {"issuer": double.url, "token_endpoint": f"{double.url}/token"}, {})
                else:
                    self._handle()

            def do_POST(self) -> None:
                self._handle()

            def _handle(self) -> None:
                address = urlsplit(self.path)
                last = address.path.rpartition("/")[2]
                step = last if last in {"token", "events", "receipt", "acknowledge"} else "fetch"
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                double.moment("before", step)
                if double.answers.get(step):
                    status, headers = double.answers[step].pop(0)
                    self._send(status, {}, headers)
                    return
                key = self.headers.get("idempotency-key", "")
                status, answer = double.answer(step, address.path, parse_qs(address.query), key, body)
                double.moment("after", step)
                self._send(status, answer, {})

            def _send(self, status: int, body: Any, headers: dict[str, str]) -> None:  # noqa: ANN401
                content = json.dumps(body).encode()
                try:
                    self.send_response(status)
                    for name, value in (headers | {"content-length": str(len(content))}).items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(content)
                except OSError:
                    return  # Whoever asked was killed.

            def log_message(self, *_: object) -> None:
                """Keep quiet."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{server.server_port}"
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        try:
            yield self
        finally:
            server.shutdown()
            serving.join()
            server.server_close()

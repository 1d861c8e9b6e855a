"""Alerting as beredskabsstab meets it, in a test's hands: it takes what it is told and shows what it is to show.

The real one is met in the other tests; here answers must come late, twice and out of order, and never by chance.
"""

import json
import re
from collections import Counter, defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


class AlertingStandIn:
    """What it was told, and what it shows."""

    def __init__(self) -> None:
        self.keys: dict[tuple[str, str], set[str]] = defaultdict(set)
        """The idempotency keys under which each thing was asked for."""
        self.raised: dict[str, dict[str, Any]] = {}
        self.boards: dict[str, dict[str, Any]] = defaultdict(dict)
        """The calls of each alert, by their ids."""
        self.looks: Counter[str] = Counter()
        self.refuse_next = 0
        """How many requests are refused from now on, as by a service that is away."""
        self.lose_next = 0
        """How many are taken without an answer that reaches the asker."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Return where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def take(self, path: str, key: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Take a command; returns status and answer."""
        if self.refuse_next:
            self.refuse_next -= 1
            return 503, {}
        path, _, _ = path.partition("?")
        what = "raise" if path == "/alerts" else path.rpartition("/")[2]
        about = body["source_event_id"] if what == "raise" else path.split("/")[2]
        self.keys[what, about].add(key)
        if what == "raise":
            self.raised[about] = body
        if self.lose_next:
            self.lose_next -= 1
            return 503, {}
        return 201, {"alert_id": about}

    def board(self, alert_id: str) -> dict[str, Any]:
        """Return a board, and count that somebody looked."""
        shown = {"calls": list(self.boards[alert_id].values())}
        self.looks[alert_id] += 1
        return shown

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])) or b"{}")
                self.reply(*stand_in.take(self.path, self.headers["idempotency-key"], body))

            def do_GET(self) -> None:
                alert = re.match(r"/alerts/([0-9a-f-]+)", self.path)
                self.reply(*((200, stand_in.board(alert[1])) if alert else (404, {})))

            def reply(self, status: int, body: dict[str, Any]) -> None:
                text = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler

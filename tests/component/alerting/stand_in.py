"""A provider of messages as small as can be: it keeps what it gets by key, and people answer."""

import json
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from uuid import uuid4


@dataclass
class StandIn:
    """What it got and how it behaves."""

    base: str
    messages: dict[str, dict[str, Any]] = field(default_factory=dict)
    posts: list[str] = field(default_factory=list)
    replies: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    answers_with: int = 202
    loses_answers: bool = False
    """It takes a message and hangs up without saying so."""

    def reply(self, number: str, text: str) -> None:
        """Let somebody answer the message that came to a number."""
        key = next(key for key, one in self.messages.items() if one["to"] == number)
        self.replies.setdefault(key, []).append({"message_id": str(uuid4()), "said": text})

    def keys(self) -> Counter[str]:
        """Return how often each key was asked for."""
        return Counter(self.posts)


@contextmanager
def stand_in() -> Iterator[StandIn]:
    """Run a provider on a free loopback port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler())
    one = StandIn(f"http://127.0.0.1:{server.server_address[1]}")
    server.RequestHandlerClass.provider = one  # type: ignore[attr-defined]  # made below
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield one
    finally:
        server.shutdown()
        server.server_close()


def _handler() -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        provider: StandIn
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            assert self.headers["Authorization"] == "Bearer hemmelig"
            assert self.headers["Idempotency-Key"] == message["key"]
            self.provider.posts.append(message["key"])
            if self.provider.answers_with == 202:
                self.provider.messages.setdefault(message["key"], message | {"at": time.time()})
            if self.provider.loses_answers:
                self.close_connection = True
                return
            self._say(self.provider.answers_with, {"reference": f"r-{message['key'][-8:]}"})

        def do_GET(self) -> None:
            key = self.path.rpartition("/")[2]
            if key not in self.provider.messages:
                self._say(404, {"code": "unknown"})
                return
            replies = self.provider.replies.get(key, [])
            self._say(200, {"key": key, "state": "delivered", "reference": f"r-{key[-8:]}", "replies": replies})

        def _say(self, status: int, body: dict[str, Any]) -> None:
            said = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler

"""What happens to every request before its route: a bound on its size, its mode, a span and a measurement."""

import logging
import time
from typing import TYPE_CHECKING, Any

from opentelemetry.trace import SpanKind

from chassis import metrics, telemetry
from chassis.problems import ExerciseRefused, TooLarge, answer_to, fault
from chassis.settings import Settings
from contracts.codes import Mode

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""Any other is the caller's own word, and no name for a span or a metric."""

QUIET = ("/health/", "/metrics")
STREAMS = "/imports/"
"""Routes with this in their path bound each line themselves."""


class BodyTooLarge(TooLarge):
    """The body grew past the limit while it was read."""


class AtTheDoor:
    """Plain ASGI: no copy of bodies, no extra task."""

    def __init__(self, app: "ASGIApp", settings: Settings) -> None:
        """Stand before an application."""
        self.app = app
        self.settings = settings

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Let a request in, or answer it here."""
        if scope["type"] != "http" or scope["path"].startswith(QUIET):
            await self.app(scope, receive, send)
            return
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        watch = _Watch(scope, send)
        with telemetry.span(
            watch.method,
            {"http.request.method": watch.method},
            traceparent=headers.get(b"traceparent"),
            kind=SpanKind.SERVER,
        ) as current:
            refusal = self._refusal(headers, scope["path"])
            if refusal:
                await answer_to(refusal)(scope, receive, watch.send)
            else:
                await self._answered(scope, receive, watch)
            current.update_name(f"{watch.method} {watch.route}")
            current.set_attribute("http.route", watch.route)
            current.set_attribute("http.response.status_code", watch.status)
        watch.measure()

    async def _answered(self, scope: "Scope", receive: "Receive", watch: "_Watch") -> None:
        """Let the application answer; where it fails, answer with a problem that names the trace."""
        try:
            await self.app(scope, self._bounded(scope["path"], receive), watch.send)
        except Exception as error:
            if watch.status:
                raise
            log.exception("a request failed", extra={"route": watch.route})
            await answer_to(fault(error))(scope, receive, watch.send)

    def _refusal(self, headers: dict[bytes, str], path: str) -> TooLarge | ExerciseRefused | None:
        mode = headers.get(b"samvirke-mode", self.settings.mode)
        if mode != self.settings.mode or mode not in set(Mode):
            return ExerciseRefused()
        length = headers.get(b"content-length", "")
        if length.isdigit() and int(length) > self.settings.body_limit and STREAMS not in path:
            return TooLarge(limit_bytes=self.settings.body_limit)
        return None

    def _bounded(self, path: str, receive: "Receive") -> "Receive":
        if STREAMS in path:
            return receive
        seen = 0

        async def bounded() -> "Message":
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self.settings.body_limit:
                raise BodyTooLarge(limit_bytes=self.settings.body_limit)
            return message

        return bounded


class _Watch:
    """Notes how a request was answered."""

    def __init__(self, scope: "Scope", send: "Send") -> None:
        self.scope = scope
        self.method = scope["method"] if scope["method"] in METHODS else "_OTHER"
        self.status = 0
        self._send = send
        self._began = time.perf_counter()

    async def send(self, message: "Message") -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        await self._send(message)

    @property
    def route(self) -> str:
        """Return the route's template: a path may hold ids."""
        route: Any = self.scope.get("route")
        return str(getattr(route, "path", "unknown"))

    def measure(self) -> None:
        labels = (self.method, self.route, str(self.status))
        metrics.REQUESTS.labels(*labels).observe(time.perf_counter() - self._began)

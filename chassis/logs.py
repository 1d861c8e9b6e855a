"""Structured logs: one JSON object a line, with the trace it belongs to and no text that could hold data."""

import json
import logging
import math
import sys
import time
import traceback
from datetime import UTC, datetime

from opentelemetry import trace

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}

EVERY_S = 10.0
REPEATING = "aiokafka"


class OnceInAWhile(logging.Filter):
    """Lets the broker's library say the same thing once in ten seconds, with how often it would have.

    While a broker is away each of a hundred consumers says so at each try: what writes that down has no time for more.
    """

    def __init__(self) -> None:
        """Have heard nothing yet."""
        super().__init__()
        self._heard: dict[tuple[str, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether a record is written."""
        if not record.name.startswith(REPEATING):
            return True
        what, now = (record.name, str(record.msg)), time.monotonic()
        since, silenced = self._heard.get(what, (-math.inf, 0))
        if now - since < EVERY_S:
            self._heard[what] = since, silenced + 1
            return False
        self._heard[what] = now, 0
        record.silenced = silenced
        return True


class JsonLines(logging.Formatter):
    """Formats a record as JSON; of an error it keeps kind and places, never the text."""

    def __init__(self, service: str) -> None:
        """Name the service on every line."""
        super().__init__()
        self.service = service

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "service": self.service,
            "logger": record.name,
            # asyncio's later lines show a task, and with it the text of the error that it ended by.
            "message": record.getMessage().partition("\n")[0],
        }
        context = trace.get_current_span().get_span_context()
        if context.is_valid:
            line["trace_id"] = format(context.trace_id, "032x")
        line.update({name: value for name, value in vars(record).items() if name not in _STANDARD})
        if record.exc_info and record.exc_info[1]:
            line["error"] = type(record.exc_info[1]).__name__
            line["places"] = [
                f"{frame.filename.rpartition('site-packages/')[2]}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(record.exc_info[2])[-12:]
            ]
        return json.dumps(line, ensure_ascii=False, default=str)


def configure(service: str) -> None:
    """Send every log line of this process to standard output as JSON."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLines(service))
    handler.addFilter(OnceInAWhile())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    for noisy in ("aiokafka", "httpx", "httpcore", "faststream", "uvicorn.access"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    for name in ("uvicorn", "uvicorn.error"):
        logging.getLogger(name).handlers = []

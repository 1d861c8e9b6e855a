"""A client as one should be: told that a case or the house is busy, it asks the same again, with the same key."""

import time
from typing import Any

import httpx

BUSY_TRIES = 5
BUSY = ("/command-in-flight", "/temporarily-unavailable")
"""What ends by itself: another command on the same case, or a row that was locked for too long."""


class PatientClient(httpx.Client):
    """Asks again after the time that it is told: on a busy machine a lock is held for seconds."""

    def request(self, *args: Any, **more: Any) -> httpx.Response:  # noqa: ANN401  as httpx
        """Send a request until it is answered, at most so often."""
        for _ in range(BUSY_TRIES):
            answer = super().request(*args, **more)
            if "Retry-After" not in answer.headers or not any(one in answer.text for one in BUSY):
                break
            time.sleep(int(answer.headers["Retry-After"]))
        return answer

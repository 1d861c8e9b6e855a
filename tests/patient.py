"""A client as one should be: told that a case is busy, it asks the same again, with the same key."""

import time
from typing import Any

import httpx

BUSY_TRIES = 5


class PatientClient(httpx.Client):
    """Asks again where another command on the same case was under way: on a busy machine a lock is held for seconds."""

    def request(self, *args: Any, **more: Any) -> httpx.Response:  # noqa: ANN401  as httpx
        """Send a request until the case is free, at most so often."""
        for _ in range(BUSY_TRIES):
            answer = super().request(*args, **more)
            if answer.status_code != httpx.codes.CONFLICT or "/command-in-flight" not in answer.text:
                break
            time.sleep(int(answer.headers["Retry-After"]))
        return answer

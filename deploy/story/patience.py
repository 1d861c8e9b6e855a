"""Asks again while somebody is away, as a patient person would: whoever was killed is started again."""

import os
import time

import httpx

KILLED_BY_OTHERS = os.environ.get("KILL") == "others"
"""Whether programs and servers are killed from outside while the story plays."""
# On a small machine a broker of two thousand topics needs minutes to look through them after a kill.
PATIENCE_S = 300.0 if KILLED_BY_OTHERS else 60.0
PAUSE_S = 0.2


class Patient(httpx.HTTPTransport):
    """Sends a request again until it is answered, other than by "not now"; a command carries its Idempotency-Key."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Return the first answer, or what there was when patience ended."""
        ends = time.monotonic() + PATIENCE_S
        while True:
            try:
                answer = super().handle_request(request)
            except httpx.TransportError:
                if time.monotonic() > ends:
                    raise
            else:
                if not is_not_now(answer) or time.monotonic() > ends:
                    return answer
                answer.close()
            time.sleep(PAUSE_S)


def is_not_now(answer: httpx.Response) -> bool:
    """Tell whether an answer asks for patience: a fault of the server's, or a moment at which to come again."""
    return answer.is_server_error or "retry-after" in answer.headers

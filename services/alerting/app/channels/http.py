"""What HTTP says about a hand-over: every status and every failure has one meaning, for every adapter."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus

from aiohttp import ClientConnectorError, ClientError, ClientResponse, ConnectionTimeoutError

from services.alerting.app.channels.outward import AddressRefused
from services.alerting.domain.providers import Outcome, Verdict

LONGEST_ANSWER = 64 * 1024
"""Bytes of an answer that are read."""

TEMPORARY = frozenset({401, 403, 408, 425, 429})
"""Not the message's fault: our credential, or the provider's day."""

OK, SERVER_ERROR = range(200, 300), range(500, 600)


async def handed_over(post: Callable[[], Awaitable[Outcome]]) -> Outcome:
    """Return how a request ended, whatever happened to it."""
    try:
        return await post()
    except AddressRefused:
        return Outcome(Verdict.REFUSED, failure="address_refused")
    except (ClientConnectorError, ConnectionTimeoutError) as error:
        if isinstance(error.__cause__, AddressRefused):
            return Outcome(Verdict.REFUSED, failure="address_refused")
        return Outcome(Verdict.LATER, failure="not_connected")
    except TimeoutError:
        return Outcome(Verdict.UNKNOWN, failure="time_out")
    except (ClientError, OSError, ValueError):
        return Outcome(Verdict.UNKNOWN, failure="cut_off")


def refusal(answer: ClientResponse) -> Outcome:
    """Return what an answer means that is no success."""
    failure = f"http_{answer.status}"
    if answer.status in TEMPORARY or answer.status in SERVER_ERROR:
        return Outcome(Verdict.LATER, failure=failure, retry_after_s=_seconds(answer))
    return Outcome(Verdict.REFUSED, failure=failure)


def _seconds(answer: ClientResponse) -> float | None:
    text = answer.headers.get("Retry-After", "")
    return float(text) if text.isdecimal() and len(text) < 6 else None  # noqa: PLR2004  a day has five digits


async def body_of(answer: ClientResponse) -> bytes:
    """Return an answer's body, as far as anybody needs to read."""
    return await answer.content.read(LONGEST_ANSWER) if answer.status != HTTPStatus.NO_CONTENT else b""

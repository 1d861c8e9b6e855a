"""Questions from one service to another: HTTPS with the service's own credentials, inside the trace."""

import asyncio
import time
from typing import Any

import httpx
import orjson

from chassis.issuer import address_of
from chassis.settings import Settings
from chassis.telemetry import current_traceparent
from contracts.refusal import Refusal

TOKEN_MARGIN_S = 30.0


class ServiceAway(Refusal):
    """Another service that is needed for the answer does not answer."""

    slug = "service-away"
    status = 503
    title = "En tjeneste, som svaret kræver, er væk et øjeblik."
    todo = "Prøv igen om lidt med samme Idempotency-Key. Intet er gået tabt eller halvt udført."


class ServiceRefused(RuntimeError):
    """Another service said no to a question that should have been right."""

    def __init__(self, service: str, status: int, slug: str, title: str = "") -> None:
        """Keep who, how and why, as codes, and in the words that the other has for people."""
        super().__init__(f"{service} answered {status} {slug}")
        self.status = status
        self.slug = slug
        self.title = title


class ServiceClient:
    """Asks other services by their names; tokens are fetched once and renewed before they end."""

    def __init__(self, settings: Settings) -> None:
        """Remember where the others are."""
        self.settings = settings
        self._http = httpx.AsyncClient(timeout=httpx.Timeout(30, connect=3), limits=httpx.Limits(max_connections=16))
        self._token = ""
        self._token_ends = 0.0
        self._renewing = asyncio.Lock()

    async def stop(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def post(self, service: str, path: str, body: object, *, key: str = "") -> Any:  # noqa: ANN401  any JSON
        """Ask with a JSON body and return the JSON answer; ServiceAway when it cannot answer now.

        A command carries its `key` as Idempotency-Key; a question needs none.
        """
        headers = {"content-type": "application/json"} | ({"idempotency-key": key} if key else {})
        return await self._asked("POST", service, path, headers, orjson.dumps(body, default=str))

    async def get(self, service: str, path: str) -> Any:  # noqa: ANN401  any JSON
        """Ask for what stands at a path and return the JSON answer; ServiceAway when it cannot answer now."""
        return await self._asked("GET", service, path, {}, b"")

    async def _asked(self, method: str, service: str, path: str, headers: dict[str, str], body: bytes) -> Any:  # noqa: ANN401  any JSON
        answer = await self._send(method, service, path, headers, body)
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            # The issuer may have changed its keys since the token was fetched.
            self._token_ends = 0.0
            answer = await self._send(method, service, path, headers, body)
        return _read(service, answer)

    async def _send(self, method: str, service: str, path: str, headers: dict[str, str], body: bytes) -> httpx.Response:
        headers = headers | {"authorization": f"Bearer {await self._bearer()}"}
        if traceparent := current_traceparent():
            headers["traceparent"] = traceparent
        address = self.settings.service_urls[service] + path
        try:
            return await self._http.request(method, address, content=body, headers=headers)
        except httpx.HTTPError as error:
            raise ServiceAway(service=service) from error

    async def _bearer(self) -> str:
        async with self._renewing:
            if time.monotonic() > self._token_ends - TOKEN_MARGIN_S:
                await self._renew()
        return self._token

    async def _renew(self) -> None:
        form = {
            "grant_type": "client_credentials",
            "client_id": self.settings.identity,
            "client_secret": self.settings.client_secret.get_secret_value(),
        }
        try:
            address = await address_of("token_endpoint", self.settings.issuer, self._http)
            answer = (await self._http.post(address, data=form)).raise_for_status()
        except (httpx.HTTPError, ValueError) as error:
            raise ServiceAway(service="identity") from error
        granted = answer.json()
        self._token, self._token_ends = granted["access_token"], time.monotonic() + float(granted["expires_in"])


def _read(service: str, answer: httpx.Response) -> Any:  # noqa: ANN401  any JSON
    if answer.is_success:
        return orjson.loads(answer.content)
    if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise ServiceAway(service=service)
    try:
        problem = answer.json()
        slug, title = str(problem.get("type", "")).rpartition("/")[2], str(problem.get("title", ""))
    except ValueError:
        slug = title = ""
    raise ServiceRefused(service, answer.status_code, slug, title)

"""A browser as the sign-in meets it: cookies, redirects followed by hand, and what a browser says of a form."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import parse_qsl, urlsplit

import aiohttp
import httpx

from tests.component.chassis.processes import Running
from tests.stack import Stack

PAGE = {"Accept": "text/html"}
OWN_FORM = PAGE | {"Sec-Fetch-Site": "same-origin"}
COOKIE = "teller-session"


@dataclass
class Visitor:
    """One browser."""

    client: httpx.Client
    issuer: str

    def open(self, path: str, **more: str) -> httpx.Response:
        """Open a page, as a person does."""
        return self.client.get(path, headers=PAGE | more)

    def send(self, path: str, form: dict[str, str] | None = None, **more: str) -> httpx.Response:
        """Send a form of a page of ours, or of another where `Sec-Fetch-Site` says so."""
        return self.client.post(path, data=form or {}, headers=OWN_FORM | more)

    def asked(self, til: str = "/desk") -> dict[str, str]:
        """Begin to sign in; returns what the identity provider is asked."""
        answer = self.client.get("/login", params={"til": til}, headers=PAGE)
        assert answer.status_code == 303, answer.text
        return dict(parse_qsl(urlsplit(answer.headers["location"]).query))

    def answer_of(self, asked: dict[str, str], person: str = "tove-kjaer") -> str:
        """Press a person's button at the identity provider; returns the address to which it sends the browser."""
        said = httpx.post(f"{self.issuer}/authorize", data=asked | {"person": person})
        assert said.status_code == 303, said.text
        return str(said.headers["location"])

    def sign_in(self, til: str = "/desk", person: str = "tove-kjaer") -> httpx.Response:
        """Sign in; returns the answer that begins the session."""
        return self.open(self.answer_of(self.asked(til), person))

    @property
    def token(self) -> str | None:
        """Return what the browser holds."""
        return self.client.cookies.get(COOKIE)

    @token.setter
    def token(self, value: str) -> None:
        self.client.cookies.delete(COOKIE) if self.token else None
        self.client.cookies.set(COOKIE, value, domain="127.0.0.1", path="/")


@contextmanager
def visiting(service: Running, stack: Stack) -> Iterator[Visitor]:
    """Open a browser that holds nothing."""
    with httpx.Client(base_url=service.address, timeout=30) as client:
        yield Visitor(client, stack.issuer)


def session_of(visitor: Visitor) -> aiohttp.ClientSession:
    """Return the same browser's session with as many connections as it wants."""
    return aiohttp.ClientSession(
        str(visitor.client.base_url),
        headers={"Cookie": f"{COOKIE}={visitor.token}"},
        connector=aiohttp.TCPConnector(limit=0),
    )


async def version_of(stream: aiohttp.ClientResponse) -> int:
    """Return the next version that a live page shows."""
    async for line in stream.content:
        if line.startswith(b"id: "):
            return int(line[4:])
    raise EOFError


def set_by(answer: httpx.Response, name: str) -> dict[str, object]:
    """Return a cookie that an answer sets, with what it says of it."""
    for line in answer.headers.get_list("set-cookie"):
        found = SimpleCookie(line)
        if name in found:
            return {"value": found[name].value} | {key: value for key, value in found[name].items() if value}
    return {}

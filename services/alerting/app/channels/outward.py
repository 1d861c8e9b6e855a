"""HTTP to addresses that others gave us: resolved once, held against what is allowed, and reached just there.

A webhook's or a push service's address is what a user entered. It may name this machine, this network or a cloud's
metadata, directly, by a name, or by a redirect. So: https alone, no redirect is followed, every address that the name
stands for must be public, and the connection goes to the addresses that were looked at. In a demonstration it is the
other way round: nothing but loopback, and hosts `<name>.localhost`, which are the containers of one machine.
"""

import socket
from urllib.parse import urlsplit

from aiohttp import ClientSession, DummyCookieJar, TCPConnector, ThreadedResolver
from aiohttp.abc import AbstractResolver, ResolveResult

from services.alerting.domain.addresses import is_loopback, is_public, is_usable


class AddressRefused(OSError):
    """An address leads where no message may go."""


class Guard(AbstractResolver):
    """Resolves names to addresses to which a message may go; one that may not spoils them all."""

    def __init__(self, *, demonstration: bool) -> None:
        """Choose what is allowed."""
        self._inner = ThreadedResolver()
        self._demonstration = demonstration
        self._allows = is_loopback if demonstration else is_public

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the addresses of a host; AddressRefused when one of them is not allowed."""
        found = await self._inner.resolve(host, port, family)
        if not all(self._allows(one["host"]) for one in found) and not self._is_of_this_machine(host):
            raise AddressRefused
        return found

    def _is_of_this_machine(self, host: str) -> bool:
        return self._demonstration and is_loopback(host)

    async def close(self) -> None:
        """Close what it resolves with."""
        await self._inner.close()


def outward_session(*, demonstration: bool) -> ClientSession:
    """Return a session for addresses that others gave us."""
    connector = TCPConnector(resolver=Guard(demonstration=demonstration), use_dns_cache=False, limit=0)
    return ClientSession(connector=connector, cookie_jar=DummyCookieJar())


def require_usable(address: str, *, demonstration: bool) -> None:
    """Refuse an address whose form already says that it leads where no message may go."""
    try:
        url = urlsplit(address)
        named = url.username is None and url.password is None and url.port != 0
        usable = named and is_usable(url.scheme, url.hostname or "", demonstration=demonstration)
    except ValueError:
        usable = False
    if not usable:
        raise AddressRefused


def require_loopback(name: str, base: str) -> None:
    """Refuse to start a demonstration with a provider that is not on this machine."""
    if not is_loopback(urlsplit(base).hostname or ""):
        raise ValueError(f"{name}: in a demonstration nothing leaves this machine; its base must be a loopback address")

"""How somebody of a demonstration signs in at Keycloak: by name and password, on the page that a browser would show."""

import re
from html import unescape

import httpx

from deploy.local.errors import StackError

PASSWORD = "demonstration"  # noqa: S105  as public as people.toml  # nosec B105


class NotTaken(StackError):
    """Keycloak showed no page to sign in on, or did not take what was written there."""


def signed_in(client: httpx.Client, address: str, username: str) -> str:
    """Follow a request for a code; return the address that a browser is sent to afterwards, with the code in it."""
    page = client.get(address)
    form = re.search(r'<form[^>]*\baction="([^"]+)"', page.text)
    if form is None:
        raise NotTaken(f"Keycloak answered {page.status_code} and no page to sign in on")
    # Its cookies are for https alone, which a client may send to loopback as a browser does; httpx does not.
    cookies = "; ".join(f"{one.name}={one.value}" for one in page.cookies.jar)
    written = {"username": username, "password": PASSWORD}
    answer = client.post(unescape(form[1]), data=written, headers={"cookie": cookies})
    if not answer.is_redirect:
        raise NotTaken(f"{username} was not signed in: {answer.status_code}")
    return str(answer.headers["location"])

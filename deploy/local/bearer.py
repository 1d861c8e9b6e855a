"""`make token`: an access token for a test person or system, by the same two flows that anyone else uses."""

import secrets
from urllib.parse import parse_qs, urlsplit

import httpx

from deploy.local.errors import StackError
from deploy.local.identity.directory import Account, directory
from deploy.local.identity.grants import s256
from deploy.local.ports import Ports

APPLICATION = "make-token"
NOWHERE = "http://127.0.0.1/make-token"
"""Where the code would be sent; it is read from the redirect instead."""


class ProviderAway(StackError):
    """The identity provider does not answer, or has forgotten what it was asked a moment ago."""


def token(role: str, authority: str | None = None, *, account: str | None = None) -> str:
    """Return a token for the first account of `people.toml` that fits."""
    found = directory().find(role, authority, account)
    if found is None:
        who = " ".join(part for part in (role, authority, account) if part)
        raise StackError(f"deploy/local/people.toml has nobody for: {who}")
    issuer = Ports.from_environment().http("identity")
    try:
        with httpx.Client(base_url=issuer, timeout=10) as client:
            return _of_person(client, found) if found.is_person else _of_system(client, found)
    except httpx.HTTPError as error:
        raise ProviderAway(f"the identity provider does not answer on {issuer}: make up") from error


def _of_system(client: httpx.Client, system: Account) -> str:
    """Exchange a system's secret."""
    answer = client.post("/token", data={"grant_type": "client_credentials"}, auth=(system.id, system.secret))
    return str(answer.raise_for_status().json()["access_token"])


def _of_person(client: httpx.Client, person: Account) -> str:
    """Press a person's button on the sign-in page and exchange the code."""
    verifier = secrets.token_urlsafe(48)
    known = {"client_id": APPLICATION, "redirect_uri": NOWHERE}
    asked = {"response_type": "code", "code_challenge": s256(verifier), "code_challenge_method": "S256"}
    signed_in = client.post("/authorize", data=known | asked | {"person": person.id})
    code = parse_qs(urlsplit(signed_in.headers["location"]).query)["code"][0]
    proof = {"grant_type": "authorization_code", "code": code, "code_verifier": verifier}
    return str(client.post("/token", data=known | proof).raise_for_status().json()["access_token"])

"""`make token`: an access token for a test person or system, by the same two flows that anyone else uses."""

import secrets
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx

from deploy.keycloak.sign_in import signed_in
from deploy.local.errors import StackError
from deploy.local.identity.directory import Account, directory
from deploy.local.identity.grants import s256
from deploy.local.ports import Ports
from deploy.local.trusted import is_stand_in, issuer

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
    return token_of(found)


def token_of(account: Account) -> str:
    """Return a token for a person or system."""
    asked = issuer(Ports.from_environment())
    try:
        with httpx.Client(timeout=20) as client:
            said = client.get(f"{asked}/.well-known/openid-configuration").raise_for_status().json()
            return _of_person(client, said, account) if account.is_person else _of_system(client, said, account)
    except httpx.HTTPError as error:
        raise ProviderAway(f"the identity provider does not answer on {asked}: make up") from error


def _of_system(client: httpx.Client, said: dict[str, Any], system: Account) -> str:
    """Exchange a system's secret."""
    asked = {"grant_type": "client_credentials"}
    answer = client.post(said["token_endpoint"], data=asked, auth=(system.id, system.secret))
    return str(answer.raise_for_status().json()["access_token"])


def _of_person(client: httpx.Client, said: dict[str, Any], person: Account) -> str:
    """Sign a person in and exchange the code."""
    verifier = secrets.token_urlsafe(48)
    known = {"client_id": APPLICATION, "redirect_uri": NOWHERE}
    challenge = {"code_challenge": s256(verifier), "code_challenge_method": "S256"}
    asked = known | challenge | {"response_type": "code", "scope": "openid"}
    location = _sent_back(client, said["authorization_endpoint"], asked, person)
    code = parse_qs(urlsplit(location).query)["code"][0]
    proof = {"grant_type": "authorization_code", "code": code, "code_verifier": verifier}
    return str(client.post(said["token_endpoint"], data=known | proof).raise_for_status().json()["access_token"])


def _sent_back(client: httpx.Client, authorization: str, asked: dict[str, str], person: Account) -> str:
    """Press a person's button on the stand-in's page, or write name and password on Keycloak's."""
    if not is_stand_in(Ports.from_environment()):
        return signed_in(client, f"{authorization}?{urlencode(asked)}", person.id)
    return str(client.post(authorization, data=asked | {"person": person.id}).headers["location"])

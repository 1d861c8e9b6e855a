"""Keycloak's tokens at a service's door: which are taken, and which are not."""

from dataclasses import replace

import httpx

from contracts.codes import Role
from deploy.keycloak.realm import ADMINISTRATION, administration_secret
from deploy.keycloak.sign_in import PASSWORD, signed_in
from deploy.local.bearer import token, token_of
from deploy.local.identity.directory import directory
from deploy.local.identity.tokens import Signer
from deploy.local.ports import Ports
from deploy.local.servers import run_dir

OK, UNAUTHORIZED, FORBIDDEN = 200, 401, 403
DESK, PAGE = "/aktiver", "a person on a page"


def answers(ports: Ports) -> dict[str, int]:
    """Return what services answer to whom."""
    stand_in = Signer(ports.http("identity"), run_dir() / "keys" / "identity.json")
    operator = directory().find(Role.OPERATOR)
    administration = replace(ADMINISTRATION, secret=administration_secret())
    if operator is None:
        raise AssertionError("nobody is an operator")
    return {
        "a person with the role": _answer(ports, token_of(operator)),
        "a person of another role": _answer(ports, token(Role.CASEWORKER)),
        "a system of another role": _answer(ports, token(Role.SYSTEM)),
        "a client of Keycloak and not of Samvirke": _answer(ports, token_of(administration)),
        "whom only the stand-in knows": _answer(ports, stand_in.access_token(operator.claims())),
        "nobody": _answer(ports, "none"),
    }


EXPECTED = {
    "a person with the role": OK,
    "a person of another role": FORBIDDEN,
    "a system of another role": FORBIDDEN,
    "a client of Keycloak and not of Samvirke": UNAUTHORIZED,
    "whom only the stand-in knows": UNAUTHORIZED,
    "nobody": UNAUTHORIZED,
}


def refusals(issuer: str) -> dict[str, str]:
    """Return what Keycloak itself answers to those who ask for what is not theirs."""
    with httpx.Client(timeout=30) as client:
        said = client.get(f"{issuer}/.well-known/openid-configuration").raise_for_status().json()
        to, form = said["token_endpoint"], {"client_id": "console", "username": "ole-vang", "password": PASSWORD}
        system = {"client_id": "concerns", "grant_type": "client_credentials"}
        asked = {"response_type": "code", "client_id": "console", "redirect_uri": "https://somebody.example/login/svar"}
        return {
            "a password without the page": client.post(to, data=form | {"grant_type": "password"}).json()["error"],
            "a wrong secret": client.post(to, data=system | {"client_secret": "wrong"}).json()["error"],
            "an address that is not ours": str(client.get(said["authorization_endpoint"], params=asked).status_code),
        }


REFUSED = {
    "a password without the page": "unauthorized_client",
    "a wrong secret": "unauthorized_client",
    "an address that is not ours": "400",
}


def on_a_page(ports: Ports) -> int:
    """Sign in on a service's own page, as a browser would, and return what the page answers then."""
    base = ports.http("beredskabsstab")
    with httpx.Client(timeout=30) as browser:
        begun = browser.get(f"{base}/login", params={"til": DESK})
        back = browser.get(signed_in(browser, begun.headers["location"], "kirsten-aaby"))
        return browser.get(base + back.headers["location"]).status_code if back.is_redirect else back.status_code


def _answer(ports: Ports, bearer: str) -> int:
    address = f"{ports.http('concerns')}/operations/summary"
    return httpx.get(address, headers={"Authorization": f"Bearer {bearer}"}, timeout=30).status_code


def require_as_expected(ports: Ports, issuer: str) -> dict[str, int | str]:
    """Refuse whoever is taken or refused against the rules; return all answers."""
    found: dict[str, int | str] = {**answers(ports), **refusals(issuer), PAGE: on_a_page(ports)}
    wanted: dict[str, int | str] = {**EXPECTED, **REFUSED, PAGE: OK}
    if found != wanted:
        raise AssertionError({who: answer for who, answer in found.items() if answer != wanted[who]})
    return found

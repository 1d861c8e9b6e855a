"""The realm as code: who may ask for a token, and what stands in it, from `people.toml` as the stand-in has it.

An installation's holds clients with the authority, office and roles that each speaks for, no secret (Keycloak makes one
for each) and nobody who signs in. A demonstration's has secrets and people too, and what the stand-in does itself:
whoever plans duties, and whoever writes to people which id they have as citizens.
"""

import json
from collections.abc import Iterable
from typing import Any

from contracts.codes import Role
from deploy.keycloak.claims import PERSON_SCOPE, client_claims, person_claims, profile
from deploy.keycloak.server import REALM
from deploy.keycloak.sign_in import PASSWORD
from deploy.local.bearer import APPLICATION, NOWHERE
from deploy.local.identity.directory import Account, directory
from deploy.local.load_duty import plans, practising
from deploy.local.planners import planner
from deploy.local.ports import Ports
from deploy.local.services import WITH_PAGES

CONSOLE = "console"
STAND_IN = "identity"
"""The stand-in asks persons as a client of its own; an installation's Keycloak is no client of anybody."""
ADMINISTRATION = Account("user-administration", "samvirke", (), "Skriver i Keycloak, hvem en medarbejder er som borger")
MAY_WRITE_PEOPLE = {"realm-management": ["manage-users"]}
TOKEN_LIFETIME_S = 300
"""As long a role that was taken away may still be used."""
SIGN_INS = {
    "registrationAllowed": False,
    "resetPasswordAllowed": False,
    "rememberMe": False,
    "bruteForceProtected": True,
    "sslRequired": "external",
    "accessTokenLifespan": TOKEN_LIFETIME_S,
    "ssoSessionIdleTimeout": 1800,
    "ssoSessionMaxLifespan": 36000,
}
SIGNING = {"priority": ["100"], "ecdsaEllipticCurveKey": ["P-256"], "active": ["true"], "enabled": ["true"]}


def of_installation(domain: str) -> str:
    """Return the realm that an installation imports, whose pages are under a domain."""
    pages = [f"https://{name}.{domain}/login/svar" for name in sorted(WITH_PAGES)]
    return _text(_realm([_system(one) for one in _systems()], [_application(CONSOLE, pages)]))


def of_demonstration(ports: Ports) -> str:
    """Return the realm of a demonstration, in which everybody's password and every secret is known."""
    pages = [f"{ports.http(name)}/login/svar" for name in sorted(WITH_PAGES)]
    known = directory().clients
    clients = [_system(one) | {"secret": one.secret} for one in [*known.values(), *_planners()]]
    # It may write in Keycloak and says nothing to services: no audience, no authority.
    own = {"secret": administration_secret(), "fullScopeAllowed": True, "protocolMappers": []}
    administration = _system(ADMINISTRATION) | own
    applications = [_application(CONSOLE, pages), _application(APPLICATION, [NOWHERE])]
    people = [_person(one) for one in directory().people.values()]
    account = {"serviceAccountClientId": ADMINISTRATION.id, "clientRoles": MAY_WRITE_PEOPLE}
    writer = {"username": f"service-account-{ADMINISTRATION.id}", "enabled": True} | account
    return _text(_realm([*clients, administration], applications) | {"users": [*people, writer]})


def administration_secret() -> str:
    """Return the secret of whoever writes in a demonstration's realm: as public as those of `people.toml`."""
    return f"demo-{ADMINISTRATION.id}"


def _systems() -> Iterable[Account]:
    return (one for one in directory().clients.values() if one.id != STAND_IN)


def _planners() -> Iterable[Account]:
    places = {(plan.authority, plan.office) for plan in (*plans(), *practising())}
    return (planner(*place) for place in sorted(places))


def _realm(systems: list[dict[str, Any]], applications: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "realm": REALM,
        "displayName": "Samvirke",
        "enabled": True,
        **SIGN_INS,
        "defaultSignatureAlgorithm": "ES256",
        "roles": {"realm": [{"name": str(role)} for role in Role]},
        "clientScopes": [{"name": PERSON_SCOPE, "protocol": "openid-connect", "protocolMappers": person_claims()}],
        "clients": [*applications, *systems],
        "components": {
            "org.keycloak.keys.KeyProvider": [
                {"name": "signs", "providerId": "ecdsa-generated", "subComponents": {}, "config": SIGNING}
            ],
            "org.keycloak.userprofile.UserProfileProvider": [
                {
                    "providerId": "declarative-user-profile",
                    "subComponents": {},
                    "config": {"kc.user.profile.config": [json.dumps(profile())]},
                }
            ],
        },
    }


def _application(name: str, answers: list[str]) -> dict[str, Any]:
    """Return a public client: people sign in by the code flow with PKCE, and only back to addresses that are named."""
    return {
        "clientId": name,
        "publicClient": True,
        "standardFlowEnabled": True,
        "implicitFlowEnabled": False,
        "directAccessGrantsEnabled": False,
        "fullScopeAllowed": True,
        "redirectUris": answers,
        "attributes": {"pkce.code.challenge.method": "S256"},
        "defaultClientScopes": [PERSON_SCOPE],
        "optionalClientScopes": [],
    }


def _system(one: Account) -> dict[str, Any]:
    """Return a client of its own secret: whom it speaks for is part of it, and no request can ask for another."""
    return {
        "clientId": one.id,
        "description": one.does,
        "publicClient": False,
        "clientAuthenticatorType": "client-secret",
        "serviceAccountsEnabled": True,
        "standardFlowEnabled": False,
        "implicitFlowEnabled": False,
        "directAccessGrantsEnabled": False,
        "fullScopeAllowed": False,
        "protocolMappers": client_claims(one),
        "defaultClientScopes": [],
        "optionalClientScopes": [],
    }


def _person(one: Account) -> dict[str, Any]:
    first, _, last = one.name.rpartition(" ")
    said = {"authority": [one.authority]} | ({"office": [one.office]} if one.office else {})
    return {
        "id": one.id,
        "username": one.id,
        "enabled": True,
        "firstName": first,
        "lastName": last,
        "attributes": said,
        "realmRoles": list(one.roles),
        "credentials": [{"type": "password", "value": PASSWORD, "temporary": False}],
    }


def _text(realm: dict[str, Any]) -> str:
    return json.dumps(realm, ensure_ascii=False, indent=2) + "\n"

"""What stands in a token, as `chassis.identity` reads it: audience, authority, office, roles, and who it is."""

import json
from typing import Any

from chassis.identity import AUDIENCE
from deploy.local.identity.directory import Account

PERSON_SCOPE = "samvirke"
ATTRIBUTES = ("authority", "office", "person_id")
"""What the administrators of a realm say of a person; nobody says it of themselves."""
NAMES = ("username", "email", "firstName", "lastName")


def person_claims() -> list[dict[str, Any]]:
    """Return the claims of people: from their roles, and from what administrators wrote of them."""
    roles = {"claim.name": "roles", "jsonType.label": "String", "multivalued": "true"}
    return [
        _audience(),
        _mapper("sub", "oidc-sub-mapper", {}),
        _mapper("roles", "oidc-usermodel-realm-role-mapper", roles),
        *(_attribute(name) for name in ATTRIBUTES),
    ]


def client_claims(one: Account) -> list[dict[str, Any]]:
    """Return the claims of a system: what it is, written out; the claim `client_id` tells it from a person."""
    texts = {"sub": one.id, "client_id": one.id, "authority": one.authority, "office": one.office}
    said = [_hardcoded(name, text, "String") for name, text in texts.items() if text]
    return [_audience(), *said, _hardcoded("roles", json.dumps(one.roles), "JSON")]


def profile() -> dict[str, Any]:
    """Return what is known of a person: an attribute that stands here is kept, and one that does not is refused."""
    own = {"view": ["admin", "user"], "edit": ["admin"]}
    return {"attributes": [{"name": name, "permissions": own, "multivalued": False} for name in (*NAMES, *ATTRIBUTES)]}


def _audience() -> dict[str, Any]:
    return _mapper("audience", "oidc-audience-mapper", {"included.custom.audience": AUDIENCE})


def _attribute(name: str) -> dict[str, Any]:
    said = {"user.attribute": name, "claim.name": name, "jsonType.label": "String"}
    return _mapper(name, "oidc-usermodel-attribute-mapper", said)


def _hardcoded(name: str, value: str, kind: str) -> dict[str, Any]:
    said = {"claim.name": name, "claim.value": value, "jsonType.label": kind}
    return _mapper(name, "oidc-hardcoded-claim-mapper", said)


def _mapper(name: str, kind: str, said: dict[str, str]) -> dict[str, Any]:
    """Return a mapper into access tokens alone: an ID token tells an application who signed in, and no more."""
    only = {"access.token.claim": "true", "introspection.token.claim": "true", "id.token.claim": "false"}
    return {"name": name, "protocol": "openid-connect", "protocolMapper": kind, "config": said | only}

"""Write to each person in Keycloak which id they have as a citizen: `python -m deploy.keycloak.own_ids`.

Nobody opens a case about themselves, so a sign-in must say who one is; persons tells the id and Keycloak keeps it as an
attribute that only administrators write. An installation's staff register does the same by the same two addresses.
Twice is harmless.
"""

import os
import sys
from dataclasses import replace
from typing import Any

import httpx

from deploy.keycloak.realm import ADMINISTRATION, STAND_IN, administration_secret
from deploy.local.bearer import token_of
from deploy.local.errors import StackError
from deploy.local.identity.directory import Account, directory
from deploy.local.ports import Ports
from deploy.local.trusted import is_stand_in, issuer

ATTRIBUTE = "person_id"


def ids_of(people: list[Account], ports: Ports) -> dict[str, str]:
    """Return the id of each person as a citizen, by the account's."""
    asked = {"numbers": [one.number for one in people]}
    bearer = {"Authorization": f"Bearer {token_of(directory().clients[STAND_IN])}"}
    answer = httpx.post(f"{ports.http('persons')}/resolve", json=asked, headers=bearer, timeout=30).raise_for_status()
    return dict(zip((one.id for one in people), answer.json()["ids"], strict=True))


def write(ids: dict[str, str], realm: str) -> None:
    """Put each id among the attributes of its person."""
    who = replace(ADMINISTRATION, secret=administration_secret())
    bearer = {"Authorization": f"Bearer {token_of(who)}"}
    users = realm.replace("/realms/", "/admin/realms/") + "/users"
    with httpx.Client(headers=bearer, timeout=30) as client:
        for account, own_id in ids.items():
            kept: dict[str, Any] = client.get(f"{users}/{account}").raise_for_status().json()
            kept["attributes"] = kept.get("attributes", {}) | {ATTRIBUTE: [own_id]}
            client.put(f"{users}/{account}", json=kept).raise_for_status()


def main() -> int:
    """Write them where people sign in at a demonstration's Keycloak; the stand-in asks persons itself."""
    ports = Ports.from_environment()
    if os.environ.get("DEMONSTRATION") != "true":
        raise StackError("invented people are citizens in a demonstration only")
    if is_stand_in(ports):
        return 0
    write(ids_of([one for one in directory().people.values() if one.number], ports), issuer(ports))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Who plans the first duty: for each office somebody who may plan for that office alone."""

from collections.abc import Callable

from contracts.codes import Role
from deploy.local.bearer import token_of
from deploy.local.identity.directory import Account
from deploy.local.identity.tokens import Signer
from deploy.local.ports import Ports
from deploy.local.servers import run_dir
from deploy.local.trusted import is_stand_in

LOADER = "vagtplan-indlaeser"
Bearer = Callable[[str, str], str]
"""Returns the token of the planner of an authority's office."""


def planners_of(ports: Ports) -> Bearer:
    """Return what signs as the stand-in does, or asks the issuer that stands in its place."""
    if is_stand_in(ports):
        return planner_of(Signer(ports.http("identity"), run_dir() / "keys" / "identity.json"))
    return lambda authority, office: token_of(planner(authority, office))


def planner_of(signer: Signer) -> Bearer:
    """Return what signs a planner's token for one office at a time.

    No client that plans for every office stands in the directory, so that no secret opens them all: only who may read
    the demonstration's signing key can do this, and it signs for the local issuer alone.
    """

    def token(authority: str, office: str) -> str:
        said = {"sub": LOADER, "client_id": LOADER, "authority": authority, "office": office}
        return signer.access_token(said | {"roles": [Role.DUTY_PLANNER]}, lifetime_s=300)

    return token


def planner(authority: str, office: str) -> Account:
    """Return the client of one office where people sign in at another issuer: its secret opens that office alone."""
    name = f"{LOADER}.{authority}.{office}"
    return Account(name, authority, (Role.DUTY_PLANNER,), "Lægger vagtplan", office=office, secret=f"demo-{name}")

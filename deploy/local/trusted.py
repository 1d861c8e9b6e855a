"""Whose tokens the services of a stack believe: the environment's issuer, else the stand-in of a demonstration."""

import os

from deploy.local.ports import Ports


def issuer(ports: Ports) -> str:
    """Return the address of the identity provider, as it stands in each token."""
    return os.environ.get("ISSUER") or ports.http("identity")


def is_stand_in(ports: Ports) -> bool:
    """Tell whether everybody signs in by a button."""
    return issuer(ports) == ports.http("identity")

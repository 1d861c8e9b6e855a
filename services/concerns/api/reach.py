"""How far a request reaches: row-level security lets in the parties of a row; operators keep the search running."""

from dataclasses import replace
from functools import cache

from chassis.http import Command
from chassis.identity import Principal
from contracts.codes import AuthorityKind, Role, authorities

OPERATIONS = "samvirke"
"""The authority of those who keep Samvirke running."""


@cache
def police() -> str:
    """Return the authority that owns the search: the one police of the district."""
    [found] = [one.id for one in authorities().values() if one.kind is AuthorityKind.POLICE]
    return found


def reach(principal: Principal) -> Principal:
    """Return as whom somebody's rows are looked up: an operator's are the police's, by routes that show ids and counts.

    Such a route answers no content and records no access; whatever does either takes the principal as it came.
    """
    operates = Role.OPERATOR in principal.roles and principal.authority == OPERATIONS
    return replace(principal, authority=police()) if operates else principal


def reaching(call: Command) -> Command:
    """Let a command that an operator may give reach what it is about; its key stays the operator's own."""
    call.principal = reach(call.principal)
    return call

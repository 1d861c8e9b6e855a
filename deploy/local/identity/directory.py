"""The test people, applications and systems, read from `people.toml`."""

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

PEOPLE = Path(__file__).parents[1] / "people.toml"


@dataclass(frozen=True, slots=True)
class Account:
    """A person or a system: whom a token can speak for."""

    id: str
    authority: str
    roles: tuple[str, ...]
    does: str
    """One Danish line for the sign-in page and the list that `make up` prints."""
    office: str = ""
    name: str = ""
    """A person's name; systems have none."""
    number: str = field(default="", repr=False)
    """A person's own CPR number, invented; it leaves this process only towards persons."""
    secret: str = ""
    """A system's secret; people have none."""

    @property
    def is_person(self) -> bool:
        """Tell a person from a system."""
        return bool(self.name)

    def claims(self) -> dict[str, Any]:
        """Return what a token says about the account."""
        said: dict[str, Any] = {"sub": self.id, "authority": self.authority, "roles": list(self.roles)}
        if self.office:
            said["office"] = self.office
        return said | ({"name": self.name} if self.is_person else {"client_id": self.id})


@dataclass(frozen=True, slots=True)
class Directory:
    """Everyone whom the identity provider knows."""

    people: dict[str, Account]
    clients: dict[str, Account]
    applications: dict[str, str]
    """Public clients by id, with the name that a person reads."""

    def find(self, role: str, authority: str | None = None, account: str | None = None) -> Account | None:
        """Return the first account with a role, people before systems, so narrowed."""
        everyone = [*self.people.values(), *self.clients.values()]
        fitting = (
            one
            for one in everyone
            if role in one.roles and authority in {None, one.authority} and account in {None, one.id}
        )
        return next(fitting, None)


@cache
def directory() -> Directory:
    """Read the file once."""
    data = tomllib.loads(PEOPLE.read_text(encoding="utf-8"))
    return Directory(
        people=by_id(data["people"]),
        clients=by_id(data["clients"]),
        applications={row["id"]: row["name"] for row in data["applications"]},
    )


def by_id(rows: list[dict[str, Any]]) -> dict[str, Account]:
    """Return accounts by their id; a ValueError says that one stands twice."""
    found = {row["id"]: _account(row) for row in rows}
    if len(found) < len(rows):
        raise ValueError("two accounts of people.toml have one id")
    return found


def _account(row: dict[str, Any]) -> Account:
    return Account(**{**row, "roles": tuple(row["roles"])})

"""The port to the national register: who somebody is, and who belongs to a household, asked by number.

What it answers is used and not kept. Only numbers that were never seen before stay, as ids (see `people.resolve`).
"""

from collections.abc import Sequence
from typing import TypedDict, TypeVar

from pydantic import TypeAdapter, ValidationError

from chassis.clients import ServiceAway, ServiceClient, ServiceRefused
from services.persons.domain.households import Households, RegisterAway
from services.persons.domain.reading import Identity

Answered = TypeVar("Answered")


class RegisteredPerson(TypedDict):
    """A person, as the register answers."""

    number: str
    name: str | None
    born: str | None
    address: str | None
    protected_address: bool


class Registered(TypedDict):
    """The register's answer about persons."""

    persons: list[RegisteredPerson]


_REGISTERED = TypeAdapter(Registered)
_HOUSEHOLDS = TypeAdapter(Households)


class Register:
    """Asks the register; whatever keeps it from answering is `RegisterAway`."""

    def __init__(self, clients: ServiceClient) -> None:
        """Ask through this client."""
        self._clients = clients

    async def identities(self, numbers: Sequence[str]) -> dict[str, Identity]:
        """Return who the register says that numbers belong to; unknown numbers are left out."""
        if not numbers:
            return {}
        registered = await self._ask("/lookup", numbers, _REGISTERED)
        return {
            one["number"]: Identity((), one["name"], one["born"], one["address"], one["protected_address"])
            for one in registered["persons"]
        }

    async def households(self, numbers: Sequence[str]) -> Households:
        """Return the facts about the households of numbers."""
        if not numbers:
            return Households(births=[], custody=[], dwellings=[], placements=[])
        return await self._ask("/households", numbers, _HOUSEHOLDS)

    async def _ask(self, path: str, numbers: Sequence[str], form: TypeAdapter[Answered]) -> Answered:
        try:
            return form.validate_python(await self._clients.post("register", path, {"numbers": numbers}))
        except (ServiceAway, ServiceRefused, ValidationError) as error:
            # The cause of a validation error would quote the answer.
            raise RegisterAway from (None if isinstance(error, ValidationError) else error)

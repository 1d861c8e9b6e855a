"""The port to the national register: who somebody is, and who belongs to a household, asked by number.

What it answers is used and not kept. Only numbers that were never seen before stay, as ids (see `people.resolve`).
"""

from collections.abc import Sequence
from datetime import date
from typing import TypeVar, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chassis.clients import ServiceAway, ServiceClient, ServiceRefused
from services.persons.domain.households import Households, RegisterAway, joined
from services.persons.domain.reading import Identity


class Registered(BaseModel):
    """A part of the register's answer."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)


class Person(Registered):
    """Who a number belongs to."""

    number: str
    name: str | None = None
    born: date | None = None
    address: str | None = None
    protected_address: bool


class Persons(Registered):
    """Who numbers belong to."""

    persons: list[Person]


class Birth(Registered):
    """When somebody was born."""

    number: str
    born: date


class Period(Registered):
    """From the first day to the first day no longer."""

    from_: date = Field(alias="from")
    to: date | None = None


class Custody(Period):
    """Who holds custody of a child."""

    child: str
    holder: str


class Dwelling(Period):
    """Where somebody lives."""

    person: str
    kind: str
    dwelling: str | None = None
    building: str | None = None
    kommune: str | None = None
    protected: bool = False


class Placement(Period):
    """Which municipality acts for a placed child."""

    child: str
    handlekommune: str | None = None


class Facts(Registered):
    """What concerns the households of those asked about."""

    births: list[Birth]
    custody: list[Custody]
    dwellings: list[Dwelling]
    placements: list[Placement]


AT_ONCE = 200
"""How many numbers one question about households names; keeps answers, and this process, small."""

Form = TypeVar("Form", bound=Registered)


class Register:
    """Asks the register; whatever keeps it from answering is `RegisterAway`."""

    def __init__(self, clients: ServiceClient) -> None:
        """Ask through this client."""
        self._clients = clients

    async def identities(self, numbers: Sequence[str]) -> dict[str, Identity]:
        """Return who the register says that numbers belong to; unknown numbers are left out."""
        if not numbers:
            return {}
        answer = await self._ask("/lookup", numbers, Persons)
        return {
            one.number: Identity(
                (), one.name, one.born.isoformat() if one.born else None, one.address, one.protected_address
            )
            for one in answer.persons
        }

    async def households(self, numbers: Sequence[str]) -> Households:
        """Return the facts about the households of numbers."""
        slices = [numbers[start : start + AT_ONCE] for start in range(0, len(numbers), AT_ONCE)]
        return joined([await self._households(some) for some in slices])

    async def _households(self, numbers: Sequence[str]) -> Households:
        facts = await self._ask("/households", numbers, Facts)
        return cast(Households, facts.model_dump(mode="json", by_alias=True))

    async def _ask(self, path: str, numbers: Sequence[str], form: type[Form]) -> Form:
        try:
            return form.model_validate(await self._clients.post("register", path, {"numbers": numbers}))
        except (ServiceAway, ServiceRefused, ValidationError) as error:
            raise RegisterAway from error

"""The political agreement behind the plan's second part: marks, areas and initiatives (O-4-01..04, O-4.3-02)."""

from typing import Annotated, Literal, Self

from pydantic import Field

from contracts.form import WHOLE, Day, Truth
from contracts.refusal import Refusal
from services.councils.domain.following import Change, Said, Year
from services.councils.domain.wording import Line, Text

STATED: dict[tuple[int, int], tuple[int, int]] = {(2021, 2023): (4, 11)}
"""How many marks and areas the agreement of a period has, where the plan says so."""

STATUSES = ("not_begun", "under_way", "realised", "given_up")
"""How far an initiative of an agreement is."""


class AgreementKnown(Refusal):
    """An agreement is entered once."""

    slug = "agreement-known"
    title = "Aftalen for den periode er allerede registreret."
    todo = "Ret den, der findes."


class NotAsStated(Refusal):
    """The agreement of 2021-23 has four marks and eleven areas, and each initiative lies under one (O-4-03, O-4-04)."""

    slug = "not-as-stated"
    status = 422
    title = "Antallet af pejlemærker eller områder er ikke som i aftalen, eller et initiativ peger uden for dem."
    todo = "Aftalen for 2021-2023 har fire pejlemærker og elleve områder; ret det, der er nævnt i `wrong`."


class OutsideThePeriod(Refusal):
    """An agreement is followed year by year while it runs."""

    slug = "outside-the-period"
    status = 422
    title = "Året ligger uden for aftalens periode."
    todo = "Vælg et af aftalens år."


Place = Annotated[int, Field(ge=1, le=100), WHOLE]
"""The place of a mark or an area: 1, 2, 3…"""


class AgreementInitiativeSaid(Said):
    """One initiative of an agreement, under a mark."""

    mark: Place
    area: Place | None = None
    title: Line
    with_municipalities: Truth = False
    is_national: Truth = False


class AgreementSaid(Said):
    """A political agreement; areas whose titles are not known are called Område 1, 2 and so on."""

    title: Line
    agreed_on: Day
    first_year: Year
    last_year: Year
    purposes: Annotated[
        tuple[Literal["borgernaert_politi", "kompleks_kriminalitet"], ...], Field(min_length=1, max_length=2)
    ]
    marks: Annotated[tuple[Line, ...], Field(min_length=1, max_length=100)]
    areas: Annotated[tuple[Line, ...], Field(max_length=100)] = ()
    initiatives: Annotated[tuple[AgreementInitiativeSaid, ...], Field(max_length=500)] = ()
    plan_years: Annotated[tuple[Year, ...], Field(max_length=20)] = ()

    def complete(self) -> Self:
        """Return the agreement with a title for each area; NotAsStated where it is another than the plan says."""
        marks, areas = STATED.get((self.first_year, self.last_year), (len(self.marks), len(self.areas)))
        named = self.areas or tuple(f"Område {place}" for place in range(1, areas + 1))
        if self.last_year < self.first_year or len(set(self.purposes)) < len(self.purposes):
            raise NotAsStated(wrong="years, purposes")
        if (len(self.marks), len(named)) != (marks, areas):
            raise NotAsStated(wrong=f"marks {marks}, areas {areas}")
        for one in self.initiatives:
            check_place(one, marks, areas)
        return self.model_copy(update={"areas": named})


def check_place(said: AgreementInitiativeSaid, marks: int, areas: int) -> None:
    """Refuse an initiative under a mark or an area that the agreement does not have."""
    if said.mark > marks or (said.area or 1) > max(areas, 1):
        raise NotAsStated(wrong="initiatives")


class AreaSaid(Change):
    """What an area of an agreement is called, and whether the district chose it."""

    title: Line
    chosen: Truth


class PlansSaid(Change):
    """The plans that lead to an agreement."""

    plan_years: Annotated[tuple[Year, ...], Field(max_length=20)]


class StatusSaid(Change):
    """How far an initiative of an agreement is in a year."""

    year: Year
    status: Literal["not_begun", "under_way", "realised", "given_up"]
    note: Text

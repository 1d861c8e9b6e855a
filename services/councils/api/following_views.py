"""The shape of what everyone reads as JSON of what is followed up: goals, priorities, initiatives and agreements."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import RootModel

from services.councils.api.public_views import View
from services.councils.domain.indicators import Indicator, Rule
from services.councils.domain.mandatory import DigitalCrime
from services.councils.domain.schools import PolitigarantiType, SchoolType


class GoalView(View):
    """A long-term goal of the kredsraad."""

    goal_id: UUID
    body_id: UUID
    title: str
    horizon_year: int
    indicator: str
    decision_id: UUID
    state: Literal["open", "closed"]
    version: int
    recorded_at: datetime


class GoalsView(RootModel[tuple[GoalView, ...]]):
    """The long-term goals, the open ones first."""


class PriorityView(View):
    """What is done first in a plan's year."""

    priority_id: UUID
    body_id: UUID
    year: int
    kind: Literal["aktivitet", "metode", "ressource"]
    title: str
    owner_party: str
    coordinated_with: tuple[str, ...]
    rank: int


class PrioritiesView(RootModel[tuple[PriorityView, ...]]):
    """The priorities of a published plan, by council and in their order."""


class InitiativeView(View):
    """An initiative of a published plan, with its measure and its day."""

    initiative_id: UUID
    body_id: UUID
    year: int
    title: str
    purpose: Literal["forebyggelse", "bekaempelse", "begge"]
    parties: tuple[str, ...]
    one_sided_reason: str | None
    scope: Literal["generel", "konkret"]
    local_focus: bool
    focus_area: str | None
    level: Literal["individ", "strukturel"] | None
    owner: str
    indicator: str
    target: float
    lower_is_better: bool
    target_on: date
    legal_basis: str
    tags: tuple[str, ...]
    decision_id: UUID | None
    state: Literal["planned", "running", "done", "stopped"]
    version: int
    recorded_at: datetime


class InitiativesView(RootModel[tuple[InitiativeView, ...]]):
    """The initiatives of a published plan, by council and day."""


class AgreementFacts(View):
    """A political agreement: its years, its guiding marks, and which years' plans lead to it."""

    agreement_id: UUID
    body_id: UUID
    title: str
    agreed_on: date
    first_year: int
    last_year: int
    purposes: tuple[str, ...]
    marks: tuple[str, ...]
    plan_years: tuple[int, ...]
    version: int
    recorded_at: datetime


class AgreementAreaView(View):
    """An area of an agreement, and whether the district chose it."""

    place: int
    title: str
    chosen: bool


class AgreementView(AgreementFacts):
    """A political agreement with its areas."""

    areas: tuple[AgreementAreaView, ...]


class AgreementsView(RootModel[tuple[AgreementView, ...]]):
    """The political agreements, the newest first."""


class AgreedInitiativeView(View):
    """An initiative of an agreement, and how far it is; nothing where nobody has said."""

    agreement_initiative_id: UUID
    agreement_id: UUID
    body_id: UUID
    mark: int
    area: int | None
    title: str
    with_municipalities: bool
    is_national: bool
    version: int
    status: Literal["not_begun", "under_way", "realised", "given_up"] | None
    note: str | None


class AgreementStatusView(View):
    """How far an agreement is in a year."""

    agreement: AgreementFacts
    initiatives: tuple[AgreedInitiativeView, ...]


class IndicatorsView(View):
    """The indicators, and the rules by which a development is put on an agenda."""

    indicators: tuple[Indicator, ...]
    rules: tuple[Rule, ...]


class QuarterView(View):
    """The count of reports of a quarter, beside the same quarter of the year that it is held against."""

    year: int
    quarter: int
    count: int
    baseline: int | None
    change_percent: int | None


class MunicipalSeriesView(View):
    """The quarters of a municipality; `mangler` says that nobody has entered any."""

    kommunekode: str
    municipality: str
    status: Literal["ok", "mangler"]
    quarters: tuple[QuarterView, ...]


class ElsewhereQuarterView(View):
    """The sum of other districts' municipalities in a quarter, and how many they are."""

    year: int
    quarter: int
    count: int
    municipalities: int


class ElsewhereView(View):
    """What other districts' figures say, to compare with."""

    status: Literal["ok", "mangler"]
    quarters: tuple[ElsewhereQuarterView, ...]


class SeriesView(View):
    """An indicator's series."""

    indicator: Indicator
    series: tuple[MunicipalSeriesView, ...]
    other_districts: ElsewhereView


class DigitalCrimeView(View):
    """The kinds of digital crime with what each is called, and which version of the list it is."""

    version: int
    codes: dict[DigitalCrime, str]


class TaxonomiesView(View):
    """The closed lists of plan 4.3 and 4.4."""

    digital_crime: DigitalCrimeView
    politigaranti: dict[PolitigarantiType, str]
    school_types: tuple[SchoolType, ...]

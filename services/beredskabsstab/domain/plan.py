"""The framework plan (rammeplan): who is in the staff, who is called at which step, and when it has a quorum.

It is data, in editions that are signed each year; an activation keeps the one that it began with (plan §5.3, line 419).
"""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, PositiveInt, StringConstraints, model_validator

from contracts.alerting.v1 import AnswerKind
from contracts.beredskabsstab.v1 import Code, Place, Step, Words
from contracts.codes import Kommunekode, Office, authorities
from contracts.refusal import Refusal

YEARLY_DAYS = 365
"""For how long a signature holds."""

Line = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]


class NoPlanInForce(Refusal):
    """No framework plan is in force, and nobody said why the staff is called in nevertheless."""

    slug = "no-framework-plan"
    title = "Ingen rammeplan er i kraft."
    todo = (
        "Underskriv rammeplanen, eller aktivér med emergency_override og en begrundelse: så bruges den nyeste udgave,"
        " og det alarmeres."
    )


class PlanSigned(Refusal):
    """The edition is signed; another text is another edition."""

    slug = "framework-plan-signed"
    title = "Udgaven er underskrevet og kan ikke ændres."
    todo = "Lav en ny udgave af rammeplanen."


def _each_step(schema: dict[str, Any]) -> None:
    """Name the steps in a description, where pydantic says only what any name must be."""
    each = schema.pop("additionalProperties")
    schema.pop("propertyNames", None)
    schema |= {"properties": {str(step): each for step in Step}, "additionalProperties": False}


class Data(BaseModel):
    """A part of the plan: nothing unknown in it."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Party(Data):
    """An authority of the staff, with the sector that it alone answers for (sektoransvar)."""

    authority: str
    office: Office
    sector: Code
    kommunekode: Kommunekode | None = None
    """Of a municipality: whether an incident touches it decides what is asked of it."""
    standing: bool = True
    """Whether it is called each time; others are called where the police say so."""
    roles: Annotated[dict[Step, tuple[Code, ...]], Field(min_length=1, json_schema_extra=_each_step)]
    """The roles that are called at each step; a step also calls those of the steps below it."""

    @model_validator(mode="after")
    def _is_known(self) -> "Party":
        if self.authority not in authorities():
            raise ValueError("an authority that is not on the list")
        return self

    def places(self, step: Step) -> tuple[Place, ...]:
        """Return who is called at a step, with those of the steps below."""
        lower = [one for one in Step if Step.DAILY.height < one.height <= step.height]
        roles = dict.fromkeys(role for one in lower for role in self.roles.get(one, ()))
        return tuple(Place(authority=self.authority, office=self.office, role=role) for role in roles)


class Term(Data):
    """One demand of a quorum rule: so many of a role who have said so, from each authority that it names."""

    authorities: tuple[str, ...] = ()
    """Those that it is asked of; none: every standing party that the plan gives the role."""
    unaffected: bool = False
    """Whether it is also asked of municipalities that nothing happens to."""
    role: Code
    at_least: PositiveInt = 1
    answers: Annotated[tuple[AnswerKind, ...], Field(min_length=1)]
    """The answers that count."""


class Facility(Data):
    """A room of the police for the staff."""

    code: Code
    name: Words
    address: Line
    primary: bool


class ActionCard(Data):
    """What somebody in a role does first."""

    role: Code
    lines: Annotated[tuple[Line, ...], Field(min_length=1, max_length=20)]


class Heading(Data):
    """A heading of the situation picture, the same in the section of each authority."""

    code: Code
    name: Line


HEADINGS = tuple(
    Heading(code=code, name=name)
    for code, name in (
        ("situation", "Situationen"),
        ("consequences", "Konsekvenser"),
        ("measures", "Iværksat"),
        ("outlook", "Forventet udvikling"),
        ("needs", "Behov for støtte"),
    )
)
"""Those of a plan that names none."""


class Plan(Data):
    """The whole of one edition."""

    name: Line
    chair: str
    """The police authority that leads (plan §5.3, line 428)."""
    desk: str
    """The police unit that calls in."""
    # A list: of a tuple, one party too wrong to count would also be told as one too few.
    parties: Annotated[list[Party], Field(min_length=1, max_length=60)]
    policies: Annotated[dict[Step, Code], Field(json_schema_extra=_each_step)]
    """How each step's call escalates: a policy of alerting."""
    quorum: Annotated[dict[Step, tuple[Term, ...]], Field(json_schema_extra=_each_step)]
    grace_minutes: Annotated[int, Field(ge=0, le=240)] = 15
    """How long after the time that somebody gave an answer still counts without their being there."""
    answer_holds_minutes: Annotated[int, Field(ge=5, le=1440)] = 60
    """How long "coming" counts where no time was given."""
    approval_wait_s: Annotated[int, Field(ge=10, le=3600)] = 180
    """After how long without an answer the chair may publish a warning alone (users.md)."""
    check_back_s: Annotated[int, Field(ge=10, le=7200)] = 600
    """How long after a warning went out somebody is asked whether it was received in the area."""
    facilities: Annotated[list[Facility], Field(min_length=1, max_length=20)]
    cards: tuple[ActionCard, ...] = ()
    headings: Annotated[tuple[Heading, ...], Field(min_length=1, max_length=12)] = HEADINGS
    """The headings of the situation picture."""

    @model_validator(mode="after")
    def _holds_together(self) -> "Plan":
        if [one.primary for one in self.facilities].count(True) != 1:
            raise ValueError("one primary facility")
        known = {one.authority for one in self.parties}
        named = {one for terms in self.quorum.values() for term in terms for one in term.authorities}
        if len(known) != len(self.parties) or not {self.desk, *named} <= known:
            raise ValueError("each party once, and the desk and whoever a quorum names among them")
        return self

    def party(self, authority: str) -> Party | None:
        """Return an authority's part of the plan."""
        return next((one for one in self.parties if one.authority == authority), None)

    def asked(self, term: Term, municipalities: frozenset[str]) -> tuple[str, ...]:
        """Return the authorities of which a demand asks, when something happens in some municipalities."""
        if term.authorities:
            return term.authorities
        return tuple(
            one.authority
            for one in self.parties
            if one.standing
            and any(term.role in roles for roles in one.roles.values())
            and (term.unaffected or one.kommunekode is None or one.kommunekode in municipalities)
        )


def places_at(plan: Plan, step: Step) -> tuple[Place, ...]:
    """Return everybody whom a step calls, as roles of authorities."""
    return tuple(place for party in plan.parties if party.standing for place in party.places(step))


def choose_facility(plan: Plan, ready: frozenset[str]) -> Facility | None:
    """Return the primary room, an alternative one where the primary is not ready, none where none is (line 427)."""
    ranked = sorted(plan.facilities, key=lambda one: not one.primary)
    return next((one for one in ranked if one.code in ready), None)


def without_deputy(lines: dict[Place, frozenset[int]]) -> tuple[Place, ...]:
    """Return the places whose rosters have no second line: the plan wants a substitute for each standing member."""
    return tuple(place for place, have in lines.items() if 2 not in have)  # noqa: PLR2004  the line of the deputy

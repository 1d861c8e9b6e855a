"""Initiatives: what councils do, for which goal, and how they know that it works (O-0-03, O-2-02, O-3-03)."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from contracts.form import Truth
from contracts.refusal import Refusal
from services.councils.domain.following import (
    Amount,
    Change,
    Measure,
    Parties,
    Party,
    Said,
    Tags,
    WrongStep,
    Year,
    has_municipality,
    has_police,
)
from services.councils.domain.wording import Line, Text

FAILED_MEASURE = "failed_measure"
"""The kind of matter under which a measure that failed comes to next year's agenda."""


class OneSided(Refusal):
    """An initiative has a police and a municipal party, or says why not (O-0-03)."""

    slug = "one-sided"
    status = 422
    title = "Indsatsen har ikke både en part fra politiet og en fra kommunen."
    todo = "Tilføj den part, der mangler, eller skriv grunden i `one_sided_reason`."


class GoalOrLocalFocus(Refusal):
    """An initiative serves a long-term goal, or is marked as a local focus (O-2-02)."""

    slug = "goal-or-local-focus"
    status = 422
    title = "Indsatsen peger hverken på et langsigtet mål eller er mærket som lokalt fokus."
    todo = "Vælg mindst ét åbent mål i `goals`, eller sæt `local_focus`."


class LevelMissing(Refusal):
    """A dual approach looks at the individual and at structures: an initiative says at which (O-3-03)."""

    slug = "level-missing"
    status = 422
    title = "Fokusområdet har en dobbeltrettet tilgang, og indsatsen siger ikke, hvilket niveau den er på."
    todo = "Skriv `individ` eller `strukturel` i `level`."


class OwnerTakesNoPart(Refusal):
    """Who owns something takes part in it."""

    slug = "owner-takes-no-part"
    status = 422
    title = "Den, der ejer indsatsen, er ikke en af dens parter."
    todo = "Tilføj ejeren til `parties`, eller vælg en anden ejer."


class ResultMissing(Refusal):
    """What is done has a result: what was measured, and what it means (O-2-02)."""

    slug = "result-missing"
    status = 422
    title = "Der mangler et resultat."
    todo = "Skriv det, der er målt, i `value` og det, det betyder, i `note`."


class InitiativeIsTheSame(Refusal):
    """A change changes something."""

    slug = "initiative-is-the-same"
    status = 422
    title = "Indsatsen siger allerede det."
    todo = "Ret det, der skal være anderledes. Intet er gemt."


class InitiativeReasonNeeded(Refusal):
    """What a plan that is no draft any more rests on is changed with a reason, which is kept."""

    slug = "initiative-reason-needed"
    status = 422
    title = "Planen er ikke længere et udkast, og der mangler en grund til at ændre indsatsen."
    todo = "Skriv grunden i `reason`. Den bliver gemt sammen med det, der stod før."


class Objective(StrEnum):
    """What an initiative is for (O-0-03)."""

    FOREBYGGELSE = "forebyggelse"
    BEKAEMPELSE = "bekaempelse"
    BEGGE = "begge"


class Level(StrEnum):
    """The two sides of the dual approach (plan §3)."""

    INDIVID = "individ"
    STRUKTUREL = "strukturel"


class InitiativeSaid(Said):
    """An initiative as it is planned."""

    year: Year
    title: Line
    purpose: Objective
    parties: Parties
    one_sided_reason: Text | None = None
    scope: Literal["generel", "konkret"]
    local_focus: Truth = False
    goals: Annotated[tuple[UUID, ...], Field(max_length=50)] = ()
    focus_area: Line | None = None
    level: Level | None = None
    owner: Party
    measure: Measure
    legal_basis: Line
    tags: Tags = ()
    decision_id: UUID | None = None


class Progress(Change):
    """How an initiative goes; `running` says that it has begun."""

    state: Literal["running"] | None = None
    note: Text


class InitiativeChange(Change):
    """What an initiative says from now on; why, where its plan is no draft any more."""

    owner: Party
    measure: Measure
    legal_basis: Line
    reason: Text | None = None


class Closing(Change):
    """That something is done, with its result, or was stopped."""

    state: Literal["done", "stopped"]
    value: Amount | None = None
    note: Text | None = None


def check_initiative(said: InitiativeSaid, *, dual: bool) -> None:
    """Refuse an initiative that the plan does not know; `dual` says that its focus area has a dual approach.

    Raises:
        OneSided: a side is missing without a reason.
        GoalOrLocalFocus: it serves nothing that the plan names.
        LevelMissing: its focus area asks for a level.
        OwnerTakesNoPart: its owner is none of its parties.
    """
    if said.one_sided_reason is None and not (has_police(said.parties) and has_municipality(said.parties)):
        raise OneSided
    if not said.goals and not said.local_focus:
        raise GoalOrLocalFocus
    if dual and said.level is None:
        raise LevelMissing
    if said.owner not in said.parties:
        raise OwnerTakesNoPart


def progressed(state: str, wanted: str | None) -> str:
    """Return the state after a note of progress.

    Raises:
        WrongStep: it is over.
    """
    if state in {"done", "stopped"}:
        raise WrongStep(state=state)
    return wanted or state


FACTS = ("owner", "indicator", "target", "lower_is_better", "target_on", "legal_basis")
"""What of an initiative can be changed after it was made."""


def changes(row: Mapping[str, Any], said: InitiativeChange, *, draft: bool) -> dict[str, Any]:
    """Return what is another in an initiative as somebody says it; `draft` says that its plan is one, or not begun.

    Raises:
        WrongStep: it is over.
        OwnerTakesNoPart: its owner would be none of its parties.
        InitiativeIsTheSame: nothing is another.
        InitiativeReasonNeeded: its plan stands, and there is no reason.
    """
    if row["state"] in {"done", "stopped"}:
        raise WrongStep(state=row["state"])
    if said.owner not in row["parties"]:
        raise OwnerTakesNoPart
    new = said.measure.model_dump(exclude={"on"}) | {"target_on": said.measure.on}
    new |= {"owner": said.owner, "legal_basis": said.legal_basis}
    found = {fact: new[fact] for fact in FACTS if new[fact] != row[fact]}
    if not found:
        raise InitiativeIsTheSame
    if said.reason is None and not draft:
        raise InitiativeReasonNeeded
    return found


def check_closing(state: str, said: Closing, *, measured: bool) -> None:
    """Refuse to close without a result; `measured` says that the result is a number besides words.

    Raises:
        WrongStep: it is over already.
        ResultMissing: what is done has no result, or what is stopped no reason.
    """
    if state in {"done", "stopped"}:
        raise WrongStep(state=state)
    if said.note is None or (said.state == "done" and measured and said.value is None):
        raise ResultMissing


def levels_missing(found: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Return which level each focus area lacks, from the areas and levels of its initiatives (O-3-03)."""
    levels: dict[str, set[str]] = {}
    for area, level in found:
        levels.setdefault(area, set()).add(level)
    return {area: sorted(set(Level) - there) for area, there in levels.items() if set(Level) - there}

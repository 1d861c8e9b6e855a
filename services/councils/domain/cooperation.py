"""The samarbejdsmodel of municipalities, police and region, and what others require of it (O-3-04, O-3-05)."""

from typing import Literal
from uuid import UUID

from contracts.codes import AuthorityKind
from contracts.refusal import Refusal
from services.councils.domain.following import Change, Parties, Said, Year, has_police, kinds_of
from services.councils.domain.wording import Line, Text

MODEL_OVERDUE = "cooperation_model_overdue"
"""The kind of matter under which a samarbejdsmodel that was not adopted in its year comes to the next agenda."""


class PartyTypeMissing(Refusal):
    """Municipality, police and region own and adopt a samarbejdsmodel together (O-3-04)."""

    slug = "party-type-missing"
    status = 422
    title = "Både kommune, politi og region skal være med."
    todo = "Tilføj en part af den slags, der er nævnt i `missing`."


class RequirementsOpen(Refusal):
    """A version is adopted when each requirement is answered, or with a reason why not (O-3-05)."""

    slug = "requirements-open"
    status = 422
    title = "Der er krav udefra, som hverken er indarbejdet eller vurderet som ikke relevante."
    todo = "Besvar kravene, eller skriv grunden i `override_reason`."


class ReasonNeeded(Refusal):
    """What is not relevant has a reason (O-3-05)."""

    slug = "reason-needed"
    status = 422
    title = "Der mangler en begrundelse for, at kravet ikke er relevant."
    todo = "Skriv grunden i `reason`."


class AnsweredAlready(Refusal):
    """A requirement is answered once."""

    slug = "answered-already"
    title = "Kravet er allerede besvaret."
    todo = "Registrér et nyt krav, hvis der er kommet et."


class ModelKnown(Refusal):
    """A council has one samarbejdsmodel of a name in a year."""

    slug = "model-known"
    title = "Rådet har allerede en samarbejdsmodel med den titel det år."
    todo = "Arbejd videre i den, der findes."


class ModelSaid(Said):
    """A samarbejdsmodel that is to be adopted within a year."""

    year: Year
    title: Line
    owners: Parties


class RequirementSaid(Change):
    """Something that is required of the model from outside."""

    title: Line
    source: Line


class RequirementAnswer(Change):
    """That a requirement was worked in, or why it is not relevant."""

    requirement_id: UUID
    state: Literal["incorporated", "not_relevant"]
    reason: Text | None = None


class Adoption(Change):
    """A version of the model and who adopted it."""

    content: Text
    parties: Parties
    override_reason: Text | None = None


def check_types(parties: tuple[str, ...]) -> None:
    """Refuse where municipality, police or region takes no part."""
    kinds = kinds_of(parties)
    there = {
        "kommune": AuthorityKind.MUNICIPALITY in kinds,
        "politi": has_police(parties),
        "region": AuthorityKind.REGION in kinds,
    }
    missing = [name for name, is_there in there.items() if not is_there]
    if missing:
        raise PartyTypeMissing(missing=", ".join(missing))


def check_adoption(said: Adoption, open_requirements: int) -> None:
    """Refuse a version that not all types of parties adopt, or that leaves a requirement open without a reason."""
    check_types(said.parties)
    if open_requirements and said.override_reason is None:
        raise RequirementsOpen(open=open_requirements)


def check_answer(said: RequirementAnswer) -> None:
    """Refuse what is not relevant without a reason, or a reason for what was worked in."""
    if (said.state == "not_relevant") != (said.reason is not None):
        raise ReasonNeeded

"""The codes of what groups decide, ask for and contribute, in Danish."""

from enum import StrEnum

from contracts.disclosure import Necessity

NECESSITIES = {
    Necessity.RECEIVER_MUST_DECIDE: "de andre kan ikke beslutte uden det",
    Necessity.CHILD_MAY_NEED_SUPPORT: "et barn kan have behov for særlig støtte",
}
"""Why sharing with a group can be necessary."""


class Decision(StrEnum):
    """What a meeting decides in a case."""

    FOLLOWED = "followed"
    ACTION = "action"
    ESCALATED = "escalated"
    RETURNED = "returned"
    CLOSED = "closed"

    @property
    def words(self) -> str:
        """Return it in Danish."""
        return {
            "followed": "sagen følges",
            "action": "der sættes noget i værk",
            "escalated": "sagen eskaleres",
            "returned": "sagen går tilbage med et svar",
            "closed": "sagen afsluttes",
        }[self.value]


class TaskKind(StrEnum):
    """What somebody is asked to do."""

    CONTACT = "contact"
    CLARIFY = "clarify"
    SUPPORT = "support"
    TREATMENT = "treatment"
    OTHER = "other"

    @property
    def words(self) -> str:
        """Return it in Danish."""
        return {
            "contact": "tal med personen",
            "clarify": "find ud af noget",
            "support": "tilbyd støtte",
            "treatment": "tilbyd behandling",
            "other": "andet",
        }[self.value]


class Profession(StrEnum):
    """Out of which profession somebody contributes (O-6.1-04)."""

    POLICE = "police"
    SOCIAL_WORK = "social_work"
    PSYCHIATRY = "psychiatry"
    SCHOOL = "school"
    PROBATION = "probation"
    TAX = "tax"
    OTHER = "other"

    @property
    def words(self) -> str:
        """Return it in Danish."""
        return {
            "police": "politi",
            "social_work": "socialt arbejde",
            "psychiatry": "psykiatri",
            "school": "skole",
            "probation": "kriminalforsorg",
            "tax": "skat",
            "other": "anden faglighed",
        }[self.value]


class Scope(StrEnum):
    """What an actor is drawn in for."""

    ADVICE = "advice"
    SUPPORT = "support"
    TREATMENT = "treatment"
    SCHOOLING = "schooling"
    HOUSING = "housing"


class Removal(StrEnum):
    """Why an actor is no longer part of a case."""

    TIME = "time"
    CONSENT = "consent"
    DECISION = "decision"

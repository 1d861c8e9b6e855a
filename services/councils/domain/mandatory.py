"""What plan §4 obliges a lokalraad to take up in its year, and what each point needs before it is closed (O-4-05)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.form import Truth
from contracts.refusal import Refusal
from services.councils.domain.closed import Closed
from services.councils.domain.wording import Line, Text

DESIGNATED_AREA = "designated_area"
NIGHTLIFE_VIOLENCE = "nightlife_violence"
DIGITAL_CRIME = "digital_crime"
DRUG_SALE = "drug_sale_at_schools"
PRIMARY_AREA = "primary_area"
"""Any other section that a later plan makes a primary area."""

KINDS = {"4.1": DESIGNATED_AREA, "4.2": NIGHTLIFE_VIOLENCE, "4.3": DIGITAL_CRIME, "4.4": DRUG_SALE}
"""The kind of matter of each section of plan 2023."""

YOUNG, OLD = "unge", "aeldre"
"""Whom digital crime strikes most (plan 4.3, line 330)."""


class DigitalCrime(StrEnum):
    """The kinds of digital crime of plan 4.3 (O-4.3-01); a new version adds, and takes none away."""

    DATABEDRAGERI = "databedrageri"
    DIGITAL_AFPRESNING = "digital_afpresning"
    DIGITAL_SEXKRAENKELSE = "digital_sexkraenkelse"
    ULOVLIGT_INDHOLD = "ulovligt_indhold"

    @property
    def danish(self) -> str:
        """Return its name in Danish."""
        return _DIGITAL[self]


DIGITAL_CRIME_VERSION = 1

_DIGITAL = {
    DigitalCrime.DATABEDRAGERI: "Databedrageri",
    DigitalCrime.DIGITAL_AFPRESNING: "Digital afpresning",
    DigitalCrime.DIGITAL_SEXKRAENKELSE: "Digitale sexkrænkelser",
    DigitalCrime.ULOVLIGT_INDHOLD: "Deling af billeder og videoer med ulovligt indhold",
}


class Question(StrEnum):
    """What the plan asks on a mandatory point."""

    WALKTHROUGH = "walkthrough"
    OTHER_PARTIES = "other_parties"
    SAMARBEJDE_RESTAURATOERER = "samarbejde_restauratoerer"
    UDDANNELSESKONCEPT = "uddannelseskoncept"
    ANDET = "andet"
    TARGET_GROUPS = "target_groups"

    @property
    def danish(self) -> str:
        """Return what is missing while it has no answer."""
        return _MISSING[self]


_MISSING = {
    Question.WALKTHROUGH: "en nærmere gennemgang af udfordringerne i området (afsnit 4.1)",
    Question.OTHER_PARTIES: "svar på, om andre interessenter skal inddrages (afsnit 4.1)",
    Question.SAMARBEJDE_RESTAURATOERER: "stilling til et tættere samarbejde med restauratører (afsnit 4.2)",
    Question.UDDANNELSESKONCEPT: "stilling til uddannelseskoncepter i nattelivet (afsnit 4.2)",
    Question.ANDET: "stilling til andre lignende initiativer (afsnit 4.2)",
    Question.TARGET_GROUPS: "drøftelse af både unge og ældre (afsnit 4.3)",
}

REQUIRED = {
    DESIGNATED_AREA: (Question.WALKTHROUGH, Question.OTHER_PARTIES),
    NIGHTLIFE_VIOLENCE: (Question.SAMARBEJDE_RESTAURATOERER, Question.UDDANNELSESKONCEPT, Question.ANDET),
}
"""What must be answered before a point closes."""

ASKED = REQUIRED | {DIGITAL_CRIME: (Question.TARGET_GROUPS,)}
"""What may be answered: a warning alone follows where 4.3 has no full answer (O-4.3-05)."""


class QuestionNotAsked(Refusal):
    """The plan does not ask this on the point."""

    slug = "question-not-asked"
    status = 422
    title = "Planen stiller ikke det spørgsmål på dette punkt."
    todo = "Svar på de spørgsmål, der er nævnt i `asked`."


class WalkthroughMissing(Refusal):
    """The first question of 4.1 is answered with a walkthrough: text, or figures on an attached paper (O-4.1-11)."""

    slug = "walkthrough-missing"
    status = 422
    title = "Gennemgangen mangler: hverken tekst eller bilag."
    todo = "Skriv gennemgangen, eller henvis til det bilag, hvor den står."


class PartiesMissing(Refusal):
    """Yes to other parties says which (O-4.1-12)."""

    slug = "parties-missing"
    status = 422
    title = "Der er svaret ja, uden at nogen interessent er nævnt."
    todo = "Nævn mindst én interessent, eller svar nej med en begrundelse."


class ReasonMissing(Refusal):
    """Each option is considered with a reason (O-4.1-12, O-4.2-04)."""

    slug = "answer-reason-missing"
    status = 422
    title = "Svaret mangler en begrundelse."
    todo = "Skriv kort hvorfor."


class YesOrNoMissing(Refusal):
    """The question is answered yes or no."""

    slug = "yes-or-no-missing"
    status = 422
    title = "Spørgsmålet besvares med ja eller nej."
    todo = "Udfyld `yes`."


class PaperNotEntered(Refusal):
    """A walkthrough that lies in a paper lies in one of the lokalraad's own (O-4.1-11)."""

    slug = "answer-paper-not-entered"
    status = 422
    title = "Bilaget findes ikke blandt lokalrådets bilag."
    todo = "Læs bilaget ind i lokalrådet først, og brug dets kontrolsum."


class ItemIsClosed(Refusal):
    """A point that was treated, withdrawn or is history takes no more answers."""

    slug = "item-is-closed"
    title = "Punktet er afsluttet."
    todo = "Se punktets historik. Det nye års punkt kommer af sig selv."


@dataclass(frozen=True, slots=True)
class Said(Closed):
    """An answer to one question."""

    question: Question
    yes: Truth | None = None
    text: Text | None = None
    """The walkthrough, or the reason."""
    parties: Annotated[tuple[Line, ...], Field(max_length=20)] = ()
    """Offices and organisations, no citizens."""
    groups: Annotated[frozenset[str], Field(max_length=10)] = frozenset()
    """Of 4.3: `unge`, `aeldre`."""
    paper_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    """An attached paper, by its checksum."""


@dataclass(frozen=True, slots=True)
class Item:
    """A point that a lokalraad must take up in a plan's year."""

    id: UUID
    body_id: UUID
    year: int
    paragraph: str
    kind: str
    title: str
    """As it stands on the agenda."""
    area_id: UUID | None = None
    state: str = "open"
    """`open`, `treated`, `put_off`, `breached`, `withdrawn` or `history`."""
    matter_id: UUID | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a plan or a list asks for, before it is anybody's point."""

    kommunekode: str
    paragraph: str
    title: str
    area_id: UUID | None = None

    @property
    def kind(self) -> str:
        """Return the kind of matter."""
        return KINDS.get(self.paragraph, PRIMARY_AREA)


def is_history(year: int, today: date, in_service: date) -> bool:
    """Say whether a year was over before the point was anybody's: a fresh system opens quiet (users.md)."""
    return year < today.year or in_service > date(year, 12, 31)


def check_answer(kind: str, said: Said) -> None:
    """Refuse an answer that the plan could not take for one."""
    asked = ASKED.get(kind, ())
    if said.question not in asked:
        raise QuestionNotAsked(asked=", ".join(asked))
    if said.question is Question.WALKTHROUGH:
        if said.text is None and said.paper_sha256 is None:
            raise WalkthroughMissing
    elif said.question is not Question.TARGET_GROUPS:
        _check_yes_or_no(said)


def missing(kind: str, answered: Mapping[str, Said]) -> list[str]:
    """Return, in Danish, what a point still needs before it closes."""
    return [question.danish for question in REQUIRED.get(kind, ()) if question not in answered]


def warnings(kind: str, answered: Mapping[str, Said]) -> list[str]:
    """Return what does not stand in the way and is shown: 4.3 strikes both young and old (O-4.3-05)."""
    if kind != DIGITAL_CRIME:
        return []
    said = answered.get(Question.TARGET_GROUPS)
    left = {YOUNG, OLD} - (said.groups if said else set())
    return [f"Drøftelsen omfatter ikke {_GROUPS[group]}." for group in sorted(left, reverse=True)]


_GROUPS = {YOUNG: "unge", OLD: "ældre"}


def _check_yes_or_no(said: Said) -> None:
    if said.yes is None:
        raise YesOrNoMissing
    if said.question is Question.OTHER_PARTIES and said.yes:
        if not said.parties:
            raise PartiesMissing
    elif said.text is None:
        raise ReasonMissing

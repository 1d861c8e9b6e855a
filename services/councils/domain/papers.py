"""Papers: what lies behind a council's work as a file, known by its hash and taken for what its content is."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from contracts.refusal import Refusal

LARGEST = 50 * 1024 * 1024
"""Bytes of one paper (users.md "councils": at most 50 MB)."""


class PaperType(StrEnum):
    """What a paper can be, by its media type."""

    PDF = "application/pdf"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    @property
    def ending(self) -> str:
        """Return how a file of the type is named."""
        return {PaperType.PDF: "pdf", PaperType.DOCX: "docx", PaperType.XLSX: "xlsx"}[self]


class PaperTooLarge(Refusal):
    """A paper is larger than a council keeps."""

    slug = "paper-too-large"
    status = 413
    title = "Bilaget er større end 50 MB."
    todo = "Gør filen mindre, eller del den i flere bilag. Intet er gemt."


class PaperUnreadable(Refusal):
    """The content is none of the kinds that can be a paper, whatever it is called."""

    slug = "paper-unreadable"
    status = 422
    title = "Filens indhold er hverken en PDF, et Word-dokument (DOCX) eller et regneark (XLSX), der kan læses."
    todo = "Gem filen som PDF, DOCX eller XLSX uden adgangskode, og send den igen. Intet er gemt."


class PaperIsActive(Refusal):
    """A paper would do something when it is opened: a macro, a script, a program or a file inside it."""

    slug = "paper-is-active"
    status = 422
    title = "Filen indeholder noget, der kan køre, når den åbnes: en makro, et script eller en indlejret fil."
    todo = "Fjern det, eller gem filen som almindelig PDF. Intet er gemt."


class PaperIsAnother(Refusal):
    """What came has another checksum than its address says."""

    slug = "paper-is-another"
    status = 422
    title = "Filen, der kom frem, har en anden kontrolsum end den, der står i adressen."
    todo = "Send filen igen. Intet er gemt."


class PaperMissing(Refusal):
    """A paper is entered with content that has not been sent."""

    slug = "paper-content-missing"
    status = 422
    title = "Bilagets indhold er ikke sendt."
    todo = "Send først filen med PUT til rådets adresse for bilag, og prøv igen."


class PaperIsThere(Refusal):
    """The same content lies at the same point already."""

    slug = "paper-is-there"
    title = "Filen ligger allerede som bilag til punktet."
    todo = "Vælg en anden fil eller et andet punkt. Intet er gemt."


class PointNotOnAgenda(Refusal):
    """A paper belongs to a point that stands on the meeting's agenda."""

    slug = "point-not-on-agenda"
    status = 422
    title = "Punktet står ikke på mødets dagsorden."
    todo = "Vælg et punkt på dagsordenen. Intet er gemt."


@dataclass(frozen=True, slots=True)
class Content:
    """What the content of a paper is."""

    sha256: str
    type: PaperType
    size: int
    """Bytes."""
    pages: int | None
    """Of a PDF; the others have no pages of their own."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper of a council: an annex of a point, or of the council itself."""

    id: UUID
    body_id: UUID
    title: str
    content: Content
    item_id: UUID | None = None
    """The point of an agenda that it belongs to."""
    confidential: bool = False
    supplement: bool = False
    """It came after the agenda had been sent, and is marked as such."""
    signed_sheet: bool = False
    """It is a sheet that was signed by hand."""

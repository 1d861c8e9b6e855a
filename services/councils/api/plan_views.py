"""The shape of what everyone reads as JSON of plans and of who sits by office; `public_views` has the rest."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from contracts.codes import Kommunekode, LegalBasis
from services.councils.api.public_views import View
from services.councils.domain.document import Document, PrimaryArea
from services.councils.domain.local_plan import LocalDocument
from services.councils.domain.lokalraad import LokalraadSeat, Side


class Marked(View):
    """What says that it is a demonstration, where it is one."""

    demonstration: str | None = None


class EditionView(View):
    """A published edition of a plan: the newest counts, the others are superseded."""

    edition: int
    document_sha256: str
    published_at: datetime
    state: Literal["published", "superseded"]


class SignatureView(View):
    """A name under a plan, and for which office."""

    name: str
    title: str
    authority: str
    office: str
    chair: bool


class SignedView(View):
    """Where, when and by whom a plan is signed."""

    place: str | None = None
    signed_on: date | None = None
    text: str | None = None
    signatures: tuple[SignatureView, ...]


class LocalFocusView(View):
    """What a lokalraad has chosen for a plan's year, and what it must take up."""

    kommunekode: Kommunekode
    name: str
    titles: tuple[str, ...]
    note: str | None = None
    topics: tuple[PrimaryArea, ...]
    empty: bool


class CorrectedNameView(View):
    """A name that was misspelt when it was signed: the edition keeps it as it was."""

    authority: str
    office: str
    signed_as: str
    holder: str
    corrected_at: datetime


class PlanView(Marked):
    """A published edition of the kredsraad's plan of a year."""

    year: int
    edition: int
    state: Literal["published", "superseded"]
    editions: tuple[EditionView, ...]
    address: str
    page: str
    pdf: str
    package: str
    published_at: datetime
    document_sha256: str
    legal_basis: LegalBasis
    document: Document
    signed: SignedView
    lokalraad: tuple[LocalFocusView, ...]
    corrected_names: tuple[CorrectedNameView, ...]


class ApprovalView(View):
    """Who approved a local plan for a side."""

    side: Side
    holder: str
    approved_at: datetime


class LocalPlanView(Marked):
    """A published edition of a lokalraad's plan of a year."""

    kommunekode: Kommunekode
    year: int
    edition: int
    address: str
    published_at: datetime
    document_sha256: str
    legal_basis: LegalBasis
    document: LocalDocument
    approvals: tuple[ApprovalView, ...]
    corrected_names: tuple[CorrectedNameView, ...]


class NamedPlanView(View):
    """One of the two plans that are compared."""

    year: int
    edition: int
    title: str
    address: str
    page: str
    document_sha256: str


class RunView(View):
    """Some words that stayed, came or went."""

    op: Literal["same", "added", "removed"]
    text: str


class SectionChangeView(View):
    """What became of a section."""

    number: str
    heading: str
    state: Literal["same", "changed", "added", "dropped"]
    number_before: str | None = None
    heading_before: str | None = None
    words: tuple[RunView, ...] | None = None


class FatesView(View):
    """What was carried on, what came and what went, by title."""

    carried: tuple[str, ...]
    added: tuple[str, ...]
    dropped: tuple[str, ...]


class LocalFatesView(FatesView):
    """What became of a lokalraad's chosen areas."""

    kommunekode: Kommunekode


class ComparisonView(Marked):
    """How the plan of one year became that of another."""

    older: NamedPlanView
    newer: NamedPlanView
    address: str
    page: str
    sections: tuple[SectionChangeView, ...]
    priorities: FatesView
    local_priorities: tuple[LocalFatesView, ...]
    primary_areas: FatesView
    initiatives: FatesView


class OfficeView(View):
    """A seat of the kredsraad, and who held its office on the day."""

    authority: str
    office: str
    chair: bool
    title: str
    holder: str | None


class KredsraadView(View):
    """The kredsraad on a day."""

    kredsraad_id: UUID
    district: str
    legal_basis: LegalBasis
    in_service: date
    on: date
    seats: tuple[OfficeView, ...]


class CoverageView(View):
    """How many of the district's municipalities have a lokalraad."""

    established: int
    municipalities: int


class LokalraadView(View):
    """The lokalraad of a municipality, by the offices that sit on it."""

    lokalraad_id: UUID
    kommunekode: Kommunekode
    name: str
    in_service: date
    seats: tuple[LokalraadSeat, ...]


class AllLokalraadView(View):
    """Every lokalraad of the district."""

    coverage: CoverageView
    lokalraad: tuple[LokalraadView, ...]

"""The shape of what everyone reads as JSON, for the OpenAPI description; a test holds the answers against it."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, RootModel

from services.councils.domain.bodies import BodyKind
from services.councils.domain.meetings import State
from services.councils.domain.schools import SchoolType, Side


class View(BaseModel):
    """A part of a public answer: what stands here and nothing else."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class CouncilView(View):
    """A council."""

    body_id: UUID
    kind: BodyKind
    kommunekode: str | None
    title: str
    in_service: date
    active: bool
    version: int
    parties: tuple[str, ...]
    """The authorities that sit on it."""


class CouncilsView(View):
    """Every council."""

    bodies: tuple[CouncilView, ...]


class SeatView(View):
    """Who sits by public office, and from when to when."""

    authority: str | None
    from_whom: str
    side: str
    function: str
    holder: str
    valid_from: date
    valid_to: date | None


class SeatedCouncilView(CouncilView):
    """A council with who sits on it on a day."""

    on: date
    chair_side: str
    vice_chair: str | None
    """The authority whose member it is."""
    seats: tuple[SeatView, ...]


class ViceChairView(View):
    """Which authority's member was the vice chair, from when to when."""

    authority: str
    since: Annotated[date, Field(alias="from")]
    until: Annotated[date | None, Field(alias="to")]
    by_lot: bool


class HistoryView(CouncilView):
    """Who held a council's public offices from when to when."""

    terms: tuple[SeatView, ...]
    vice_chairs: tuple[ViceChairView, ...]


class MeetingView(View):
    """When and where a council meets, and how far the meeting is."""

    meeting_id: UUID
    starts_at: datetime
    ends_at: datetime
    place: str
    ordinary: bool
    state: State
    title: str
    """Its number of the year, once it has been held: `møde nr. 2/2027`."""
    open_to_public: bool


class MeetingsView(RootModel[tuple[MeetingView, ...]]):
    """A council's meetings of a year, in order."""


class ContactView(View):
    """A contact point: a role with an office's address or an official number."""

    contact_id: UUID
    side: Side
    role_title: str
    mail: str | None
    phone: str | None
    valid_from: datetime


class SchoolView(View):
    """A school with its current contact points."""

    school_id: UUID
    kommunekode: str
    title: str
    school_type: SchoolType
    version: int
    contacts: tuple[ContactView, ...]


class SchoolsView(View):
    """The directory of schools."""

    schools: tuple[SchoolView, ...]


class AttendanceView(View):
    """What became of a seat at a meeting; no deputy is named."""

    seat: str
    status: str


class LeftOutView(View):
    """A point that was left out, and why."""

    title: str
    reason: str
    confidential: bool


class AgreedView(View):
    """What an authority agreed to do."""

    task: str
    owner: str
    due: date


class TasksView(View):
    """Both tasks of a point about sammenhæng."""

    police_task: str
    municipal_task: str


class PointView(View):
    """An open point and what became of it."""

    no: int
    item_id: UUID
    code: str
    title: str
    responsible: str
    kind: str
    paragraph: str
    sammenhaeng: TasksView | None
    text: str
    outcome: str | None
    decision_id: UUID | None
    decision: str
    put_off_to: date | None
    withheld: str
    actions: tuple[AgreedView, ...]


class MinutesDocument(View):
    """Published minutes, without confidential points, deputies and guests."""

    body_id: UUID
    council: str
    number: str
    ordinary: bool
    starts_at: datetime
    ends_at: datetime
    place: str
    open_to_public: bool
    quorate: bool | None
    lacking: str
    attendance: tuple[AttendanceView, ...]
    guests: Annotated[tuple[str, ...], Field(max_length=0)]
    items: tuple[PointView, ...]
    left_out: tuple[LeftOutView, ...]


class MinutesView(View):
    """A meeting's published minutes; their checksum is that of the document."""

    meeting_id: UUID
    body_id: UUID
    document_sha256: str
    published_at: datetime
    document: MinutesDocument

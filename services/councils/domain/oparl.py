"""The councils' public facts in the shape of OParl 1.1, so that whoever reads other councils' data reads ours.

Only what is public goes in: who sits by public office, when a council meets, the open points of its agenda, and what it
has published. Field names are OParl's own. https://oparl.org/spezifikation/
"""

from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

SCHEMA = "https://schema.oparl.org/1.1/"
LICENSE = "https://creativecommons.org/publicdomain/zero/1.0/"

Url = Annotated[str, Field(json_schema_extra={"format": "uri"})]
"""An absolute address."""

T = TypeVar("T", bound="OParlObject")


class OParl(BaseModel):
    """What every part of an answer shares: OParl's names, nothing unknown, and nothing that is not said."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True)


def _of_its_type(schema: dict[str, Any], model: type["OParlObject"]) -> None:
    """Say in a schema which one type the object has."""
    schema["properties"]["type"] = {"const": f"{SCHEMA}{getattr(model, 'kind', '')}"}
    schema["required"] = ["id", "type", *(name for name in schema["required"] if name != "id")]


class OParlObject(OParl):
    """What every object says: its own address is its id."""

    model_config = ConfigDict(json_schema_extra=_of_its_type)

    kind: ClassVar[str]

    id: Url
    type: Url = ""
    license: Url = LICENSE
    created: datetime | None = None
    modified: datetime | None = None
    web: Url | None = None

    def model_post_init(self, _: object) -> None:
        """Say which of OParl's types it is."""
        object.__setattr__(self, "type", f"{SCHEMA}{self.kind}")


class File(OParlObject):
    """A document to be fetched."""

    kind: ClassVar[str] = "File"

    name: str
    file_name: str
    mime_type: str
    access_url: Url
    date: date
    meeting: tuple[Url, ...] | None = None
    paper: tuple[Url, ...] | None = None


class Location(OParlObject):
    """Where a meeting is held, in words."""

    kind: ClassVar[str] = "Location"

    description: str
    meetings: tuple[Url, ...]


class Consultation(OParlObject):
    """That a paper was dealt with at a meeting, under which point."""

    kind: ClassVar[str] = "Consultation"

    paper: Url
    agenda_item: Url
    meeting: Url
    organization: tuple[Url, ...]
    authoritative: bool
    role: str


class Membership(OParlObject):
    """That somebody sits on a council, by which office, and from when to when."""

    kind: ClassVar[str] = "Membership"

    person: Url
    organization: Url
    role: str
    voting_right: bool
    start_date: date
    end_date: date | None = None
    on_behalf_of: Url | None = None


class Person(OParlObject):
    """Somebody who sits on a council by public office: the name and nothing else."""

    kind: ClassVar[str] = "Person"

    body: Url
    name: str
    membership: tuple[Membership, ...]


class Organization(OParlObject):
    """A council, or an authority that somebody sits for."""

    kind: ClassVar[str] = "Organization"

    body: Url
    name: str
    short_name: str
    organization_type: str
    classification: str
    membership: tuple[Url, ...] = ()
    meeting: Url | None = None
    sub_organization_of: Url | None = None
    start_date: date | None = None


class AgendaItem(OParlObject):
    """An open point of an agenda, and what came of it."""

    kind: ClassVar[str] = "AgendaItem"

    meeting: Url
    number: str
    order: int
    name: str
    public: bool
    consultation: Url | None = None
    result: str | None = None
    resolution_text: str | None = None


class Meeting(OParlObject):
    """When a council meets, met or did not."""

    kind: ClassVar[str] = "Meeting"

    name: str
    meeting_state: str
    cancelled: bool
    start: datetime
    end: datetime
    location: Location
    organization: tuple[Url, ...]
    agenda_item: tuple[AgendaItem, ...] = ()
    results_protocol: File | None = None


class Paper(OParlObject):
    """A plan that has been published."""

    kind: ClassVar[str] = "Paper"

    body: Url
    name: str
    reference: str
    date: date
    paper_type: str
    main_file: File
    auxiliary_file: tuple[File, ...] = ()
    under_direction_of: tuple[Url, ...]
    consultation: tuple[Consultation, ...] | None = None


class LegislativeTerm(OParlObject):
    """A term of the municipal councils, from which the mayors come."""

    kind: ClassVar[str] = "LegislativeTerm"

    body: Url
    name: str
    start_date: date
    end_date: date


class Body(OParlObject):
    """The cooperation of the police district, and where its lists are."""

    kind: ClassVar[str] = "Body"

    system: Url
    short_name: str
    name: str
    classification: str
    organization: Url
    person: Url
    meeting: Url
    paper: Url
    agenda_item: Url
    consultation: Url
    file: Url
    location_list: Url
    main_organization: Url | None = None
    legislative_term: tuple[LegislativeTerm, ...]
    legislative_term_list: Url
    membership: Url


class System(OParlObject):
    """The entrance: which version is spoken, and where the bodies are."""

    kind: ClassVar[str] = "System"

    oparl_version: Url = SCHEMA
    body: Url
    name: str
    product: Url | None = None


class Pagination(OParl):
    """How far a list reaches."""

    total_elements: int
    elements_per_page: int
    current_page: int
    total_pages: int


class Links(OParl):
    """Where the other pages of a list are."""

    first: Url
    last: Url
    self: Url
    prev: Url | None = None
    next: Url | None = None


class Page(OParl, Generic[T]):
    """One page of a list."""

    data: tuple[T, ...]
    pagination: Pagination
    links: Links


def page_of(data: tuple[T, ...], address: str, number: int, each: int, total: int) -> Page[T]:
    """Return one page of a list of so many objects, counted from 1; a page past the last is empty."""
    last = max(1, -(-total // each))

    def at(page: int) -> str:
        return f"{address}{'&' if '?' in address else '?'}page={page}"

    of: Any = Page.__class_getitem__(type(data[0]) if data else OParlObject)
    made: Page[T] = of(
        data=data,
        pagination=Pagination(total_elements=total, elements_per_page=each, current_page=number, total_pages=last),
        links=Links(
            first=at(1),
            last=at(last),
            self=at(number),
            prev=at(number - 1) if number > 1 else None,
            next=at(number + 1) if number < last else None,
        ),
    )
    return made

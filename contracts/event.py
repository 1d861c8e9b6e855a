"""The base of every event: what happened, under one derived name.

An event class holds the fact alone and becomes the value of the record. Who, when and why travel beside it in an
`Envelope`, which becomes the record's headers (see `contracts.cloudevents`).
"""

import pkgutil
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from contracts.codes import EXERCISING, LegalBasis, Mailbox, Mode, Purpose
from contracts.personal import Personal

NAMESPACE = "dk.samvirke"

EVENT_TYPES: dict[str, "type[Event]"] = {}
"""Every imported event class by its type name; `every_event()` imports them all."""


def da(text: str, *, personal: Personal | None = None, sensitive: str = "") -> Any:  # noqa: ANN401 (what a field's annotation carries has no narrower type)
    """Give a field its description in Danish, for those who read the contract in the administration.

    Written `receiver: Annotated[Kommunekode, da("Kommunen, der modtager underretningen.")]`; the English description
    is the docstring below the field. `personal` says what it can tell about a person where its name and type do not
    (see `contracts.personal`); `sensitive` says why data of a sensitive kind is strictly necessary there.
    """
    extra: dict[str, JsonValue] = {"description_da": text}
    extra |= {"personal": personal.value} if personal else {}
    extra |= {"sensitive": sensitive} if sensitive else {}
    return Field(json_schema_extra=extra)


class Event(BaseModel):
    """One fact that has happened to one aggregate, told once.

    A subclass lives in `contracts/<context>/v<major>.py`, is named noun + past participle and has a field
    `<aggregate>_id`, which is the key of its record. Values hold no CPR number, name, address or free text about a
    person. Within a major version only optional fields may be added.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    in_danish: ClassVar[str] = ""
    """What happened, in one Danish sentence."""

    aggregate: ClassVar[str]
    """The kind of thing that the fact is about; one topic an aggregate."""

    legal_basis: ClassVar[LegalBasis]
    """The paragraph that allows telling it."""

    purpose: ClassVar[Purpose]
    """What the receivers may use it for."""

    about_a_person: ClassVar[bool]
    """Whether it tells something about one person, by opaque id; data protection law then covers it."""

    told_by_all: ClassVar[bool] = False
    """Whether every service tells it, and not only the one that its context names."""

    bulk: ClassVar[bool] = False
    """Whether its aggregate's events travel in the second shard, so that what a person waits for overtakes them."""

    circles: ClassVar[tuple[str, ...]] = ()
    """The restricted circles in which it may be told; each has a domain topic of its own that no other one shares."""

    @classmethod
    def __pydantic_init_subclass__(cls, **_: object) -> None:
        """Make every event class known by its type name; `_Underretning` is what several events share, and none."""
        if not cls.__name__.startswith("_"):
            EVENT_TYPES[cls.type()] = cls

    @classmethod
    def context(cls) -> str:
        """Return the bounded context that owns the fact, read from the module's path."""
        return cls.__module__.split(".")[1]

    @classmethod
    def major(cls) -> str:
        """Return the major version, `v1`, read from the module's path."""
        return cls.__module__.split(".")[2]

    @classmethod
    def type(cls) -> str:
        """Return the one name of this event, as in `dk.samvirke.concerns.UnderretningSent.v1`."""
        return f"{NAMESPACE}.{cls.context()}.{cls.__name__}.{cls.major()}"

    @classmethod
    def topic(cls, mode: Mode = Mode.LIVE, circle: str = "") -> str:
        """Return the domain topic, as in `samvirke.concerns.underretning.v1`; exercises and circles have their own."""
        began = "samvirke" if mode is Mode.LIVE else f"samvirke.{mode}"
        named = f"{circle}-{cls.aggregate}" if circle else cls.aggregate
        return f"{began}.{cls.context()}.{named.replace('_', '-')}.{cls.major()}"

    @classmethod
    def topics(cls) -> tuple[str, ...]:
        """Return every live domain topic that it may be told on: the common one, and one a circle."""
        return cls.topic(), *(cls.topic(circle=circle) for circle in cls.circles)

    @classmethod
    def schema_name(cls) -> str:
        """Return the file name of its JSON Schema and samples, without folder or ending."""
        return f"{cls.context()}.{cls.__name__}.{cls.major()}"

    @property
    def aggregate_id(self) -> UUID:
        """Return the id of the aggregate that the fact is about: the key of its record."""
        key: UUID = getattr(self, f"{self.aggregate}_id")
        return key

    def audience(self) -> frozenset[Mailbox]:
        """Return the mailboxes that get a copy besides the domain topic; none unless the event says so."""
        return frozenset()

    def circle(self) -> str:
        """Return the restricted circle that this one is told in; none unless the event says so."""
        return ""

    def grounds(self) -> tuple[LegalBasis, Purpose]:
        """Return by what this one is told, and what for: its class's own unless the event says so."""
        return self.legal_basis, self.purpose

    def value(self) -> bytes:
        """Return the record's value: JSON in UTF-8."""
        return self.model_dump_json().encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What travels beside an event: identity, time, order, cause and the ground for telling it.

    The copy in a mailbox carries `mailbox_sequence` (1, 2, 3… per aggregate and mailbox) instead of
    `aggregate_version`, so that a receiver can prove that it has all its own and learns nothing else.
    """

    id: UUID
    type: str
    source: str
    """The service that tells it, as a URI reference: `/samvirke/concerns`."""
    subject: str
    """The aggregate's id."""
    time: datetime
    """When it happened by the service's `clock()`; aware, UTC."""
    correlation_id: UUID
    """The case that it belongs to."""
    legal_basis: str
    purpose: str
    mode: Mode = Mode.LIVE
    causation_id: UUID | None = None
    """The event or command that led to it."""
    aggregate_version: int | None = None
    mailbox_sequence: int | None = None
    dataschema: str | None = None
    traceparent: str | None = None


def schema_of(cls: type[Event]) -> dict[str, Any]:
    """Return the JSON Schema of an event's value, as checked in under `contracts/schemas`; optional means optional."""
    return cls.model_json_schema()


def is_exercised(event: type[Event]) -> bool:
    """Tell whether an event can be told in an exercise."""
    return event.context() in EXERCISING


def first_sentence(event: type[Event]) -> str:
    """Return the first line of an event's docstring."""
    return (event.__doc__ or "").strip().partition("\n")[0]


def goes_to_mailboxes(event: type[Event]) -> bool:
    """Tell whether an event may have an audience besides its domain topic."""
    return event.audience is not Event.audience


def every_event() -> dict[str, type[Event]]:
    """Import each `contracts/<context>/v<major>`, file or package, and return all event classes by their type name."""
    contracts = import_module("contracts")
    for module in pkgutil.walk_packages(contracts.__path__, "contracts."):
        if module.name.rpartition(".")[2].removeprefix("v").isdigit():
            import_module(module.name)
    return EVENT_TYPES

"""What is sent to the routes of messages, and what they show."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from chassis.identity import Principal
from contracts.codes import Kommunekode, Role
from services.beredskabsstab.api.common import LEADS, POLICE, AuthorityName, Body, Moment, Reason
from services.beredskabsstab.domain.cap import (
    HEADLINE_MAX,
    Area,
    Category,
    Certainty,
    Info,
    ResponseType,
    Severity,
    Urgency,
    Words,
)
from services.beredskabsstab.domain.information import Actor, Audience, Correction, Form, Message, Signed
from services.beredskabsstab.handlers.information import Filling
from services.beredskabsstab.store.information import Kept

Line = Annotated[str, StringConstraints(min_length=1, max_length=HEADLINE_MAX, pattern=r"^[^\x00-\x1f\x7f]+$")]
Prose = Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]
Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]
Radius = Annotated[float, Field(ge=0, le=1000)]
# A list of fixed places names the kind of any further one too, for readers of the description who ask for it.
_numbers = Field(json_schema_extra={"items": {"type": "number"}})
Point = Annotated[tuple[Latitude, Longitude], _numbers]
Circle = Annotated[tuple[Latitude, Longitude, Radius], _numbers]
Ring = Annotated[tuple[Point, ...], Field(max_length=500)]
Channel = Annotated[str, StringConstraints(max_length=60, pattern=r"^[^\x00-\x1f\x7f]*$")]
Receipt = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]

UNWRITTEN = Words("", "", "")
"""What stands for the words while a text that was approved beforehand is not filled in yet."""


class WordsBody(Body):
    """What is said, in one language."""

    event: Line
    headline: Line
    description: Prose
    instruction: Prose = ""

    def words(self) -> Words:
        """Return them."""
        return Words(self.event, self.headline, self.description, self.instruction)


class AreaBody(Body):
    """Where; latitude before longitude, as CAP has it."""

    description: Line
    kommunekoder: Annotated[tuple[Kommunekode, ...], Field(max_length=98)] = ()
    polygons: Annotated[tuple[Ring, ...], Field(max_length=10)] = ()
    circles: Annotated[tuple[Circle, ...], Field(max_length=10)] = ()

    def area(self) -> Area:
        """Return it."""
        return Area(self.description, self.kommunekoder, self.polygons, self.circles)


class InfoBody(Body):
    """A warning's facts, the same in every language."""

    categories: Annotated[list[Category], Field(min_length=1, max_length=12)]
    urgency: Urgency
    severity: Severity
    certainty: Certainty
    expires: Moment
    onset: Moment | None = None
    areas: Annotated[list[AreaBody], Field(min_length=1, max_length=20)]
    response_types: Annotated[tuple[ResponseType, ...], Field(max_length=8)] = ()

    def info(self) -> Info:
        """Return them."""
        return Info(
            categories=tuple(dict.fromkeys(self.categories)),
            urgency=self.urgency,
            severity=self.severity,
            certainty=self.certainty,
            expires=self.expires,
            areas=tuple(one.area() for one in self.areas),
            response_types=tuple(dict.fromkeys(self.response_types)),
            onset=self.onset,
        )


class Using(Body):
    """A text that was approved beforehand, and what its open places are filled with."""

    standard_id: UUID
    fillings: Annotated[dict[str, Annotated[str, StringConstraints(max_length=200)]], Field(max_length=3)]


class _Written(Body):
    """The words of a message, written here or filled in."""

    danish: WordsBody | None = None
    english: WordsBody | None = None
    info: InfoBody | None = None
    sectors: Annotated[tuple[AuthorityName, ...], Field(max_length=60)] = ()
    standard: Using | None = None

    @model_validator(mode="after")
    def _has_words_once(self) -> "_Written":
        if (self.danish is None) == (self.standard is None) or (self.standard and self.english):
            raise ValueError("either words or a text that was approved beforehand")
        return self

    @property
    def filling(self) -> Filling | None:
        """Return the text that it is filled in from, if any."""
        return (self.standard.standard_id, self.standard.fillings) if self.standard else None

    def message(self, form: Form, audiences: frozenset[Audience], *, life_threatening: bool | None) -> Message:
        """Return a message that has no number yet."""
        return Message(
            number=0,
            form=form,
            audiences=audiences,
            life_threatening=life_threatening,
            danish=self.danish.words() if self.danish else UNWRITTEN,
            english=self.english.words() if self.english else None,
            info=self.info.info() if self.info else None,
            authority="",
            written_by=frozenset(),
            sectors=frozenset(self.sectors),
        )


class Drafting(_Written):
    """A new message of the line."""

    form: Form
    audiences: Annotated[list[Audience], Field(min_length=1, max_length=4)]
    life_threatening: bool | None = None

    def new(self) -> Message:
        """Return the message that it asks for."""
        return self.message(self.form, frozenset(self.audiences), life_threatening=self.life_threatening)


class Correcting(_Written):
    """An update or a cancellation of what was sent: it goes to the same readers, in the same form."""

    correction: Correction

    def new(self) -> Message:
        """Return the message that it asks for; the rule takes form and readers from the original."""
        return self.message(Form.INFORMATION, frozenset({Audience.INTERNAL}), life_threatening=None)


class Editing(Body):
    """Other words for a message that is not decided."""

    danish: WordsBody
    english: WordsBody | None = None
    info: InfoBody | None = None
    sectors: Annotated[list[AuthorityName], Field(max_length=60)] | None = None


class Reasoned(Body):
    """Why."""

    reason: Reason = ""


class Approving(Body):
    """Which version the approver has read: what was changed since is not approved."""

    version: Annotated[int, Field(ge=1, le=2**53 - 1)]


class ApprovingAlone(Approving):
    """As `Approving`, with why nobody else has."""

    reason: Reason = ""


class RecordingWarned(Body):
    """How others have warned the population."""

    channel: Channel
    at: Moment
    receipt: Receipt


class Checking(Body):
    """Whether a warning was in fact received in the area."""

    channel: Channel
    received: bool


def actor(principal: Principal) -> Actor:
    """Return who acts: the mandate of the police is that of the chair and of the duty officer (plan §5.3, line 428)."""
    is_police = principal.authority in POLICE
    return Actor(
        principal.subject,
        principal.authority,
        has_police_mandate=is_police and not principal.roles.isdisjoint(LEADS),
        is_chair=is_police and Role.STAFF_CHAIR in principal.roles,
    )


# -- showing -----------------------------------------------------------------------------------------------------------


def shown(kept: Kept) -> dict[str, Any]:
    """Return a message as the parties of the activation see it."""
    one = kept.message
    names = ("number", "form", "life_threatening", "danish", "english", "info", "authority", "standard", "state")
    more = ("approval_asked_at", "is_alone", "corrects", "correction", "sent_at", "missing", "needs_review")
    return {name: getattr(one, name) for name in (*names, *more)} | {
        "information_id": kept.information_id,
        "activation_id": kept.activation_id,
        "version": kept.version,
        "audiences": sorted(one.audiences),
        "sectors": sorted(one.sectors),
        "clearances": _each(one.clearances),
        "objections": _each(one.objections),
        "overridden": _signed(one.overridden),
        "approved": _signed(one.approved),
        "reviewed": _signed(one.reviewed),
        "decided": _signed(one.decided),
        "warned": [
            {"channel": way.channel, "at": way.at, "receipt": way.receipt, "received": way.received}
            for way in one.warned
        ],
    }


def _each(said: Any) -> list[dict[str, Any]]:  # noqa: ANN401  signatures by authority, or none
    return [{"authority": one} | (_signed(signed) or {}) for one, signed in sorted((said or {}).items())]


def _signed(signed: Signed | None) -> dict[str, Any] | None:
    """Return when and why; who it was stands in the log and is nobody's concern on a board."""
    return {"at": signed.at, "reason": signed.reason} if signed else None

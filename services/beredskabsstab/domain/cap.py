"""CAP 1.2 as we use it: its words, an alert of our own, a warning of others, and what is refused of either.

The Common Alerting Protocol (OASIS, 1 July 2010; ITU-T X.1303) is how warnings travel between authorities. What we
publish (`cap_write`) and what we accept (`cap_read`) is held against the same rules (`cap_rules`).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from contracts.codes import Mode
from contracts.refusal import Refusal

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
MEDIA_TYPE = "application/cap+xml"

MAX_BYTES = 1_000_000
"""More than any warning needs; an API refuses a longer body before it has read it."""
HEADLINE_MAX = 140
"""The standard asks for about 160 characters; the rest is for the frame of an exercise."""
FAULTS_SHOWN = 10
"""How many faults a refusal names: whoever wrote a document with more has enough to begin with."""

DEMONSTRATION = "Demonstration, ikke en myndighed"
KOMMUNEKODE = "kommunekode"
"""The `valueName` of a geocode that holds one."""


class CapTooLarge(Refusal):
    """A warning is longer than we read."""

    slug = "cap-too-large"
    status = 413
    title = "Varslet fylder for meget."
    todo = "Send et CAP-dokument på højst så mange bytes, som limit siger. Intet er læst eller gemt."


class CapUnsafe(Refusal):
    """A document holds what no warning needs and attacks use: a document type, entities, deep nesting."""

    slug = "cap-unsafe"
    status = 422
    title = "Dokumentet indeholder XML, som vi af sikkerhedsgrunde ikke læser."
    todo = "Send CAP 1.2 uden DOCTYPE og entiteter, og uden dybt indlejrede elementer. Intet er gemt."


class CapInvalid(Refusal):
    """A document is no CAP 1.2, or breaks a rule of its section 3."""

    slug = "cap-invalid"
    status = 422
    title = "Det er ikke et gyldigt CAP 1.2-dokument."
    todo = "Ret det, der står i faults, og send det igen. Intet er gemt."

    def __init__(self, faults: list[str]) -> None:
        """Name the first faults; they say where and which rule, never what stood there."""
        shown = faults[:FAULTS_SHOWN]
        super().__init__(faults=" · ".join(shown), more=len(faults) - len(shown))


class CapUnsupported(Refusal):
    """It is valid and no warning: an acknowledgement or an error."""

    slug = "cap-unsupported"
    status = 422
    title = "Vi modtager kun varsler, opdateringer og annulleringer."
    todo = "Send msgType Alert, Update eller Cancel. Dokumentet er ikke behandlet som et nyt varsel."


class CapWrongMode(Refusal):
    """An exercise came to the live system, something real to an exercise, or a test or a draft to either."""

    slug = "cap-wrong-mode"
    status = 422
    title = "Varslets status passer ikke til dette system."
    todo = "Send status Actual til driften og status Exercise til øvelsessystemet; andre modtages ikke. Intet er gemt."


class Status(StrEnum):
    """How a message is meant."""

    ACTUAL = "Actual"
    EXERCISE = "Exercise"
    SYSTEM = "System"
    TEST = "Test"
    DRAFT = "Draft"


STATUS_OF: dict[Mode, Status] = {Mode.LIVE: Status.ACTUAL, Mode.EXERCISE: Status.EXERCISE}
"""The one status that an installation writes and reads."""


class MsgType(StrEnum):
    """What a message does; an acknowledgement and an error are neither written nor read here."""

    ALERT = "Alert"
    UPDATE = "Update"
    CANCEL = "Cancel"


class Category(StrEnum):
    """What it is about."""

    GEO = "Geo"
    MET = "Met"
    SAFETY = "Safety"
    SECURITY = "Security"
    RESCUE = "Rescue"
    FIRE = "Fire"
    HEALTH = "Health"
    ENV = "Env"
    TRANSPORT = "Transport"
    INFRA = "Infra"
    CBRNE = "CBRNE"
    OTHER = "Other"


class ResponseType(StrEnum):
    """What people should do; `Assess` is missing, for it is not for the public."""

    SHELTER = "Shelter"
    EVACUATE = "Evacuate"
    PREPARE = "Prepare"
    EXECUTE = "Execute"
    AVOID = "Avoid"
    MONITOR = "Monitor"
    ALL_CLEAR = "AllClear"
    NONE = "None"


class Urgency(StrEnum):
    """When to act."""

    IMMEDIATE = "Immediate"
    EXPECTED = "Expected"
    FUTURE = "Future"
    PAST = "Past"
    UNKNOWN = "Unknown"


class Severity(StrEnum):
    """How bad it is, the worst first."""

    EXTREME = "Extreme"
    SEVERE = "Severe"
    MODERATE = "Moderate"
    MINOR = "Minor"
    UNKNOWN = "Unknown"


class Certainty(StrEnum):
    """How sure it is."""

    OBSERVED = "Observed"
    LIKELY = "Likely"
    POSSIBLE = "Possible"
    UNLIKELY = "Unlikely"
    UNKNOWN = "Unknown"


@dataclass(frozen=True, slots=True)
class Reference:
    """An earlier message, as a later one names it."""

    sender: str
    identifier: str
    sent: datetime


@dataclass(frozen=True, slots=True)
class Area:
    """Where."""

    description: str
    kommunekoder: tuple[str, ...] = ()
    polygons: tuple[tuple[tuple[float, float], ...], ...] = ()
    """Each of latitude and longitude in WGS 84, at least four, the last as the first."""
    circles: tuple[tuple[float, float, float], ...] = ()
    """Each a latitude, a longitude and a radius in kilometres."""


@dataclass(frozen=True, slots=True)
class Words:
    """What is said, in one language."""

    event: str
    headline: str
    description: str
    instruction: str = ""


@dataclass(frozen=True, slots=True)
class Info:
    """What is the same in every language: two languages never differ in time or gravity."""

    categories: tuple[Category, ...]
    urgency: Urgency
    severity: Severity
    certainty: Certainty
    expires: datetime
    """Always: without it each receiver decides for itself how long a warning holds."""
    areas: tuple[Area, ...]
    response_types: tuple[ResponseType, ...] = ()
    onset: datetime | None = None


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who we are when we publish."""

    sender: str
    """A name in the net that is only ours, such as `beredskab@politi.example`; in a demonstration under `.example`."""
    sender_name: str
    mode: Mode
    demonstration: bool


@dataclass(frozen=True, slots=True)
class Alert:
    """One message of our own."""

    identifier: str
    sent: datetime
    msg_type: MsgType
    info: Info
    danish: Words
    english: Words | None = None
    references: tuple[Reference, ...] = ()
    """With an update or a cancellation, and only then: what it takes the place of."""
    exercise: str = ""
    """The exercise's id, in an exercise and only there."""
    web: str = ""
    """The message's public page."""


@dataclass(frozen=True, slots=True)
class ReceivedWarning:
    """A warning of another authority, however it came."""

    identifier: str
    sender: str
    sent: datetime
    msg_type: MsgType
    status: Status
    event: str
    categories: tuple[Category, ...]
    urgency: Urgency
    severity: Severity
    certainty: Certainty
    headline: str = ""
    onset: datetime | None = None
    expires: datetime | None = None
    areas: tuple[str, ...] = ()
    kommunekoder: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()

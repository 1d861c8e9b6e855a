"""What a council tells of its meetings and its year: times, numbers, ids and codes, never what was said."""

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AwareDatetime, Field, NonNegativeInt, PositiveInt

from contracts.councils.v1.common import Code, Sha256, Year, _OfBody
from contracts.event import da


class _OfMeeting(_OfBody):
    """What every event of a meeting says."""

    aggregate: ClassVar[str] = "meeting"

    meeting_id: Annotated[UUID, da("Mødets id.")]
    """The meeting's id, and the key of the record."""


class CouncilMeetingPlanned(_OfMeeting):
    """A council has planned a meeting."""

    in_danish: ClassVar[str] = "Et råd har planlagt et møde."

    starts_at: Annotated[AwareDatetime, da("Hvornår mødet begynder.")]
    """When it begins."""
    ends_at: Annotated[AwareDatetime, da("Hvornår mødet slutter.")]
    """When it ends."""
    ordinary: Annotated[bool, da("Om det er et ordinært møde, som tæller med i årets møder.")]
    """Whether it counts as one of the year's meetings."""


class CouncilMeetingNoticed(_OfMeeting):
    """The notice of a meeting is sent; the agenda follows."""

    in_danish: ClassVar[str] = "Indkaldelsen til et møde er sendt; dagsordenen følger."

    starts_at: Annotated[AwareDatetime, da("Hvornår mødet begynder.")]
    """When it begins."""


class CouncilMeetingConvened(_OfMeeting):
    """A meeting is convened: notice and agenda are sent."""

    in_danish: ClassVar[str] = "Et møde er indkaldt: indkaldelse og dagsorden er sendt."

    starts_at: Annotated[AwareDatetime, da("Hvornår mødet begynder.")]
    """When it begins."""
    items: Annotated[PositiveInt, da("Antal punkter på dagsordenen.")]
    """How many points the agenda has."""
    mandatory: Annotated[NonNegativeInt, da("Antal punkter, som planen kræver.")]
    """How many of them the plan asks for."""


class CouncilMeetingMoved(_OfMeeting):
    """A meeting is at another time or place."""

    in_danish: ClassVar[str] = "Et møde er flyttet til en anden tid eller et andet sted."

    starts_at: Annotated[AwareDatetime, da("Hvornår mødet begynder.")]
    """When it begins."""
    ends_at: Annotated[AwareDatetime, da("Hvornår mødet slutter.")]
    """When it ends."""
    sequence: Annotated[NonNegativeInt, da("Invitationens udgave.")]
    """The invitation's edition."""


class CouncilMeetingCancelled(_OfMeeting):
    """A meeting is called off; it does not count in the year."""

    in_danish: ClassVar[str] = "Et møde er aflyst; det tæller ikke med i årets møder."

    starts_at: Annotated[AwareDatetime, da("Hvornår mødet skulle have været.")]
    """When it should have begun."""


class CouncilMeetingHeld(_OfMeeting):
    """A meeting has been held."""

    in_danish: ClassVar[str] = "Et møde er holdt."

    year: Annotated[Year, da("Året, som mødet tæller i.")]
    """The year in which it counts."""
    number: Annotated[PositiveInt, da("Mødets nummer i året.")]
    """Its number of the year."""
    ordinary: Annotated[bool, da("Om det er et ordinært møde, som tæller med i årets møder.")]
    """Whether it counts as one of the year's meetings."""
    quorate: Annotated[bool, da("Om rådet var beslutningsdygtigt.")]
    """Whether the council could decide."""
    present: Annotated[NonNegativeInt, da("Antal pladser, der var besat på mødet.")]
    """How many seats were filled."""
    seats: Annotated[PositiveInt, da("Antal pladser i rådet.")]
    """How many seats there are."""


class _OfItem(_OfMeeting):
    """What every event of one point says."""

    item_id: Annotated[UUID, da("Punktets id.")]
    """The point's id."""


class DiscussionRecorded(_OfItem):
    """A point was treated: a standing topic, a mandatory point or another one."""

    in_danish: ClassVar[str] = "Et punkt er behandlet på et møde."

    code: Annotated[Code | None, da("Det faste emnes kode, eller hvad der rejste punktet; tomt for andre.")] = None
    """The standing topic's code, or what raised the point; none for others."""
    outcome: Annotated[Code, da("Hvad der blev af punktet.")]
    """What became of it."""
    sammenhaeng: Annotated[bool, da("Om punktet handlede om sammenhæng mellem politiets og kommunens opgaver.")]
    """Whether it was about the connection between both sides' tasks (O-1-07)."""


class DecisionRecorded(_OfItem):
    """A council has decided something; the words stand in its minutes."""

    in_danish: ClassVar[str] = "Et råd har besluttet noget; ordene står i referatet."

    decision_id: Annotated[UUID, da("Beslutningens id.")]
    """The decision's id."""
    outcome: Annotated[Code, da("Hvad der er besluttet: decided, start, not_start eller put_off.")]
    """What was decided: `decided`, `start`, `not_start` or `put_off`."""
    put_off_to: Annotated[date | None, da("Dagen, som punktet er udsat til.")] = None
    """The day to which it is put off."""
    to_carry_out: Annotated[bool, da("Om hvert lokalråd skal gennemføre den.")] = False
    """Whether each lokalraad must carry it out (O-2-09)."""


class MinutesDrafted(_OfMeeting):
    """Minutes are drafted, or corrected as a new edition."""

    in_danish: ClassVar[str] = "Et referat er skrevet eller rettet."

    edition: Annotated[PositiveInt, da("Referatets udgave.")]
    """The edition."""
    document_sha256: Annotated[Sha256, da("Referatets kontrolsum (SHA-256).")]
    """The checksum of its content."""


class MinutesRoundOpened(_OfMeeting):
    """Members are asked to approve minutes in writing."""

    in_danish: ClassVar[str] = "Medlemmerne er bedt om at godkende et referat skriftligt."

    edition: Annotated[PositiveInt, da("Referatets udgave.")]
    """The edition."""
    ends_at: Annotated[AwareDatetime, da("Hvornår runden slutter.")]
    """When the round ends."""


class MinutesObjected(_OfMeeting):
    """A written round ended with an objection: the minutes are corrected, or come on the next meeting."""

    in_danish: ClassVar[str] = "En skriftlig runde sluttede med en indsigelse mod referatet."

    edition: Annotated[PositiveInt, da("Referatets udgave.")]
    """The edition."""


class MinutesApproved(_OfMeeting):
    """Minutes are approved, at the next meeting or by a written round."""

    in_danish: ClassVar[str] = "Et referat er godkendt på næste møde eller ved en skriftlig runde."

    edition: Annotated[PositiveInt, da("Referatets udgave.")]
    """The edition."""
    how: Annotated[Code, da("Hvordan: på et møde eller skriftligt.")]
    """How: `meeting` or `round`."""


class MinutesPublished(_OfMeeting):
    """Minutes are published without their confidential points; what is published never changes."""

    in_danish: ClassVar[str] = "Et referat er offentliggjort uden de lukkede punkter; det ændres aldrig."

    document_path: Annotated[str, Field(pattern=r"^/"), da("Hvor referatet læses, regnet fra tjenestens adresse.")]
    """Where it is read, without login, below the address of councils."""
    document_sha256: Annotated[Sha256, da("Det offentliggjorte referats kontrolsum (SHA-256).")]
    """The checksum of what is published."""


class CouncilMeetingClosed(_OfMeeting):
    """Nothing more is done on a meeting: its minutes are approved, and published where they are public."""

    in_danish: ClassVar[str] = "Et møde er afsluttet: referatet er godkendt, og offentliggjort hvor det er offentligt."

    published: Annotated[bool, da("Om referatet er offentliggjort.")]
    """Whether the minutes are published."""


class _OfYear(_OfBody):
    """What every event of a council's year says."""

    aggregate: ClassVar[str] = "year_wheel"

    year_wheel_id: Annotated[UUID, da("Årshjulets id.")]
    """The year wheel's id, and the key of the record."""
    year: Annotated[Year, da("Året.")]
    """The year."""
    rule: Annotated[str, Field(pattern=r"^[A-Z]-[0-9-]+$"), da("Reglens nummer.")]
    """The rule's number."""


class MeetingsMissing(_OfYear):
    """A year has fewer meetings than its rule asks for: there is still time, little time, or none."""

    in_danish: ClassVar[str] = "Et råds år har for få møder: der er tid endnu, lidt tid, eller ingen tid."

    code: Annotated[Code, da("fewer_than_four_planned, act_soon eller cannot_fit.")]
    """`fewer_than_four_planned`, `act_soon` or `cannot_fit`."""
    planned: Annotated[NonNegativeInt, da("Antal ordinære møder, der er holdt eller ligger fremme.")]
    """How many ordinary meetings are held or ahead."""
    missing: Annotated[PositiveInt, da("Antal møder, der mangler.")]
    """How many are missing."""
    act_by: Annotated[date, da("Sidste dag, hvor de manglende møder kan indkaldes med varsel.")]
    """The last day on which those missing can be called with due notice."""


class YearBreached(_OfYear):
    """A year ended with too few meetings, or with standing topics that were not treated."""

    in_danish: ClassVar[str] = "Et råds år sluttede med for få møder eller med faste emner, der ikke er behandlet."

    held: Annotated[NonNegativeInt, da("Antal ordinære møder, der er holdt.")]
    """How many ordinary meetings were held."""
    required: Annotated[NonNegativeInt, da("Antal ordinære møder, året skulle have.")]
    """How many it should have had."""
    untreated: Annotated[tuple[Code, ...], da("De faste emner, der ikke er behandlet.")]
    """The standing topics that were not treated."""

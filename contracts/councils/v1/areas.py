"""What councils tells of designated areas, indicators and schools: ids, codes, counts and days.

What a criterion gave is never told: a receiver reads it in councils, where it stands with the plan's caveat (O-4.1-06).
"""

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AwareDatetime, Field, NonNegativeInt, PositiveInt

from contracts.codes import Kommunekode, LegalBasis, Mailbox, Purpose
from contracts.councils.v1.common import Code, Paragraph, Sha256, Year, _OfBody, _OfCouncils, council_offices
from contracts.event import da

Quarter = Annotated[int, Field(ge=1, le=4)]


# --- the ministry's lists -------------------------------------------------------------------------------------------


class AreaListImported(_OfCouncils):
    """The ministry's list of a kind and year was entered, or corrected; an empty one is a fact."""

    in_danish: ClassVar[str] = "Ministeriets liste over boligområder for et år er indlæst eller rettet."
    aggregate: ClassVar[str] = "area_list"
    purpose: ClassVar[Purpose] = Purpose.PUBLIC_INFORMATION

    area_list_id: Annotated[UUID, da("Listens id.")]
    """The list's id, and the key of the record."""
    kind: Annotated[Code, da("Listens art.")]
    """Its kind: `parallelsamfund`, `udsat`, `omdannelse` or `forebyggelse`."""
    year: Annotated[Year, da("Listens år.")]
    """Its year."""
    edition: Annotated[PositiveInt, da("Udgavens nummer; en rettelse er en ny udgave.")]
    """Counted from 1; a correction is a new edition."""
    area_count: Annotated[NonNegativeInt, da("Antal områder i politikredsen.")]
    """How many areas of the district stand on it; 0 is a fact."""
    municipalities: Annotated[tuple[Kommunekode, ...], da("Kommunerne, som listens områder ligger i.")] = ()
    """The municipalities of its areas."""

    def audience(self) -> frozenset[Mailbox]:
        """Return the mailboxes of the council offices of the municipalities on the list."""
        return council_offices(self.municipalities)


# --- one area -------------------------------------------------------------------------------------------------------


class _OfArea(_OfCouncils):
    """What every event of a housing area says."""

    aggregate: ClassVar[str] = "area"

    area_id: Annotated[UUID, da("Boligområdets id.")]
    """The area's id, and the key of the record."""
    municipality: Annotated[Kommunekode | None, da("Kommunen, hvis kilden nævner den.")] = None
    """Its municipality, where the source says it."""

    def audience(self) -> frozenset[Mailbox]:
        """Return the mailbox of its municipality's council office."""
        return council_offices([self.municipality] if self.municipality else [])


class CriteriaEvaluated(_OfArea):
    """The criteria of the law were recomputed for a listed area, to show why it stands there."""

    in_danish: ClassVar[str] = "Lovens kriterier er regnet efter for et område på listen, så man kan se hvorfor."

    area_list_id: Annotated[UUID, da("Listen, som området står på.")]
    """The list on which it stands."""
    year: Annotated[Year, da("Tallenes år.")]
    """The year of the figures."""


class AreaAssessed(_OfArea):
    """Somebody assessed whether an area is suited to a joint effort."""

    in_danish: ClassVar[str] = "Det er vurderet, om et område er egnet til en særlig fællesindsats."

    verdict: Annotated[Code, da("Vurderingen: egnet eller ikke_egnet.")]
    """`egnet` or `ikke_egnet`."""


class MonitoringStarted(_OfArea):
    """Proportionate monitoring of a listed area began, on figures of the area alone."""

    in_danish: ClassVar[str] = "En afpasset monitering af et område er begyndt; den bygger kun på tal for området."

    review_on: Annotated[date, da("Dagen, hvor moniteringen senest tages op igen.")]
    """By when it is looked at again."""


class MonitoringReviewed(_OfArea):
    """The monitoring of an area was looked at again and goes on."""

    in_danish: ClassVar[str] = "Moniteringen af et område er taget op igen og fortsætter."

    review_on: Annotated[date, da("Dagen, hvor moniteringen næste gang tages op.")]
    """By when it is looked at the next time."""


class MonitoringEnded(_OfArea):
    """The monitoring of an area ended."""

    in_danish: ClassVar[str] = "Moniteringen af et område er ophørt."

    ended_because: Annotated[Code, da("Hvorfor: left_the_list eller decided.")]
    """`left_the_list` or `decided`."""


class CrimeScreeningCompleted(_OfCouncils):
    """A screening of the whole district was made from area counts; small ones are suppressed."""

    in_danish: ClassVar[str] = "En kriminalitetsscreening af hele politikredsen er gennemført på tal for områder."
    aggregate: ClassVar[str] = "crime_screening"

    crime_screening_id: Annotated[UUID, da("Screeningens id.")]
    """The screening's id, and the key of the record."""
    year: Annotated[Year, da("Kvartalets år.")]
    """The year of the quarter."""
    quarter: Annotated[Quarter, da("Kvartalet, 1 til 4.")]
    """The quarter."""
    sha256: Annotated[Sha256, da("Kontrolsum over tal og regel; den samme kørsel giver den samme.")]
    """The checksum over counts and rule: the same run has the same."""
    proposed: Annotated[NonNegativeInt, da("Antal områder, der foreslås vurderet.")]
    """How many areas it proposes for assessment."""


# --- what a lokalraad must take up ----------------------------------------------------------------------------------


class _OfMandatoryItem(_OfBody):
    """What every event of a mandatory point says."""

    aggregate: ClassVar[str] = "mandatory_item"

    mandatory_item_id: Annotated[UUID, da("Det obligatoriske punkts id.")]
    """The point's id, and the key of the record."""
    year: Annotated[Year, da("Planens år.")]
    """The year of the plan."""
    paragraph: Annotated[Paragraph, da("Planens afsnit.")]
    """The section of the plan that asks for it."""


class MandatoryItemAssigned(_OfMandatoryItem):
    """A lokalraad has a point that it must take up in the plan's year."""

    in_danish: ClassVar[str] = "Et lokalråd har fået et punkt, som det skal drøfte i planens år."

    area_id: Annotated[UUID | None, da("Det udpegede område, hvis punktet handler om ét.")] = None
    """The designated area, where it is about one."""


class ChecklistAnswered(_OfMandatoryItem):
    """A question that the plan puts on a mandatory point was answered."""

    in_danish: ClassVar[str] = "Et spørgsmål på et obligatorisk punkt er besvaret."

    question: Annotated[Code, da("Hvilket spørgsmål.")]
    """Which question."""


class MandatoryItemTreated(_OfMandatoryItem):
    """A lokalraad took the point up, and decided where the plan asks for a decision."""

    in_danish: ClassVar[str] = "Lokalrådet har behandlet et obligatorisk punkt."

    outcome: Annotated[Code, da("Udfaldet: start, not_start, put_off eller discussed.")]
    """`start`, `not_start`, `put_off` or `discussed`."""
    decision_id: Annotated[UUID | None, da("Beslutningen, hvis der er truffet en.")] = None
    """The decision, where there is one."""


class MandatoryItemBreached(_OfMandatoryItem):
    """The time in which a lokalraad must take a point up has passed without it."""

    in_danish: ClassVar[str] = "Fristen for et obligatorisk punkt er gået, uden at lokalrådet har behandlet det."


# --- figures and trends ---------------------------------------------------------------------------------------------


class IndicatorUpdated(_OfCouncils):
    """Figures of an indicator were entered, per municipality and quarter: counts of reports, of no person."""

    in_danish: ClassVar[str] = "Der er indlæst nye tal for en indikator: kun antal pr. kommune og kvartal."
    aggregate: ClassVar[str] = "indicator"
    purpose: ClassVar[Purpose] = Purpose.PUBLIC_INFORMATION

    indicator_id: Annotated[UUID, da("Indikatorens id.")]
    """The indicator's id, and the key of the record."""
    code: Annotated[Code, da("Indikatorens kode.")]
    """Its code."""
    figure_count: Annotated[NonNegativeInt, da("Antal nye eller rettede tal.")]
    """How many figures are new or corrected."""
    file_sha256: Annotated[Sha256, da("Kontrolsum af filen, som tallene kommer fra.")]
    """The checksum of the file that they came in."""


class _OfTrend(_OfBody):
    """What every event of a signal says."""

    aggregate: ClassVar[str] = "trend"

    trend_id: Annotated[UUID, da("Signalets id.")]
    """The signal's id, and the key of the record."""
    indicator: Annotated[Code, da("Indikatorens kode.")]
    """The indicator's code."""
    municipality: Annotated[Kommunekode, da("Kommunen.")]
    """The municipality."""
    year: Annotated[Year, da("Kvartalets år.")]
    """The year of the quarter."""
    quarter: Annotated[Quarter, da("Kvartalet, 1 til 4.")]
    """The quarter."""


class TrendSignalled(_OfTrend):
    """A rule with visible thresholds found a development that a lokalraad must look at."""

    in_danish: ClassVar[str] = "En regel med synlige grænser har fundet en udvikling, som lokalrådet skal tage op."

    rule: Annotated[Code, da("Reglens kode.")]
    """The rule's code."""


class TrendAnswered(_OfTrend):
    """A lokalraad answered a signal: it acts, or not with a reason."""

    in_danish: ClassVar[str] = "Lokalrådet har svaret på et signal: det handler, eller det handler ikke."

    acts: Annotated[bool, da("Om lokalrådet handler.")]
    """Whether it acts."""


class TrendOverdue(_OfTrend):
    """The meeting at which a signal stood has passed without an answer."""

    in_danish: ClassVar[str] = "Mødet er holdt, uden at lokalrådet har svaret på signalet."


# --- schools --------------------------------------------------------------------------------------------------------


class _OfSchool(_OfCouncils):
    """What every event of a school in the directory says."""

    aggregate: ClassVar[str] = "school"
    purpose: ClassVar[Purpose] = Purpose.PUBLIC_INFORMATION

    school_id: Annotated[UUID, da("Skolens id.")]
    """The school's id, and the key of the record."""
    municipality: Annotated[Kommunekode, da("Kommunen.")]
    """The municipality."""

    def audience(self) -> frozenset[Mailbox]:
        """Return the mailbox of its municipality's council office."""
        return council_offices([self.municipality])


class SchoolListed(_OfSchool):
    """A school was entered in the directory."""

    in_danish: ClassVar[str] = "En skole er optaget i kontaktlisten."

    school_type: Annotated[Code, da("Skolens art: grundskole eller ungdomsuddannelse.")]
    """`grundskole` or `ungdomsuddannelse`."""


class SchoolContactRegistered(_OfSchool):
    """A contact point between a school and the police was entered."""

    in_danish: ClassVar[str] = "Et kontaktpunkt mellem en skole og politiet er registreret."

    contact_id: Annotated[UUID, da("Kontaktpunktets id.")]
    """The contact point's id."""
    side: Annotated[Code, da("Hvis kontaktpunkt: police eller school.")]
    """`police` or `school`."""


class SchoolContactEnded(_OfSchool):
    """A contact point between a school and the police ended."""

    in_danish: ClassVar[str] = "Et kontaktpunkt mellem en skole og politiet er ophørt."

    contact_id: Annotated[UUID, da("Kontaktpunktets id.")]
    """The contact point's id."""
    side: Annotated[Code, da("Hvis kontaktpunkt: police eller school.")]
    """`police` or `school`."""


class _OfSchoolConcern(_OfCouncils):
    """What every event of a school's concern says; it is about the school, never about a pupil."""

    aggregate: ClassVar[str] = "school_concern"
    legal_basis: ClassVar[LegalBasis] = LegalBasis.RETSPLEJELOVEN_111_113

    school_concern_id: Annotated[UUID, da("Bekymringens id.")]
    """The concern's id, and the key of the record."""
    school_id: Annotated[UUID, da("Skolens id.")]
    """The school."""
    municipality: Annotated[Kommunekode, da("Kommunen.")]
    """The municipality."""

    def audience(self) -> frozenset[Mailbox]:
        """Return the mailbox of its municipality's council office."""
        return council_offices([self.municipality])


class SchoolConcernRaised(_OfSchoolConcern):
    """A school told of something at the school; it was acknowledged at once."""

    in_danish: ClassVar[str] = "En skole har meldt en bekymring om forhold ved skolen; den er kvitteret med det samme."

    concern_kind: Annotated[Code, da("Hvad det handler om.")]
    """What it is about, a code."""
    assign_by: Annotated[AwareDatetime, da("Hvornår den senest skal være fordelt.")]
    """By when somebody must have it."""


class SchoolConcernAssigned(_OfSchoolConcern):
    """A contact point has a school's concern."""

    in_danish: ClassVar[str] = "En skoles bekymring er fordelt til et kontaktpunkt."

    contact_id: Annotated[UUID, da("Kontaktpunktet, som har den.")]
    """The contact point that has it."""


class SchoolConcernEscalated(_OfSchoolConcern):
    """Nobody had a school's concern in time; told once."""

    in_danish: ClassVar[str] = "En skoles bekymring er ikke fordelt inden for fristen."

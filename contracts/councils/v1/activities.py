"""What councils tells of what it does beside its meetings: trainings, prevention, investigations and accounts."""

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from contracts.councils.v1.common import Code, Year, _OfBody
from contracts.event import da


class _TrainingConcept(_OfBody):
    """What every event of a training concept says."""

    aggregate: ClassVar[str] = "training_concept"

    training_concept_id: Annotated[UUID, da("Uddannelseskonceptets id.")]
    """The concept's id, and the key of the record."""


class TrainingConceptCreated(_TrainingConcept):
    """A training concept for people who work at night was made."""

    in_danish: ClassVar[str] = "Der er lavet et uddannelseskoncept til nattelivet."


class TrainingSessionHeld(_TrainingConcept):
    """A training was held."""

    in_danish: ClassVar[str] = "Et kursus er holdt."

    held_on: Annotated[date, da("Dagen.")]
    """The day."""
    attendance: Annotated[int, da("Antal deltagere.")]
    """How many came."""


class _PreventionMeeting(_OfBody):
    """What every event of a prevention meeting says."""

    aggregate: ClassVar[str] = "prevention_meeting"

    prevention_meeting_id: Annotated[UUID, da("Mødets id.")]
    """The meeting's id, and the key of the record."""
    held_on: Annotated[date, da("Dagen.")]
    """The day."""


class PreventionMeetingPlanned(_PreventionMeeting):
    """A prevention meeting with an organisation was planned."""

    in_danish: ClassVar[str] = "Et forebyggende møde med en forening er planlagt."


class PreventionMeetingHeld(_PreventionMeeting):
    """A prevention meeting with an organisation was held."""

    in_danish: ClassVar[str] = "Et forebyggende møde med en forening er holdt."

    attendance: Annotated[int, da("Antal deltagere.")]
    """How many came."""


class PreventionMeetingCancelled(_PreventionMeeting):
    """A prevention meeting with an organisation was called off."""

    in_danish: ClassVar[str] = "Et forebyggende møde med en forening er aflyst."


class AssessmentRecorded(_OfBody):
    """A council has said how it judges a topic of the plan; earlier verdicts stay."""

    in_danish: ClassVar[str] = "Et råd har sagt, hvordan det vurderer et emne i planen."
    aggregate: ClassVar[str] = "topic_assessment"

    topic_assessment_id: Annotated[UUID, da("Vurderingens id.")]
    """The assessment's id, and the key of the record."""
    theme: Annotated[Code, da("Emnet.")]
    """What is judged."""
    verdict: Annotated[Code, da("Vurderingen.")]
    """How it is judged."""
    assessed_on: Annotated[date, da("Dagen.")]
    """The day."""


class _Investigation(_OfBody):
    """What every event of an investigation says."""

    aggregate: ClassVar[str] = "investigation"

    investigation_id: Annotated[UUID, da("Undersøgelsens id.")]
    """The investigation's id, and the key of the record."""
    year: Annotated[Year, da("Året.")]
    """The year."""
    theme: Annotated[Code, da("Emnet.")]
    """What is looked into."""


class InvestigationOpened(_Investigation):
    """A lokalraad is to look into how things are in its municipality."""

    in_danish: ClassVar[str] = "Et lokalråd skal undersøge lokale forhold."


class InvestigationConcluded(_Investigation):
    """A lokalraad has looked into how things are in its municipality."""

    in_danish: ClassVar[str] = "Et lokalråd har undersøgt lokale forhold."

    finding: Annotated[Code, da("Hvad den viste.")]
    """What it showed: `problem` or `no_problem`."""
    schools: Annotated[int, da("Antal skoler, den dækker.")]
    """How many schools it covers."""


class _YearlyAccount(_OfBody):
    """What every event of the chief's yearly account says."""

    aggregate: ClassVar[str] = "yearly_account"

    yearly_account_id: Annotated[UUID, da("Redegørelsens id.")]
    """The account's id, and the key of the record."""
    year: Annotated[Year, da("Året.")]
    """The year."""


class YearlyAccountGiven(_YearlyAccount):
    """The chief has given the kredsraad the account of a year (rpl § 112, stk. 2)."""

    in_danish: ClassVar[str] = (
        "Politidirektøren har givet kredsrådet årets redegørelse (retsplejelovens § 112, stk. 2)."
    )

"""What councils tells of goals and what is to carry them out: tasks of the lokalraad, priorities and initiatives."""

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from contracts.alerting.v1 import AuthorityId
from contracts.councils.v1.common import Code, Year, _OfBody
from contracts.event import da


class _Goal(_OfBody):
    """What every event of a long-term goal says."""

    aggregate: ClassVar[str] = "goal"

    goal_id: Annotated[UUID, da("Målets id.")]
    """The goal's id, and the key of the record."""
    decision_id: Annotated[UUID, da("Kredsrådets beslutning.")]
    """The decision of the kredsraad on which it rests."""
    horizon_year: Annotated[Year, da("Året, målet rækker til.")]
    """The year to which it reaches."""


class GoalSet(_Goal):
    """The kredsraad has set a long-term goal."""

    in_danish: ClassVar[str] = "Kredsrådet har sat et langsigtet mål."


class GoalChanged(_Goal):
    """The kredsraad has changed a long-term goal."""

    in_danish: ClassVar[str] = "Kredsrådet har ændret et langsigtet mål."


class GoalClosed(_Goal):
    """The kredsraad has closed a long-term goal."""

    in_danish: ClassVar[str] = "Kredsrådet har afsluttet et langsigtet mål."


class _ImplementationTask(_OfBody):
    """What every event of a lokalraad's task says."""

    aggregate: ClassVar[str] = "implementation_task"

    implementation_task_id: Annotated[UUID, da("Opgavens id.")]
    """The task's id, and the key of the record."""
    goal_id: Annotated[UUID, da("Målet, der skal udmøntes.")]
    """The goal that is to be carried out."""


class ImplementationTaskOpened(_ImplementationTask):
    """A lokalraad is to discuss and carry out a long-term goal."""

    in_danish: ClassVar[str] = "Et lokalråd skal drøfte og udmønte et langsigtet mål."


class ImplementationTaskDiscussed(_ImplementationTask):
    """A lokalraad has discussed how a long-term goal is carried out."""

    in_danish: ClassVar[str] = "Et lokalråd har drøftet, hvordan et langsigtet mål udmøntes."

    meeting_id: Annotated[UUID, da("Mødet, hvor det blev drøftet.")]
    """The meeting at which it was discussed."""


class ImplementationTaskClosed(_ImplementationTask):
    """A lokalraad has carried out a long-term goal, or said why it has no need to."""

    in_danish: ClassVar[str] = "Et lokalråd har udmøntet et langsigtet mål eller sagt, hvorfor det ikke er nødvendigt."

    outcome: Annotated[Code, da("Hvordan den blev lukket.")]
    """How it was closed: `initiatives`, `no_local_need` or `goal_closed`."""


class PrioritiesRanked(_OfBody):
    """A council has said in which order its priorities of a year come; the whole order, each time."""

    in_danish: ClassVar[str] = "Et råd har sagt, i hvilken rækkefølge årets prioriteter kommer."
    aggregate: ClassVar[str] = "priority_list"

    priority_list_id: Annotated[UUID, da("Prioriteringens id.")]
    """The list's id, and the key of the record."""
    year: Annotated[Year, da("Året.")]
    """The year."""
    order: Annotated[tuple[UUID, ...], da("Prioriteterne i rækkefølge.")]
    """The ids of the priorities, the first one first."""


class _Initiative(_OfBody):
    """What every event of an initiative says."""

    aggregate: ClassVar[str] = "initiative"

    initiative_id: Annotated[UUID, da("Indsatsens id.")]
    """The initiative's id, and the key of the record."""
    year: Annotated[Year, da("Året.")]
    """The year."""
    objective: Annotated[Code, da("Formålet: forebyggelse, bekaempelse eller begge.")]
    """What it is for: `forebyggelse`, `bekaempelse` or `begge`."""
    owner: Annotated[AuthorityId, da("Den myndighed, der ejer den.")]
    """The authority that owns it."""


class InitiativeCreated(_Initiative):
    """A council has planned an initiative."""

    in_danish: ClassVar[str] = "Et råd har planlagt en indsats."

    goals: Annotated[tuple[UUID, ...], da("De langsigtede mål, den hører til.")]
    """The long-term goals that it serves; none where its focus is local."""
    target_on: Annotated[date, da("Dagen, hvor målet skal være nået.")]
    """The day by which its target is to be reached."""


class InitiativeChanged(_Initiative):
    """The owner, measure, day or legal basis of an initiative was changed."""

    in_danish: ClassVar[str] = (
        "En indsats har fået en anden ejer, et andet mål, en anden frist eller et andet grundlag."
    )

    target_on: Annotated[date, da("Dagen, hvor målet skal være nået.")]
    """The day by which its target is to be reached."""


class InitiativeProgressed(_Initiative):
    """How an initiative goes was noted."""

    in_danish: ClassVar[str] = "Det er noteret, hvordan en indsats går."

    state: Annotated[Code, da("Tilstanden efter dette.")]
    """The state that it is in now."""


class InitiativeClosed(_Initiative):
    """An initiative is done, or was stopped."""

    in_danish: ClassVar[str] = "En indsats er gennemført eller standset."

    state: Annotated[Code, da("Tilstanden efter dette.")]
    """The state that it is in now."""
    missed: Annotated[bool, da("Om målet ikke blev nået.")]
    """Whether it missed its target."""


class MeasureFailed(_Initiative):
    """An initiative has not reached its target by the end of the year: it goes to next year's agenda."""

    in_danish: ClassVar[str] = "En indsats nåede ikke sit mål inden årets udgang og kommer på næste års dagsorden."

"""What councils tells of actions, of targets that police and municipality own together, and of joint efforts."""

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from contracts.alerting.v1 import AuthorityId
from contracts.councils.v1.common import Code, Year, _OfBody
from contracts.event import da


class _Action(_OfBody):
    """What every event of an action says."""

    aggregate: ClassVar[str] = "action"

    action_id: Annotated[UUID, da("Handlingens id.")]
    """The action's id, and the key of the record."""
    owner: Annotated[AuthorityId, da("Den myndighed, der ejer den.")]
    """The authority that owns it."""
    due_on: Annotated[date, da("Fristen.")]
    """By when it is to be done."""


class ActionGiven(_Action):
    """An authority is to do something that a council has decided."""

    in_danish: ClassVar[str] = "En myndighed skal gøre noget, som et råd har besluttet."

    decision_id: Annotated[UUID, da("Beslutningen.")]
    """The decision."""


class ActionMoved(_Action):
    """An action has got another due day."""

    in_danish: ClassVar[str] = "En handling har fået en ny frist."


class ActionClosed(_Action):
    """An action is done, or was stopped."""

    in_danish: ClassVar[str] = "En handling er udført eller standset."

    state: Annotated[Code, da("Tilstanden efter dette.")]
    """The state that it is in now."""


class ActionOverdue(_Action):
    """An action was not done in time: it goes to the next agenda by itself."""

    in_danish: ClassVar[str] = "En handling blev ikke udført til tiden og kommer af sig selv på næste dagsorden."


class SchoolActionStarted(_Action):
    """Police and a school act together against a problem that a lokalraad has found."""

    in_danish: ClassVar[str] = "Politi og skole sætter sammen ind over for et problem, som et lokalråd har fundet."

    investigation_id: Annotated[UUID, da("Undersøgelsen, der fandt problemet.")]
    """The investigation that found the problem."""


class SchoolActionClosed(_Action):
    """What police and a school did together is done, or was stopped."""

    in_danish: ClassVar[str] = "Det, politi og skole gjorde sammen, er gennemført eller standset."

    state: Annotated[Code, da("Tilstanden efter dette.")]
    """The state that it is in now."""


class _JointTarget(_OfBody):
    """What every event of a target of police and municipality says."""

    aggregate: ClassVar[str] = "joint_target"

    joint_target_id: Annotated[UUID, da("Måltallets id.")]
    """The target's id, and the key of the record."""
    owners: Annotated[tuple[AuthorityId, ...], da("Myndighederne, der ejer det.")]
    """The authorities that own it together."""


class TargetSet(_JointTarget):
    """Police and a municipality have set a target together."""

    in_danish: ClassVar[str] = "Politi og kommune har sat et fælles måltal."


class TargetReviewed(_JointTarget):
    """A target was looked at for a year."""

    in_danish: ClassVar[str] = "Et fælles måltal er gennemgået for et år."

    year: Annotated[Year, da("Året.")]
    """The year."""
    missed: Annotated[bool, da("Om det ikke blev nået.")]
    """Whether it was missed."""


class TargetReviewMissing(_JointTarget):
    """Nobody has looked at a target in a year."""

    in_danish: ClassVar[str] = "Et fælles måltal er ikke gennemgået i et år."

    year: Annotated[Year, da("Året.")]
    """The year."""


class _JointEffort(_OfBody):
    """What every event of a joint effort says."""

    aggregate: ClassVar[str] = "joint_effort"

    joint_effort_id: Annotated[UUID, da("Fællesindsatsens id.")]
    """The effort's id, and the key of the record."""
    area_id: Annotated[UUID, da("Området.")]
    """The area, assessed as suited."""


class JointEffortStarted(_JointEffort):
    """Police, a municipality and perhaps others have begun a joint effort in an area."""

    in_danish: ClassVar[str] = "Politi, kommune og måske andre har begyndt en fællesindsats i et område."

    between: Annotated[tuple[AuthorityId, ...], da("Myndighederne, der er med.")]
    """The authorities that take part."""


class JointEffortEnded(_JointEffort):
    """A joint effort has ended."""

    in_danish: ClassVar[str] = "En fællesindsats er slut."

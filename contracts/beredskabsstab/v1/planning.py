"""The planning forum: meetings, exercises, lessons."""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AwareDatetime

from contracts.alerting.v1 import AuthorityId
from contracts.beredskabsstab.v1.common import _mailboxes, _Preparedness
from contracts.codes import Mailbox
from contracts.event import da


class _Planning(_Preparedness):
    """What every event of the planning forum says."""

    aggregate: ClassVar[str] = "planning"

    planning_id: Annotated[UUID, da("Id for mødet, øvelsen eller læringen.")]
    """The id of the meeting, the exercise or the lesson, and the key of the record."""


class PlanningMeetingHeld(_Planning):
    """The staff has met to plan; nobody was called in (plan §5.3, line 425)."""

    in_danish: ClassVar[str] = "Staben har holdt et planlægningsmøde; ingen er kaldt ind."

    authorities: Annotated[tuple[AuthorityId, ...], da("Myndighederne, der deltog.")]
    """The authorities that took part."""


class ExerciseHeld(_Planning):
    """The staff has held an exercise."""

    in_danish: ClassVar[str] = "Staben har holdt en øvelse."

    authorities: Annotated[tuple[AuthorityId, ...], da("Myndighederne, der deltog.")]
    """The authorities that took part."""


class _Lesson(_Planning):
    """What every event of a lesson says."""

    owner: Annotated[AuthorityId, da("Myndigheden, der følger op.")]
    """The authority that follows it up."""

    def audience(self) -> frozenset[Mailbox]:
        """Return the mailbox for preparedness of the owner."""
        return _mailboxes((self.owner,))


class LessonRecorded(_Lesson):
    """A meeting or an exercise has taught something; it has an owner and a time."""

    in_danish: ClassVar[str] = "Et møde eller en øvelse har givet en læring med ejer og frist."

    due_at: Annotated[AwareDatetime, da("Hvornår der skal være fulgt op.")]
    """By when it is to be followed up."""


class LessonResolved(_Lesson):
    """A lesson is followed up."""

    in_danish: ClassVar[str] = "Der er fulgt op på en læring."


class LessonOverdue(_Lesson):
    """A lesson should have been followed up by now."""

    in_danish: ClassVar[str] = "Der skulle være fulgt op på en læring."

"""Tasks that the staff asks of an authority."""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AwareDatetime

from contracts.alerting.v1 import AuthorityId
from contracts.beredskabsstab.v1.common import Code, _mailboxes, _Preparedness
from contracts.codes import Mailbox
from contracts.event import da


class _Task(_Preparedness):
    """What every event of a task says."""

    aggregate: ClassVar[str] = "task"

    task_id: Annotated[UUID, da("Opgavens id.")]
    """The task's id, and the key of the record."""
    activation_id: Annotated[UUID, da("Aktiveringens id.")]
    """The activation's id."""
    authority: Annotated[AuthorityId, da("Myndigheden, der er spurgt.")]
    """The authority that is asked."""
    sector: Annotated[Code, da("Sektoren, som opgaven hører til.")]
    """The sector that the task belongs to; only its own authority answers."""

    def audience(self) -> frozenset[Mailbox]:
        """Return the mailbox for preparedness of the authority that is asked."""
        return _mailboxes((self.authority,))


class TaskProposed(_Task):
    """The staff asks an authority to do something within its own sector; it may say no (plan §5.3, line 432)."""

    in_danish: ClassVar[str] = "Staben spørger en myndighed om en opgave i dens egen sektor; den må sige nej."

    due_at: Annotated[AwareDatetime | None, da("Hvornår den bør være løst, hvis der er en frist.")] = None
    """By when it should be done, where there is such a time."""


class TaskAccepted(_Task):
    """The sector's own authority has accepted a task."""

    in_danish: ClassVar[str] = "Sektorens egen myndighed har taget opgaven."


class TaskDeclined(_Task):
    """The sector's own authority has declined a task; it is back with the chair."""

    in_danish: ClassVar[str] = "Sektorens egen myndighed har afslået opgaven; den er tilbage hos stabslederen."


class TaskDone(_Task):
    """The sector's own authority has completed a task."""

    in_danish: ClassVar[str] = "Sektorens egen myndighed har løst opgaven."


class TaskWithdrawn(_Task):
    """The staff asks for it no more: taken back by the chair, or handed over when the staff ended."""

    in_danish: ClassVar[str] = "Staben beder ikke længere om opgaven: trukket tilbage, eller afleveret da staben endte."

    handed_over: Annotated[bool, da("Om den blev afleveret, da staben endte.")] = False
    """Whether it was handed over when the staff ended."""

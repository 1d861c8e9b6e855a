"""What the probe tells."""

from typing import ClassVar
from uuid import UUID

from contracts.codes import LegalBasis, Purpose
from contracts.event import Event


class NoteWritten(Event):
    """A note was written, or written again."""

    aggregate: ClassVar[str] = "note"
    legal_basis: ClassVar[LegalBasis] = LegalBasis.RETSHAANDHAEVELSESLOVEN
    purpose: ClassVar[Purpose] = Purpose.LAWFULNESS_CONTROL

    note_id: UUID
    number: int
    filling: str = ""

"""What the hearer does with what it hears."""

from chassis.database import Tx
from chassis.inbox import reacts_to
from contracts.event import Envelope
from tests.probe.v1 import NoteWritten


@reacts_to(NoteWritten)
async def keep(event: NoteWritten, envelope: Envelope, tx: Tx) -> None:
    """Keep one row for each event heard: a doubled effect shows as two rows."""
    await tx.execute(
        "insert into heard (note_id, version, number) values ($1, $2, $3)",
        *(event.note_id, envelope.aggregate_version, event.number),
    )

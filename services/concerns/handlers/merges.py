"""Following persons whose ids became one."""

from chassis.database import Tx
from chassis.inbox import reacts_to
from contracts.event import Envelope
from contracts.persons.v1 import PersonMerged
from services.concerns.handlers.running import checksum, result_of
from services.concerns.store import candidates, registrations, retention, searches, underretninger


@reacts_to(PersonMerged)
async def follow_the_merge(event: PersonMerged, _: Envelope, tx: Tx) -> None:
    """Let everything about the merged id be about the one that lives on."""
    for table in (registrations, candidates, underretninger):
        await table.follow_merge(tx, event.person_id, event.merged_person_id)
    for search in await searches.follow_merge(tx, event.person_id, event.merged_person_id):
        outcomes = await searches.outcomes(tx, search.id)
        result = await result_of(tx, search, dict(search.dropped or {}), outcomes)
        await searches.checked(tx, search, checksum(result))
    # Each id is held by persons on its own: the merged one is named by no row any more, the other perhaps by none.
    await retention.note_let_go(tx, [event.merged_person_id, event.person_id])

"""Following persons whose ids became one."""

from chassis.database import Tx
from chassis.inbox import reacts_to
from contracts.event import Envelope
from contracts.persons.v1 import PersonMerged
from services.referrals.store import people


@reacts_to(PersonMerged)
async def follow_the_merge(event: PersonMerged, _: Envelope, tx: Tx) -> None:
    """Let everything about the merged id be about the one that lives on."""
    await people.follow_merge(tx, event.person_id, event.merged_person_id)
    await people.follow_merge_of_practitioners(tx, event.person_id, event.merged_person_id)
    await people.follow_merge_in_courses(tx, event.person_id, event.merged_person_id)

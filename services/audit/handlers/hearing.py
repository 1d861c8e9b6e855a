"""Every record of access, refusal and closing becomes the next entry of the log, word by word."""

from chassis.database import Tx
from chassis.inbox import reacts_to
from contracts.audit.v1 import AccessRecorded, AccessRefused, DayClosed
from contracts.event import Envelope, Event
from contracts.persons.v1 import PersonMerged
from services.audit.domain.entry import Told
from services.audit.store import log


@reacts_to(AccessRecorded)
async def chain_access(event: AccessRecorded, envelope: Envelope, tx: Tx) -> None:
    """Chain what somebody did with personal data."""
    await _chain(event, envelope, tx)


@reacts_to(AccessRefused)
async def chain_refusal(event: AccessRefused, envelope: Envelope, tx: Tx) -> None:
    """Chain what somebody was refused."""
    await _chain(event, envelope, tx)


@reacts_to(DayClosed)
async def chain_closing(event: DayClosed, envelope: Envelope, tx: Tx) -> None:
    """Chain what a service says of its day."""
    await _chain(event, envelope, tx)


@reacts_to(PersonMerged)
async def follow_merge(event: PersonMerged, _: Envelope, tx: Tx) -> None:
    """Find a person's records under all the ids that the person has had."""
    await log.merge(tx, event.merged_person_id, event.person_id)


async def _chain(event: Event, envelope: Envelope, tx: Tx) -> None:
    told = Told(
        event_id=envelope.id,
        kind=type(event).__name__,
        service=envelope.source.rpartition("/")[2],
        time=envelope.time,
        # What the contract of today does not know is part of what was told.
        value=tx.heard.decode(),
    )
    await log.append(tx, told)

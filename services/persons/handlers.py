"""What persons does about events and when it is woken: it lets go, shreds whom nobody holds, and tidies."""

from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from chassis import metrics
from chassis.database import Tx
from chassis.deadlines import due, set_deadline
from chassis.gauges import looked_at
from chassis.inbox import reacts_to
from contracts.event import Envelope
from contracts.persons.v1 import PersonShredded, PersonsReleased
from services.persons.domain.person import UnknownPerson
from services.persons.store import holds, shredding
from services.persons.store.tidying import tidy
from services.persons.store.vault import KeysAway, the_vault

TIDYING = "tidying"
EVERYTHING = UUID(int=0)
"""The subject of the one deadline that is about nobody."""
A_DAY = timedelta(days=1)


@reacts_to(PersonsReleased)
async def let_persons_go(event: PersonsReleased, _: Envelope, tx: Tx) -> None:
    """Note who is needed no more, and by whom."""
    await holds.let_go(tx, event.service, event.person_ids, event.as_of)


@due(holds.UNHELD)
async def shred_whom_nobody_holds(person_id: UUID, _: datetime, tx: Tx) -> None:
    """Promise to shred a person, unless somebody has asked for it since."""
    await shredding.promise_where_unheld(tx, person_id)


@reacts_to(PersonShredded)
async def shred_whom_restored_data_brought_back(event: PersonShredded, _: Envelope, tx: Tx) -> None:
    """Promise again what was told and is not known here: data of an earlier moment were restored."""
    try:
        current = await shredding.today(tx, event.person_id)
    except UnknownPerson:
        # Met after that moment, too: there is nothing to delete.
        return
    await shredding.promise_by_itself(tx, current)


@due(shredding.SHRED)
async def keep_the_promise(person_id: UUID, _: datetime, tx: Tx) -> None:
    """Destroy the keys of somebody to whom it was promised, and tell it."""
    await shredding.fulfil(tx, the_vault(), person_id)


@due(TIDYING)
async def tidy_up(_: UUID, due_at: datetime, tx: Tx) -> None:
    """Remove what belongs to nobody, and come again tomorrow."""
    await tidy(tx, the_vault())
    now: datetime = await tx.fetchval("select clock()")
    await set_deadline(tx, kind=TIDYING, subject=EVERYTHING, due_at=max(due_at, now) + A_DAY)


@looked_at
async def what_the_keys_cannot_archive(_: Tx) -> None:
    """Show a log of the keys' server that no archive takes; a server that is away says nothing, and others say that."""
    with suppress(KeysAway):
        metrics.LOG_UNSAVED.labels("keys").set(await the_vault().log_unsaved_s())

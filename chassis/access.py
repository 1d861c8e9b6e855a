"""Access records: who used whose data, written in the transaction that answers. No record, no answer."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from chassis.database import Tx
from chassis.ids import new_id
from chassis.outbox import append
from contracts.audit.v1 import AccessRecorded
from contracts.codes import Office, Purpose


async def record_access(
    tx: Tx,
    *,
    operation: str,
    purpose: Purpose,
    persons: Iterable[UUID],
    case_id: UUID | None = None,
    on_behalf_of: str | None = None,
    at: datetime | None = None,
) -> UUID:
    """Record one operation on the data of up to 10,000 persons; returns the record's id.

    `at` is the time that the command has read from `clock()` already, where it has.
    """
    access_id, now = new_id(), at or await tx.fetchval("select clock()")
    event = AccessRecorded(
        access_id=access_id,
        operation=operation,
        subject=tx.principal.subject,
        authority=tx.principal.authority,
        office=Office(tx.principal.office) if tx.principal.office in set(Office) else None,
        on_behalf_of=on_behalf_of,
        stated_purpose=purpose,
        case_id=case_id,
        person_ids=tuple(dict.fromkeys(persons)),
        at=now,
    )
    await append(tx, event, version=1, correlation_id=case_id or access_id, time=now)
    return access_id

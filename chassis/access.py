"""Access records: who used whose data, written in the transaction that answers. No record, no answer.

A route that reads, changes or passes on personal data names its operation with `accessing`. What it allows is recorded
by `record_access` in the transaction that answers; what it refuses leaves one record too, written before the answer.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Request

from chassis.database import Database, Tx
from chassis.identity import Principal
from chassis.ids import new_id
from chassis.outbox import append
from contracts.audit.v1 import AccessRecorded, AccessRefused
from contracts.codes import Office, Purpose
from contracts.disclosure import Disclosure, LogKind
from contracts.refusal import Refusal

REFUSED = frozenset({403, 404, 410})
"""Answers that mean: this is not yours to see, or not there; to the caller they are the same thing."""


@dataclass(frozen=True, slots=True)
class Accessing:
    """What a request is about to do with personal data."""

    operation: str
    target: str | None
    """The path parameter that names what it is about."""


def accessing(operation: str, target: str | None = None) -> Callable[[Request], Awaitable[None]]:
    """Return the dependency by which a route says what it does with personal data, as in `underretning.read`."""
    named = Accessing(operation, target)

    async def name_it(request: Request) -> None:
        request.state.accessing = named

    return name_it


@dataclass(frozen=True, slots=True)
class OutsideWorkList:
    """A case was opened that is not on the user's list; why, persons keeps."""

    words_id: UUID


async def record_access(
    tx: Tx,
    *,
    operation: str,
    purpose: Purpose,
    persons: Iterable[UUID],
    kind: LogKind = LogKind.CONSULTATION,
    case_id: UUID | None = None,
    on_behalf_of: str | None = None,
    on_behalf_of_authority: str | None = None,
    disclosure: Disclosure | None = None,
    outside: OutsideWorkList | None = None,
    at: datetime | None = None,
) -> UUID:
    """Record one operation on the data of up to 10,000 persons; returns the record's id.

    A disclosure says its ground, or nothing leaves (L-01): a ValueError ends the transaction. `at` is the time that
    the command has read from `clock()` already, where it has.
    """
    if (kind is LogKind.DISCLOSURE) != (disclosure is not None):
        message = "a disclosure, and nothing else, names its basis"
        raise ValueError(message)
    access_id, now = new_id(), at or await tx.fetchval("select clock()")
    event = AccessRecorded(
        access_id=access_id,
        operation=operation,
        subject=tx.principal.subject,
        authority=tx.principal.authority,
        office=_office(tx.principal),
        on_behalf_of=on_behalf_of,
        on_behalf_of_authority=on_behalf_of_authority,
        stated_purpose=purpose,
        case_id=case_id,
        person_ids=tuple(dict.fromkeys(persons)),
        at=now,
        kind=kind,
        outside_work_list=outside is not None,
        words_id=outside.words_id if outside else None,
        **(_said(disclosure) if disclosure else {}),
    )
    await append(tx, event, version=1, correlation_id=case_id or access_id, time=now)
    return access_id


def _said(disclosure: Disclosure) -> dict[str, Any]:
    return {
        "basis": disclosure.basis,
        "basis_reference": disclosure.reference,
        "necessity": disclosure.necessity,
        "sender": disclosure.sender,
        "receiver": disclosure.receiver,
        "categories": disclosure.categories,
        "no_investigation": disclosure.no_investigation,
    }


def _office(principal: Principal) -> Office | None:
    return Office(principal.office) if principal.office in set(Office) else None


async def record_refusal(database: Database, request: Request, refusal: Refusal) -> None:
    """Record that a request for personal data was refused, in a transaction of its own.

    Nothing is recorded where nobody had signed in, or where the route handles no personal data.
    """
    named: Accessing | None = getattr(request.state, "accessing", None)
    principal: Principal | None = getattr(request.state, "principal", None)
    if named is None or principal is None or refusal.status not in REFUSED:
        return
    async with database.tx(Principal.worker(database.settings.service)) as tx:
        access_id, now = new_id(), await tx.fetchval("select clock()")
        event = AccessRefused(
            access_id=access_id,
            operation=named.operation,
            subject=principal.subject,
            authority=principal.authority,
            office=_office(principal),
            target_id=_target(request, named),
            problem=refusal.slug,
            at=now,
        )
        await append(tx, event, version=1, correlation_id=access_id, time=now)


def _target(request: Request, named: Accessing) -> UUID | None:
    try:
        # As text: a route may have made an id of it already.
        return UUID(str(request.path_params[named.target])) if named.target else None
    except (KeyError, ValueError):
        return None

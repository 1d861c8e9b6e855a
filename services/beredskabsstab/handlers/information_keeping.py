"""What every act on a message shares: the line held, the decision saved, others told, and what comes due."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from chassis.database import Tx
from chassis.deadlines import cancel_deadline, set_deadline
from chassis.outbox import append
from contracts.beredskabsstab.v1 import (
    InformationAudience,
    InformationClearanceAsked,
    InformationCleared,
    InformationCorrected,
    InformationCorrection,
    InformationDrafted,
    InformationExpired,
    InformationForm,
    InformationReleased,
    PopulationWarned,
    WarningReceiptChecked,
)
from contracts.event import Event
from contracts.refusal import NotFound
from services.beredskabsstab.domain.approving import is_asked_for
from services.beredskabsstab.domain.information import Decision, Message, State, Tell, Told
from services.beredskabsstab.domain.information_refusals import InformationChanged
from services.beredskabsstab.domain.plan import Plan
from services.beredskabsstab.handlers.information_log import write_down
from services.beredskabsstab.store import activations, calls, information, plans, publications
from services.beredskabsstab.store.information import Kept

if TYPE_CHECKING:
    from asyncpg import Record

APPROVERS = "information-approvers"
"""The deadline by which approvers are called, or let be."""
SILENT = "information-silent"
"""The deadline after which the chair may publish alone."""
ENDS = "information-ends"
"""The deadline at which a warning is over."""
CHECK_BACK = "information-check-back"
"""The deadline at which somebody is to ask in the area."""


@dataclass(frozen=True, slots=True)
class Held:
    """A message whose line is held, with what it is judged by."""

    kept: Kept
    activation: "Record"
    plan: Plan
    now: datetime

    @property
    def message(self) -> Message:
        """Return the message."""
        return self.kept.message


async def held(tx: Tx, information_id: UUID, version: int | None = None) -> Held:
    """Return a message with its line held.

    Raises:
        NotFound: there is none that the caller sees.
        InformationChanged: it is not at the version that the caller has read.
    """
    kept = await information.hold(tx, information_id)
    row = await activations.find(tx, kept.activation_id) if kept else None
    if kept is None or row is None:
        raise NotFound
    if version is not None and version != kept.version:
        raise InformationChanged(version=kept.version)
    return Held(kept, row, plans.document(row), await plans.now(tx))


async def keep(tx: Tx, held: Held, decision: Decision, *, corrected_by: Message | None = None) -> int:
    """Save what was decided, tell it, and set what comes due; returns the message's version."""
    version = await information.save(tx, held.kept, decision.message, held.now)
    await publications.change(tx, held.kept.information_id, decision.message, held.now)
    await tell(tx, held, decision, version, corrected_by)
    await _set_deadlines(tx, held, decision)
    await write_down(tx, held.kept, decision)
    await calls.touch(tx, held.kept.activation_id)
    return version


# -- telling -----------------------------------------------------------------------------------------------------------


async def tell(tx: Tx, held: Held, decision: Decision, version: int, corrected_by: Message | None = None) -> None:
    """Tell others what was decided: one event at most, for a message has one version for each."""
    parties = activations.authorities(await activations.parties(tx, held.kept.activation_id))
    for told in decision.told:
        if told.what in EVENTS:
            event = EVENTS[told.what](held.kept, decision.message, told, parties, corrected_by)
            await append(tx, event, version=version, correlation_id=held.kept.activation_id, time=held.now)


Telling = Callable[[Kept, Message, Told, tuple[str, ...], Message | None], Event]


def _ids(kept: Kept) -> dict[str, UUID | int]:
    return {
        "information_id": kept.information_id,
        "activation_id": kept.activation_id,
        "number": kept.message.number,
    }


def _sent_as(message: Message) -> tuple[InformationForm, tuple[InformationAudience, ...]]:
    return InformationForm(message.form), tuple(InformationAudience(one) for one in sorted(message.audiences))


def _drafted(kept: Kept, now: Message, _: Told, __: tuple[str, ...], ___: Message | None) -> Event:
    form, audiences = _sent_as(now)
    more = {"authority": now.authority, "corrects": now.corrects}
    return InformationDrafted.model_validate(_ids(kept) | {"form": form, "audiences": audiences} | more)


def _asked(kept: Kept, _: Message, told: Told, __: tuple[str, ...], ___: Message | None) -> Event:
    return InformationClearanceAsked.model_validate(_ids(kept) | {"authorities": told.authorities})


def _cleared(kept: Kept, now: Message, _: Told, __: tuple[str, ...], ___: Message | None) -> Event:
    return InformationCleared.model_validate(_ids(kept) | {"overridden": now.overridden is not None})


def _released(kept: Kept, now: Message, _: Told, parties: tuple[str, ...], __: Message | None) -> Event:
    form, audiences = _sent_as(now)
    more = {"authorities": parties, "form": form, "audiences": audiences, "alone": now.is_alone}
    return InformationReleased.model_validate(_ids(kept) | more)


def _corrected(kept: Kept, _: Message, __: Told, parties: tuple[str, ...], by: Message | None) -> Event:
    assert by is not None  # noqa: S101  nothing else corrects
    more = {"correction": InformationCorrection(by.correction or ""), "by_number": by.number}
    return InformationCorrected.model_validate(_ids(kept) | {"authorities": parties} | more)


def _expired(kept: Kept, _: Message, __: Told, ___: tuple[str, ...], ____: Message | None) -> Event:
    return InformationExpired.model_validate(_ids(kept))


def _warned(kept: Kept, now: Message, _: Told, parties: tuple[str, ...], __: Message | None) -> Event:
    return PopulationWarned.model_validate(_ids(kept) | {"authorities": parties, "warned_at": now.warned[-1].at})


def _checked(kept: Kept, _: Message, told: Told, __: tuple[str, ...], ___: Message | None) -> Event:
    return WarningReceiptChecked.model_validate(_ids(kept) | {"received": told.what is Tell.RECEIVED})


EVENTS: dict[Tell, Telling] = {
    Tell.DRAFTED: _drafted,
    Tell.CLEARANCE_ASKED: _asked,
    Tell.CLEARED: _cleared,
    Tell.RELEASED: _released,
    Tell.CORRECTED: _corrected,
    Tell.EXPIRED: _expired,
    Tell.WARNED: _warned,
    Tell.RECEIVED: _checked,
    Tell.NOT_RECEIVED: _checked,
}


# -- what comes due ----------------------------------------------------------------------------------------------------


async def _set_deadlines(tx: Tx, held: Held, decision: Decision) -> None:
    kept, after = held.kept, decision.message
    due: dict[str, datetime] = {}
    if held.message.state is State.CLEARED:
        await cancel_deadline(tx, kind=SILENT, subject=kept.information_id)
    for told in decision.told:
        if told.what is Tell.APPROVAL_ASKED and told.due:
            due[SILENT] = told.due
        if told.what is Tell.RELEASED and after.info:
            due[ENDS] = after.info.expires
        if told.what is Tell.CHECK_BACK and told.due:
            await _ask_back_at(tx, kept, after, told.due)
    if State.CLEARED in {held.message.state, after.state} and is_asked_for(after):
        # Those who approve are called by the service itself: whoever cleared last may call nobody.
        due[APPROVERS] = held.now
    for kind, at in due.items():
        await set_deadline(
            tx,
            kind=kind,
            subject=kept.information_id,
            due_at=at,
            correlation_id=kept.activation_id,
            at_once=kind == APPROVERS,
        )


async def _ask_back_at(tx: Tx, kept: Kept, after: Message, due: datetime) -> None:
    now = await information.find(tx, kept.information_id)
    assert now is not None  # noqa: S101  it was saved above
    subject = now.warned_ids[after.warned[-1].channel]
    await set_deadline(tx, kind=CHECK_BACK, subject=subject, due_at=due, correlation_id=kept.activation_id)

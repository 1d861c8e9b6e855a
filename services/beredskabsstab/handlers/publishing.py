"""Sending what is approved, in the transaction that approves it: published as CAP, and the original ended."""

from dataclasses import dataclass, replace
from uuid import UUID

from chassis.database import Tx
from services.beredskabsstab.domain import information_rules as rules
from services.beredskabsstab.domain import information_sending as sending
from services.beredskabsstab.domain.cap import Publisher
from services.beredskabsstab.domain.cap_write import write
from services.beredskabsstab.domain.information import Actor, Audience, Decision, Form, Message
from services.beredskabsstab.handlers.information_keeping import Held, held, keep
from services.beredskabsstab.store import information, publications

PUBLIC = frozenset({Audience.POPULATION, Audience.PRESS})
"""Whose messages anybody may read."""


@dataclass(frozen=True, slots=True)
class Outlet:
    """Where this installation publishes, and as whom."""

    publisher: Publisher
    web: str
    """The address before `/varsler`, as a CAP document names it."""

    def page(self, information_id: UUID) -> str:
        """Return a message's public page."""
        return f"{self.web}/varsler/{information_id}"


async def approve(tx: Tx, information_id: UUID, by: Actor, version: int, outlet: Outlet) -> int:
    """Approve a message as the approver has read it, and send it; returns its version."""
    found = await held(tx, information_id, version)
    return await _send(tx, found, rules.approve(found.message, by, found.now), outlet)


async def approve_alone(tx: Tx, information_id: UUID, by: Actor, reason: str, version: int, outlet: Outlet) -> int:
    """Let the chair publish alone when no approver has answered in time; returns its version."""
    found = await held(tx, information_id, version)
    wait_s = found.plan.approval_wait_s
    return await _send(tx, found, rules.approve_alone(found.message, by, reason, found.now, wait_s), outlet)


async def _send(tx: Tx, found: Held, approved: Decision, outlet: Outlet) -> int:
    original = await _original(tx, found)
    sent = sending.send(approved.message, original.message if original else None, found.now)
    decision = replace(sent.decision, told=(*approved.told, *sent.decision.told))
    version = await keep(tx, found, decision)
    await _publish(tx, found, decision.message, original, outlet)
    if original and sent.original:
        await keep(tx, original, sent.original, corrected_by=decision.message)
    return version


async def _original(tx: Tx, found: Held) -> Held | None:
    number = found.message.corrects
    kept = await information.by_number(tx, found.kept.activation_id, number) if number else None
    return replace(found, kept=kept) if kept else None


async def _publish(tx: Tx, found: Held, sent: Message, original: Held | None, outlet: Outlet) -> None:
    if not PUBLIC & sent.audiences:
        return
    cap = await _cap(tx, found, sent, outlet) if sent.form is Form.WARNING else None
    identifier = sending.identifier(str(found.kept.activation_id), sent.number)
    corrects = original.kept.information_id if original else None
    await publications.add(tx, found.kept, sent, identifier, corrects, cap)


async def _cap(tx: Tx, found: Held, sent: Message, outlet: Outlet) -> bytes:
    earlier, activation = await information.chain(tx, found.kept), str(found.kept.activation_id)
    page = outlet.page(found.kept.information_id)
    return write(sending.alert_of(sent, activation, earlier, outlet.publisher, page), outlet.publisher)


async def require_publishable(tx: Tx, found: Held, outlet: Outlet) -> None:
    """Refuse words that make no valid CAP document while their author can still change them (CapInvalid)."""
    if found.message.form is Form.WARNING:
        await _cap(tx, found, replace(found.message, sent_at=found.now), outlet)

"""The life of an underretning after approval: sent, delivered, acknowledged, answered, closed (ledger 4.5)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from contracts.codes import LegalBasis, municipalities
from contracts.concerns.v1 import (
    DeliveryProof,
    FeedbackKind,
    UnderretningAcknowledged,
    UnderretningAcknowledgementOverdue,
    UnderretningDelivered,
    UnderretningFeedbackGiven,
)
from contracts.hverdage import hverdage_after
from contracts.refusal import Refusal
from services.concerns.domain.calendar import danish_day, end_of_day, moment_in_words

ACKNOWLEDGE_HVERDAGE = 6
BARNETS_LOV_FROM = date(2024, 1, 1)


class State(StrEnum):
    """Where an underretning stands."""

    NEEDS_RECEIVER = "needs_receiver"
    """Approved; a person decides which municipality receives it."""
    SENT = "sent"
    DELIVERED = "delivered"
    ACKNOWLEDGED = "acknowledged"
    FEEDBACK = "feedback"
    CLOSED = "closed"


class ReceiptMismatch(Refusal):
    """The receipt names a checksum that no answer of ours had."""

    slug = "receipt-mismatch"
    status = 422
    title = "Kontrolsummen svarer ikke til noget, du har hentet."
    todo = "Hent underretningen igen, og send SHA-256 af præcis de bytes, du fik. Intet er gemt."


class NotDelivered(Refusal):
    """There is no receipt yet."""

    slug = "not-delivered"
    title = "Underretningen er ikke kvitteret som modtaget."
    todo = "Hent underretningen, send kvitteringen, og bekræft så modtagelsen."


class NotAcknowledged(Refusal):
    """The municipality has not acknowledged it yet."""

    slug = "not-acknowledged"
    title = "Modtagelsen er ikke bekræftet endnu."
    todo = "Bekræft modtagelsen først."


class NotOpen(Refusal):
    """It is closed, or it does not wait for this."""

    slug = "underretning-not-open"
    title = "Underretningen venter ikke på dette."
    todo = "Hent den igen, og se, hvor den er."


@dataclass(frozen=True, slots=True)
class Underretning:
    """A stored underretning as a decision reads it."""

    id: UUID
    receiver: str | None
    state: State
    acknowledge_by: datetime | None = None


def receiver_named(kommune: str) -> dict[str, str]:
    """Return the receiver as a document names it."""
    return {"kommunekode": kommune, "name": municipalities()[kommune].name}


def law_at(day: date) -> LegalBasis:
    """Return the law in force on a day (L-10)."""
    return LegalBasis.BARNETS_LOV_133 if day >= BARNETS_LOV_FROM else LegalBasis.SERVICELOVEN_153


def acknowledge_by(delivered_at: datetime) -> datetime:
    """Return when the acknowledgement is due: the end of the sixth hverdag after the day of receipt (L-08)."""
    return end_of_day(hverdage_after(danish_day(delivered_at), ACKNOWLEDGE_HVERDAGE))


def assess_by_words(delivered_at: datetime) -> str:
    """Say when the municipality's own 24 hours end; we show it and count nothing against it (L-07)."""
    return f"Kommunens egen vurdering: senest {moment_in_words(delivered_at + timedelta(hours=24))}"


def receive(one: Underretning, *, served: bool, now: datetime) -> UnderretningDelivered | None:
    """Take a receipt; the first one starts the clocks, one more says nothing new."""
    if not served:
        raise ReceiptMismatch
    if one.state is not State.SENT:
        return None
    return UnderretningDelivered(
        underretning_id=one.id,
        receiver=_receiver(one),
        proof=DeliveryProof.RECEIPT,
        acknowledge_by=acknowledge_by(now),
    )


def acknowledge(one: Underretning) -> UnderretningAcknowledged | None:
    """Take the municipality's acknowledgement; a second one says nothing new."""
    if one.state is State.SENT:
        raise NotDelivered
    if one.state is not State.DELIVERED:
        return None
    return UnderretningAcknowledged(underretning_id=one.id, receiver=_receiver(one))


def overdue(one: Underretning) -> UnderretningAcknowledgementOverdue | None:
    """Tell that the acknowledgement is overdue, if it still is missing when its deadline has passed."""
    if one.state is not State.DELIVERED or one.acknowledge_by is None:
        return None
    return UnderretningAcknowledgementOverdue(
        underretning_id=one.id, receiver=_receiver(one), due_at=one.acknowledge_by
    )


def give_feedback(one: Underretning, kind: FeedbackKind) -> UnderretningFeedbackGiven:
    """Take what the municipality tells the sender; no other content of its case comes back (L-09)."""
    if one.state in {State.SENT, State.DELIVERED}:
        raise NotAcknowledged
    if one.state is not State.ACKNOWLEDGED:
        raise NotOpen
    return UnderretningFeedbackGiven(underretning_id=one.id, receiver=_receiver(one), feedback_kind=kind)


def require_closable(one: Underretning) -> None:
    """Refuse to close what the receiver has not acknowledged, or what is closed."""
    if one.state in {State.SENT, State.DELIVERED, State.NEEDS_RECEIVER}:
        raise NotAcknowledged
    if one.state is State.CLOSED:
        raise NotOpen


def _receiver(one: Underretning) -> str:
    if one.receiver is None:
        raise NotOpen
    return one.receiver

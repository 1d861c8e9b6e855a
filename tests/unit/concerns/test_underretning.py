"""An underretning after approval, decided without a database: each answer, and each refusal."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from contracts.codes import LegalBasis, Purpose
from contracts.concerns.v1 import FeedbackKind
from contracts.refusal import Refusal
from services.concerns.domain.delivery import LONGEST_LINE, Lines, LineTooLong
from services.concerns.domain.purpose import PurposeMissing, PurposeNotAllowed, read_purpose
from services.concerns.domain.underretning import (
    NotAcknowledged,
    NotDelivered,
    NotOpen,
    ReceiptMismatch,
    State,
    Underretning,
    acknowledge,
    acknowledge_by,
    give_feedback,
    law_at,
    overdue,
    receive,
    require_closable,
)
from services.concerns.domain.wording import LegalGround, UnknownCode

NOON = datetime(2026, 3, 27, 11, tzinfo=UTC)
SENT = Underretning(UUID(int=1), "0657", State.SENT)
DELIVERED = replace(SENT, state=State.DELIVERED, acknowledge_by=acknowledge_by(NOON))
ACKNOWLEDGED = replace(DELIVERED, state=State.ACKNOWLEDGED)
CLOSED = replace(DELIVERED, state=State.CLOSED)


@pytest.mark.ledger("L-10")
def test_the_law_is_the_one_in_force_on_the_day() -> None:
    assert law_at(date(2023, 12, 31)) is LegalBasis.SERVICELOVEN_153
    assert law_at(date(2024, 1, 1)) is LegalBasis.BARNETS_LOV_133


@pytest.mark.ledger("L-06")
def test_there_are_four_grounds() -> None:
    assert set(LegalGround) == {"support_need", "unborn", "unlawful_school_absence", "abuse"}


@pytest.mark.ledger("L-08")
def test_the_acknowledgement_is_due_when_the_sixth_hverdag_has_ended() -> None:
    assert acknowledge_by(NOON) == datetime(2026, 4, 9, 22, tzinfo=UTC)


def test_the_first_receipt_starts_the_clocks_and_the_second_says_nothing() -> None:
    told = receive(SENT, served=True, now=NOON)
    assert told is not None
    assert told.acknowledge_by == acknowledge_by(NOON)
    assert receive(DELIVERED, served=True, now=NOON) is None


def test_an_acknowledgement_is_told_once() -> None:
    assert acknowledge(DELIVERED) is not None
    assert acknowledge(ACKNOWLEDGED) is None
    assert acknowledge(CLOSED) is None


def test_only_what_is_delivered_and_unanswered_becomes_overdue() -> None:
    told = overdue(DELIVERED)
    assert told is not None
    assert told.due_at == acknowledge_by(NOON)
    assert overdue(ACKNOWLEDGED) is overdue(SENT) is None


@pytest.mark.parametrize(
    ("refusal", "act"),
    [
        (ReceiptMismatch, lambda: receive(SENT, served=False, now=NOON)),
        (NotDelivered, lambda: acknowledge(SENT)),
        (NotAcknowledged, lambda: give_feedback(DELIVERED, FeedbackKind.NO_MEASURES)),
        (NotOpen, lambda: give_feedback(CLOSED, FeedbackKind.NO_MEASURES)),
        (NotAcknowledged, lambda: require_closable(DELIVERED)),
        (NotOpen, lambda: require_closable(CLOSED)),
        (NotOpen, lambda: receive(replace(SENT, receiver=None), served=True, now=NOON)),
        (PurposeMissing, lambda: read_purpose(None)),
        (UnknownCode, lambda: read_purpose("curiosity")),
        (PurposeNotAllowed, lambda: read_purpose("socialsoeg")),
    ],
)
def test_what_cannot_be_done_is_refused_by_name(refusal: type[Refusal], act: Callable[[], object]) -> None:
    with pytest.raises(refusal):
        act()


def test_there_is_one_purpose_for_which_it_is_read() -> None:
    assert read_purpose("underretning") is Purpose.UNDERRETNING


def test_lines_are_whole_wherever_the_stream_was_cut() -> None:
    text = b"first\nsecond\n\nlast"
    for cut in range(len(text)):
        lines = Lines()
        found = [*lines.feed(text[:cut]), *lines.feed(text[cut:]), *lines.rest()]
        assert found == [b"first", b"second", b"", b"last"]


def test_a_line_that_never_ends_is_given_up_early() -> None:
    lines = Lines()
    for _ in range(10):
        assert not list(lines.feed(b"x" * (LONGEST_LINE // 10)))
    with pytest.raises(LineTooLong):
        list(lines.feed(b"x" * (LONGEST_LINE // 10)))

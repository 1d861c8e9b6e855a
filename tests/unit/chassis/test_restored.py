"""After a restore a group goes back and never forward, and numbers of copies go on and never back."""

from datetime import UTC, datetime
from uuid import UUID

from aiokafka import TopicPartition

from chassis.operations.restored import earlier, envelope_of, is_told_by, last_numbers
from chassis.settings import Settings
from contracts.cloudevents import to_headers
from contracts.codes import Mode
from contracts.event import Envelope

PLACE, OTHER = TopicPartition("notes", 0), TopicPartition("notes", 1)
CASE = UUID(int=7)


def of(service: str, mode: Mode = Mode.LIVE) -> Settings:
    return Settings(service=service, mode=mode, database_url="x", kafka_bootstrap="x", issuer="x", http_port=1)


def copy(number: int) -> Envelope:
    return Envelope(
        id=UUID(int=number),
        type="dk.samvirke.referrals.ReferralReceived.v1",
        source="/samvirke/alerting",
        subject=str(CASE),
        time=datetime(2026, 3, 2, 12, tzinfo=UTC),
        correlation_id=CASE,
        legal_basis="retshaandhaevelsesloven",
        purpose="crime-prevention",
        mailbox_sequence=number,
    )


def test_a_group_moves_to_where_it_stood_then() -> None:
    assert earlier({PLACE: 10}, {PLACE: 4}) == {PLACE: 4}


def test_a_group_that_was_behind_even_then_stays_where_it_is() -> None:
    assert earlier({PLACE: 3, OTHER: 5}, {PLACE: 4, OTHER: 5}) == {}


def test_the_last_number_of_each_aggregate_in_each_mailbox_counts() -> None:
    told = [("box", copy(2)), ("box", copy(3)), ("box", copy(1)), ("other", copy(1))]
    assert last_numbers(told) == [(CASE, "box", 3), (CASE, "other", 1)]


def test_the_envelope_of_a_record_is_read() -> None:
    envelope = envelope_of(to_headers(copy(1)))
    assert envelope is not None
    assert (envelope.source, envelope.mailbox_sequence) == ("/samvirke/alerting", 1)


def test_a_record_that_cannot_be_read_has_none() -> None:
    assert envelope_of([("ce_id", b"nothing")]) is None


def test_an_event_is_its_tellers_own() -> None:
    assert is_told_by(copy(1), of("alerting"))
    assert not is_told_by(copy(1), of("referrals"))


def test_what_the_same_service_told_for_real_is_not_an_exercises_own() -> None:
    assert not is_told_by(copy(1), of("alerting", Mode.EXERCISE))

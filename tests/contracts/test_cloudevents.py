"""Headers: the round trip, the referee's reading of them, and everything that must be refused."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary, to_binary
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from hypothesis import given
from hypothesis import strategies as st

from contracts.cloudevents import KNOWN, MAX_INTEGER, NEEDED, UnreadableEnvelope, from_headers, peek, to_headers
from contracts.codes import Mode
from contracts.event import Envelope

CPR = "611225-1234"
NOON = datetime(2026, 3, 30, 12, tzinfo=UTC)
SENT = Envelope(
    id=UUID(int=1),
    type="dk.samvirke.concerns.UnderretningSent.v1",
    source="/samvirke/concerns",
    subject=str(UUID(int=2)),
    time=NOON,
    correlation_id=UUID(int=3),
    legal_basis="barnets-lov-133",
    purpose="underretning",
    causation_id=UUID(int=4),
    aggregate_version=7,
    dataschema="/schemas/concerns.UnderretningSent.v1.json",
    traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
)

texts = st.text(st.characters(categories=["L", "N", "P"]), min_size=1)
versions = st.none() | st.integers(1, MAX_INTEGER)
envelopes = st.builds(
    Envelope,
    id=st.uuids(),
    type=texts,
    source=texts,
    subject=texts,
    time=st.datetimes(timezones=st.just(UTC)),
    correlation_id=st.uuids(),
    legal_basis=texts,
    purpose=texts,
    mode=st.sampled_from(Mode),
    causation_id=st.none() | st.uuids(),
    aggregate_version=versions,
    mailbox_sequence=versions,
    dataschema=st.none() | texts,
    traceparent=st.none() | texts,
)


def changed(name: str, value: bytes | None) -> list[tuple[str, bytes | None]]:
    """Return good headers with one of them replaced."""
    return [(header, value if header == name else text) for header, text in to_headers(SENT)]


def without(name: str) -> list[tuple[str, bytes]]:
    return [(header, text) for header, text in to_headers(SENT) if header != name]


@given(envelopes)
def test_what_was_written_is_read(envelope: Envelope) -> None:
    assert from_headers(to_headers(envelope)) == envelope


@given(st.lists(st.tuples(st.sampled_from(sorted(KNOWN)) | st.text(), st.none() | st.binary())))
def test_any_headers_give_an_envelope_or_the_one_refusal(headers: list[tuple[str, bytes | None]]) -> None:
    with pytest.raises(UnreadableEnvelope):
        from_headers(headers)


@given(st.sampled_from(sorted(KNOWN)), st.none() | st.binary())
def test_one_bad_header_gives_an_envelope_or_the_one_refusal(name: str, value: bytes | None) -> None:
    try:
        from_headers(changed(name, value))
    except UnreadableEnvelope as refusal:
        assert str(refusal).startswith(name)  # noqa: PT017 (either outcome is right; what is refused must say where)


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("ce_id", b"not-a-uuid", "ce_id is not a UUID"),
        ("ce_id", None, "ce_id is empty or holds control characters"),
        ("ce_type", b"\xff\xfe", "ce_type is not UTF-8"),
        ("ce_type", b"dk.samvirke\x00", "ce_type is empty or holds control characters"),
        ("ce_specversion", b"0.3", "ce_specversion is not 1.0"),
        ("ce_time", b"2026-03-30T12:00:00", "ce_time is not a time with an offset"),
        ("ce_time", b"0001-01-01T00:00:00+14:00", "ce_time is not a time with an offset"),
        ("ce_mode", b"rehearsal", "ce_mode is neither live nor exercise"),
        ("ce_aggregateversion", b"0", "ce_aggregateversion is out of range"),
        ("ce_aggregateversion", b"9999999999", "ce_aggregateversion is out of range"),
        ("ce_aggregateversion", "٣".encode(), "ce_aggregateversion is not a whole number"),
        ("ce_aggregateversion", b"9" * 5000, "ce_aggregateversion is not a whole number"),
        ("content-type", b"application/cloudevents+json", "content-type is not application/json"),
    ],
)
def test_the_refusal_names_the_header_and_the_fault(name: str, value: bytes | None, reason: str) -> None:
    with pytest.raises(UnreadableEnvelope) as refusal:
        from_headers(changed(name, value))
    assert str(refusal.value) == reason


@pytest.mark.parametrize("name", sorted(NEEDED))
def test_a_needed_header_that_is_missing_is_refused(name: str) -> None:
    with pytest.raises(UnreadableEnvelope, match=f"^{name} is missing$"):
        from_headers(without(name))


def test_no_headers_at_all_are_refused() -> None:
    with pytest.raises(UnreadableEnvelope):
        from_headers(None)


def test_a_header_that_comes_twice_is_refused() -> None:
    with pytest.raises(UnreadableEnvelope, match="comes twice"):
        from_headers([*to_headers(SENT), ("ce_id", b"00000000-0000-0000-0000-000000000009")])


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_the_refusal_never_quotes_what_the_header_holds(name: str) -> None:
    try:
        from_headers(changed(name, CPR.encode()))
    except UnreadableEnvelope as refusal:
        assert CPR not in str(refusal)  # noqa: PT017 (a header that may hold any text is no fault)
        assert refusal.__cause__ is None  # noqa: PT017 (as above)
        assert refusal.__suppress_context__  # noqa: PT017 (as above)


def test_headers_that_are_not_ours_pass_unread() -> None:
    assert from_headers([*to_headers(SENT), ("reply_to", b"\xff"), ("ce_partitionkey", None)]) == SENT


def test_without_a_mode_it_is_meant() -> None:
    assert from_headers(without("ce_mode")).mode is Mode.LIVE


def test_time_in_another_zone_is_the_same_moment() -> None:
    envelope = from_headers(changed("ce_time", b"2026-03-30T14:00:00+02:00"))
    assert envelope.time == NOON
    assert envelope.time.utcoffset() == timedelta(0)


def test_time_is_written_in_utc() -> None:
    copenhagen = timezone(timedelta(hours=2))
    headers = dict(to_headers(from_headers(changed("ce_time", NOON.astimezone(copenhagen).isoformat().encode()))))
    assert headers["ce_time"] == b"2026-03-30T12:00:00+00:00"


def test_type_and_id_are_read_even_when_nothing_else_can_be() -> None:
    assert peek(to_headers(SENT)) == (SENT.type, SENT.id)
    assert peek([("ce_type", b"a"), ("ce_id", b"?")]) == ("a", None)
    assert peek([("ce_type", b"\xff"), ("ce_id", str(SENT.id).encode())]) == (None, SENT.id)
    assert peek([("ce_type", None), ("ce_id", None)]) == (None, None)
    assert peek(None) == (None, None)


@given(st.lists(st.tuples(st.sampled_from(["ce_type", "ce_id"]), st.none() | st.binary())))
def test_reading_type_and_id_never_fails(headers: list[tuple[str, bytes | None]]) -> None:
    peek(headers)


def test_the_referee_reads_what_we_write() -> None:
    read = from_binary(KafkaMessage(dict(to_headers(SENT)), str(UUID(int=2)), b'{"urgent":false}'), JSONFormat())
    assert (read.get_id(), read.get_source(), read.get_type()) == (str(SENT.id), SENT.source, SENT.type)
    assert (read.get_subject(), read.get_time(), read.get_dataschema()) == (SENT.subject, SENT.time, SENT.dataschema)
    assert read.get_datacontenttype() == "application/json"
    assert read.get_data() == {"urgent": False}
    assert read.get_extension("aggregateversion") == "7"
    assert read.get_extension("correlationid") == str(SENT.correlation_id)
    assert read.get_extension("causationid") == str(SENT.causation_id)
    assert read.get_extension("legalbasis") == SENT.legal_basis
    assert read.get_extension("purpose") == SENT.purpose
    assert read.get_extension("mode") == "live"


def test_we_read_what_the_referee_writes() -> None:
    attributes: dict[str, Any] = {
        "specversion": "1.0",
        "id": str(SENT.id),
        "source": SENT.source,
        "type": SENT.type,
        "subject": SENT.subject,
        "time": SENT.time,
        "datacontenttype": "application/json",
        "dataschema": SENT.dataschema,
        "aggregateversion": 7,
        "correlationid": str(SENT.correlation_id),
        "causationid": str(SENT.causation_id),
        "legalbasis": SENT.legal_basis,
        "purpose": SENT.purpose,
        "mode": "live",
    }
    written = to_binary(CloudEvent(attributes, {"urgent": False}), JSONFormat())
    headers = [*written.headers.items(), ("traceparent", (SENT.traceparent or "").encode())]
    assert from_headers(headers) == SENT

"""Reading a record never fails, whatever it holds."""

from types import SimpleNamespace
from uuid import uuid4

from hypothesis import example, given
from hypothesis import strategies as st

from chassis.parked import Parked
from chassis.received import read
from contracts.codes import Mode
from tests.component.chassis.kafka import note
from tests.probe.v1 import NoteWritten

NAMES = st.sampled_from([name for name, _ in note().headers]) | st.text(max_size=12)
HEADERS = st.lists(st.tuples(NAMES, st.none() | st.binary(max_size=40)), max_size=20)
OURS = note(7, uuid4())


@given(key=st.none() | st.binary(max_size=300), value=st.none() | st.binary(max_size=80), headers=HEADERS)
@example(key=b"\x00", value=None, headers=[])
@example(key=b"k" * 10_000, value=b"", headers=[("ce_type", None)])
def test_whatever_comes_is_read_and_can_be_parked(
    key: bytes | None, value: bytes | None, headers: list[tuple[str, bytes | None]]
) -> None:
    record = SimpleNamespace(topic="t", partition=0, offset=1, timestamp=0, key=key, value=value, headers=headers)
    received = read(record, Mode.LIVE, {NoteWritten})
    parked = Parked.of(received)
    assert parked.key is None or (len(parked.key) <= 200 and "\x00" not in parked.key)
    assert received.cause or not received.concerns_us


@given(value=st.none() | st.binary(max_size=80), spoilt=st.sampled_from([name for name, _ in OURS.headers]))
def test_one_spoilt_header_never_passes_for_ours(value: bytes | None, spoilt: str) -> None:
    headers = [(name, old) for name, old in OURS.headers if name != spoilt] + [(spoilt, b"\xff")]
    record = SimpleNamespace(topic="t", partition=0, offset=1, timestamp=0, key=OURS.key, value=value, headers=headers)
    assert read(record, Mode.LIVE, {NoteWritten}).event is None


def test_a_right_record_is_read() -> None:
    record = SimpleNamespace(
        topic="t", partition=0, offset=1, timestamp=0, key=OURS.key, value=OURS.value, headers=OURS.headers
    )
    received = read(record, Mode.LIVE, {NoteWritten})
    assert (received.cause, received.key) == ("", (OURS.key or b"").decode())
    assert isinstance(received.event, NoteWritten)
    assert received.event.number == 7

"""A document that is meant to hurt is refused: what it names is not fetched, and it costs little."""

import resource
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.codes import Mode
from contracts.refusal import Refusal
from services.beredskabsstab.domain.cap import MAX_BYTES, CapInvalid, CapTooLarge, CapUnsafe
from services.beredskabsstab.domain.cap_read import read
from tests.unit.beredskabsstab.cap_samples import RECEIVED, changed

ATTRIBUTES = " ".join(f'a{number}=""' for number in range(30))


def laughs(encoding: str) -> bytes:
    """Return ten entities, each ten times the one before: a gigabyte in half a kilobyte."""
    entities = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return f"<!DOCTYPE alert [{entities}]><alert x='&a9;'>&a9;</alert>".encode(encoding)


HOSTILE = {
    "a billion laughs": (laughs("utf-8"), CapUnsafe),
    "a billion laughs in UTF-16": (laughs("utf-16"), CapUnsafe),
    "an external document type": (b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x"><a/>', CapUnsafe),
    "an external entity": (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', CapUnsafe),
    "a parameter entity": (b'<!DOCTYPE a [<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;]><a/>', CapUnsafe),
    "a harmless document type": (b"<!DOCTYPE alert>" + RECEIVED.partition("?>\n")[2].encode(), CapUnsafe),
    "100,000 deep": (b"<a>" * 100_000 + b"</a>" * 100_000, CapUnsafe),
    "100,000 deep and never closed": (b"<a>" * 100_000, CapUnsafe),
    "very many attributes": (b"<a " + b" ".join(b'a%d=""' % n for n in range(90_000)) + b"/>", CapUnsafe),
    "50 MB": (b"<a>" + b"x" * 50_000_000 + b"</a>", CapTooLarge),
    "one byte too many": (b" " * (MAX_BYTES + 1), CapTooLarge),
    "very many elements": (changed(("<info>", "<info/>" * 130_000 + "<info>")), CapUnsafe),
    "many wrong elements": (changed(("<info>", "<info/>" * 9_900 + "<info>")), CapInvalid),
    "very many wrong attributes": (changed(("<info>", f"<info {ATTRIBUTES}/>" * 2_500 + "<info>")), CapUnsafe),
    "many wrong attributes": (changed(("<info>", f"<info {ATTRIBUTES}/>" * 320 + "<info>")), CapInvalid),
    "many wrong values": (changed(("<info>", "<info><category>x</category></info>" * 4_900 + "<info>")), CapInvalid),
    "nothing": (b"", CapInvalid),
    "no XML": (b"{}", CapInvalid),
    "half of it": (RECEIVED.encode()[:500], CapInvalid),
    "an entity that nobody declared": (b"<a>&x;</a>", CapInvalid),
    "an encoding that is none": (b'<?xml version="1.0" encoding="x-none"?><a/>', CapInvalid),
    "bytes that are no UTF-8": (RECEIVED.encode().replace(b"vest", b"v\xe6st"), CapInvalid),
    "NUL": (RECEIVED.encode() + b"\0", CapInvalid),
    "another language": (b"<html xmlns='http://www.w3.org/1999/xhtml'/>", CapInvalid),
}


@pytest.fixture(scope="module")
def of_a_long_one() -> float:
    """Return the processor's seconds for about the longest document that is lawful."""
    info = RECEIVED[RECEIVED.index("<info>") : RECEIVED.index("</info>") + len("</info>")]
    began = process_time()
    assert read(changed((info, info * 500)), Mode.LIVE).identifier
    return process_time() - began


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_documents_cost_about_what_a_long_lawful_one_does_and_take_no_memory(
    what: str, of_a_long_one: float
) -> None:
    body, refusal = HOSTILE[what]
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, process_time()
    with pytest.raises(Refusal) as refused:
        read(body, Mode.LIVE)
    assert type(refused.value) is refusal
    assert process_time() - began < 20 * of_a_long_one, "what grows with the square of a document would be hundreds"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000, "in kilobytes"


@given(st.binary(max_size=300) | st.text(alphabet="<>/=\"' alertinfo&;!-[]", max_size=200).map(str.encode))
def test_no_bytes_at_all_make_anything_but_a_refusal(body: bytes) -> None:
    with pytest.raises(Refusal):
        read(body, Mode.LIVE)

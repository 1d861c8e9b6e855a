"""The tree against the RFC's own words, and notes against the format's own example."""

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.audit.domain.note import Checkpoint, Note, PublicKey, Signature, UnreadableNote, parse
from services.audit.domain.tree import EMPTY_ROOT, Tree, leaf_hash, tree_of

INPUTS = [bytes.fromhex(one) for one in (
    *("", "00", "10", "2021", "3031", "40414243", "5051525354555657"),
    "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""The test vectors of Certificate Transparency, which every implementation of RFC 6962 is held against."""


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_are_those_of_certificate_transparency(size: int) -> None:
    assert tree_of(leaf_hash(one) for one in INPUTS[:size]).root().hex() == ROOTS[size - 1]


def test_an_empty_log_has_the_root_of_nothing() -> None:
    assert Tree().root() == EMPTY_ROOT


def defined(leaves: Sequence[bytes]) -> bytes:
    """Return the root as RFC 6962 defines it, from the top."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return hashlib.sha256(b"\x01" + defined(leaves[:split]) + defined(leaves[split:])).digest()


@given(st.lists(st.binary(max_size=4), min_size=1, max_size=70))
def test_a_tree_grown_leaf_by_leaf_has_the_root_of_the_definition(told: list[bytes]) -> None:
    leaves = [leaf_hash(one) for one in told]
    assert tree_of(leaves).root() == defined(leaves)
    assert tree_of(leaves).size == len(leaves)


KEY = PublicKey("samvirke.example/audit", bytes(range(32)))
NOTE = Note(Checkpoint(KEY.name, 7, bytes(32)), (Signature(KEY.name, KEY.key_hash, bytes(64)),))


def test_a_key_is_read_from_how_go_writes_it() -> None:
    go = PublicKey.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    assert go.name == "PeterNeumann"
    assert str(go) == "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"


def test_a_note_is_read_as_it_was_written() -> None:
    assert parse(NOTE.text()) == NOTE
    assert NOTE.by([KEY]) == [(KEY, bytes(64))]
    assert NOTE.by([PublicKey(KEY.name, bytes(32))]) == []


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "what",
        NOTE.text().replace("\n7\n", "\n-7\n"),
        NOTE.text().replace("\n7\n", "\n07\n"),
        NOTE.text().replace("\n7\n", "\n7\nmore\n"),
        NOTE.text().replace("\N{EM DASH}", "--"),
        NOTE.text() + "\n",
        NOTE.text().replace("AAAA", "A*AA"),
    ],
)
def test_what_is_no_note_is_refused(wrong: str) -> None:
    with pytest.raises(UnreadableNote):
        parse(wrong)

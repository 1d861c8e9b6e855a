"""The Merkle tree over the log's entries, after RFC 6962: its root says in 32 bytes all that was ever told.

A tree that only grows is its *peaks*: the roots of its full subtrees, largest first. Two peaks of one size become one,
so a new entry costs a few hashes and the whole log fits in one row.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(told: bytes) -> bytes:
    """Return the hash of one entry."""
    return hashlib.sha256(b"\x00" + told).digest()


def chained(previous: bytes, leaf: bytes) -> bytes:
    """Return the hash of the chain up to an entry: it holds every entry before it, in order."""
    return hashlib.sha256(previous + leaf).digest()


def _parent(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Tree:
    """A log of some size, by the roots of its full subtrees."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def with_leaf(self, leaf: bytes) -> "Tree":
        """Return the tree with one more entry."""
        peaks, subtrees = [*self.peaks, leaf], self.size
        while subtrees % 2:
            right, left = peaks.pop(), peaks.pop()
            peaks.append(_parent(left, right))
            subtrees //= 2
        return Tree(self.size + 1, tuple(peaks))

    def root(self) -> bytes:
        """Return the RFC 6962 tree head."""
        if not self.peaks:
            return EMPTY_ROOT
        return reduce(lambda right, left: _parent(left, right), reversed(self.peaks))


def tree_of(leaves: Iterable[bytes]) -> Tree:
    """Return the tree over some leaf hashes."""
    return reduce(Tree.with_leaf, leaves, Tree())

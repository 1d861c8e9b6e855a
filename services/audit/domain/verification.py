"""Does the log still say what was told? One pass over its entries, and the first fault by its place."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services.audit.domain.entry import looked_up, read
from services.audit.domain.tree import EMPTY_ROOT, Tree, chained

_COLUMNS = ("event_id", "kind", "service")


@dataclass(frozen=True, slots=True)
class Found:
    """One fault: where, and what."""

    place: str
    what: str

    def __str__(self) -> str:
        """Return it as a line."""
        return f"{self.place}: {self.what}"


@dataclass(slots=True)
class Pass:
    """One pass over the log, in order; it remembers the roots at the sizes that checkpoints name."""

    sizes: frozenset[int]
    tree: Tree = field(default_factory=Tree)
    chain: bytes = EMPTY_ROOT
    roots: dict[int, bytes] = field(default_factory=dict)
    faults: list[Found] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Know the root of the empty log."""
        self.roots[0] = self.tree.root()

    def take(self, row: Mapping[str, Any]) -> None:
        """Check the next entry and add what it says now to the tree."""
        place = f"entry {row['position']}"
        if row["position"] != self.tree.size + 1:
            self.faults.append(Found(place, f"entry {self.tree.size + 1} should stand here"))
        leaf = self._leaf(place, row)
        self.chain = chained(self.chain, leaf)
        if bytes(row["chain_hash"]) != self.chain:
            self.faults.append(Found(place, "the chain is broken: it does not follow from the entry before it"))
            self.chain = bytes(row["chain_hash"])
        self.tree = self.tree.with_leaf(leaf)
        if self.tree.size in self.sizes:
            self.roots[self.tree.size] = self.tree.root()

    def _leaf(self, place: str, row: Mapping[str, Any]) -> bytes:
        try:
            told = read(row["told"])
            leaf, said = told.leaf, looked_up(told)
        except (ValueError, KeyError, TypeError, AttributeError):
            self.faults.append(Found(place, "what was told cannot be read"))
            return bytes(row["leaf_hash"])
        if told.canonical() != row["told"] or leaf != bytes(row["leaf_hash"]):
            self.faults.append(Found(place, "what was told is not what its hash says"))
        said |= {name: getattr(told, name) for name in (*_COLUMNS, "day", "value_sha256")} | {"told_at": told.time}
        if wrong := sorted(name for name, value in said.items() if _plain(row[name]) != _plain(value)):
            self.faults.append(Found(place, f"the index says other than what was told: {', '.join(wrong)}"))
        return leaf

    def ends_at(self, size: int, chain: bytes, root: bytes) -> None:
        """Check the row that says where the log ends."""
        if (size, chain, root) != (self.tree.size, self.chain, self.tree.root()):
            self.faults.append(Found("end of the log", f"it should hold {size} entries and holds {self.tree.size}"))


def _plain(value: object) -> str:
    """Return a value in one form, whichever driver it came from."""
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    return json.dumps([str(one) for one in value] if isinstance(value, list) else value, default=str)


def agrees(roots: Mapping[int, bytes], size: int, root: bytes, held: int) -> str | None:
    """Return what is wrong with a checkpoint beside the log as it is now, None when they agree."""
    if size > held:
        return f"it was signed at {size} entries and the log has {held}: entries are gone, or an older state came back"
    return None if roots.get(size) == root else f"the first {size} entries are not those that were signed"

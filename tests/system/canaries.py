"""Looks for personal data where it must not be: the same text in every coat it may wear."""

import base64
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

PIECE = 8 * 1024 * 1024


def coats(text: str) -> set[bytes]:
    """Return a text as UTF-8, UTF-16 and base64 at its three alignments."""
    plain = text.encode()
    return {plain, text.encode("utf-16-le"), text.encode("utf-16-be"), *_aligned(plain)}


def number_coats(number: str) -> set[bytes]:
    """Return a CPR number in all its coats, with and without hyphen."""
    return coats(number) | coats(f"{number[:6]}-{number[6:]}")


def _aligned(plain: bytes) -> Iterator[bytes]:
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + plain).rstrip(b"=")
        # The first and last characters also hold bits of the neighbours.
        start = (shift * 8 + 5) // 6
        yield encoded[start : len(encoded) - 1]


class Scanner:
    """Finds any of many byte strings."""

    def __init__(self, wanted: Iterable[bytes]) -> None:
        """Compile what is looked for."""
        found = sorted(wanted, key=len, reverse=True)
        self._longest = len(found[0])
        self._pattern = re.compile(b"|".join(map(re.escape, found)))

    def hits(self, data: bytes) -> int:
        """Return how often it stands in some bytes."""
        return sum(1 for _ in self._pattern.finditer(data))

    def hits_in_file(self, file: Path) -> int:
        """Return how often it stands in a file, also across the pieces that it is read in."""
        hits, tail = 0, b""
        with file.open("rb") as stream:
            while piece := stream.read(PIECE):
                data = tail + piece
                hits += self.hits(data)
                tail = data[-(self._longest - 1) :]
                hits -= self.hits(tail)
            return hits + self.hits(tail)

    def hits_below(self, folder: Path, leave_out: Iterable[Path] = ()) -> dict[str, int]:
        """Return the files below a folder in which it stands."""
        left_out = set(leave_out)
        files = (file for file in folder.rglob("*") if file.is_file() and file not in left_out)
        return {str(file): hits for file in files if (hits := self.hits_in_file(file))}

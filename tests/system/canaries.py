"""Looks for personal data where it must not be: the same text in every coat it may wear."""

import base64
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from ahocorasick_rs import BytesAhoCorasick

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
    """Finds any of some byte strings."""

    def __init__(self, wanted: Iterable[bytes]) -> None:
        """Remember what is looked for."""
        self._wanted = sorted(set(wanted))
        self._overlap = max(map(len, self._wanted)) - 1
        self._any = BytesAhoCorasick(self._wanted)

    def hits(self, data: bytes) -> int:
        """Return how often it stands in some bytes; all are looked for at once, and counted where one was found."""
        return sum(data.count(one) for one in self._wanted) if self._any.find_matches_as_indexes(data) else 0

    def hits_in_file(self, file: Path) -> int:
        """Return how often it stands in a file, also across the pieces that it is read in."""
        hits, tail = 0, b""
        for piece in _pieces(file):
            hits += self.hits(tail + piece) - self.hits(tail)
            tail = (tail + piece)[-self._overlap :]
        return hits

    def hits_below(self, folder: Path, leave_out: Iterable[Path] = ()) -> dict[str, int]:
        """Return the files below a folder in which it stands."""
        left_out = set(leave_out)
        files = (file for file in folder.rglob("*") if file.is_file() and file not in left_out)
        return {str(file): hits for file in files if (hits := self.hits_in_file(file))}


def _pieces(file: Path) -> Iterator[bytes]:
    """Read a file's data, passing over its holes: a broker's index files are megabytes of nothing."""
    with file.open("rb", buffering=0) as stream:
        place, end = 0, stream.seek(0, os.SEEK_END)
        while place < end:
            try:
                place = os.lseek(stream.fileno(), place, os.SEEK_DATA)
            except OSError:
                return
            hole = os.lseek(stream.fileno(), place, os.SEEK_HOLE)
            stream.seek(place)
            piece = stream.read(min(PIECE, hole - place))
            place += len(piece)
            yield piece

"""Checkpoints as signed notes: what C2SP calls `tlog-checkpoint` and `signed-note`, which Go's sumdb reads as well.

A checkpoint says how long the log is and what its root is. It is text, so that anyone can keep it and compare it.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

ED25519 = 1
_DASH = "\N{EM DASH} "
LINES = 3
"""Origin, size and root; the format allows more, and ours has none."""


class UnreadableNote(ValueError):
    """A text is no signed checkpoint of ours; the reason says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How long the log of an origin was, and its root."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """Return what is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed, by which key, and the signature's bytes."""

    name: str
    key_hash: bytes
    signature: bytes

    def line(self) -> str:
        """Return the signature as a line of the note."""
        return f"{_DASH}{self.name} {base64.b64encode(self.key_hash + self.signature).decode()}\n"


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key by which checkpoints are verified."""

    name: str
    public: bytes

    @property
    def key_hash(self) -> bytes:
        """Return the four bytes by which notes name the key."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([ED25519]) + self.public).digest()[:4]

    def __str__(self) -> str:
        """Return the key as verifiers write it: name, hash and key."""
        key = base64.b64encode(bytes([ED25519]) + self.public).decode()
        return f"{self.name}+{self.key_hash.hex()}+{key}"

    @classmethod
    def parse(cls, text: str) -> "PublicKey":
        """Read a key; UnreadableNote when it is none or its hash is not its own."""
        name, _, rest = text.partition("+")
        key_hash, _, key = rest.partition("+")
        raw = _decoded(key)
        found = cls(name, raw[1:])
        if raw[:1] != bytes([ED25519]) or found.key_hash.hex() != key_hash:
            raise UnreadableNote("no Ed25519 key, or not under its own hash")
        return found


@dataclass(frozen=True, slots=True)
class Note:
    """A checkpoint with its signatures, none of them checked yet."""

    checkpoint: Checkpoint
    signatures: tuple[Signature, ...]

    def text(self) -> str:
        """Return the note as it is kept and told."""
        return self.checkpoint.text() + "\n" + "".join(one.line() for one in self.signatures)

    def by(self, keys: Iterable[PublicKey]) -> list[tuple[PublicKey, bytes]]:
        """Return the signatures that claim to be by one of these keys."""
        return [
            (key, one.signature)
            for key in keys
            for one in self.signatures
            if (one.name, one.key_hash) == (key.name, key.key_hash)
        ]


def parse(text: str) -> Note:
    """Read a note; UnreadableNote when it is not a checkpoint with signatures."""
    body, separator, signatures = text.rpartition("\n\n")
    lines = body.split("\n")
    if not separator or len(lines) != LINES or not lines[1].isascii() or not lines[1].isdigit():
        raise UnreadableNote("not a checkpoint with signatures")
    checkpoint = Checkpoint(lines[0], int(lines[1]), _decoded(lines[2]))
    note = Note(checkpoint, tuple(_signature(line) for line in signatures.splitlines()))
    if note.text() != text:
        raise UnreadableNote("not written as the format asks")
    return note


def _signature(line: str) -> Signature:
    name, _, raw = line.removeprefix(_DASH).partition(" ")
    decoded = _decoded(raw)
    return Signature(name, decoded[:4], decoded[4:])


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise UnreadableNote("not base64") from error

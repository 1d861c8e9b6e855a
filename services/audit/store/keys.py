"""The keys by which checkpoints are signed and verified: files outside the database, so that its owner holds none.

A folder with two files: `signing.key`, the secret one, and `verifiers`, every public key that ever signed, one a line,
with `until=<size>` behind those that no longer do. Verifiers outside keep a copy of the second.
"""

import base64
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from services.audit.domain.note import ED25519, Checkpoint, Note, PublicKey, Signature

ORIGIN = "samvirke.example/audit"
_SECRET = "PRIVATE+KEY+"  # noqa: S105  the format's own prefix


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key with the size of the log up to which it signed; none while it still does."""

    key: PublicKey
    until: int | None = None

    def line(self) -> str:
        """Return it as it stands in the file."""
        return f"{self.key} until={self.until}" if self.until is not None else str(self.key)


@dataclass(frozen=True, slots=True)
class Signer:
    """The key that signs."""

    name: str
    secret: Ed25519PrivateKey

    @property
    def public(self) -> PublicKey:
        """Return its public half."""
        return PublicKey(self.name, self.secret.public_key().public_bytes_raw())

    def sign(self, checkpoint: Checkpoint) -> Signature:
        """Return the signature of a checkpoint."""
        return Signature(self.name, self.public.key_hash, self.secret.sign(checkpoint.text().encode()))

    def line(self) -> str:
        """Return the secret key as it stands in its file: the form that Go's sumdb reads as well."""
        raw = base64.b64encode(bytes([ED25519]) + self.secret.private_bytes_raw()).decode()
        return f"{_SECRET}{self.name}+{self.public.key_hash.hex()}+{raw}"


class Keys:
    """The folder of keys of one log."""

    def __init__(self, folder: Path) -> None:
        """Remember the folder; a new one gets a first key."""
        self.folder = folder
        self._signing, self._verifiers = folder / "signing.key", folder / "verifiers"

    def signer(self) -> Signer:
        """Return the key that signs, made the first time."""
        if not self._signing.exists():
            self._begin(_new_signer())
        name, _, rest = self._signing.read_text().strip().removeprefix(_SECRET).partition("+")
        raw = base64.b64decode(rest.partition("+")[2])
        return Signer(name, Ed25519PrivateKey.from_private_bytes(raw[1:]))

    def verifiers(self) -> list[Verifier]:
        """Return every public key that signs or has signed."""
        return [_verifier(line) for line in self._verifiers.read_text().splitlines() if line.strip()]

    def rotate(self, size: int) -> Signer:
        """Replace the signing key; the old one verifies what it signed up to this size of the log and no more."""
        old, new = self.signer(), _new_signer()
        known = [Verifier(one.key, size if one.key == old.public else one.until) for one in self.verifiers()]
        _write(self._verifiers, "".join(f"{one.line()}\n" for one in [*known, Verifier(new.public)]), 0o644)
        _write(self._signing, new.line() + "\n", 0o600)
        return new

    def _begin(self, first: Signer) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        _write(self._verifiers, Verifier(first.public).line() + "\n", 0o644)
        _write(self._signing, first.line() + "\n", 0o600)


def verified_by(note: Note, verifiers: list[Verifier]) -> list[Verifier]:
    """Return the known keys that have signed a note and might at its size; empty when none has."""
    by_key = {one.key: one for one in verifiers}
    signed = [by_key[key] for key, signature in note.by(by_key) if _is_signed(note, key, signature)]
    return [one for one in signed if one.until is None or note.checkpoint.size <= one.until]


def _is_signed(note: Note, key: PublicKey, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, note.checkpoint.text().encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def _verifier(line: str) -> Verifier:
    key, _, until = line.strip().partition(" until=")
    return Verifier(PublicKey.parse(key), int(until) if until else None)


def _new_signer() -> Signer:
    return Signer(ORIGIN, Ed25519PrivateKey.generate())


def _write(file: Path, text: str, mode: int) -> None:
    """Replace a file at once and whole, with these rights from its first byte."""
    fresh = file.with_name(f"{file.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as handle:
        handle.write(text)
        os.fsync(handle.fileno())
    fresh.replace(file)

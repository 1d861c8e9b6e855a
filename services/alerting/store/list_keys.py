"""The keys by which call lists are signed and verified: files outside the database, as those of the audit log.

A folder with two files: `signing.key`, the secret one, and `verifiers`, every public key that ever signed, one a line,
with `until=<number>` behind those that sign no later list. A copy of the second lies beside `nodudkald`.
"""

import base64
import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.alerting.domain.call_lists import CallList, SignedList, signed_bytes


@dataclass(frozen=True, slots=True)
class Signer:
    """The key that signs."""

    secret: Ed25519PrivateKey

    @property
    def public(self) -> str:
        """Return its public half, in base64."""
        return base64.b64encode(self.secret.public_key().public_bytes_raw()).decode()

    @property
    def key_id(self) -> str:
        """Return the name by which a list says who signed it."""
        return key_id_of(self.public)

    def sign(self, listed: CallList) -> SignedList:
        """Return a list with its signature."""
        content = listed.text()
        return SignedList(
            content=content,
            sha256=sha256(content.encode()).hexdigest(),
            key_id=self.key_id,
            signature=base64.b64encode(self.secret.sign(signed_bytes(content))).decode(),
        )


class ListKeys:
    """The folder of keys."""

    def __init__(self, folder: Path) -> None:
        """Remember the folder; a new one gets a first key when it is asked for."""
        self.folder = folder
        self._signing, self.verifiers = folder / "signing.key", folder / "verifiers"

    def signer(self) -> Signer:
        """Return the key that signs, made the first time."""
        if not self._signing.exists():
            self._begin(Signer(Ed25519PrivateKey.generate()), [])
        raw = base64.b64decode(self._signing.read_text().strip())
        return Signer(Ed25519PrivateKey.from_private_bytes(raw))

    def rotate(self, number: int) -> Signer:
        """Replace the signing key; the old one verifies lists up to this number and no later one."""
        old, new = self.signer(), Signer(Ed25519PrivateKey.generate())
        lines = [line for line in self.verifiers.read_text().splitlines() if line.strip()]
        own = f"{old.key_id} {old.public}"
        self._begin(new, [f"{own} until={number}" if line == own else line for line in lines])
        return new

    def _begin(self, signer: Signer, before: list[str]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        lines = [*before, f"{signer.key_id} {signer.public}"]
        write_whole(self.verifiers, "".join(f"{line}\n" for line in lines), 0o644)
        raw = base64.b64encode(signer.secret.private_bytes_raw()).decode()
        write_whole(self._signing, f"{raw}\n", 0o600)


def key_id_of(public: str) -> str:
    """Return the short name of a public key."""
    return sha256(public.encode()).hexdigest()[:16]


def write_whole(file: Path, text: str, mode: int) -> None:
    """Replace a file at once and whole, with these rights from its first byte."""
    fresh = file.with_name(f"{file.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    fresh.replace(file)

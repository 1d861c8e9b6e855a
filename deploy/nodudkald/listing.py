"""Reads the call list and believes it only when one of the known keys has signed it."""

import base64
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from services.alerting.domain.call_lists import CallList, SignedList, signed_bytes


class Refused(Exception):
    """Something is not as it must be; the message says in Danish what to do."""


def read_list(file: Path, keys: Path) -> tuple[CallList, str]:
    """Return the list of a file and the hash of its text; Refused when nobody known has signed just this."""
    try:
        signed = SignedList.model_validate_json(file.read_text(encoding="utf-8"))
        verifiers = [line.split() for line in keys.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise Refused(
            f"Kaldelisten eller nøglefilen kan ikke læses ({type(error).__name__}). Find den udskrevne liste."
        ) from error
    until = next((_until(rest) for key_id, public, *rest in verifiers if _has_signed(signed, key_id, public)), None)
    if until is None:
        raise Refused(
            "KALDELISTEN ER FALSK ELLER ÆNDRET: ingen kendt nøgle har underskrevet den. Brug den udskrevne liste."
        )
    listed = signed.listed()
    if listed.number > until:
        raise Refused("Kaldelisten er underskrevet med en nøgle, der er taget ud af brug. Brug den udskrevne liste.")
    return listed, sha256(signed.content.encode()).hexdigest()


def _has_signed(signed: SignedList, key_id: str, public: str) -> bool:
    if key_id != signed.key_id:
        return False
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public, validate=True))
        key.verify(base64.b64decode(signed.signature, validate=True), signed_bytes(signed.content))
    except (InvalidSignature, ValueError):
        return False
    return True


def _until(rest: list[str]) -> float:
    """Return the number of the last list that a key signs; no end while it is in use."""
    return float(rest[0].removeprefix("until=")) if rest else float("inf")


def age(listed: CallList, now: datetime) -> str:
    """Return how old a list is, in words."""
    hours, minutes = divmod(max(0, int((now - listed.made_at).total_seconds())) // 60, 60)
    days, hours = divmod(hours, 24)
    return f"{days} døgn, {hours} timer" if days else f"{hours} timer, {minutes} minutter"

"""Records as services tell them."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from contracts.audit.v1 import AccessRecorded, AccessRefused, DayClosed
from contracts.codes import Purpose
from contracts.disclosure import LogKind

POLICE, HERNING = "politi-mvj", "kommune-0657"


def access(**fields: object) -> AccessRecorded:
    """Return a record of an access, of the fields given and of usual ones."""
    usual: dict[str, Any] = {
        "access_id": uuid4(),
        "operation": "underretning.read",
        "subject": "mette-lund",
        "authority": HERNING,
        "stated_purpose": Purpose.UNDERRETNING,
        "person_ids": (uuid4(),),
        "at": datetime.now(UTC),
        "kind": LogKind.CONSULTATION,
    }
    return AccessRecorded.model_validate(usual | {name: value for name, value in fields.items() if name != "service"})


def refusal(**fields: object) -> AccessRefused:
    """Return a record of a refusal."""
    usual: dict[str, Any] = {
        "access_id": uuid4(),
        "operation": "underretning.read",
        "subject": "mette-lund",
        "authority": HERNING,
        "problem": "not-found",
        "at": datetime.now(UTC),
    }
    return AccessRefused.model_validate(usual | fields)


def closing(service: str, at: datetime, values: Sequence[bytes], refusals: int = 0) -> DayClosed:
    """Return a service's closing of a day on which it told these values."""
    digest = hashlib.sha256(b"".join(sorted(hashlib.sha256(value).digest() for value in values))).hexdigest()
    return DayClosed(
        closing_id=uuid4(),
        service=service,
        day=at.date(),
        records=len(values) - refusals,
        refusals=refusals,
        digest=digest,
    )

"""One line of a delivery: what a registration looks like on its way in, and what is wrong with one that does not."""

import re
from calendar import monthrange
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from contracts.codes import Mode
from services.concerns.domain.calendar import danish_day
from services.concerns.domain.codes import District, Role
from services.concerns.domain.registration import Status
from services.concerns.store.imports import Fault
from services.concerns.store.registrations import Row

_INVENTED, _LEAP_YEAR, _MONTHS = 60, 2000, 12
_NUMBER = re.compile(r"(\d{6})[- ]?(\d{4})")
_NUMBER_WITHIN = re.compile(r"(?<!\d)(\d{6})-?(\d{4})(?!\d)")


def _is_number(digits: str) -> bool:
    """Say whether ten digits can be a CPR number: a day (also + 60) and a month that exist."""
    day, month = int(digits[:2]), int(digits[2:4])
    day -= _INVENTED if day > _INVENTED else 0
    return 1 <= month <= _MONTHS and 1 <= day <= monthrange(_LEAP_YEAR, month)[1]


def _number(written: str) -> str:
    found = _NUMBER.fullmatch(written.strip())
    if found is None or not _is_number(found[1] + found[2]):
        raise ValueError("not-a-cpr-number")
    return found[1] + found[2]


def _opaque(reference: str) -> str:
    """Refuse a reference in which a CPR number stands: references are shown, numbers never."""
    if any(_is_number(found[1] + found[2]) for found in _NUMBER_WITHIN.finditer(reference)):
        raise ValueError("personal-data-in-reference")
    return reference


Number = Annotated[str, AfterValidator(_number)]
Reference = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9ÆØÅæøå._:/-]+$", max_length=64), AfterValidator(_opaque)
]


class Line(BaseModel):
    """One revision of one registration, as the source system sends it."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    registration: Reference
    revision: int = Field(ge=1, le=1_000_000)
    cpr: Number
    code: Annotated[str, StringConstraints(pattern=r"^[A-Z]\d{2}$")]
    role: Role
    occurred_on: date
    registered_at: AwareDatetime
    district: District
    status: Status = Status.VALID
    children_present: tuple[Literal["unknown"] | Number, ...] = Field(default=(), max_length=50)
    pregnant: bool = False
    incident: Reference | None = None
    source_system: Reference
    source_reference: Reference
    stood_alone: bool = False
    mode: Literal[Mode.LIVE] = Mode.LIVE

    @model_validator(mode="after")
    def _in_order(self) -> "Line":
        if self.occurred_on > danish_day(self.registered_at):
            raise ValueError("registered-before-it-occurred")
        return self

    def numbers(self) -> list[str]:
        """Return the numbers of everybody whom it names."""
        return [self.cpr, *(child for child in self.children_present if child != "unknown")]

    def row(self, ids: dict[str, UUID]) -> Row:
        """Return what is kept: ids in the place of numbers."""
        present = (ids[child] for child in self.children_present if child != "unknown")
        return Row(
            registration=self.registration,
            revision=self.revision,
            person_id=ids[self.cpr],
            code=self.code,
            role=self.role,
            occurred_on=self.occurred_on,
            registered_at=self.registered_at,
            district=self.district,
            status=self.status,
            children_present="{" + ",".join(map(str, present)) + "}",
            child_unknown="unknown" in self.children_present,
            pregnant=self.pregnant,
            incident=self.incident,
            source_system=self.source_system,
            source_reference=self.source_reference,
            stood_alone=self.stood_alone,
        )

    def off_the_list(self) -> Row:
        """Return what is kept of a later revision whose code is on no list: that it is there, and nothing else."""
        nothing: dict[str, Any] = dict.fromkeys(Row.__slots__)
        return Row(
            **nothing
            | {"registration": self.registration, "revision": self.revision, "status": "unlisted"}
            | {"children_present": "{}", "child_unknown": False, "pregnant": False, "stood_alone": False}
        )


_REASONS = {
    ("code", "string_pattern_mismatch"): "unknown-code",
    ("source_reference", "missing"): "source-reference-missing",
    ("mode", "literal_error"): "exercise-refused",
}


def read_line(number: int, text: bytes) -> Line | Fault:
    """Read one line; what is wrong with it is told by reason and field, never by value."""
    try:
        return Line.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = str(first["loc"][0]) if first["loc"] else None
        reason = _REASONS.get((field or "", first["type"])) or _own_words(first)
        return Fault(number, reason, field)


def _own_words(fault: Any) -> str:  # noqa: ANN401  pydantic's description of a fault
    """Return our own word for a fault, or pydantic's type of it."""
    if fault["type"] == "value_error":
        return str(fault["ctx"]["error"])
    return "invalid-json" if fault["type"] == "json_invalid" else f"invalid-{fault['type']}".replace("_", "-")

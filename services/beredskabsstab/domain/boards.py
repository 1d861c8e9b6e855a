"""What alerting's board says of a call-in, as far as the staff needs it."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from contracts.alerting.v1 import AnswerKind, AnswerSource
from contracts.codes import Office


class Called(BaseModel):
    """Somebody who was called, as alerting knows them."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    call_id: UUID
    staff_id: UUID | None = None
    authority: str
    office: Office
    role: str
    name: str
    telephone: str | None = None
    called_at: datetime
    reached_at: datetime | None = None
    ad_hoc: bool = False
    unverified: bool = False
    answer: AnswerKind | None = None
    eta_minutes: int | None = None
    answered_at: datetime | None = None
    answer_source: AnswerSource | None = None
    answers: int = 0


class Board(BaseModel):
    """One alert's board."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    first_handed_over_at: datetime | None = None
    calls: tuple[Called, ...]

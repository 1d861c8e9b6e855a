"""Questions to the sender: who asked and answered when, and under which ids persons keeps the words."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.database import Tx
from services.concerns.domain.question import Question
from services.concerns.store.underretninger import Stored


@dataclass(frozen=True, slots=True)
class Asked:
    """A stored question."""

    text_id: UUID
    asked_at: datetime
    answer_id: UUID | None
    answered_at: datetime | None

    def as_decided_on(self) -> Question:
        """Return it as a decision reads it."""
        return Question(self.text_id, self.answer_id)


async def of(tx: Tx, underretning_id: UUID) -> Asked | None:
    """Return an underretning's question, if one was asked."""
    row = await tx.fetchrow(
        "select question_text_id, asked_at, answer_text_id, answered_at from underretning_question"
        " where underretning_id = $1",
        underretning_id,
    )
    return Asked(*row) if row else None


async def asked(tx: Tx, stored: Stored, text_id: UUID) -> None:
    """Save that it was asked."""
    await tx.execute(
        "insert into underretning_question (underretning_id, question_text_id, asked_by, asked_at)"
        " values ($1, $2, $3, $4)",
        *(stored.underretning.id, text_id, tx.principal.subject, stored.now),
    )


async def answered(tx: Tx, stored: Stored, text_id: UUID) -> None:
    """Save that it was answered."""
    await tx.change_one(
        "update underretning_question set answer_text_id = $2, answered_by = $3, answered_at = $4"
        " where underretning_id = $1 and answer_text_id is null",
        *(stored.underretning.id, text_id, tx.principal.subject, stored.now),
    )

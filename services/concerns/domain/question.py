"""The one question that a municipality may ask the sender, and its answer; persons keeps the words."""

from dataclasses import dataclass
from uuid import UUID

from contracts.concerns.v1 import UnderretningQuestionAnswered, UnderretningQuestionAsked
from contracts.refusal import NotFound, Refusal
from services.concerns.domain.underretning import NotDelivered, NotOpen, State, Underretning


class QuestionAsked(Refusal):
    """There is one question in a case."""

    slug = "question-already-asked"
    title = "Der er allerede stillet et spørgsmål til denne underretning."
    todo = "Ring til politiet på telefon 114, hvis svaret ikke er nok."


class QuestionAnswered(Refusal):
    """The question has its answer."""

    slug = "question-already-answered"
    title = "Spørgsmålet er allerede besvaret."
    todo = "Hent spørgsmålet, og læs svaret."


@dataclass(frozen=True, slots=True)
class Question:
    """A question as a decision reads it."""

    text_id: UUID
    answer_id: UUID | None


def ask(one: Underretning, asked: Question | None) -> UnderretningQuestionAsked:
    """Ask the one question, once the underretning is there and as long as it is open."""
    if asked:
        raise QuestionAsked
    if one.state in {State.NEEDS_RECEIVER, State.SENT}:
        raise NotDelivered
    if one.state is State.CLOSED:
        raise NotOpen
    return UnderretningQuestionAsked(underretning_id=one.id, receiver=_receiver(one))


def answer(one: Underretning, asked: Question | None) -> UnderretningQuestionAnswered:
    """Answer the question, once."""
    if asked is None:
        raise NotFound
    if asked.answer_id:
        raise QuestionAnswered
    return UnderretningQuestionAnswered(underretning_id=one.id, receiver=_receiver(one))


def _receiver(one: Underretning) -> str:
    if one.receiver is None:
        raise NotOpen
    return one.receiver

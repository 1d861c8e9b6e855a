"""What beredskabsstab does when it hears an answer, when a time has come, and when the police act."""

from services.beredskabsstab.handlers import (
    answers,
    evaluating,
    forum,
    keeping,
    planning,
    quorum,
    relief,
    starting,
    tasks,
)

__all__ = ["answers", "evaluating", "forum", "keeping", "planning", "quorum", "relief", "starting", "tasks"]

"""What beredskabsstab does when it hears an answer, when a time has come, and when the police act."""

from services.beredskabsstab.handlers import (
    answers,
    approvals,
    errands,
    evaluating,
    forum,
    keeping,
    planning,
    quorum,
    relief,
    starting,
    tasks,
    warned,
)

__all__ = [
    "answers",
    "approvals",
    "errands",
    "evaluating",
    "forum",
    "keeping",
    "planning",
    "quorum",
    "relief",
    "starting",
    "tasks",
    "warned",
]

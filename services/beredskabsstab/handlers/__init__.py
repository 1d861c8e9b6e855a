"""What beredskabsstab does when it hears an answer, when a time has come, and when the police act."""

from services.beredskabsstab.handlers import answers, quorum, starting, tasks

__all__ = ["answers", "quorum", "starting", "tasks"]

"""What concerns does when it hears an event or is woken by a deadline, and the steps of a run."""

from services.concerns.handlers import deadlines, merges, retention, shredding, waiting

__all__ = ["deadlines", "merges", "retention", "shredding", "waiting"]

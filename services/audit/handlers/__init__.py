"""What audit does when it hears a record, when a day has passed, and when a breach must be notified."""

from services.audit.handlers import breaches, hearing

__all__ = ["breaches", "hearing"]

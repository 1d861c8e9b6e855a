"""What alerting does when it hears an event, when a step is due, and when somebody answers."""

from services.alerting.handlers import call_lists, facts, retention, staff, steps, testing, watchdog, watching

__all__ = ["call_lists", "facts", "retention", "staff", "steps", "testing", "watchdog", "watching"]

"""Somebody else's clock, kept without this process's own: one that is an hour off must change nothing.

Whoever decides when something ends (the identity provider of a token, the database of everything else) is asked what
time it is; from then on only the machine's monotonic clock counts on, which nobody sets.
"""

import time


class ClockOf:
    """What time it is at somebody else's."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._ahead: float | None = None
        self._heard_at = 0.0

    def hear(self, epoch: float, asked_at: float) -> None:
        """Remember a time that was told; `asked_at` is the monotonic moment of the question."""
        self._heard_at = time.monotonic()
        self._ahead = epoch - (asked_at + self._heard_at) / 2

    def has_reached(self, epoch: float) -> None:
        """Follow a proof that it is so late there by now: what was told may have come late, or from a stale answer."""
        if epoch > self.now():
            self.hear(epoch, time.monotonic())

    def is_old(self, after_s: float) -> bool:
        """Say whether it was never heard, or not for so long."""
        return self._ahead is None or time.monotonic() - self._heard_at > after_s

    def now(self) -> float:
        """Return the seconds since 1970 there; by the own clock where nothing was heard."""
        return time.time() if self._ahead is None else self._ahead + time.monotonic()

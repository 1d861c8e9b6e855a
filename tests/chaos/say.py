"""Tells the person who watches what happens."""

import time

_began = time.monotonic()


def say(line: str) -> None:
    """Print a line with the seconds since the start."""
    print(f"{time.monotonic() - _began:6.1f} s  {line}", flush=True)  # noqa: T201  a command talks

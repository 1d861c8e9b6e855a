"""Tells a fault of the house (database, broker or network away) from a fault of one record or request."""

import asyncpg

HOUSE_CLASSES = frozenset({"08", "40", "53", "57", "58"})
"""SQLSTATE classes: connection, rollback, resources, operator, system."""

DATABASE_ERRORS = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""Whatever work on a database may raise while it comes and goes."""

GONE = ("closed", "closing", "released back")
"""What asyncpg says of a connection that went away under a transaction, or of its pool."""

LOCK_NOT_AVAILABLE = "55P03"
SERIALIZATION_FAILURE, DEADLOCK = "40001", "40P01"


def is_of_the_house(error: BaseException) -> bool:
    """Return whether the same work may succeed later, unchanged."""
    if isinstance(error, asyncpg.PostgresError):
        state = error.sqlstate or "08"
        return state[:2] in HOUSE_CLASSES or state == LOCK_NOT_AVAILABLE
    if isinstance(error, asyncpg.InterfaceError):
        # asyncpg has one class for a lost connection and for wrong use; only the text tells them apart.
        return not isinstance(error, ValueError) and any(sign in str(error) for sign in GONE)
    # asyncpg says InternalClientError when a connection goes away under an operation.
    return isinstance(error, OSError | asyncpg.InternalClientError)


def is_lost_race(error: BaseException) -> bool:
    """Return whether a transaction lost against another and can simply be done again.

    The other may be a migration: a statement that was prepared before it has to be prepared anew, and asyncpg does so
    by itself outside a transaction only.
    """
    return isinstance(error, asyncpg.InvalidCachedStatementError) or (
        isinstance(error, asyncpg.PostgresError) and error.sqlstate in {SERIALIZATION_FAILURE, DEADLOCK}
    )


def describe(error: BaseException) -> str:
    """Return what kind of error it was, for logs and parked messages: never its text, which may hold data."""
    state = getattr(error, "sqlstate", None)
    name = type(error).__name__
    return f"{name} {state}" if state else name

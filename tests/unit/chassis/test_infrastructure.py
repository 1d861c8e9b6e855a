"""Which errors may pass by themselves, and which are a record's or a request's own."""

import asyncpg
import pytest

from chassis.infrastructure import describe, is_lost_race, is_of_the_house


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.ConnectionDoesNotExistError("x"),
        asyncpg.SerializationError("x"),
        asyncpg.DeadlockDetectedError("x"),
        asyncpg.TooManyConnectionsError("x"),
        asyncpg.DiskFullError("x"),
        asyncpg.AdminShutdownError("x"),
        asyncpg.CannotConnectNowError("x"),
        asyncpg.QueryCanceledError("x"),
        asyncpg.LockNotAvailableError("x"),
        asyncpg.PostgresSystemError("x"),
        asyncpg.InterfaceError("connection is closed"),
        asyncpg.InterfaceError("pool is closing"),
        asyncpg.InternalClientError("cannot switch to state 12; another operation (2) is in progress"),
        ConnectionRefusedError(),
        TimeoutError(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_the_same_work_may_succeed_later(error: Exception) -> None:
    assert is_of_the_house(error)


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.UniqueViolationError("x"),
        asyncpg.CharacterNotInRepertoireError("x"),
        asyncpg.InsufficientPrivilegeError("x"),
        asyncpg.UndefinedTableError("x"),
        asyncpg.ProgramLimitExceededError("x"),
        asyncpg.DataError("value out of int32 range; the stream is closed"),
        asyncpg.InterfaceError("the server expects 2 arguments for this query, 1 was passed"),
        LookupError(),
        ValueError(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_the_same_work_would_fail_again(error: Exception) -> None:
    assert not is_of_the_house(error)


def test_a_lost_race_can_simply_be_run_again() -> None:
    assert is_lost_race(asyncpg.SerializationError("x"))
    assert is_lost_race(asyncpg.DeadlockDetectedError("x"))
    assert is_lost_race(asyncpg.InvalidCachedStatementError("x"))
    assert not is_lost_race(asyncpg.FeatureNotSupportedError("x"))
    assert not is_lost_race(asyncpg.LockNotAvailableError("x"))
    assert not is_lost_race(TimeoutError())


def test_an_error_is_described_by_its_kind_and_never_by_its_text() -> None:
    assert describe(asyncpg.UniqueViolationError("Key (number)=(secret)")) == "UniqueViolationError 23505"
    assert describe(LookupError("secret")) == "LookupError"

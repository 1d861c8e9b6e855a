"""What a process writes down while its broker is away."""

import logging

import pytest

from chassis import logs
from chassis.logs import EVERY_S, OnceInAWhile


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr("chassis.logs.time.monotonic", lambda: now[0])
    return now


def said(name: str, message: str, host: str = "kafka") -> logging.LogRecord:
    return logging.LogRecord(name, logging.ERROR, __file__, 1, message, (host,), None)


def test_the_library_says_the_same_once_in_ten_seconds_whatever_stands_in_it(clock: list[float]) -> None:
    spare = OnceInAWhile()
    hosts = ("a", "b", "c")
    assert [spare.filter(said("aiokafka.conn", "no way to %s", host)) for host in hosts] == [True, False, False]
    clock[0] = EVERY_S
    again = said("aiokafka.conn", "no way to %s")
    assert spare.filter(again)
    assert vars(again)["silenced"] == 2


def test_what_it_says_else_is_written_at_once(clock: list[float]) -> None:
    spare = OnceInAWhile()
    assert spare.filter(said("aiokafka.conn", "no way to %s"))
    assert spare.filter(said("aiokafka.conn", "lost %s"))
    assert spare.filter(said("aiokafka.client", "no way to %s"))


def test_nobody_else_is_silenced(clock: list[float]) -> None:
    spare = OnceInAWhile()
    assert all(spare.filter(said("chassis.relay", "no way to %s")) for _ in range(3))


def test_every_line_of_a_process_goes_through_it(monkeypatch: pytest.MonkeyPatch) -> None:
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr(root, "level", root.level)
    logs.configure("persons")
    assert [type(one) for one in root.handlers[0].filters] == [OnceInAWhile]

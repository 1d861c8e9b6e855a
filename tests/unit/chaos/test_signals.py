"""The files by which the runner and the processes talk."""

from pathlib import Path

from tests.chaos.signals import WAIT, Order, Process, Runner

ORDER = Order("1", "hearer", "before_commit", WAIT, passages=2)


async def test_an_order_is_obeyed_at_its_passage_and_once(tmp_path: Path) -> None:
    runner, process = Runner(tmp_path), Process(tmp_path, "hearer", "hearer-1")
    runner.arm(ORDER)
    await process.pass_by("before_commit")
    assert runner.mark(ORDER) is None
    await process.pass_by("before_commit", ["an event"])
    mark = runner.mark(ORDER)
    assert mark is not None
    assert (mark.process, mark.ids) == ("hearer-1", ["an event"])
    assert not list((tmp_path / "orders").iterdir())


async def test_an_order_is_for_its_role_and_point_alone(tmp_path: Path) -> None:
    runner = Runner(tmp_path)
    runner.arm(Order("1", "hearer", "before_commit", WAIT))
    await Process(tmp_path, "teller", "teller-1").pass_by("before_commit")
    await Process(tmp_path, "hearer", "hearer-1").pass_by("after_commit")
    assert list((tmp_path / "orders").iterdir())


def test_what_a_process_saw_is_read_back(tmp_path: Path) -> None:
    runner, process = Runner(tmp_path), Process(tmp_path, "hearer", "hearer-1")
    process.saw("repeated", ids=["a"])
    process.saw("leads", leads=True)
    assert [one.said for one in runner.seen("repeated")] == [{"ids": ["a"]}]
    assert runner.seen("repeated", since=process_time_after(runner)) == []


def process_time_after(runner: Runner) -> float:
    """Return a moment after everything that was seen."""
    return runner.seen("leads")[-1].at + 1

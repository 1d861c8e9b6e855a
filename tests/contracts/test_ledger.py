"""The ledger's own check: a row without proof is named, whatever the reason."""

from pathlib import Path

import pytest

from tests.ledger import faults, held_issues, ledger, page

pytest_plugins = ["pytester"]

ROWS = [{"id": "O-1", "issue": "1", "service": "concerns"}, {"id": "O-2", "issue": "2", "service": "councils"}]
TEST = "tests/unit/test_a.py::test_it"


@pytest.mark.parametrize(
    ("carried", "outcomes", "expected"),
    [
        ({"O-1": {TEST}}, {TEST: "passed"}, []),
        ({"O-1": {TEST}}, None, []),
        ({}, {}, ["O-1: no test carries it"]),
        ({}, None, ["O-1: no test carries it"]),
        ({"O-1": {TEST}}, {TEST: "failed"}, [f"O-1: no test that carries it has passed: {TEST} (failed)"]),
        ({"O-1": {TEST}}, {TEST: "skipped"}, [f"O-1: no test that carries it has passed: {TEST} (skipped)"]),
        ({"O-1": {TEST}}, {}, [f"O-1: no test that carries it has passed: {TEST} (not run)"]),
        ({"O-1": {TEST, "other"}}, {TEST: "passed", "other": "failed"}, []),
        ({"O-1": {TEST}, "O-9": {TEST}}, {TEST: "passed"}, ["O-9: carried by a test, but no row of the ledger"]),
    ],
)
def test_a_row_is_proved_by_a_passing_test_and_nothing_else(
    carried: dict[str, set[str]], outcomes: dict[str, str] | None, expected: list[str]
) -> None:
    assert faults(ROWS, ["1"], carried, outcomes) == expected


def test_the_rows_of_other_issues_are_not_held() -> None:
    assert faults(ROWS, [], {}, {}) == []


def test_the_page_tells_which_tests_carry_a_row() -> None:
    assert "| O-1 | concerns | `unit/test_a.py::test_it` |" in page(ROWS, ["1"], {"O-1": {TEST}})
    assert "| 2 | 1 | — |" in page(ROWS, ["1"], {})


def test_the_first_issue_is_held_to_its_rows() -> None:
    assert "1" in held_issues()
    assert "O-6.1-23" in {row["id"] for row in ledger() if row["issue"] == "1"}


SUITE = """
import pytest
pytestmark = pytest.mark.ledger("O-1")

@pytest.mark.parametrize("even", [2, 3, 4])
def test_all_are_even(even: int) -> None:
    assert even % 2 == 0

@pytest.mark.ledger("O-2")
def test_it_runs() -> None: ...

def test_it_is_skipped() -> None:
    pytest.skip("not here")
"""


@pytest.fixture
def results(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where a small suite's run in another folder writes its results."""
    path = pytester.path / "cache" / "results.json"
    monkeypatch.setattr("tests.ledger_plugin.RESULTS", path)
    pytester.makeini("[pytest]\nmarkers =\n    ledger(row): a row\nasyncio_default_fixture_loop_scope = function\n")
    pytester.makepyfile(SUITE)
    return path


def test_a_run_writes_down_what_passed(pytester: pytest.Pytester, results: Path) -> None:
    pytester.inline_run("-p", "tests.ledger_plugin", "-p", "no:cacheprovider")
    told = results.read_text()
    assert '"test_a_run_writes_down_what_passed.py::test_it_runs": "passed"' in told
    assert '"test_a_run_writes_down_what_passed.py::test_it_is_skipped": "skipped"' in told
    assert '"test_a_run_writes_down_what_passed.py::test_all_are_even": "failed"' in told


def test_a_later_run_of_a_part_keeps_the_rest(pytester: pytest.Pytester, results: Path) -> None:
    results.parent.mkdir()
    results.write_text('{"elsewhere.py::test_it": "passed"}')
    pytester.inline_run("-p", "tests.ledger_plugin", "-p", "no:cacheprovider", "-k", "test_it_runs")
    assert '"elsewhere.py::test_it": "passed"' in results.read_text()

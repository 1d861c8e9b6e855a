"""A pytest plugin that writes down which tests proved which rows of the ledger.

The outcome of each test that carries `@pytest.mark.ledger("O-6.1-23")` goes to `.cache/ledger-results.json`, beside
those of earlier runs: the suite may be run in parts. `python -m tests.ledger` reads them.
"""

import json

import pytest

from tests.ledger import RESULTS, rows_of, without_parameters


class Results:
    """Collects the outcomes of one run; with xdist only the controller writes."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.outcomes: dict[str, str] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Let each report say which rows its test carries; the marks themselves do not travel between processes."""
        for item in items:
            item.user_properties += [("ledger", row) for row in rows_of(item)]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember a test as passed when nothing of it failed and it did run, in all its parameters."""
        if not any(name == "ledger" for name, _ in report.user_properties):
            return
        name = without_parameters(report.nodeid)
        if not report.passed:
            self.outcomes[name] = report.outcome
        elif report.when == "call":
            self.outcomes.setdefault(name, "passed")

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write what was learned beside what earlier runs told."""
        if hasattr(session.config, "workerinput") or not self.outcomes:
            return
        before = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(before | self.outcomes, indent=1, sort_keys=True) + "\n")


def pytest_configure(config: pytest.Config) -> None:
    """Start collecting."""
    config.pluginmanager.register(Results(), "ledger-results")

"""A pytest plugin for runs of several processes: what shares running services is played by one of them.

With `-p tests.side_by_side -n 2 --dist loadscope`. xdist's own groups do nothing under pytest 9.2 (xdist 3.8.0).
"""

from pathlib import PurePosixPath

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling


class ByCompany(LoadScopeScheduling):  # type: ignore[misc]  # xdist carries no types
    """Hands out a whole folder of components or of the system at once, and else file by file."""

    def _split_scope(self, nodeid: str) -> str:
        file = PurePosixPath(nodeid.partition("::")[0])
        return str(file.parent if file.parent.parent.name in {"component", "system"} else file)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByCompany:
    """Return who hands out the tests."""
    return ByCompany(config, log)

"""The story, played once for every test of this folder: it takes longer than all that is asked of it."""

from collections.abc import Iterator

import pytest

from tests.system.played import Played, played_story


@pytest.fixture(scope="package")
def played() -> Iterator[Played]:
    """Return the stack on which the story was played."""
    with played_story() as one:
        yield one

"""Which commit an upgrade can begin at: fewer migrations than today's, and each of them as it is today."""

import pytest

from tests.drill.releases import NoRelease, can_roll, newest_to_roll_from

FIRST, SECOND = {"a/1.sql": "x"}, {"a/1.sql": "x", "a/2.sql": "y"}
REWRITTEN = {"a/1.sql": "z"}


def test_a_commit_with_fewer_migrations_can_be_upgraded() -> None:
    assert can_roll(FIRST, SECOND)


@pytest.mark.parametrize("before", [SECOND, REWRITTEN, SECOND | {"a/3.sql": "w"}])
def test_one_with_the_same_others_or_rewritten_ones_cannot(before: dict[str, str]) -> None:
    assert not can_roll(before, SECOND)


def test_the_newest_that_can_is_taken() -> None:
    history = [("c4", SECOND), ("c3", REWRITTEN), ("c2", FIRST), ("c1", {})]
    assert newest_to_roll_from(history, SECOND) == "c2"


def test_where_none_can_that_is_said() -> None:
    with pytest.raises(NoRelease):
        newest_to_roll_from([("c1", REWRITTEN)], SECOND)

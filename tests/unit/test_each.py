"""One test of many cases tries all of them, and names what fails."""

import pytest

from tests.each import each


def test_every_case_is_tried_and_each_that_fails_is_named() -> None:
    tried = []

    @each(("number", "letter"), [(1, "a"), (2, "b"), (3, "c")])
    def small(number: int, letter: str) -> None:
        tried.append((number, letter))
        assert number == 2

    with pytest.raises(ExceptionGroup, match="2 of 3 cases") as failed:
        small()
    assert tried == [(1, "a"), (2, "b"), (3, "c")]
    notes = [note for one in failed.value.exceptions for note in one.__notes__ if note.startswith("case: ")]
    assert notes == ["case: number=1, letter='a'", "case: number=3, letter='c'"]


@each("number", [1, 2])
def test_a_fixture_is_still_given(number: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert tmp_path_factory.mktemp("each").name.startswith("each")
    assert number


def test_without_a_case_there_is_no_test() -> None:
    with pytest.raises(AssertionError, match="nothing to try"):
        each("number", [])

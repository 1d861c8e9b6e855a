"""What entered a list and what left it, between any two editions."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.councils.domain.area_changes import changes

AREAS = st.dictionaries(st.integers(0, 8), st.tuples(st.booleans(), st.sampled_from([True, False, None])))


def rows(areas: dict[int, tuple[bool, bool | None]]) -> list[dict[str, Any]]:
    return [
        {"area_id": key, "title": f"Område {key}" if named else None, "kommunekode": "0657", "crime_criterion": said}
        for key, (named, said) in areas.items()
    ]


@given(AREAS, AREAS)
def test_what_entered_and_left_makes_the_newer_edition_of_the_older(
    older: dict[int, tuple[bool, bool | None]], newer: dict[int, tuple[bool, bool | None]]
) -> None:
    found = changes(rows(older), rows(newer))
    before, after = ({key for key, (named, _) in one.items() if named} for one in (older, newer))
    assert (before | {one["area_id"] for one in found.entered}) - {one["area_id"] for one in found.left} == after
    assert {one["area_id"] for one in found.criterion} == {
        key for key in before & after if older[key][1] is not newer[key][1]
    }
    assert (found.unnamed_before, found.unnamed_after) == (len(older) - len(before), len(newer) - len(after))
    assert changes(rows(newer), rows(older)).entered == found.left

"""The documented transitions of a delivery are those of the code."""

from pathlib import Path

from services.alerting.domain.deliveries import TRANSITIONS, State, may_follow

PAGE = Path(__file__).parents[3] / "docs" / "architecture" / "alerting.md"


def documented() -> dict[State, frozenset[State]]:
    """Return the transitions as the page shows them."""
    table = PAGE.read_text(encoding="utf-8").partition("<!-- transitions -->\n")[2].partition("<!--")[0]
    rows = [[cell.strip() for cell in line.strip("|\n").split("|")] for line in table.splitlines()[2:] if line]
    return {State(row[0]): frozenset(State(one.strip()) for one in row[1].split(",") if one.strip()) for row in rows}


def test_the_page_shows_exactly_the_transitions_of_the_code() -> None:
    assert documented() == TRANSITIONS


def test_every_state_says_what_may_follow() -> None:
    assert set(TRANSITIONS) == set(State)
    assert may_follow(State.QUEUED, State.SENDING)
    assert not may_follow(State.DELIVERED, State.QUEUED)

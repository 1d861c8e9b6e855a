"""An evaluation has a time: whoever owes it is reminded once when that passes, and not once it is concluded."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from tests.component.beredskabsstab.conftest import CHAIR, LEMVIG, Staff
from tests.component.beredskabsstab.people import TOVE, browsing
from tests.component.beredskabsstab.test_afterwards import due_now, ended

pytestmark = pytest.mark.component

KIND, SAYS = "evaluation-overdue", "Evalueringen er forsinket: Midt- og Vestjyllands Politi"


@pytest.fixture
def clock(staff: Staff) -> Iterator[Staff]:
    """Return the services, whose clock is right again afterwards."""
    yield staff
    staff.sql("select set_clock_offset('0')")


def lines(staff: Staff, activation: str) -> list[str]:
    """Return the log's lines about the evaluation."""
    entries = staff.ask("GET", f"/activations/{activation}/log", LEMVIG)["entries"]
    return [one["text"] for one in entries if "valuering" in one["text"]]


def again(staff: Staff, activation: str) -> None:
    """Let the deadline fire, whether it stands or not."""
    staff.sql("select put_deadline($1, $2, clock(), null)", KIND, UUID(activation))
    due_now(staff, KIND, activation)


@pytest.mark.ledger("O-5.3-04")
def test_who_owes_an_evaluation_is_reminded_once_when_its_time_has_passed(clock: Staff) -> None:
    activation = ended(clock)
    read = f"/activations/{activation}/evaluation"
    assert not clock.ask("GET", read)["evaluation"]["overdue"]
    assert clock.told(activation)[-1] == "StaffStoodDown"
    clock.sql("select set_clock_offset('41 days')")
    assert "EvaluationOverdue" not in clock.told(activation)
    clock.sql("select set_clock_offset('43 days')")
    clock.wait_for("the reminder", lambda: clock.told(activation)[-1] == "EvaluationOverdue")
    assert clock.fact(activation, "EvaluationOverdue", "owner") == "politi-mvj"
    shown = clock.ask("GET", read, LEMVIG)["evaluation"]
    assert shown["overdue"]
    assert shown["overdue_at"]
    assert lines(clock, activation)[0].startswith("Evalueringen er åbnet.")
    with browsing(clock, TOVE) as desk:
        assert SAYS in desk.open("/").text
        assert SAYS in desk.open(f"/stab/{activation}").text
    metrics = clock.world.http.get(clock.stack.url("beredskabsstab") + "/metrics").text
    assert 'beredskabsstab_evaluations_overdue{authority="politi-mvj"}' in metrics
    again(clock, activation)
    assert clock.told(activation).count("EvaluationOverdue") == 1
    assert len(lines(clock, activation)) == 2
    clock.ask("POST", f"{read}/conclude", CHAIR, json={"words": "Godt."})
    assert not clock.ask("GET", read)["evaluation"]["overdue"]
    with browsing(clock, TOVE) as desk:
        assert SAYS not in desk.open(f"/stab/{activation}").text


def test_a_concluded_evaluation_reminds_nobody(clock: Staff) -> None:
    activation = ended(clock)
    standing = "select count(*) from deadline where kind = $1 and subject = $2"
    assert clock.sql(standing, KIND, UUID(activation)) == 1
    clock.ask("POST", f"/activations/{activation}/evaluation/conclude", CHAIR, json={"words": "Godt."})
    assert clock.sql(standing, KIND, UUID(activation)) == 0
    again(clock, activation)
    assert clock.told(activation)[-1] == "EvaluationConcluded"
    assert lines(clock, activation)[-1] == "Evalueringen er afsluttet."

"""An exercise is another installation: it calls by the alerting of exercises, and nothing live hears of it."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest

from tests.component.alerting.conftest import QUICK
from tests.component.beredskabsstab.conftest import CHAIR, DESK, STAB, Staff

pytestmark = pytest.mark.component


class Drill(Staff):
    """The installation for exercises."""

    def send(self, method, path, who=DESK, **more):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN003, ANN201  as Staff
        return self.world.send(method, path, who, "beredskabsstab-exercise", **more)

    def sql(self, statement, *values):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN002, ANN201  as Staff
        return self.world.sql_in("beredskabsstab_exercise", statement, *values)


@pytest.fixture(scope="module")
def drill(staff: Staff) -> Iterator[Staff]:
    """Return the exercise beside the live installation."""
    own = [name for name in ("alerting-exercise", "beredskabsstab-exercise") if name not in staff.stack.processes]
    for name in own:
        staff.stack.start_service(name, QUICK)
    made = Drill(
        staff.stack, staff.world, replace(staff.duty, process="alerting-exercise", database="alerting_exercise")
    )
    made.sign_plan()
    yield made
    for name in reversed(own):
        staff.stack.stop_process(name)


def test_it_calls_by_the_alerting_of_exercises_and_the_live_one_hears_nothing(staff: Staff, drill: Staff) -> None:
    live = staff.duty.sql("select count(*) from alert")
    activation = drill.activate(STAB, confirm="ØVELSE")
    [call_in] = drill.board(activation)["call_ins"]
    alert = drill.wait_for(
        "the alert", lambda: drill.duty.sql("select alert_id from alert where case_id = $1", UUID(activation))
    )
    assert str(alert) == call_in["alert_id"]
    drill.wait_for("its being taken", lambda: drill.board(activation)["call_ins"][0]["raised_at"])
    assert staff.duty.sql("select count(*) from alert") == live
    assert staff.send("GET", f"/activations/{activation}", CHAIR).status_code == 404
    drill.end(activation)


def test_what_an_exercise_tells_stands_in_its_own_topics_and_in_nobodys_mailbox(drill: Staff) -> None:
    activation = drill.activate(STAB, confirm="ØVELSE")
    topics = drill.sql("select array_agg(distinct topic) from event where aggregate_id = $1", UUID(activation))
    assert topics == ["samvirke.exercise.beredskabsstab.activation.v1"]
    copies = drill.sql("select count(*) from event where mailboxes <> '{}'")
    assert copies == 0
    drill.end(activation)


@pytest.mark.parametrize("said", ["SKARP", "skarp"])
def test_the_word_of_the_live_one_begins_no_exercise(drill: Staff, said: str) -> None:
    body = {"incident_id": drill.incident(), "step": STAB, "confirm": said}
    assert drill.send("POST", "/activations", json=body).json()["type"].endswith("wrong-confirmation")

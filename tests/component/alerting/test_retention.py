"""What alerting keeps, it keeps for two years: no longer, and not a day less."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from services.alerting.handlers.retention import KEPT_DAYS, ONLY, SWEEP
from tests.component.alerting.conftest import Duty
from tests.component.alerting.planning import Desk

pytestmark = [pytest.mark.component]

CLOSE = timedelta(hours=1)
OF_AN_ALERT = ("alert", "escalation", "call", "answer", "delivery", "callback")


@pytest.fixture
def clock(duty: Duty) -> Iterator[None]:
    """Let it be the real time again at the end."""
    yield
    duty.sql("select set_clock_offset('0')")


def later(duty: Duty, by: timedelta) -> None:
    """Let so much time pass, and the daily look be done."""
    duty.sql("select set_clock_offset($1)", by)
    duty.sql("update deadline set due_at = clock() - interval '1 s', try_again_at = null where kind = $1", SWEEP)
    duty.wait_for("the look", lambda: _looked(duty))


def _looked(duty: Duty) -> bool:
    found: bool = duty.sql(
        "select exists (select from deadline where kind = $1 and subject = $2 and due_at > clock())", SWEEP, ONLY
    )
    return found


def answered(duty: Duty, desk: Desk, who: UUID) -> UUID:
    """Call somebody, let them answer, tell of it by a provider, and end the alert."""
    alert_id = duty.raise_alert(desk.office)
    call_id = UUID(duty.wait_for("the call", lambda: duty.board(alert_id)["calls"])[0]["call_id"])
    said = {"answer": "coming", "source": "telephone"}
    duty.ask("POST", f"/alerts/{alert_id}/calls/{call_id}/answer", json=said)
    duty.sql(
        "insert into callback (provider, message_id, kind, body, handled_at, outcome, call_id)"
        " values ('test', $1, 'receipt', '{}', clock_timestamp(), 'taken', $2)",
        *(str(uuid4()), call_id),
    )
    duty.ask("POST", f"/alerts/{alert_id}/close")
    return alert_id


def left(duty: Duty, alert_id: UUID, call_id: UUID) -> dict[str, int]:
    """Return how many rows each table has of an alert."""
    by_call = {"answer", "callback"}
    return {
        table: duty.sql(
            f"select count(*) from {table} where {'call_id' if table in by_call else 'alert_id'} = $1",
            call_id if table in by_call else alert_id,
        )
        for table in OF_AN_ALERT
    }


def call_of(duty: Duty, alert_id: UUID) -> UUID:
    found: UUID = duty.sql("select call_id from call where alert_id = $1", alert_id)
    return found


@pytest.mark.usefixtures("clock")
def test_an_ended_alert_goes_with_all_that_belongs_to_it_after_two_years_and_not_before(duty: Duty) -> None:
    desk = Desk(duty)
    who = desk.person()
    desk.route(who)
    desk.roster(who)
    alert_id = answered(duty, desk, who)
    call_id = call_of(duty, alert_id)

    later(duty, KEPT_DAYS - CLOSE)
    assert all(left(duty, alert_id, call_id).values())

    later(duty, KEPT_DAYS + CLOSE)
    assert left(duty, alert_id, call_id) == dict.fromkeys(OF_AN_ALERT, 0)
    assert duty.sql("select exists (select from staff where staff_id = $1)", who), "who has duties stays"


@pytest.mark.usefixtures("clock")
def test_an_alert_that_nobody_ended_stays(duty: Duty) -> None:
    desk = Desk(duty)
    who = desk.person()
    desk.roster(who)
    alert_id = duty.raise_alert(desk.office)
    duty.wait_for("the call", lambda: duty.board(alert_id)["calls"])
    later(duty, KEPT_DAYS + CLOSE)
    assert duty.sql("select state from alert where alert_id = $1", alert_id) == "open"


@pytest.mark.usefixtures("clock")
def test_who_ended_goes_when_nothing_names_them_any_more(duty: Duty) -> None:
    desk = Desk(duty)
    named, nobodys = desk.person("Bo"), desk.person("Cai")
    desk.route(nobodys)
    desk.roster(named)
    for who in (named, nobodys):
        desk.do("POST", f"/staff/{who}/end", {"version": 1})
    later(duty, KEPT_DAYS + CLOSE)
    there = "select exists (select from staff where staff_id = $1)"
    assert (duty.sql(there, named), duty.sql(there, nobodys)) == (True, False)
    assert duty.sql("select count(*) from contact_route where staff_id = $1", nobodys) == 0


@pytest.mark.usefixtures("clock")
def test_past_duties_go_and_a_rotation_that_holds_stays(duty: Duty) -> None:
    desk = Desk(duty)
    who = desk.person()
    roster_id = desk.roster(who)
    span = {"starts_at": desk.at(1).isoformat(), "ends_at": desk.at(2).isoformat()}
    body = span | {"staff_id": None, "reason": "Lukket.", "version": desk.version(roster_id)}
    desk.do("POST", f"/rosters/{roster_id}/overrides", body)
    later(duty, KEPT_DAYS + timedelta(days=3))
    assert duty.sql("select count(*) from roster_override where roster_id = $1", roster_id) == 0
    assert duty.sql("select count(*) from rotation where roster_id = $1", roster_id) == 1

"""The report of a year, out of the service itself: the plan's 119, 67 % and 32 %, and nothing about anybody."""

import os
import subprocess
import sys
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.component.referrals.conftest import CENTRE, OFFICER, Driver
from tests.component.referrals.test_offers import slug
from tests.system.playing import World

pytestmark = [pytest.mark.component, pytest.mark.timeout(400)]

LEADER = ("leader", "politi-mvj")
YEAR = {"from": "2021-03-01", "to": "2021-12-31"}
APRIL: dict[str, Any] = {"from": "2020-04-01", "to": "2020-04-30"}
PERIOD = {"programme": "rusmiddel", "first_day": "2021-03-01", "last_day": "2021-12-31"}


@pytest.fixture(scope="module")
def played(running: World) -> Driver:
    """Return somebody who asks, after the year."""
    environment = os.environ | running.stack.environment("referrals")
    subprocess.run([sys.executable, "-m", "tests.component.referrals.year"], env=environment, check=True, timeout=300)
    driver = Driver(running)
    unanswered = "select count(*) = 0 from referral where state = 'received' and requested_at < '2022-01-01'"
    running.wait_for("the end of what nobody answered", lambda: driver.sql(unanswered))
    return driver


def report(driver: Driver, who: tuple[str, ...] = LEADER, code: str = "rusmiddel", **more: str) -> dict[str, Any]:
    """Return the figures of the year, or of another period."""
    found: dict[str, Any] = driver.ask("GET", f"/outcomes/{code}", who, params=YEAR | more)
    return found


@pytest.mark.ledger("O-6.8.1-06")
def test_the_year_says_119_67_and_32_with_denominators(played: Driver) -> None:
    found = report(played)
    assert found["sentence"] == (
        "119 har sagt ja; 67 % (80 af 119) har haft en samtale; 32 % (38 af 119) har haft mere end den første samtale."
    )
    assert found["shares"]["conversation_of_yes"] | {"says": ""} == {
        "numerator": 80, "denominator": 119, "percent": 67, "says": "",
    }  # fmt: skip
    # 119 stand, 40 said no; 20 took it back, 6 were called off, 8 were never answered.
    assert found["shares"]["yes_of_asked"]["denominator"] == 193
    expired = found["shares"]["expired_of_sent"]
    assert (expired["numerator"], expired["denominator"], expired["percent"]) == (8, 127, 6)
    assert found["rejections"] == [{"code": "no_capacity", "says": "ingen plads", "count": 7}]
    assert found["times"]["received"]["count"] == 119
    assert found["purposes"] == ["treatment"]


@pytest.mark.ledger("O-6.8.1-06")
def test_a_period_without_anybody_says_so(played: Driver) -> None:
    assert report(played, **APRIL)["sentence"] == "ingen data"
    assert report(played, CENTRE, code="konfliktraad")["purposes"] == ["crime-prevention", "safety"]


def test_no_small_number_is_told_of_a_municipality_either(played: Driver) -> None:
    for kommune in ("0657", "0661", "0671", "0779", "0740", "0791", "0760"):
        found = report(played, kommune=kommune)
        told = [one[part] for one in found.get("shares", {}).values() for part in ("numerator", "denominator")]
        assert not [number for number in told if number and number < 5], kommune


def test_a_period_is_whole_months(played: Driver) -> None:
    refused = played.send("GET", "/outcomes/rusmiddel", LEADER, params=YEAR | {"to": "2021-12-30"})
    assert (refused.status_code, slug(refused)) == (422, "period-unusable")


def test_a_programme_that_is_confidential_is_missing_outside_its_circle(played: Driver) -> None:
    hidden = played.send("GET", "/outcomes/infohus", CENTRE, params=YEAR)
    missing = played.send("GET", "/outcomes/intet", CENTRE, params=YEAR)
    assert hidden.status_code == missing.status_code == 404
    assert hidden.json() | {"trace_id": ""} == missing.json() | {"trace_id": ""}
    assert report(played, ("receiver", "kommune-0657", "bandeexit"), "bandeexit")["sentence"] == "ingen data"
    body = PERIOD | {"programme": "bandeexit"}
    refused = played.send("POST", "/reports", ("leader", "kommune-0657", "bandeexit"), json=body)
    assert (refused.status_code, slug(refused)) == (409, "never-published")


def test_who_is_no_party_or_has_no_such_role_reads_nothing(played: Driver) -> None:
    for who in (("leader", "region-midtjylland"), ("caseworker", "kommune-0657"), ("operator", "samvirke")):
        assert played.send("GET", "/outcomes/rusmiddel", who, params=YEAR).status_code == 403
        assert played.send("GET", "/reports", who).status_code == 403
    assert played.send("POST", "/reports", OFFICER, json=PERIOD).status_code == 403


@pytest.mark.ledger("O-6.8.1-06")
def test_what_is_published_stands_fast(played: Driver) -> None:
    later = played.send("POST", "/reports", LEADER, json=PERIOD | {"last_day": "2099-12-31"})
    assert slug(later) == "period-unusable"
    later = played.send("POST", "/reports", LEADER, json=PERIOD | {"first_day": "2027-01-01", "last_day": "2027-12-31"})
    assert slug(later) == "period-not-over"
    report_id = played.ask("POST", "/reports", LEADER, json=PERIOD)["report_id"]
    told = played.sql("select type from event where aggregate_id = $1 and type not like '%.audit.%'", UUID(report_id))
    assert told == "dk.samvirke.referrals.ReportPublished.v1"
    assert slug(played.send("POST", "/reports", LEADER, json=PERIOD)) == "already-published"
    figures = played.ask("GET", f"/reports/{report_id}", CENTRE)["figures"]
    assert figures["district"]["yes"] == 119
    assert report_id in [one["report_id"] for one in played.ask("GET", "/reports", CENTRE)]
    assert played.send("GET", f"/reports/{uuid4()}", CENTRE).status_code == 404


def test_figures_stay_when_the_referrals_are_gone_and_lead_to_nobody(played: Driver) -> None:
    before = report(played)
    played.sql("delete from referral where state = 'completed' and programme = 'rusmiddel'")
    assert report(played) == before
    assert (
        played.sql(
            "select count(*) from counted_link l left join referral r using (referral_id) where r.referral_id is null"
        )
        == 0
    )


@pytest.mark.ledger("O-6.8.1-05")
def test_the_evaluation_gets_cells_of_five_and_more_and_nobody(played: Driver) -> None:
    days = {"first_day": "2021-03-01", "last_day": "2021-12-31"}
    evaluation_id = played.ask("POST", "/evaluations", LEADER, json=days)["evaluation_id"]
    found = played.ask("GET", f"/evaluations/{evaluation_id}", ("data_protection", "politi-mvj"))
    assert found["project_began"] == "2020-03-01"
    assert found["cells"]
    assert min(cell["persons"] for cell in found["cells"]) >= 5
    assert {name for cell in found["cells"] for name in cell} == {
        "first_day",
        "last_day",
        "kommune",
        "figure",
        "persons",
    }
    table = played.send("GET", f"/evaluations/{evaluation_id}", LEADER, params={"format": "csv"})
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert len(table.text.splitlines()) == len(found["cells"]) + 1
    told = played.sql(
        "select type from event where aggregate_id = $1 and type not like '%.audit.%'", UUID(evaluation_id)
    )
    assert told == "dk.samvirke.referrals.EvaluationExported.v1"


@pytest.mark.ledger("O-6.8.1-05")
def test_the_police_alone_takes_it_out_and_not_before_it_began(played: Driver) -> None:
    days = {"first_day": "2021-02-01", "last_day": "2021-12-31"}
    assert slug(played.send("POST", "/evaluations", LEADER, json=days)) == "not-evaluated-yet"
    later = {"first_day": "2027-01-01", "last_day": "2027-12-31"}
    assert slug(played.send("POST", "/evaluations", LEADER, json=later)) == "period-not-over"
    for who in (("leader", "kommune-0657"), OFFICER):
        assert played.send("POST", "/evaluations", who, json=later).status_code == 403
        assert played.send("GET", f"/evaluations/{uuid4()}", who).status_code == 403
    assert played.send("GET", f"/evaluations/{uuid4()}", LEADER).status_code == 404

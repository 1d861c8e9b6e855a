"""A charge of driving under the influence: an offer, a yes that sends, a no that leaves nothing."""

from uuid import UUID

import pytest

from tests.component.referrals.conftest import CENTRE, OFFICER, PHONE, Driver

pytestmark = pytest.mark.component


def slug(answer: object) -> str:
    """Return what kind of refusal an answer is."""
    return str(answer.json()["type"]).rpartition("/")[2]  # type: ignore[attr-defined]  # an answer of httpx


@pytest.mark.ledger("O-6.8.1-01")
def test_a_drink_driver_is_offered_advice(driver: Driver) -> None:
    found = driver.settle().charged()
    assert found["outcome"] == "offered"
    [row] = [one for one in driver.ask("GET", "/offers", OFFICER) if one["charge_id"] == driver.charge_id]
    assert (row["state"], row["late"], row["kommune"]) == ("offered", False, "0657")
    assert driver.told() == ["OfferFallenDue"]


@pytest.mark.ledger("O-6.8.1-01")
def test_a_charge_of_another_kind_is_no_offer_and_leaves_nothing(driver: Driver) -> None:
    before = driver.sql("select count(*) from charge")
    assert driver.settle().charged("other") == {"outcome": "no_offer"}
    assert driver.sql("select count(*) from charge") == before


@pytest.mark.ledger("O-6.8.1-01")
def test_outside_the_district_it_is_noted_and_names_nobody(driver: Driver) -> None:
    assert driver.settle().charged(kommune="0751")["outcome"] == "outside_scope"
    assert driver.sql("select person_id from charge where charge_id = $1", UUID(driver.charge_id)) is None
    assert driver.charge_id not in [one["charge_id"] for one in driver.ask("GET", "/offers", OFFICER)]
    assert slug(driver.answer(yes=True, phone=PHONE)) == "offer-answered"
    assert driver.told() == []


@pytest.mark.ledger("O-6.8.1-02")
def test_who_is_not_told_within_a_day_stands_as_late(driver: Driver) -> None:
    driver.settle().charged()
    driver.later(1.01)
    [row] = [one for one in driver.ask("GET", "/offers", OFFICER) if one["charge_id"] == driver.charge_id]
    assert row["late"]
    driver.ask("POST", f"/offers/{driver.charge_id}/informed", OFFICER)
    [row] = [one for one in driver.ask("GET", "/offers", OFFICER) if one["charge_id"] == driver.charge_id]
    assert not row["late"]


def test_telling_twice_tells_once(driver: Driver) -> None:
    driver.informed()
    driver.ask("POST", f"/offers/{driver.charge_id}/informed", OFFICER)
    assert driver.told() == ["OfferFallenDue", "PersonInformed"]


def test_nobody_answers_an_offer_that_they_were_not_told_of(driver: Driver) -> None:
    driver.settle().charged()
    assert slug(driver.answer(yes=True, phone=PHONE)) == "not-informed"
    assert slug(driver.answer(yes=False)) == "not-informed"


def test_a_yes_without_a_number_sends_nothing(driver: Driver) -> None:
    assert slug(driver.informed().answer(yes=True)) == "phone-missing"
    assert driver.sql("select count(*) from referral where case_id = $1", UUID(driver.charge_id)) == 0


@pytest.mark.ledger("O-6.8.1-03")
def test_a_no_sends_nothing_and_names_nobody_a_day_later(driver: Driver) -> None:
    assert driver.informed().answer(yes=False).is_success
    assert driver.sql("select count(*) from referral where case_id = $1", UUID(driver.charge_id)) == 0
    driver.later(0.5)
    driver.world.wait_for(
        "a charge that names nobody",
        lambda: driver.sql("select person_id is null from charge where charge_id = $1", UUID(driver.charge_id)),
    )
    assert driver.told() == ["OfferFallenDue", "PersonInformed", "ConsentDeclined"]
    assert slug(driver.answer(yes=True, phone=PHONE)) == "offer-answered"


@pytest.mark.ledger("O-6.8.1-03")
def test_a_yes_sends_a_referral_to_the_centre_of_the_persons_municipality(driver: Driver) -> None:
    driver.said_yes()
    assert driver.told()[2:] == ["ConsentGiven", "ReferralRequested"]
    lists = driver.ask("GET", "/referrals", CENTRE)
    assert driver.referral_id in [one["referral_id"] for one in lists["answer_now"]]


def test_no_event_says_who_it_is(driver: Driver) -> None:
    driver.said_yes(tell_charge=True)
    person = driver.sql("select person_id::text from referral where referral_id = $1", UUID(driver.referral_id))
    told = driver.sql(
        "select string_agg(value || headers, '') from event where correlation_id = $1 and type not like '%.audit.%'",
        UUID(driver.charge_id),
    )
    for secret in (person, driver.cpr, PHONE, "drink_driving"):
        assert secret not in told


def test_a_second_yes_while_the_first_is_open_is_refused_in_words_that_reveal_nothing(driver: Driver) -> None:
    driver.said_yes().informed()
    refused = driver.answer(yes=True, phone=PHONE)
    assert (refused.status_code, slug(refused)) == (409, "cannot-be-sent-now")
    assert "rusmiddel" not in refused.text


def test_what_is_no_number_is_refused(driver: Driver) -> None:
    body = {"cpr": "9999999999", "kind": "drink_driving", "charged_at": "2026-03-28T01:30:00+01:00", "kommune": "0657"}
    assert slug(driver.send("POST", "/charges", ("registrar", "politi-mvj"), json=body)) == "number-unusable"
    assert driver.send("POST", "/charges", ("registrar", "kommune-0657"), json=body).status_code == 403
    assert driver.send("POST", "/charges", OFFICER, json=body).status_code == 403
